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
  /** How long it held the thread altogether. */
  held: number;
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
  /** Whether a task has started another one. */
  nested: boolean;
  /** The durations of the innermost tasks, added up. */
  sum: number;
}

const LABEL_LENGTH = 32;

/**
 * Slices that the picture can't tell apart are one: less than a quarter of the grid lies between them, and no more than
 * either of them held. So a computation with short pauses is solid, and a task that works for moments between its
 * waits is not.
 */
function join(slices: readonly Slice[], grid: number): Slice[] {
  const joined: Slice[] = [];
  let before = 0;
  for (const { start, end } of slices) {
    const last = joined.at(-1);
    const gap = last === undefined ? grid : start - last.end;
    if (last !== undefined && gap < grid / 4 && gap <= Math.min(before, end - start)) last.end = end;
    else joined.push({ start, end });
    before = end - start;
  }
  return joined;
}

/** What slices add up to, in lesson seconds. */
export function lengthOf(slices: readonly Slice[]): number {
  return slices.reduce((sum, slice) => sum + slice.end - slice.start, 0);
}

/**
 * Where the thread was held for at least half of the grid, which is what can be drawn to scale, and how long it was held
 * altogether: what is drawn, and what the shorter slices add up to.
 */
function held(slices: readonly Slice[], grid: number): Pick<Row, "running" | "held"> {
  const running: Slice[] = [];
  let short = 0;
  for (const slice of join(slices, grid)) {
    const length = slice.end - slice.start;
    const drawn = { start: whole(slice.start, grid), end: whole(slice.end, grid) };
    if (length >= grid / 2 && drawn.end > drawn.start) running.push(drawn);
    else short += length;
  }
  return { running, held: Number((lengthOf(running) + whole(short, grid)).toFixed(6)) };
}

/** The bar of a task. Rounded one by one, what it held may seem longer than the bar. */
function bar(
  at: Slice,
  cpu: readonly Slice[],
  grid: number,
): Pick<Row, "start" | "end" | "running" | "held"> {
  const [start, end] = [whole(at.start, grid), whole(at.end, grid)];
  const { running, held: sum } = held(cpu, grid);
  return { start, end, running, held: Math.min(sum, Number((end - start).toFixed(6))) };
}

function toRow(task: RecordedTask, depth: number, grid: number): Row {
  return {
    label: shorten(visible(task.name), LABEL_LENGTH),
    depth,
    ...bar(task, task.cpu, grid),
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
  const main = bar({ start: 0, end: recording.settled }, recording.cpu, grid);
  if (main.running.length === 0) return null;
  return { label: "(outside the tasks)", depth: 0, ...main, outcome: "result", errorName: null };
}

/** All bars that are drawn, from top to bottom: the recorded function itself, where it can be seen, and its tasks. */
export function bars({ main, rows }: Layout): Row[] {
  return main === null ? rows : [main, ...rows];
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
    nested: innermost.length < tasks.length,
    sum: Number(sum.toFixed(6)),
  };
}
