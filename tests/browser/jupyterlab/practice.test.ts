/** A new reader practises: predictions and an exercise in a copy of the lessons, and what Start here tells of it. */
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Locator, Page } from "playwright-core";
import { BUSY } from "../../../support/helpers/checks/check.ts";
import { faintTexts } from "../page-checks.ts";
import { ROOT } from "../root.ts";
import { kernelIsIdle, type Lab, openFile, openWindow, startLabAndBrowser } from "./lab.ts";
import { inBothThemes, TEXTS_OF_OUTPUTS } from "./themes.ts";

// What is judged here by time is judged at the usual speed.
process.env.LESSON_SECOND_MS = "100";

// Below the project's folder, where lessons find what they import, and not where the reader's real copy is.
const FOLDER = `build/practice-${process.pid}`;
const OWN = { lessons: `${FOLDER}/lessons`, windows: `${FOLDER}/windows` };
const LESSON = "examples/02-simple-coroutines.ipynb";
const START = "00-start-here.ipynb";
const CURRENT = "jupyterapp.shell.currentWidget";
const CELL_MS = 60_000;
const MOST_RUNS = 8;
/** The last cell that the prediction of ten requests needs. */
const TEN = 'predict("02-ten"';
const STUB = 'await exercise("02-a"';
const SOLUTION = 'await solution("02-a"';
const PROGRESS = "progress();";

let lab: Lab;
let browser: Browser;
let page: Page;
let complaints: string[];

before(async () => {
  [lab, browser] = await startLabAndBrowser(OWN);
  ({ page, complaints } = await openWindow(browser, lab.printed));
});
after(async () => {
  await browser?.close();
  await lab?.stop();
  rmSync(join(ROOT, FOLDER), { recursive: true, force: true });
});

/** Where in the open notebook the code cell is that has these words. */
function indexOf(words: string): Promise<number> {
  return page.evaluate<number>(
    `${CURRENT}.content.widgets.findIndex(({ model }) =>
       model.type === "code" && model.sharedModel.getSource().includes(${JSON.stringify(words)}))`,
  );
}

/** Goes to a cell, so that it is in the page, and gives it. */
async function goTo(words: string): Promise<Locator> {
  const at = await indexOf(words);
  assert.ok(at >= 0, `there is a cell with ${words}`);
  await page.evaluate(`(async () => {
    ${CURRENT}.content.activeCellIndex = ${at};
    await ${CURRENT}.content.scrollToItem(${at}, "start");
  })()`);
  return page.locator(".jp-CodeCell.jp-mod-active:visible");
}

const sourceOf = async (words: string): Promise<string> =>
  page.evaluate<string>(`${CURRENT}.content.widgets[${await indexOf(words)}].model.sharedModel.getSource()`);

/** What a reader sees under the cell, and, by it, that the cell has run. */
async function shownAfterRun(words: string): Promise<string> {
  const cell = await goTo(words);
  const model = `${CURRENT}.content.activeCell.model`;
  const before = await page.evaluate<number | null>(`${model}.executionCount`);
  await page.evaluate(`jupyterapp.commands.execute("notebook:run-cell").then(() => {})`);
  await page.waitForFunction(
    `${model}.executionCount !== ${before} && ${model}.executionState === "idle"`,
    undefined,
    { timeout: CELL_MS },
  );
  await kernelIsIdle(page);
  const outputs = await cell.locator(".jp-OutputArea-output:visible").allInnerTexts();
  return outputs.join("\n");
}

/** The same, run again as often as a reader would when the cell says that the computer was too busy to judge it. */
async function judged(words: string): Promise<string> {
  let said = "";
  let runs = 0;
  do {
    said = await shownAfterRun(words);
    runs += 1;
  } while (said.includes(BUSY) && runs < MOST_RUNS);
  return said;
}

/** Puts a word between the quotes of a prediction, by the keyboard. */
async function predict(words: string, was: string, guess: string): Promise<void> {
  const cell = await goTo(words);
  await cell.locator(".cm-line", { hasText: words }).click();
  await page.keyboard.press("End");
  for (const _ of '");') await page.keyboard.press("ArrowLeft");
  for (const _ of was) await page.keyboard.press("Backspace");
  await page.keyboard.type(guess);
  assert.ok((await sourceOf(words)).includes(`${words}, "${guess}");`));
}

/** Puts an answer in the place of the exercise's cell, as one that was pasted. */
async function answer(source: string): Promise<void> {
  await goTo(STUB);
  await page.evaluate(`${CURRENT}.content.activeCell.model.sharedModel.setSource(${JSON.stringify(source)})`);
}

test("a prediction that does not hold is told its idea, and one that holds is told so", async () => {
  await openFile(page, LESSON);
  const last = await indexOf(TEN);
  await page.evaluate(`${CURRENT}.content.activeCellIndex = ${last}`);
  await page.evaluate(`jupyterapp.commands.execute("notebook:run-all-above").then(() => {})`);
  await kernelIsIdle(page);
  await predict(TEN, "?", "184 s");
  assert.match(await judged(TEN), /→ 30 s\. You predicted 184 s\. That is the sum/);
  await predict(TEN, "184 s", "30 s");
  assert.match(await judged(TEN), /→ 30 s, as you predicted\./);
});

test("an exercise says what it found, and a click opens a hint, whose words were not seen before", async () => {
  const said = await judged(STUB);
  assert.match(said, /☐ 02-a, The fastest of several: not yet/);
  assert.match(said, /the server answered 3 requests; only 1 was needed/);
  assert.match(said, /Your run/);
  const hint = page.locator(".jp-MarkdownCell details", { hasText: "looks at the winner only" });
  const words = hint.locator("p");
  await hint.scrollIntoViewIfNeeded();
  assert.equal(await words.isVisible(), false);
  await hint.locator("summary").click();
  assert.equal(await words.isVisible(), true);
});

test("a loop that never ends is told in a sentence, and the next cell runs", async () => {
  await answer(`import { exercise } from "support";
function fastest(): number {
  for (;;);
}
await exercise("02-a", fastest);`);
  assert.match(await judged(STUB), /not yet\n.*it held the thread for over 500 ms without a pause/);
  const wrap = `getComputedStyle(document.querySelector(".jp-mod-active .jp-OutputArea-output pre")).wordBreak`;
  assert.equal(await page.evaluate(wrap), "normal", "words of a finding are not broken");
  assert.match(await judged('await exercise("02-b"'), /☐ 02-b/);
});

test("a solution that was run is as folded as before, its code and what it shows", async () => {
  assert.equal(await judged(SOLUTION), "");
  const cell = await goTo(SOLUTION);
  assert.equal(await cell.locator(".cm-content").isVisible(), false);
  await cell.locator(".jp-InputPlaceholder").click();
  assert.equal(await cell.locator(".cm-content").isVisible(), true);
  assert.match(await judged(SOLUTION), /✓ 02-a, this solution: solved/);
});

test("the right answer is solved, and progress in Start here tells it, in both themes", async () => {
  const right = (await sourceOf(SOLUTION)).replaceAll("solution", "exercise");
  await answer(right);
  assert.match(await judged(STUB), /✓ 02-a, The fastest of several: solved, with 3 inputs/);
  await openFile(page, START);
  const shown = await judged(PROGRESS);
  assert.match(
    shown,
    /Simple coroutines: one request, a time-out, many at once\s+1 of 3\s+✓\s02-a ◐\s02-b ☐\s02-c/,
  );
  assert.match(shown, /1 solved, 1 tried, \d+ open; of 1 prediction 0 held at the first try/);
  await inBothThemes(page, async () => {
    assert.deepEqual(await faintTexts(page, TEXTS_OF_OUTPUTS), []);
  });
  const notes = readFileSync(join(ROOT, OWN.lessons, "progress.jsonl"), "utf8")
    .trim()
    .split("\n");
  assert.equal(notes.length, 6);
});

test("a lesson that progress names opens by a click", async () => {
  await goTo(PROGRESS);
  await page.locator(".jp-OutputArea-output a", { hasText: "Simple coroutines" }).click();
  await page.waitForFunction(`${CURRENT}?.context?.path === ${JSON.stringify(LESSON)}`);
  assert.deepEqual(complaints, []);
});
