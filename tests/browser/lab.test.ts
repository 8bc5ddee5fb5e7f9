import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { launchChromium } from "./chromium.ts";
import {
  allHaveRun,
  choose,
  closeLesson,
  codeCells,
  drawnFigures,
  figuresIn,
  type Lab,
  openLesson,
  ROOT,
  startLab,
} from "./lab.ts";

const NOTEBOOKS = join(ROOT, "notebooks");
const LESSON_MS = 90_000;

function lessons(): string[] {
  return readdirSync(NOTEBOOKS, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ipynb") && !name.includes(".ipynb_checkpoints"))
    .map((name) => name.slice(0, -".ipynb".length))
    .sort();
}

function committed(): string[] {
  return lessons().map((name) => readFileSync(join(NOTEBOOKS, `${name}.ipynb`), "utf8"));
}

let lab: Lab;
let browser: Browser;
const before_ = committed();

before(async () => {
  [lab, browser] = await Promise.all([startLab(), launchChromium()]);
});
after(async () => {
  await browser?.close();
  await lab?.stop();
});

for (const lesson of lessons()) {
  test(`${lesson}: Run All shows every figure, no cell fails, and the console is free of errors`, async () => {
    const open = await openLesson(browser, lab, lesson);
    const { page, complaints } = open;
    await choose(page, "Run", "Run All Cells");
    const cells = await allHaveRun(page, LESSON_MS);
    assert.deepEqual(
      cells.filter((cell) => cell.failed),
      [],
    );
    assert.ok(figuresIn(cells) > 0);
    assert.equal(await drawnFigures(page), figuresIn(cells));
    assert.deepEqual(complaints, []);
    await closeLesson(open);
  });
}

test("a lesson restarted and run again shows the same", async () => {
  const open = await openLesson(browser, lab, "00-start-here");
  const { page } = open;
  await choose(page, "Run", "Run All Cells");
  const first = await allHaveRun(page, LESSON_MS);
  await choose(page, "Kernel", "Restart Kernel and Run All Cells");
  await page.locator(".jp-Dialog .jp-mod-accept").click();
  await page.waitForFunction(
    "jupyterapp.shell.currentWidget.content.widgets.some((c) => c.model.executionCount === null)",
  );
  const again = await allHaveRun(page, LESSON_MS);
  assert.deepEqual(
    again.map((cell) => cell.outputs.length),
    first.map((cell) => cell.outputs.length),
  );
  assert.deepEqual(
    again.filter((cell) => cell.failed),
    [],
  );
  await closeLesson(open);
});

test("two lessons run at once, on one delay server, and neither disturbs the other", async () => {
  const both = await Promise.all(
    ["concepts/01-why-async", "00-start-here"].map((lesson) => openLesson(browser, lab, lesson)),
  );
  for (const { page } of both) await choose(page, "Run", "Run All Cells");
  const cells = await Promise.all(both.map(({ page }) => allHaveRun(page, LESSON_MS)));
  assert.deepEqual(
    cells.flat().filter((cell) => cell.failed),
    [],
  );
  for (const open of both) await closeLesson(open);
});

test("a long cell is interrupted, then changed and run again", async () => {
  const open = await openLesson(browser, lab, "00-start-here");
  const { page } = open;
  await page.locator(".jp-CodeCell .cm-content").first().click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type('import { sleep } from "support"; await sleep(3000);');
  await page.keyboard.press("ControlOrMeta+Enter");
  await page.locator('.jp-Notebook-ExecutionIndicator[data-status="busy"]').first().waitFor();
  await page.waitForTimeout(1500);
  await choose(page, "Kernel", "Interrupt Kernel");
  await page
    .locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    .first()
    .waitFor({ timeout: 10_000 });
  // tslab answers nothing for 200 ms after a cell that failed.
  await page.waitForTimeout(500);
  await page.locator(".jp-CodeCell .cm-content").first().click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type('import { sleep } from "support"; await sleep(1); console.log("awake");');
  await page.keyboard.press("ControlOrMeta+Enter");
  await page.waitForFunction(
    'JSON.stringify(jupyterapp.shell.currentWidget.content.widgets.find((c) => c.model.type === "code").model.outputs.toJSON()).includes("awake")',
    undefined,
    { timeout: 20_000 },
  );
  assert.equal((await codeCells(page))[0]?.failed, false);
  await closeLesson(open);
});

test("JupyterLab's own export gives the same page as make html, under the lesson's title", async () => {
  const page = await browser.newPage();
  const [address = "", query = ""] = lab.address("x").split("?");
  const exported = `${new URL(address).origin}/nbconvert/html/00-start-here.ipynb?${query}`;
  await page.goto(exported);
  assert.equal(await page.title(), "Start here");
  assert.equal(await page.locator("h1").count(), 1);
  await page.close();
});

test("no lesson's file was changed by reading it", () => {
  assert.ok(JSON.stringify(committed()) === JSON.stringify(before_));
});
