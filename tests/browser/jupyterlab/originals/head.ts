/** The line at the head of a lesson in JupyterLab, which says what is running. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { ROOT } from "../../root.ts";
import { allHaveRun, choose, type ShownCell, withLesson, writeCells } from "../lab.ts";
import { browser, lab, port, SECOND_MS } from "./shared.ts";

const LESSON = "00-start-here";
const RUN_MS = 60_000;
const WITH_SERVER = 'import { delayServer } from "support";\nawait delayServer();\nvoid 0;';
const SESSION = "jupyterapp.shell.currentWidget.sessionContext";
const OURS = /^Kernel tsasync, TypeScript \d+\.\d+\.\d+, Node 24\.\d+\.\d+$/;
const LENGTH = `Lesson second ${SECOND_MS} ms`;
const NO_SERVER = "Delay server none so far";

/** Waits until the head of the open lesson says all of this, and nothing else. */
async function says(page: Page, ...wanted: (string | RegExp)[]): Promise<void> {
  const line = page.locator(".jp-NotebookPanel:visible .tsasync-head > span");
  const end = performance.now() + 20_000;
  for (;;) {
    const facts = await line.allTextContents();
    const fits = wanted.map((one, at) =>
      typeof one === "string" ? facts[at] === one : one.test(facts[at] ?? ""),
    );
    if (facts.length === wanted.length && fits.every(Boolean)) return;
    assert.ok(performance.now() < end, `it says ${JSON.stringify(facts)}`);
    await page.waitForTimeout(50);
  }
}

function inLesson(title: string, use: (page: Page, complaints: string[]) => Promise<void>): void {
  test(title, () =>
    withLesson(browser, lab, LESSON, async (open) => {
      await use(open.page, open.complaints);
    }),
  );
}

async function run(page: Page, source: string): Promise<ShownCell[]> {
  await writeCells(page, [source]);
  await choose(page, "Run", "Run All Cells");
  return allHaveRun(page, RUN_MS);
}

inLesson(
  "a lesson that was just opened says which kernel runs and how long its seconds are, and its file is as it was",
  async (page, complaints) => {
    const file = join(ROOT, "notebooks", `${LESSON}.ipynb`);
    const before = readFileSync(file, "utf8");
    await says(page, OURS, LENGTH, NO_SERVER);
    assert.equal(await page.evaluate("jupyterapp.shell.currentWidget.context.model.dirty"), false);
    const told = page.getByRole("group", { name: "What is running" });
    assert.ok(await told.first().isVisible());
    const box = await told.first().boundingBox();
    assert.ok(box !== null && box.height >= 20 && box.width > 300);
    assert.equal(readFileSync(file, "utf8"), before);
    assert.deepEqual(complaints, []);
  },
);

inLesson(
  "it says when the lesson shares a delay server, and after a restart that it has none",
  async (page) => {
    await run(page, WITH_SERVER);
    await says(page, OURS, LENGTH, `Delay server shared by lessons, port ${port}`);
    assert.deepEqual(
      await page.evaluate("jupyterapp.shell.currentWidget.content.model.sharedModel.cells[0].outputs"),
      [],
    );
    await page.evaluate(`${SESSION}.session.kernel.restart().then(() => 1)`);
    await says(page, OURS, LENGTH, NO_SERVER);
  },
);

inLesson("it says when the lesson has a delay server of its own", async (page) => {
  await run(page, `process.env.DELAY_SERVER_PORT = "0";\n${WITH_SERVER}`);
  await says(page, OURS, LENGTH, /^Delay server this lesson's own, port \d+$/);
});

inLesson("of stock tslab it says name and version, and when there is no kernel it says so", async (page) => {
  await says(page, OURS, LENGTH, NO_SERVER);
  await page.evaluate(`${SESSION}.changeKernel({ name: "tslab-stock" }).then(() => 1)`);
  await says(page, /^Kernel TypeScript \(stock tslab\), tslab 1\.0\.\d+$/);
  await page.evaluate(`${SESSION}.shutdown().then(() => 1)`);
  await says(page, "Kernel none");
  await page.evaluate(`${SESSION}.changeKernel({ name: "tslab" }).then(() => 1)`);
  await says(page, OURS, LENGTH, NO_SERVER);
});

inLesson("a kernel that died and was started again is told anew", async (page) => {
  const [cell] = await run(page, `${WITH_SERVER}\nconsole.log("pid", process.pid);`);
  await says(page, OURS, LENGTH, `Delay server shared by lessons, port ${port}`);
  const [, pid] = /pid (\d+)/.exec(cell?.outputs.join() ?? "") ?? [];
  process.kill(Number(pid), "SIGKILL");
  await page.locator(".jp-Dialog .jp-mod-accept").click();
  await says(page, OURS, LENGTH, NO_SERVER);
});
