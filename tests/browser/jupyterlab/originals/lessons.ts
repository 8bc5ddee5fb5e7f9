/** Lessons as they look and run in JupyterLab. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { faintTexts } from "../../page-checks.ts";
import { ROOT } from "../../root.ts";
import { BOXES } from "../../small-course.ts";
import {
  allHaveRun,
  choose,
  closeLesson,
  drawnFigures,
  figuresIn,
  openFile,
  type ShownCell,
  withLesson,
  writeCells,
} from "../lab.ts";
import { inBothThemes, TEXTS_OF_OUTPUTS } from "../themes.ts";
import { browser, lab } from "./shared.ts";

const NOTEBOOKS = join(ROOT, "notebooks");
const LESSON_MS = 180_000;
const FIRST_LOOK = join(
  "support/tools/setup/first/jupyter/config/lab/workspaces/default-37a8.jupyterlab-workspace",
);
function lessons(): string[] {
  return readdirSync(NOTEBOOKS, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ipynb") && !name.includes(".ipynb_checkpoints"))
    .map((name) => name.slice(0, -".ipynb".length))
    .sort();
}

function committed(): string[] {
  return lessons().map((name) => readFileSync(join(NOTEBOOKS, `${name}.ipynb`), "utf8"));
}

/** A page that a reader looks things up in, or a capstone, whose pictures are of the reader's own runs. */
function withoutFigures(lesson: string): boolean {
  return lesson.startsWith("capstones/") || ["words-for-python", "for-teachers"].includes(lesson);
}

interface ShownLesson {
  /** Figures in the outputs, and those of them that are really drawn. */
  figures: number;
  drawn: number;
  /** Rows over pictures that can be seen. */
  rows: number;
  /** Whether JupyterLab would save what it has read. */
  same: boolean;
}

/**
 * Runs in the page: reads a lesson into JupyterLab's own model, and draws its outputs by JupyterLab's own means, without
 * the editors around them, which take most of the time. The open lesson lends it what it needs for that.
 */
const SHOW_OUTPUTS = (lesson: string): string => `(async () => {
  const { context, content } = jupyterapp.shell.currentWidget;
  const file = (await jupyterapp.serviceManager.contents.get(${JSON.stringify(`${lesson}.ipynb`)})).content;
  const model = new context.model.constructor();
  model.fromJSON(file);
  const own = content.widgets.find((cell) => cell.model.type === "code").outputArea;
  const host = content.node.appendChild(document.createElement("div"));
  const areas = [...model.cells].filter(({ type }) => type === "code").map(({ outputs }) => {
    const { rendermime, contentFactory } = own;
    const area = new own.constructor({ model: outputs, rendermime, contentFactory });
    host.append(area.node);
    return area;
  });
  // Whether a cell is trusted the server tells the browser, and in which order names stand is the server's. JupyterLab puts the
  // old word for a hidden output beside the new one.
  const plain = (name, value) => {
    if (name === "trusted" || name === "collapsed") return undefined;
    if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  const text = (notebook) => JSON.stringify(notebook, plain);
  const frame = () => new Promise((resolve) => setTimeout(resolve, 20));
  const pictures = () => [...host.querySelectorAll("figure img")];
  const isDrawn = (one) => one.complete && one.naturalWidth > 0 && one.getBoundingClientRect().height > 0;
  const isSeen = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const html = file.cells.flatMap(({ outputs = [] }) => outputs.flatMap(({ data }) => data?.["text/html"] ?? []));
  const figures = html.filter((one) => [one].flat().join("").includes("<figure")).length;
  for (let looks = 0; looks < 150 && pictures().filter(isDrawn).length < figures; looks += 1) await frame();
  const shown = {
    figures,
    drawn: pictures().filter(isDrawn).length,
    rows: [...host.querySelectorAll(".rows")].filter(isSeen).length,
    same: text(model.toJSON()) === text(file),
  };
  for (const area of areas) area.dispose();
  host.remove();
  model.dispose();
  return shown;
})()`;

function noneFailed(cells: readonly ShownCell[]): void {
  assert.deepEqual(
    cells.filter((cell) => cell.failed),
    [],
  );
}

const committedBefore = committed();

test("every lesson is read by JupyterLab, and not trusted yet", (t) =>
  withLesson(browser, lab, "00-start-here", async ({ page, complaints }) => {
    for (const lesson of lessons())
      await t.test(
        `${lesson}: its committed figures are drawn, the console is free of errors, and nothing is to be saved`,
        async () => {
          const shown = await page.evaluate<ShownLesson>(SHOW_OUTPUTS(lesson));
          if (!withoutFigures(lesson)) assert.ok(shown.figures > 0);
          assert.equal(shown.drawn, shown.figures);
          // What lies over a picture is for trusted notebooks: here its style sheet is gone, and nothing of it shows.
          assert.equal(shown.rows, 0);
          assert.ok(shown.same, "JupyterLab would save another file");
          assert.deepEqual(complaints.splice(0), []);
        },
      );
    assert.equal(await page.evaluate("jupyterapp.shell.currentWidget.context.model.dirty"), false);
  }));

/** JupyterLab in a window that looks as set-up leaves it for the first time. */
async function firstWindow(): Promise<Page> {
  const address = new URL(lab.address("00-start-here"));
  const [, workspace = ""] = /workspaces\/([^/]+)\//.exec(address.pathname) ?? [];
  const first: unknown = JSON.parse(readFileSync(FIRST_LOOK, "utf8"));
  assert.ok(typeof first === "object");
  const put = await fetch(`${address.origin}/lab/api/workspaces/${workspace}${address.search}`, {
    method: "PUT",
    body: JSON.stringify({ ...first, metadata: { id: workspace } }),
  });
  assert.equal(put.status, 204);
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  await page.goto(address.href);
  await page.locator(".jp-Notebook").first().waitFor({ timeout: 60_000 });
  return page;
}

test("a first window shows a lesson's contents; a link leads to the next lesson; lessons come in order, with their titles", async () => {
  const page = await firstWindow();
  const contents = page.locator(".jp-TableOfContents-tree:visible");
  await contents.getByText("How to read a lesson").waitFor();
  await page.locator(".jp-Notebook").getByRole("link", { name: "Why async?" }).first().click();
  await contents.getByText("Predict: breakfast with sleep").waitFor();
  const path = "jupyterapp.shell.currentWidget.context.path";
  assert.equal(await page.evaluate(path), "concepts/01-why-async.ipynb");
  await page.getByRole("tab", { name: /File Browser/ }).click();
  const files = page.locator(".jp-DirListing-itemName:visible");
  await files.filter({ hasText: "07-what-waiting-costs.ipynb" }).waitFor();
  const names = await files.allTextContents();
  assert.deepEqual(names, [...names].sort());
  const shown = (): Promise<string[]> =>
    files
      .locator(".jp-DirListing-itemText")
      .evaluateAll((all) => all.map((one) => getComputedStyle(one, "::before").content));
  assert.match((await shown()).join("\n"), /^"1\. Why async\?\s*"\n"2\. Coroutines/);
  await page.locator(".jp-BreadCrumbs-home").click();
  await files.filter({ hasText: "00-start-here.ipynb" }).waitFor();
  const folders = (await shown()).slice(0, 4).map((one) => one.replaceAll(/["\s]+/g, " ").trim());
  assert.deepEqual(folders, ["Part 3: 15 to 19", "Part 4: 20 to 23", "Part 1: 1 to 7", "Part 2: 1 to 14"]);
  await page.close();
});

test("figures, tables and boxes are readable in the dark theme too, and small windows do not shrink figures", () =>
  withLesson(browser, lab, "00-start-here", async ({ page }) => {
    const first = 'document.querySelector(".jp-Notebook figure img")';
    const filter = `getComputedStyle(${first}).filter`;
    await writeCells(page, ["boxes();"], BOXES);
    await page.locator(".jp-Notebook figure img").waitFor();
    await page.setViewportSize({ width: 700, height: 900 });
    assert.equal(await page.evaluate(`${first}.getBoundingClientRect().width`), 720);
    await page.setViewportSize({ width: 1200, height: 900 });
    await inBothThemes(page, async (dark) => {
      assert.match(await page.evaluate<string>(filter), dark ? /invert/ : /^none$/);
      assert.deepEqual(await faintTexts(page, TEXTS_OF_OUTPUTS), []);
    });
  }));

/** What Run All has made of the open lesson: every figure is drawn, and no cell has failed. */
async function isWhole(page: Page): Promise<void> {
  const cells = await allHaveRun(page, LESSON_MS);
  noneFailed(cells);
  assert.ok(figuresIn(cells) > 0);
  assert.equal(await drawnFigures(page), figuresIn(cells));
}

// Each way to show something, once: timelines and child processes; the phases of the loop and two traces; a coroutine looked at
// from inside, programs in two languages and lines side by side. Every lesson is run by the part `lessons`, on the same kernel.
const RUN = ["concepts/05-nodes-loop", "concepts/02-coroutines"];

for (const lesson of RUN) {
  test(`${lesson}: Run All shows every figure, no cell fails, and the console is free of errors`, () =>
    withLesson(browser, lab, lesson, async ({ page, complaints }) => {
      await choose(page, "Run", "Run All Cells");
      await isWhole(page);
      assert.deepEqual(complaints, []);
    }));
}

test("a lesson restarted and run again shows the same", () =>
  withLesson(browser, lab, "00-start-here", async ({ page }) => {
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
  withLesson(browser, lab, "00-start-here", async ({ page, complaints }) => {
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
    assert.deepEqual([walked.drawings, await active()], [1, cell]);
    await rows.nth(3).hover();
    assert.match((await seen()).words.join(), /^alone: 0 to 1 s/);
    await inBothThemes(page, async (dark) => {
      assert.equal((await seen()).turned, dark);
    });
    assert.deepEqual(complaints, []);
  }));

test("a keyboard alone leads through a lesson, cell by cell", () =>
  withLesson(browser, lab, "00-start-here", async ({ page }) => {
    const at = "jupyterapp.shell.currentWidget.content.activeCellIndex";
    const all = await page.evaluate<number>("jupyterapp.shell.currentWidget.content.widgets.length");
    await page.evaluate("jupyterapp.shell.activateById(jupyterapp.shell.currentWidget.id)");
    // The last cell, which leads on to the next lesson, is prose; there the keys would make a new cell.
    for (let cell = 0; cell < all - 1; cell += 1) {
      assert.equal(await page.evaluate(at), cell);
      await page.keyboard.press("Shift+Enter");
    }
    noneFailed(await allHaveRun(page, LESSON_MS));
  }));

const IS_BUSY = (lesson: string): string => `
  [...jupyterapp.shell.widgets("main")]
    .some(({ context, sessionContext }) =>
      context?.path === "${lesson}" && sessionContext.session.kernel.status === "busy")`;

test("two lessons run at once, on one delay server, and neither disturbs the other", () =>
  withLesson(browser, lab, "concepts/03-tasks", async ({ page, complaints }) => {
    await choose(page, "Run", "Run All Cells");
    await openFile(page, "00-start-here.ipynb");
    assert.ok(await page.evaluate<boolean>(IS_BUSY("concepts/03-tasks.ipynb")), "the first has not ended");
    await choose(page, "Run", "Run All Cells");
    await isWhole(page);
    await closeLesson(page);
    await openFile(page, "concepts/03-tasks.ipynb");
    await isWhole(page);
    assert.deepEqual(complaints, []);
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
