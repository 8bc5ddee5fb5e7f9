import { whole } from "../clock/scale.ts";
import { inLabel } from "../display/escape.ts";
import type { Outcome, RecordedTask, RecordingOf, Slice } from "../recording/recording.ts";
import { type Lane, type LaneTask, OUTSIDE, tasksOf } from "./lanes.ts";
import { allWaits, type Link, linksOf, otherWaits } from "./links.ts";

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
  /** Where it could have gone on and did not get the thread, as far as the grid can show it. */
  ready: Slice[];
  /** How long that was altogether; what is left of the bar it waited. */
  starved: number;
  outcome: Outcome;
  /** How it ended, in a word or two that stand beside its bar; empty where it ended with a result. */
  note: string;
  /** The line of a cell where it was started; null outside a cell. */
  line: string | null;
  /** The place of its task in the recording; null for the recorded function itself, and in a lane. */
  task: number | null;
  /** The task that started it; null when the recorded function did. */
  parent: number | null;
  /** What it had to do with other tasks. */
  links: Link[];
  /** What else it waited for, in words. */
  waitedFor: string[];
  /** Where two runs are compared, the one that it belongs to. */
  half?: "first" | "second";
}

/** What another thread or process did meanwhile. */
export interface LaneRows {
  name: string;
  rows: Row[];
}

/** What a timeline shows, as plain data. Times are lesson seconds on the grid. */
export interface Layout {
  /** One a task, in the order they are drawn in. */
  rows: Row[];
  /** The recorded function itself, where it held the thread outside its tasks long enough to be seen. */
  main: Row | null;
  /** Under the tasks, on the same axis. */
  lanes: LaneRows[];
  /** The last end of a bar. */
  end: number;
  grid: number;
  makespan: number;
  /** When the recorded function itself was settled, and whether it returned. */
  settled: number;
  ok: boolean;
  /** Whether a task has started another one. */
  nested: boolean;
  /** The durations of the innermost tasks, added up. */
  sum: number;
}

/** Slices that are drawn as one, and how long the thread was held in them. */
interface Stretch extends Slice {
  held: number;
}

/** The place of the last stretch that held the thread for at least the pause before a slice; -1 if that is too long. */
function placeBefore({ start, end }: Slice, stretches: readonly Stretch[], grid: number): number {
  const longest = Math.min(grid / 4, end - start);
  const at = stretches.findLastIndex((one) => start - one.end <= one.held || start - one.end > longest);
  const found = stretches[at];
  return found === undefined || start - found.end > longest ? -1 : at;
}

/**
 * Slices that the picture can't tell apart are one: at most a quarter of the grid lies between them, and no more than
 * either of them held. So a computation with short pauses is solid, and a task that works for moments between its
 * waits is not. Moments within such a pause are part of it: whether the runtime leaves a task there is chance.
 */
function join(slices: readonly Slice[], grid: number): Slice[] {
  const joined: Stretch[] = [];
  for (const slice of slices) {
    const at = placeBefore(slice, joined, grid);
    const parts = at === -1 ? [] : joined.splice(at);
    parts.push({ ...slice, held: slice.end - slice.start });
    const held = parts.reduce((sum, part) => sum + part.held, 0);
    joined.push({ start: parts[0]?.start ?? slice.start, end: slice.end, held });
  }
  return joined;
}

/** What slices add up to, in lesson seconds. */
export function lengthOf(slices: readonly Slice[]): number {
  return slices.reduce((sum, slice) => sum + slice.end - slice.start, 0);
}

/**
 * Stretches of at least half of the grid, which is what can be drawn to scale, and how long all of them were: what is
 * drawn, and what the shorter ones add up to.
 */
function onGrid(slices: readonly Slice[], grid: number): { drawn: Slice[]; sum: number } {
  const long: Slice[] = [];
  let short = 0;
  for (const slice of join(slices, grid)) {
    const length = slice.end - slice.start;
    const drawn = { start: whole(slice.start, grid), end: whole(slice.end, grid) };
    if (length >= grid / 2 && drawn.end > drawn.start) long.push(drawn);
    else short += length;
  }
  return { drawn: long, sum: Number((lengthOf(long) + whole(short, grid)).toFixed(6)) };
}

type Bar = Pick<Row, "start" | "end" | "running" | "held" | "ready" | "starved">;

/** The bar of a task. Rounded one by one, its stretches may seem longer than the bar. */
function bar(at: Slice, cpu: readonly Slice[], ready: readonly Slice[], grid: number): Bar {
  const [start, end] = [whole(at.start, grid), whole(at.end, grid)];
  const length = Number((end - start).toFixed(6));
  const thread = onGrid(cpu, grid);
  const due = onGrid(ready, grid);
  const held = Math.min(thread.sum, length);
  const starved = Math.min(due.sum, Number((length - held).toFixed(6)));
  return { start, end, running: thread.drawn, held, ready: due.drawn, starved };
}

function noteOf(tasks: readonly RecordedTask[], task: LaneTask): string {
  if (task.note !== undefined) return inLabel(task.note);
  if (task.outcome === "error") return inLabel(task.error?.name ?? "error");
  if (task.outcome === "running") return "still running";
  if (task.outcome === "result") return "";
  const by = task.abortedBy === undefined || task.abortedBy === null ? undefined : tasks[task.abortedBy];
  return by === undefined ? "cancelled" : `cancelled by ${inLabel(by.name)}`;
}

/** @param at the task's place in the recording; null in a lane */
function toRow(
  tasks: readonly RecordedTask[],
  task: LaneTask,
  at: number | null,
  depth: number,
  grid: number,
): Row {
  return {
    label: inLabel(task.name),
    depth,
    ...bar(task, task.cpu, task.ready, grid),
    outcome: task.outcome,
    note: noteOf(tasks, task),
    line: task.line,
    task: at,
    // A lane's tasks are numbered by places in a recording of its own.
    ...(at === null
      ? { parent: null, links: [], waitedFor: allWaits(task.waits) }
      : { parent: task.parent, links: linksOf(task, grid), waitedFor: otherWaits(task.waits) }),
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
function rowsInOrder(tasks: readonly LaneTask[], grid: number): Row[] {
  const children = childrenOf(tasks);
  const rows: Row[] = [];
  const open = [...(children.get(null) ?? [])].reverse().map((index) => ({ index, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const task = tasks[next.index];
    if (task !== undefined) rows.push(toRow(tasks, task, next.index, next.depth, grid));
    const depth = next.depth + 1;
    open.push(...[...(children.get(next.index) ?? [])].reverse().map((index) => ({ index, depth })));
  }
  return rows;
}

function mainRow(recording: RecordingOf<unknown>, grid: number): Row | null {
  const main = bar({ start: 0, end: recording.settled }, recording.cpu, [], grid);
  if (main.running.length === 0) return null;
  const waitedFor = otherWaits(recording.waits);
  const links = linksOf({ waits: recording.waits, wakes: [] }, grid);
  const alone = { task: null, parent: null, links, waitedFor };
  return { label: OUTSIDE, depth: 0, ...main, outcome: "result", note: "", line: null, ...alone };
}

/** The bars of the recording, from top to bottom: the recorded function itself, where it can be seen, and its tasks. */
export function bars({ main, rows }: Layout): Row[] {
  return main === null ? rows : [main, ...rows];
}

function laneRows(name: string, lane: Lane, recording: RecordingOf<unknown>, grid: number): LaneRows {
  const rows = tasksOf(name, lane, recording).flatMap((task) => {
    const row = toRow([], task, null, 0, grid);
    return task.outside === true && row.running.length === 0 ? [] : [row];
  });
  return { name: inLabel(name), rows };
}

/**
 * Puts a recording on a grid, so that a picture shows the run and not the jitter of its timers.
 *
 * @param grid lesson seconds between two lines of the grid
 * @param lanes by their names
 * @throws ArgumentError when a lane is none
 */
export function layout(
  recording: RecordingOf<unknown>,
  grid: number,
  lanes: Readonly<Record<string, Lane>> = {},
): Layout {
  const { tasks } = recording;
  const withChildren = new Set(tasks.map((task) => task.parent));
  const innermost = tasks.filter((_, index) => !withChildren.has(index));
  const sum = innermost.reduce((total, task) => total + whole(task.end, grid) - whole(task.start, grid), 0);
  const others = Object.entries(lanes).map(([name, lane]) => laneRows(name, lane, recording, grid));
  const makespan = whole(recording.makespan, grid);
  return {
    rows: rowsInOrder(tasks, grid),
    main: mainRow(recording, grid),
    lanes: others,
    end: others.flatMap(({ rows }) => rows).reduce((latest, row) => Math.max(latest, row.end), makespan),
    grid,
    makespan,
    settled: whole(recording.settled, grid),
    ok: recording.ok,
    nested: innermost.length < tasks.length,
    sum: Number(sum.toFixed(6)),
  };
}
