/** JupyterLab as `make lab` starts it, and what a reader does in it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../chromium.ts";
import { ROOT } from "../root.ts";

const START_MS = 120_000;
/** How often a page is asked whether it is so far. By itself Playwright asks at each frame, and so makes the page draw them. */
const POLLING_MS = 100;

/** A JupyterLab server that was started for the tests. */
export interface Lab {
  /** The address that `make lab` prints. */
  readonly printed: string;
  /** The address of a lesson, with the token that lets a browser in. */
  address(lesson: string): string;
  /** Windows without a lesson. */
  readonly windows: OpenLesson[];
  stop(): Promise<void>;
}

/** A reader's copy for a test, and where JupyterLab remembers what was open: both below the project's folder. */
export interface OwnCopy {
  readonly lessons: string;
  readonly windows: string;
}

/**
 * Starts JupyterLab with `make lab`, as a newcomer does, and waits until it says its address.
 *
 * @param own the copy to open; when it is not given, the originals are opened, as authors do.
 */
export async function startLab(own?: OwnCopy): Promise<Lab> {
  const options = ["--no-browser", "--port 0", "--expose-app-in-browser"];
  // Beside each notebook that is opened they would change its folder, which other tests look at meanwhile.
  options.push(`--FileCheckpoints.checkpoint_dir=${join(ROOT, "build/checkpoints")}`);
  if (own !== undefined) options.push(`--LabApp.workspaces_dir=${join(ROOT, own.windows)}`);
  const which = own === undefined ? "ORIGINALS=1" : `MY_LESSONS=${own.lessons}`;
  const words = ["lab", which, `ARGS=${options.join(" ")}`];
  const child = spawn("make", words, { cwd: ROOT, detached: true });
  let said = "";
  const note = (text: unknown): void => {
    said += String(text);
  };
  child.stdout.on("data", note);
  child.stderr.on("data", note);
  const found = await waitFor(
    () => /(http:\/\/127\.0\.0\.1:\d+\/lab)\S*\?token=(\w+)/.exec(said),
    child,
    START_MS,
  );
  if (found === undefined) throw new Error(`JupyterLab did not start: ${said}`);
  const [printed, base, token] = found;
  let opened = 0;
  return {
    printed,
    windows: [],
    address(lesson) {
      opened += 1;
      return `${base}/workspaces/test-${process.pid}-${opened}/tree/${lesson}.ipynb?token=${token}`;
    },
    async stop() {
      if (child.exitCode !== null || child.pid === undefined) return;
      const exit = once(child, "exit");
      process.kill(-child.pid, "SIGTERM");
      await Promise.race([exit, pause(10_000)]);
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, "SIGKILL");
    },
  };
}

/**
 * Starts a browser, and JupyterLab beside it. Where there is no browser, no JupyterLab is left, which would keep the test
 * from its end.
 */
export async function startLabAndBrowser(own?: OwnCopy): Promise<[Lab, Browser]> {
  const browser = await launchChromium();
  try {
    return [await startLab(own), browser];
  } catch (error) {
    await browser.close();
    throw error;
  }
}

async function waitFor<T>(look: () => T | null, child: ChildProcess, ms: number): Promise<T | undefined> {
  const end = performance.now() + ms;
  while (performance.now() < end && child.exitCode === null) {
    const found = look();
    if (found !== null) return found;
    await pause(100);
  }
  return undefined;
}

/** A lesson open in a page of its own, with everything that the page complained of. */
export interface OpenLesson {
  page: Page;
  complaints: string[];
}

/** Opens an address in a browser that knows nothing yet, and waits until a lesson is there and its kernel is idle. */
export async function openWindow(browser: Browser, address: string): Promise<OpenLesson> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.stack ?? String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${message.text()} (${message.location().url})`);
  });
  await page.goto(address);
  await page.locator(".jp-Notebook:visible").first().waitFor({ timeout: 60_000 });
  await kernelIsIdle(page);
  return { page, complaints };
}

/** The indicator says `idle` also while there is no kernel yet, and JupyterLab runs nothing then. */
export async function kernelIsIdle(page: Page): Promise<void> {
  await page.waitForFunction(
    'jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.connectionStatus === "connected"',
    undefined,
    { timeout: 60_000, polling: POLLING_MS },
  );
  await page
    .locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]:visible')
    .first()
    .waitFor({ timeout: 60_000 });
}

/** Opens a file in a window, and waits until its kernel is idle. */
export async function openFile(page: Page, file: string): Promise<void> {
  const path = JSON.stringify(file);
  await page.evaluate(`jupyterapp.commands.execute("docmanager:open", { path: ${path} }).then(() => {})`);
  await page.waitForFunction(`jupyterapp.shell.currentWidget?.context?.path === ${path}`, undefined, {
    polling: POLLING_MS,
  });
  await kernelIsIdle(page);
}

/** Opens a lesson in a window whose last one is closed, as a reader does who goes on to the next. */
async function turnTo({ page, complaints }: OpenLesson, lesson: string): Promise<void> {
  complaints.length = 0;
  await openFile(page, `${lesson}.ipynb`);
}

/** Ends the kernel of the lesson that is open, which would outlive its window, and closes the lesson. Nothing is saved. */
export async function closeLesson(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    const open = jupyterapp.shell.currentWidget;
    await open.sessionContext.shutdown();
    open.dispose();
  })()`);
}

/**
 * Opens a lesson for a test and closes it again, however that ends: an open one would be saved after two minutes. A
 * window is used again, since JupyterLab takes seconds to load; one in which a test failed is not.
 */
export async function withLesson(
  browser: Browser,
  lab: Lab,
  lesson: string,
  use: (opened: OpenLesson) => Promise<void>,
): Promise<void> {
  const known = lab.windows.pop();
  const open = known ?? (await openWindow(browser, lab.address(lesson)));
  if (known !== undefined) await turnTo(known, lesson);
  try {
    await use(open);
    await closeLesson(open.page);
    lab.windows.push(open);
  } catch (error) {
    await Promise.allSettled([closeLesson(open.page)]);
    await open.page.close();
    throw error;
  }
}

/** Clicks through a menu: `choose(page, "Run", "Run All Cells")`. */
export async function choose(page: Page, menu: string, entry: string): Promise<void> {
  await page.locator(".lm-MenuBar-itemLabel", { hasText: new RegExp(`^${menu}$`) }).click();
  await page
    .locator(".lm-Menu-itemLabel", { hasText: new RegExp(`^${entry}`) })
    .first()
    .click();
}

/** What a code cell shows, read from the notebook's model: cells out of view are not in the page. */
export interface ShownCell {
  count: number | null;
  outputs: string[];
  /**
   * True when the cell threw. That its claims hold is the lesson runner's to check: here a browser, a server and several
   * kernels share the machine, and a timed claim may fail for want of a core.
   */
  failed: boolean;
  running: boolean;
}

/** The code cells of the open lesson as they are now. */
export function codeCells(page: Page): Promise<ShownCell[]> {
  return page.evaluate(READ_CELLS);
}

// Runs in the page, on JupyterLab's own objects, for which there are no types here.
const READ_CELLS = `
  jupyterapp.shell.currentWidget.content.widgets
    .filter((cell) => cell.model.type === "code")
    .map((cell) => ({
      count: cell.model.executionCount,
      running: cell.model.executionState === "running",
      outputs: cell.model.outputs.toJSON().map((one) => JSON.stringify(one)),
      failed: cell.model.outputs.toJSON().some((one) => one.output_type === "error" ||
        (one.name === "stderr" && String(one.text).split("\\n").some((line) => line !== "" && !/^[✗↻]/.test(line)))),
    }))`;

/** Waits until every code cell has run and the kernel is idle again. */
export async function allHaveRun(page: Page, ms: number): Promise<ShownCell[]> {
  // What the cells show is read once, at the end: it is long.
  await page
    .waitForFunction(ALL_HAVE_RUN, undefined, { timeout: ms, polling: POLLING_MS })
    .catch(async () => {
      const counts = (await codeCells(page)).map((cell) => cell.count);
      throw new Error(`not all cells have run: counts ${counts.join(", ")}`);
    });
  await kernelIsIdle(page);
  return codeCells(page);
}

// Runs in the page.
const ALL_HAVE_RUN = `
  jupyterapp.shell.currentWidget.content.widgets
    .filter((cell) => cell.model.type === "code")
    .every(({ model }, at) => model.executionCount === at + 1 && model.executionState !== "running")`;

/** Scrolls to each cell that has figures, and counts those whose picture is really drawn, a moment later at most. */
export async function drawnFigures(page: Page): Promise<number> {
  const withFigures = await page.evaluate<number[]>(
    `jupyterapp.shell.currentWidget.content.widgets
       .map((cell, at) => [at, JSON.stringify(cell.model.sharedModel.outputs ?? [])])
       .filter(([, outputs]) => outputs.includes("<figure"))
       .map(([at]) => at)`,
  );
  let drawn = 0;
  for (const at of withFigures) {
    await page.evaluate(`jupyterapp.shell.currentWidget.content.scrollToItem(${at}, "center")`);
    drawn += await figuresDrawnIn(page, at);
  }
  return drawn;
}

async function figuresDrawnIn(page: Page, at: number): Promise<number> {
  const figures = `[...jupyterapp.shell.currentWidget.content.widgets[${at}].node.querySelectorAll("figure img")]`;
  const drawn = `${figures}
    .filter((image) => image.complete && image.naturalWidth > 0 && image.getBoundingClientRect().height > 0).length`;
  await page
    .waitForFunction(`${drawn} > 0`, undefined, { timeout: 3000, polling: POLLING_MS })
    .catch(() => {});
  return page.evaluate<number>(drawn);
}

/** How many figures the outputs hold. */
export function figuresIn(cells: readonly ShownCell[]): number {
  return cells.flatMap((cell) => cell.outputs).filter((output) => output.includes("<figure")).length;
}

/** Puts these code cells in the place of all that the open notebook has, with what they show. Nothing is saved. */
export async function writeCells(
  page: Page,
  sources: readonly string[],
  shown: readonly string[] = [],
): Promise<void> {
  const outputs = shown.map((html) => ({
    output_type: "display_data",
    metadata: {},
    data: { "text/html": html },
  }));
  const metadata = shown.length > 0 ? { trusted: true } : {};
  const cells = sources.map((source) => ({ cell_type: "code", source, metadata, outputs }));
  await page.evaluate(`(() => {
    const notebook = jupyterapp.shell.currentWidget.content.model.sharedModel;
    notebook.deleteCellRange(0, notebook.cells.length);
    notebook.insertCells(0, ${JSON.stringify(cells)});
  })()`);
}
