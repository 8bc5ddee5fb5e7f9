import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { ROOT } from "../root.ts";
import {
  allHaveRun,
  choose,
  closeLesson,
  codeCells,
  kernelIsIdle,
  type Lab,
  openFile,
  openWindow,
  startLab,
  startLabAndBrowser,
  writeCells,
} from "./lab.ts";

// Below the project's folder, where lessons find what they import, and not where the reader's real copy is.
const FOLDER = `build/own-copy-${process.pid}`;
const OWN = { lessons: `${FOLDER}/lessons`, windows: `${FOLDER}/windows` };
const LESSON = "concepts/03-tasks.ipynb";
const LESSON_MS = 120_000;
const CURRENT = "jupyterapp.shell.currentWidget";

/** When the files were written that no test may touch. */
function others(): string[] {
  return ["notebooks", "my-lessons"].flatMap((folder) => {
    const at = join(ROOT, folder);
    const names = existsSync(at) ? readdirSync(at, { recursive: true, encoding: "utf8" }).sort() : [];
    return names.map((name) => `${folder}/${name} ${statSync(join(at, name)).mtimeMs}`);
  });
}

let lab: Lab;
let browser: Browser;
/** The reader's window, in which one lesson after another is opened. */
let page: Page;
let complaints: string[];
const othersBefore = others();

before(async () => {
  [lab, browser] = await startLabAndBrowser(OWN);
});
after(async () => {
  await browser?.close();
  await lab?.stop();
  rmSync(join(ROOT, FOLDER), { recursive: true, force: true });
});

/** Opens the address that `make lab` has printed, in a browser that knows nothing yet. */
async function visit(): Promise<void> {
  ({ page, complaints } = await openWindow(browser, lab.printed));
}

/** Opens a lesson, as it is now in its file, with a kernel of its own. The one that was open is closed. */
async function open(path: string): Promise<void> {
  await closeLesson(page);
  await openFile(page, path);
}

const path = (): Promise<string> => page.evaluate<string>(`${CURRENT}.context.path`);
const isDirty = (): Promise<boolean> => page.evaluate<boolean>(`${CURRENT}.context.model.dirty`);

/** What `make` says about the copy. */
function make(...words: string[]): string {
  const done = spawnSync("make", [...words, `MY_LESSONS=${OWN.lessons}`], { cwd: ROOT, encoding: "utf8" });
  return done.stderr;
}

test("the address that make lab prints opens on Start here, alone, without outputs and with nothing to save", async () => {
  await visit();
  assert.equal(await path(), "00-start-here.ipynb");
  assert.equal(await page.evaluate(`[...jupyterapp.shell.widgets("main")].length`), 1);
  const cells = await codeCells(page);
  assert.ok(cells.length > 0);
  assert.ok(cells.every(({ count, outputs }) => count === null && outputs.length === 0));
  assert.equal(await isDirty(), false);
  await page.locator(".jp-Notebook").getByRole("link", { name: "Why async?" }).first().click();
  await page.waitForFunction(`${CURRENT}?.context?.path === "concepts/01-why-async.ipynb"`);
  await kernelIsIdle(page);
  assert.equal(await isDirty(), false);
  assert.deepEqual(complaints, []);
});

test("a cell of the copy imports the helpers and the module beside it, and completes what it knows", async () => {
  await open("beyond/19-watching.ipynb");
  await writeCells(page, [
    'import { sleep } from "support";\nimport { hottest } from "./watch-shop.ts";\nconsole.log(typeof sleep, typeof hottest);',
  ]);
  await choose(page, "Run", "Run All Cells");
  const [cell] = await allHaveRun(page, LESSON_MS);
  assert.match(cell?.outputs.join() ?? "", /function function/);
  const completed = await page.evaluate<string[]>(
    `${CURRENT}.sessionContext.session.kernel.requestComplete({ code: "hott", cursor_pos: 4 })
      .then((reply) => reply.content.matches)`,
  );
  assert.ok(completed.includes("hottest"));
});

test("JupyterLab exports a lesson of the copy with its place in the course", async () => {
  const address = new URL(lab.printed);
  const page = await fetch(`${address.origin}/nbconvert/html/concepts/01-why-async.ipynb${address.search}`);
  const text = await page.text();
  assert.match(text, /<title>Why async\?<\/title>/);
  assert.match(text, /Concept 1 of 7/);
});

describe("a lesson that was run in JupyterLab and saved", () => {
  const file = "00-start-here.ipynb";

  test("has no change of the reader's in it, also with the cell that Shift and Enter put at its end", async () => {
    await open(file);
    await choose(page, "Run", "Run All Cells");
    await allHaveRun(page, LESSON_MS);
    await page.evaluate(`${CURRENT}.content.activeCellIndex = ${CURRENT}.content.widgets.length - 1`);
    await page.evaluate(`jupyterapp.commands.execute("notebook:run-cell-and-select-next").then(() => {})`);
    await page.evaluate(`${CURRENT}.context.save().then(() => {})`);
    assert.match(make("reset", "LESSON=00"), /nothing of yours to keep: 00-start-here/);
  });

  test("has one after a cell was edited: a reset keeps it, and tells how to see the original", async () => {
    await open(file);
    await page.evaluate(`${CURRENT}.context.revert().then(() => {})`);
    const edit = `${CURRENT}.content.model.cells.get(0).sharedModel.setSource("# Mine")`;
    await page.evaluate(`(${edit}, ${CURRENT}.context.save().then(() => {}))`);
    const said = make("reset", "LESSON=00-start-here");
    assert.match(said, /00-start-here is as at first\. What you had is kept beside it: 00-start-here\.kept-/);
    assert.match(said, /File, Reload Notebook from Disk/);
    await choose(page, "File", "Reload Notebook from Disk");
    await page.locator(".jp-Notebook:visible h1", { hasText: "Start here" }).waitFor();
    assert.ok(
      readdirSync(join(ROOT, OWN.lessons)).some((name) => /^00-start-here\.kept-[\d-]+\.ipynb$/.test(name)),
    );
  });
});

test("a newer version beside a changed lesson is told of when it is opened, and opens from there", async () => {
  const at = (name: string): string => join(ROOT, OWN.lessons, "concepts", name);
  copyFileSync(at("02-coroutines.ipynb"), at("02-coroutines.new-version.ipynb"));
  await open("concepts/02-coroutines.ipynb");
  const told = page.locator(".Toastify__toast", { hasText: "there is a newer version" });
  await told.waitFor();
  await told.getByRole("button", { name: "Open the newer one" }).click();
  await page.waitForFunction(`${CURRENT}?.context?.path === "concepts/02-coroutines.new-version.ipynb"`);
});

interface Where {
  active: string;
  top: number;
}

/** The active cell, and how far below the top of the window it is. */
const WHERE = `(() => {
  const { activeCell, outerNode } = ${CURRENT}.content;
  const from = outerNode.getBoundingClientRect().top;
  return { active: activeCell.model.id, top: Math.round(activeCell.node.getBoundingClientRect().top - from) };
})()`;

/** Settled when all cells are drawn: for two seconds nothing grows. */
const DRAWN = `(async () => {
  const { outerNode } = ${CURRENT}.content;
  for (let height = 0, still = 0; still < 20; still += 1) {
    if (outerNode.scrollHeight !== height) still = 0;
    height = outerNode.scrollHeight;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
})()`;

test("JupyterLab opened anew shows the lesson that was open, with its active cell where it was in the window", async () => {
  await open(LESSON);
  await page.evaluate(DRAWN);
  await page.evaluate(`(async () => {
    const { content } = ${CURRENT};
    content.activeCellIndex = 30;
    await content.scrollToItem(30, "start");
    content.outerNode.scrollTop -= 150;
  })()`);
  await page.evaluate(DRAWN);
  const before = await page.evaluate<Where>(WHERE);
  assert.ok(before.top > 0 && before.top < 800, `it is at ${before.top}`);
  await page.close();
  await lab.stop();
  lab = await startLab(OWN);
  await visit();
  assert.equal(await path(), LESSON);
  await page.evaluate(DRAWN);
  const after = await page.evaluate<Where>(WHERE);
  assert.equal(after.active, before.active);
  assert.ok(Math.abs(after.top - before.top) < 10, `it was at ${before.top}, and is at ${after.top}`);
  assert.equal(await isDirty(), false);
});

test("the originals and the reader's real copy were not touched by any of this", () => {
  assert.deepEqual(others(), othersBefore);
});
