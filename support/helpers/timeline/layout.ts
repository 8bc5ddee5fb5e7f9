import { whole } from "../clock/scale.ts";
import { shorten, visible } from "../display/escape.ts";
import type { Outcome, RecordedTask, RecordingOf, Slice } from "../recording/recording.ts";

/** One bar of a timeline. Times are lesson seconds on the grid. */
export interface Row {
  label: string;
  /** How deep the task is nested: 0 for a task of the recorded function itself. */
  depth: number;
  start: number;
  end: number;
  /** Where the task held the thread, as far as the grid can show it. */
  running: Slice[];
  outcome: Outcome;
  /** The name of the error of a failed task. */
  errorName: string | null;
}

/** What a timeline shows, as plain data. Times are lesson seconds on the grid. */
export interface Layout {
  /** One a task, in the order they are drawn in. */
  rows: Row[];
  /** The recorded function itself, where it held the thread outside its tasks long enough to be seen. */
  main: Row | null;
  grid: number;
  makespan: number;
  settled: number;
  /** The durations of the innermost tasks, added up. */
  sum: number;
}

const LABEL_LENGTH = 32;

/** Slices with less than a quarter of the grid between them can't be told apart in the picture. */
function join(slices: readonly Slice[], grid: number): Slice[] {
  const joined: Slice[] = [];
  for (const slice of slices) {
    const last = joined.at(-1);
    if (last !== undefined && slice.start - last.end < grid / 4) last.end = slice.end;
    else joined.push({ ...slice });
  }
  return joined;
}

/** Where the thread was held for at least half of the grid; what is shorter can't be drawn to scale. */
function visibleSlices(slices: readonly Slice[], grid: number): Slice[] {
  return join(slices, grid)
    .filter((slice) => slice.end - slice.start >= grid / 2)
    .map((slice) => ({ start: whole(slice.start, grid), end: whole(slice.end, grid) }))
    .filter((slice) => slice.end > slice.start);
}

function toRow(task: RecordedTask, depth: number, grid: number): Row {
  return {
    label: shorten(visible(task.name), LABEL_LENGTH),
    depth,
    start: whole(task.start, grid),
    end: whole(task.end, grid),
    running: visibleSlices(task.cpu, grid),
    outcome: task.outcome,
    errorName: task.outcome === "error" ? shorten(visible(task.error?.name ?? "error"), LABEL_LENGTH) : null,
  };
}

function childrenOf(tasks: readonly RecordedTask[]): Map<number | null, number[]> {
  const children = new Map<number | null, number[]>();
  tasks.forEach((task, index) => {
    const siblings = children.get(task.parent);
    if (siblings === undefined) children.set(task.parent, [index]);
    else siblings.push(index);
  });
  return children;
}

/** Bars in the order of their starts, each followed by the tasks that it started. */
function rowsInOrder(tasks: readonly RecordedTask[], grid: number): Row[] {
  const children = childrenOf(tasks);
  const rows: Row[] = [];
  const open = [...(children.get(null) ?? [])].reverse().map((index) => ({ index, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const task = tasks[next.index];
    if (task !== undefined) rows.push(toRow(task, next.depth, grid));
    const depth = next.depth + 1;
    open.push(...[...(children.get(next.index) ?? [])].reverse().map((index) => ({ index, depth })));
  }
  return rows;
}

function mainRow(recording: RecordingOf<unknown>, grid: number): Row | null {
  const running = visibleSlices(recording.cpu, grid);
  if (running.length === 0) return null;
  const end = whole(recording.settled, grid);
  return {
    label: "(outside the tasks)",
    depth: 0,
    start: 0,
    end,
    running,
    outcome: "result",
    errorName: null,
  };
}

/**
 * Puts a recording on a grid, so that a picture shows the run and not the jitter of its timers.
 *
 * @param grid lesson seconds between two lines of the grid
 */
export function layout(recording: RecordingOf<unknown>, grid: number): Layout {
  const { tasks } = recording;
  const withChildren = new Set(tasks.map((task) => task.parent));
  const innermost = tasks.filter((_, index) => !withChildren.has(index));
  const sum = innermost.reduce((total, task) => total + whole(task.end, grid) - whole(task.start, grid), 0);
  return {
    rows: rowsInOrder(tasks, grid),
    main: mainRow(recording, grid),
    grid,
    makespan: whole(recording.makespan, grid),
    settled: whole(recording.settled, grid),
    sum: Number(sum.toFixed(6)),
  };
}
