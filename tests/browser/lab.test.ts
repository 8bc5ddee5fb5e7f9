import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { launchChromium } from "./chromium.ts";
import {
  allHaveRun,
  choose,
  codeCells,
  drawnFigures,
  figuresIn,
  type Lab,
  ROOT,
  type ShownCell,
  startLab,
  withLessons,
  writeCells,
} from "./lab.ts";

const NOTEBOOKS = join(ROOT, "notebooks");
const LESSON_MS = 180_000;
const AT_ONCE = 2;

function lessons(): string[] {
  return readdirSync(NOTEBOOKS, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ipynb") && !name.includes(".ipynb_checkpoints"))
    .map((name) => name.slice(0, -".ipynb".length))
    .sort();
}

function committed(): string[] {
  return lessons().map((name) => readFileSync(join(NOTEBOOKS, `${name}.ipynb`), "utf8"));
}

function noneFailed(cells: readonly ShownCell[]): void {
  assert.deepEqual(
    cells.filter((cell) => cell.failed),
    [],
  );
}

let lab: Lab;
let browser: Browser;
const committedBefore = committed();

before(async () => {
  [lab, browser] = await Promise.all([startLab(), launchChromium()]);
});
after(async () => {
  await browser?.close();
  await lab?.stop();
});

describe("every lesson, opened in JupyterLab and not trusted yet", () => {
  for (const lesson of lessons()) {
    test(`${lesson}: its committed figures are drawn, and the console is free of errors`, () =>
      withLessons(browser, lab, [lesson], async ([open]) => {
        assert.ok(open);
        const { page, complaints } = open;
        const figures = figuresIn(await codeCells(page));
        assert.ok(figures > 0);
        assert.equal(await drawnFigures(page), figures);
        // What lies over a picture is for trusted notebooks: here its style sheet is gone, and nothing of it shows.
        const rows = page.locator(".jp-OutputArea .rows");
        assert.ok((await rows.count()) === 0 || !(await rows.first().isVisible()));
        assert.deepEqual(complaints, []);
      }));
  }
});

// Each way to show something, once: timelines and programs in two languages, a coroutine looked at from inside, the phases
// of the loop, lines side by side, progress and child processes. Every lesson is run by the part `lessons`, on the same kernel.
const RUN = [
  "examples/08-pool",
  "examples/04-another-loop",
  "concepts/05-nodes-loop",
  "concepts/02-coroutines",
];

describe("a lesson run in JupyterLab", { concurrency: AT_ONCE }, () => {
  for (const lesson of RUN) {
    test(`${lesson}: Run All shows every figure, no cell fails, and the console is free of errors`, () =>
      withLessons(browser, lab, [lesson], async ([open]) => {
        assert.ok(open);
        const { page, complaints } = open;
        await choose(page, "Run", "Run All Cells");
        const cells = await allHaveRun(page, LESSON_MS);
        noneFailed(cells);
        assert.ok(figuresIn(cells) > 0);
        assert.equal(await drawnFigures(page), figuresIn(cells));
        assert.deepEqual(complaints, []);
      }));
  }
});

test("a lesson restarted and run again shows the same", () =>
  withLessons(browser, lab, ["00-start-here"], async ([open]) => {
    assert.ok(open);
    const { page } = open;
    await choose(page, "Run", "Run All Cells");
    const first = await allHaveRun(page, LESSON_MS);
    await choose(page, "Kernel", "Restart Kernel and Run All Cells");
    await page.locator(".jp-Dialog .jp-mod-accept").click();
    await page.waitForFunction(
      "jupyterapp.shell.currentWidget.content.widgets.some((c) => c.model.executionCount === null)",
    );
    const again = await allHaveRun(page, LESSON_MS);
    const lengths = (cells: typeof again): number[] => cells.map((cell) => cell.outputs.length);
    assert.deepEqual(lengths(again), lengths(first));
    noneFailed(again);
  }));

const GUESTS = `import { record, sleep, task, timeline } from "support";
const run = await record(async () => {
    const tea = task("tea", () => sleep(2));
    const guest = task("guest", () => tea);
    await Promise.all([guest, task("alone", () => sleep(1))]);
});
timeline(run, { title: "A visit" });`;

/** What a reader sees of the rows of a picture: the words under it, and how many chains and arrows are drawn. */
const SEEN = `(() => {
  const shown = (one) => getComputedStyle(one).opacity === "1" && getComputedStyle(one).display !== "none";
  return {
    words: [...document.querySelectorAll(".run-figure .rows span")].filter(shown).map((one) => one.textContent),
    drawings: [...document.querySelectorAll(".run-figure .rows svg")].filter(shown).length,
    turned: getComputedStyle(document.querySelector(".run-figure img")).filter !== "none",
  };
})()`;

interface Seen {
  words: string[];
  drawings: number;
  turned: boolean;
}

test("a picture answers to the pointer and to the arrow keys, which JupyterLab leaves to it, in both themes", () =>
  withLessons(browser, lab, ["00-start-here"], async ([open]) => {
    assert.ok(open);
    const { page, complaints } = open;
    const seen = (): Promise<Seen> => page.evaluate<Seen>(SEEN);
    const active = (): Promise<number> =>
      page.evaluate<number>("jupyterapp.shell.currentWidget.content.activeCellIndex");
    await writeCells(page, [GUESTS]);
    await choose(page, "Run", "Run All Cells");
    noneFailed(await allHaveRun(page, LESSON_MS));
    await page.locator(".run-figure img").waitFor();
    const [hint] = (await seen()).words;
    assert.match(hint ?? "", /^Point at a row/);
    const rows = page.locator(".run-figure .rows input");
    const cell = await active();
    await rows.first().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    const walked = await seen();
    assert.equal(walked.words.length, 1);
    assert.match(
      walked.words[0] ?? "",
      /^guest: 0 to 2 s, ended with a result\..*What it waited for: tea\.$/,
    );
    assert.deepEqual([walked.drawings, walked.turned, await active()], [1, false, cell]);
    await rows.nth(3).hover();
    assert.match((await seen()).words.join(), /^alone: 0 to 1 s/);
    await page.evaluate('jupyterapp.commands.execute("apputils:change-theme", { theme: "JupyterLab Dark" })');
    await page.waitForFunction('document.body.dataset.jpThemeLight === "false"');
    assert.ok((await seen()).turned);
    await page.evaluate(
      'jupyterapp.commands.execute("apputils:change-theme", { theme: "JupyterLab Light" })',
    );
    assert.deepEqual(complaints, []);
  }));

test("two lessons run at once, on one delay server, and neither disturbs the other", () =>
  withLessons(browser, lab, ["concepts/01-why-async", "00-start-here"], async (both) => {
    for (const { page } of both) await choose(page, "Run", "Run All Cells");
    const cells = await Promise.all(both.map(({ page }) => allHaveRun(page, LESSON_MS)));
    noneFailed(cells.flat());
  }));

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
  assert.ok(JSON.stringify(committed()) === JSON.stringify(committedBefore));
});
