import { ArgumentError } from "../errors/support-error.ts";
import type { RecordedTask, RecordingOf, Wait } from "./recording.ts";

const MAIN = "the recorded function";

interface Waiter {
  name: string;
  line: string | null;
  waits: Wait[];
}

/** Who has begun and not ended at a time, and what each waits for then; over the whole run where no time is given. */
function waitersAt(recording: RecordingOf<unknown>, at: number | undefined): Map<number | null, Waiter> {
  const within = (one: { start: number; end: number | null }): boolean =>
    at === undefined || (one.start <= at && (one.end === null || one.end > at));
  const waiter = (name: string, line: string | null, waits: readonly Wait[]): Waiter => ({
    name,
    line,
    waits: waits.filter(within),
  });
  const going = (one: RecordedTask): boolean => within(one) || (one.outcome === "running" && at === one.end);
  const found = new Map<number | null, Waiter>();
  if (within({ start: 0, end: recording.settled }) || at === recording.settled) {
    found.set(null, waiter(MAIN, null, recording.waits));
  }
  recording.tasks.forEach((one, index) => {
    if (going(one)) found.set(index, waiter(one.name, one.line, one.waits));
  });
  return found;
}

function titleOf({ name, line }: Waiter): string {
  return line === null ? name : `${name} (${line})`;
}

/** The tasks that nobody of these waits for, and one of each circle that no other leads into. */
function roots(waiters: ReadonlyMap<number | null, Waiter>): (number | null)[] {
  const awaited = new Set([...waiters.values()].flatMap(({ waits }) => waits.map(({ task }) => task)));
  const found = [...waiters.keys()].filter((id) => id === null || !awaited.has(id));
  const reached = new Set<number | null>();
  const reach = (from: number | null): void => {
    for (const open = [from]; open.length > 0; ) {
      const id = open.pop() ?? null;
      if (reached.has(id)) continue;
      reached.add(id);
      open.push(...(waiters.get(id)?.waits ?? []).flatMap(({ task }) => (task === null ? [] : [task])));
    }
  };
  found.forEach(reach);
  for (const id of waiters.keys()) {
    if (reached.has(id)) continue;
    found.push(id);
    reach(id);
  }
  return found;
}

/** Nobody reads more lines than these at once. */
const MOST_LINES = 40;

const MOST_NAMES = 5;

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return more <= 0 ? names.join(", ") : `${names.slice(0, MOST_NAMES).join(", ")} and ${more} more`;
}

const UNSEEN = "something that can't be seen from here: input, or a timer of its own";

/**
 * Who waits for whom, as a tree in words: a line for each wait, indented under the one who waits. A circle is named.
 *
 * @param at the moment, in lesson seconds; the whole run when not given
 */
export function whoWaits(recording: RecordingOf<unknown>, at?: number): string[] {
  const waiters = waitersAt(recording, at);
  const lines: string[] = [];
  const told = new Set<number | null>();
  const tell = (id: number | null, path: readonly (number | null)[]): void => {
    const waiter = waiters.get(id);
    if (waiter === undefined || lines.length >= MOST_LINES) return;
    const indent = "  ".repeat(path.length);
    const title = titleOf(waiter);
    if (path.includes(id)) {
      const circle = [...path.slice(path.indexOf(id)), id].map((each) => waiters.get(each)?.name);
      lines.push(`${indent}a circle: ${circle.join(" waits for ")}`);
      return;
    }
    if (told.has(id) && waiter.waits.length > 0) {
      lines.push(`${indent}${title}: as above`);
      return;
    }
    told.add(id);
    const others = waiter.waits.filter(({ task }) => task === null).map(({ what }) => what);
    const tasks = waiter.waits.filter(({ task }) => task !== null);
    const what = [...new Set([...others, ...tasks.map((wait) => wait.what)])];
    const unseen = at === undefined ? "nothing that can be seen" : UNSEEN;
    lines.push(`${indent}${title} waits for ${what.length === 0 ? unseen : listed(what)}`);
    for (const task of new Set(tasks.map((wait) => wait.task))) tell(task, [...path, id]);
  };
  for (const root of roots(waiters)) tell(root, []);
  const more = waiters.size - told.size;
  return more === 0 ? lines : [...lines, `… and ${more} more`];
}

/**
 * Prints who waits for whom, as a tree: for each task that waits, on what, and where it was started. Tasks that wait for one
 * another are called a circle.
 *
 * @example
 * const run = await record(async () => {
 *   const tea = task("tea", () => sleep(2));
 *   await task("guest", () => tea);
 * });
 * waits(run, { at: 1 }); // guest waits for tea, tea waits for a timer of 2 s
 * @param options.at the moment, in lesson seconds; the whole run when not given
 * @throws ArgumentError
 */
export function waits(recording: RecordingOf<unknown>, options: { at?: number } = {}): void {
  const { at } = options;
  if (at !== undefined && !(at >= 0 && at <= recording.makespan)) {
    const wanted = `lesson seconds from 0 to the makespan, ${recording.makespan}`;
    throw new ArgumentError("BAD_TIME", "the moment to look at", at, wanted);
  }
  console.log(whoWaits(recording, at).join("\n"));
}
