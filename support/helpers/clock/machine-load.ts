import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism, getPriority } from "node:os";

/** What the system has counted for this process and for the whole computer up to a moment, in ms. */
export interface LoadReading {
  /** When, as `performance.now()` has it. */
  at: number;
  /** How long the main thread was ready to run and had to wait for a processor. */
  waited: number;
  /** How long the processors worked for other programs. */
  others: number;
  /** How long they were taken away: by the host of a virtual machine, or by a container's limit. */
  taken: number;
}

/** A tick of `/proc`, which is the same on all of Linux, in ms. */
const TICK_MS = 10;
/**
 * From which share of a span on it is felt: that others work, as a share of one processor, that the thread waits, and that
 * processors are taken away.
 */
const FELT_WORK = 0.25;
const FELT_WAIT = 0.02;
const FELT_LOSS = 0.05;
/** Shorter spans hold too few ticks to tell, in ms. */
const SHORTEST_MS = 80;
/** The waits from which on a time in lesson seconds may come out otherwise, in ms. */
const LONG_WAIT_MS = 20;
/** How far a claim looks back, in ms: to the runs that it can be about. */
const LOOK_BACK_MS = 20_000;

function numbersIn(text: string): number[] {
  return text.trim().split(/\s+/).map(Number);
}

/** The fields of `/proc/<pid>/stat` behind the name of the program, which may hold anything. */
function statOf(pid: string): number[] {
  const text = readFileSync(`/proc/${pid}/stat`, "latin1");
  return numbersIn(text.slice(text.lastIndexOf(")") + 3));
}

function childrenOf(pid: string): string[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "latin1").split(" ").filter(Boolean),
  );
}

/** How long a process and all below it have worked, those that have ended included. */
function workOf(pid: string): number {
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = statOf(pid).slice(10, 14);
  const own = (user + system + endedUser + endedSystem) * TICK_MS;
  return childrenOf(pid).reduce((sum, child) => sum + orNothing(() => workOf(child)), own);
}

/** What is read of a process that may have ended meanwhile, or of a limit that there need not be. */
function orNothing(read: () => number): number {
  try {
    return read();
  } catch {
    return 0;
  }
}

function throttled(): number {
  const text = readFileSync("/sys/fs/cgroup/cpu.stat", "latin1");
  return Number(/^throttled_usec (\d+)$/m.exec(text)?.[1] ?? 0) / 1000;
}

/**
 * How long the processors worked, in ms, by the first line of `/proc/stat`.
 *
 * @param givesWay whether this process gives way to others itself: then those that do are its equals, else they are not felt
 */
export function workedIn(line: string, givesWay: boolean): number {
  const [, user = 0, nice = 0, system = 0, , , interrupts = 0, soft = 0] = numbersIn(line);
  return (user + (givesWay ? nice : 0) + system + interrupts + soft) * TICK_MS;
}

/** Reads the counters; undefined where the system has none, as on macOS and Windows. It takes about a ms. */
export function readLoad(): LoadReading | undefined {
  try {
    const [line = ""] = readFileSync("/proc/stat", "latin1").split("\n", 1);
    const stolen = numbersIn(line)[8] ?? 0;
    const [, waited = 0] = numbersIn(readFileSync("/proc/self/schedstat", "latin1"));
    const all = workedIn(line, getPriority() > 0);
    const taken = (stolen * TICK_MS) / availableParallelism() + orNothing(throttled);
    return { at: performance.now(), waited: waited / 1e6, others: all - workOf("self"), taken };
  } catch {
    return undefined;
  }
}

/**
 * Whether the computer kept this process from its work between two readings: its main thread had to wait, and not for
 * what the process itself or those below it did, or processors were taken away.
 */
export function isBusyBetween(from: LoadReading, to: LoadReading): boolean {
  const span = to.at - from.at;
  if (span < SHORTEST_MS) return false;
  const felt = (ms: number, share: number): boolean => ms >= Math.max(LONG_WAIT_MS, share * span);
  if (felt(to.taken - from.taken, FELT_LOSS)) return true;
  return felt(to.waited - from.waited, FELT_WAIT) && felt(to.others - from.others, FELT_WORK);
}

let readings: LoadReading[] = [];

/** Notes what the system has counted up to now. To be called where something begins that a claim may be about. */
export function noteLoad(): void {
  const last = readings.at(-1);
  // Spans that are too short to tell would hide what happened in them.
  if (last !== undefined && performance.now() - last.at < SHORTEST_MS) return;
  const now = readLoad();
  if (now === undefined) return;
  const old = readings.findLastIndex((reading) => now.at - reading.at > LOOK_BACK_MS);
  readings = [...readings.slice(Math.max(0, old)), now];
}

/** Whether the computer was too busy for this process at some time of its last 20 s, or since the last {@link noteLoad}. */
export function wasBusy(): boolean {
  noteLoad();
  return readings.some((from, at) => {
    const to = readings[at + 1];
    return to !== undefined && isBusyBetween(from, to);
  });
}

noteLoad();
