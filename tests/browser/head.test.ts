/** The line at the head of a lesson in JupyterLab, which says what is running. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import {
  allHaveRun,
  choose,
  type Lab,
  ROOT,
  type ShownCell,
  startLabAndBrowser,
  withLessons,
  writeCells,
} from "./lab.ts";

const LESSON = "00-start-here";
const SECOND_MS = 50;
const RUN_MS = 60_000;
const WITH_SERVER = 'import { delayServer } from "support";\nawait delayServer();\nvoid 0;';
const SESSION = "jupyterapp.shell.currentWidget.sessionContext";
const OURS = /^Kernel tsasync, TypeScript \d+\.\d+\.\d+, Node 24\.\d+\.\d+$/;
const LENGTH = `Lesson second ${SECOND_MS} ms`;
const NO_SERVER = "Delay server none so far";

/** A port that is free now: lessons find no server there, and the first of them starts one. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  assert.ok(address !== null && typeof address === "object");
  return address.port;
}

let port: number;
let lab: Lab;
let browser: Browser;

before(async () => {
  port = await freePort();
  process.env.LESSON_SECOND_MS = String(SECOND_MS);
  process.env.DELAY_SERVER_PORT = String(port);
  [lab, browser] = await startLabAndBrowser();
});
after(async () => {
  await browser?.close();
  await lab?.stop();
});

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
    withLessons(browser, lab, [LESSON], async ([open]) => {
      assert.ok(open);
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
