/** Finds each lesson again where the reader was: the active cell, and what was in view. */
import type {
  Cell,
  JupyterFrontEnd,
  Notebook,
  NotebookPanel,
  NotebookTracker,
  StateDB,
} from "./jupyterlab.ts";
import { type Place, type Places, readPlaces, samePlace, topCell } from "./place.ts";

const KEY = "tsasync:places";
// A reader who scrolls is nowhere yet.
const REST_MS = 300;
// How long a lesson that opens has to be still until all of it is drawn, how long that may take, how often to look.
const STILL_MS = 2000;
const LONGEST_MS = 20_000;
const LOOK_MS = 100;

/** Where a notebook is now; undefined while it shows no cell. */
function placeOf(notebook: Notebook): Place | undefined {
  const cells = notebook.widgets.map(({ node }) =>
    node.isConnected && node.offsetHeight > 0 ? node.getBoundingClientRect() : undefined,
  );
  const top = topCell(notebook.outerNode.getBoundingClientRect(), cells);
  const active = notebook.widgets[notebook.activeCellIndex];
  const first = top && notebook.widgets[top.index];
  return top && active && first && { active: active.model.id, top: first.model.id, hidden: top.hidden };
}

/** Settled when a notebook can be seen: one that is open behind another can't be scrolled. */
function shown(app: JupyterFrontEnd, panel: NotebookPanel): Promise<void> {
  return new Promise((resolve) => {
    const { currentChanged } = app.shell;
    const look = (): void => {
      if (!panel.isVisible && !panel.isDisposed) return;
      currentChanged.disconnect(later);
      resolve();
    };
    const later = (): number => requestAnimationFrame(look);
    currentChanged.connect(later);
    look();
  });
}

/**
 * Keeps a cell where it was in the window while the cells above it are still being drawn and grow; settled when nothing
 * has moved for a while, or the reader has done anything.
 */
async function hold(notebook: Notebook, cell: Cell, hidden: number): Promise<void> {
  const { outerNode } = notebook;
  const reader = new AbortController();
  for (const name of ["wheel", "pointerdown", "keydown", "touchstart"]) {
    const options = { capture: true, passive: true, signal: reader.signal };
    document.addEventListener(name, () => reader.abort(), options);
  }
  const begin = performance.now();
  let height = 0;
  for (let moved = begin; performance.now() < Math.min(moved + STILL_MS, begin + LONGEST_MS); ) {
    const off = cell.node.getBoundingClientRect().top - outerNode.getBoundingClientRect().top + hidden;
    if (Math.abs(off) > 1 && cell.node.isConnected) outerNode.scrollTop += off;
    if (outerNode.scrollHeight !== height) moved = performance.now();
    height = outerNode.scrollHeight;
    await new Promise((resolve) => window.setTimeout(resolve, LOOK_MS));
    if (reader.signal.aborted) return;
  }
  reader.abort();
}

/** Goes to a place, or to as much of it as the lesson still has. A link that has led to a cell comes first. */
async function goTo(notebook: Notebook, place: Place): Promise<void> {
  const at = (id: string): number => notebook.widgets.findIndex(({ model }) => model.id === id);
  if (notebook.activeCellIndex > 0) return;
  if (at(place.active) > 0) notebook.activeCellIndex = at(place.active);
  const top = notebook.widgets[at(place.top)];
  if (top === undefined) return;
  await notebook.scrollToItem(at(place.top), "start").catch(() => {});
  await hold(notebook, top, place.hidden);
}

/** Remembers where a notebook is whenever that has changed, until it is closed. */
function follow(panel: NotebookPanel, remember: (place: Place) => void): void {
  const notebook = panel.content;
  let timer = 0;
  const note = (): void => {
    const place = panel.isDisposed || !panel.isVisible ? undefined : placeOf(notebook);
    if (place !== undefined) remember(place);
  };
  const soon = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(note, REST_MS);
  };
  notebook.activeCellChanged.connect(soon);
  notebook.outerNode.addEventListener("scroll", soon, { passive: true });
  panel.disposed.connect(() => window.clearTimeout(timer));
}

/**
 * Begins to remember places, and goes to those of the lessons that open again with the window; one that is opened later, by
 * a link for example, begins at its top. Nothing of it changes a lesson.
 */
export function keepPlaces(app: JupyterFrontEnd, tracker: NotebookTracker, state: StateDB): void {
  const known = state.fetch(KEY).then(readPlaces, (): Places => ({}));
  let places = known;
  let opensAgain = true;
  void app.restored.then(() => {
    opensAgain = false;
  });
  const open = async (panel: NotebookPanel): Promise<void> => {
    const before = opensAgain;
    await Promise.all([panel.context.ready, shown(app, panel)]);
    const place = (await places)[panel.context.path];
    if (panel.isDisposed) return;
    if (before && place !== undefined) await goTo(panel.content, place);
    follow(panel, (now) => {
      places = places.then((all) => {
        if (samePlace(all[panel.context.path], now)) return all;
        const next = { ...all, [panel.context.path]: now };
        void state.save(KEY, next);
        return next;
      });
    });
  };
  tracker.forEach((panel) => void open(panel));
  tracker.widgetAdded.connect((_, panel) => void open(panel));
}
