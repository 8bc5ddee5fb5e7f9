/** Puts number and title before each lesson's name in the file browser, and before a folder's its place in the course. */
import type { FileBrowser, JupyterFrontEnd } from "./jupyterlab.ts";
import { hasStart, START } from "./start.ts";

/** A row of the table of all lessons that Start here has: part, title, file. */
const ROW = /^\| ([\w\s]+?) \| \[([^\]]+)\]\(([^)]+\.ipynb)\) \|/gm;
const NAME = ".jp-DirListing-itemText";

/**
 * What to say of a lesson, and of a folder of lessons, by its path: `1. Why async?`, `Part 1: 1 to 7`.
 *
 * @param prose the Markdown of Start here
 */
export function titlesIn(prose: string): ReadonlyMap<string, string> {
  const titles = new Map<string, string>();
  const folders = new Map<string, string[]>();
  for (const [, part = "", title = "", path = ""] of prose.matchAll(ROW)) {
    const [number] = /\d+$/.exec(part) ?? [];
    titles.set(path, number === undefined ? title : `${number}. ${title}`);
    const [, folder] = /^(.+)\//.exec(path) ?? [];
    if (folder !== undefined && number !== undefined)
      folders.set(folder, [...(folders.get(folder) ?? []), number]);
  }
  for (const [at, [folder, numbers]] of [...folders].entries())
    titles.set(folder, `Part ${at + 1}: ${numbers.at(0)} to ${numbers.at(-1)}`);
  return titles;
}

async function readTitles(app: JupyterFrontEnd): Promise<ReadonlyMap<string, string>> {
  if (!(await hasStart(app))) return new Map();
  const { content } = await app.serviceManager.contents.get(START, { content: true, type: "notebook" });
  const prose = content.cells.filter((cell) => cell.cell_type === "markdown");
  return titlesIn(prose.map(({ source }) => source).join("\n\n"));
}

/** Tells each name in the file browser's list what it is the name of. Names' elements are used again for other files, so this follows each change. */
function label({ model, node }: FileBrowser, titles: ReadonlyMap<string, string>): void {
  const folder = model.path === "" ? "" : `${model.path}/`;
  for (const name of node.querySelectorAll<HTMLElement>(NAME)) {
    const title = titles.get(folder + (name.textContent ?? ""));
    if (title === undefined) delete name.dataset.lesson;
    else name.dataset.lesson = title;
  }
}

async function follow(app: JupyterFrontEnd, browser: FileBrowser): Promise<void> {
  await app.restored;
  const titles = await readTitles(app);
  if (titles.size === 0) return;
  const now = (): void => label(browser, titles);
  new MutationObserver(now).observe(browser.node, { childList: true, characterData: true, subtree: true });
  now();
}

/** Shows the titles that Start here has, where the folder that JupyterLab opens has a Start here. */
export function showTitles(app: JupyterFrontEnd, browser: FileBrowser): void {
  void follow(app, browser).catch(() => {});
}
