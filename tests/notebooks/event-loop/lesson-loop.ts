import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const LESSON = new URL("../../../notebooks/concepts/04-a-loop-of-your-own.ipynb", import.meta.url);
const SCALE = new URL("../../../support/helpers/clock/scale.ts", import.meta.url);
const SLEEP = new URL("../../../support/helpers/clock/sleep.ts", import.meta.url);

/** The first line of every cell that is a part of the loop. */
const MARK = "// my loop";

export type Coroutine<T> = Generator<unknown, T, void>;
export interface Task<T> {
  outcome?: () => T;
}

export interface Timer {
  at: number;
  resume: () => void;
}

/** What the lesson has built when its cells have run. */
export interface LessonLoop {
  run<T>(main: Coroutine<T>): Promise<T>;
  spawn<T>(coroutine: Coroutine<T>): Task<T>;
  join<T>(task: Task<T>): Coroutine<T>;
  gather<T>(coroutines: Coroutine<T>[]): Coroutine<T[]>;
  sleep(seconds: number): Coroutine<void>;
  hear<T>(ask: (heard: (value: T) => void) => void): Coroutine<T>;
  timers: Timer[];
}

interface Cell {
  cell_type: string;
  source: string | string[];
}

/** The lesson's own cells of the loop, in order. */
export async function loopCells(): Promise<string[]> {
  const { cells }: { cells: Cell[] } = JSON.parse(await readFile(LESSON, "utf8"));
  return cells
    .filter((cell) => cell.cell_type === "code")
    .map((cell) => [cell.source].flat().join(""))
    .filter((source) => source.startsWith(MARK));
}

/**
 * The loop as the lesson's cells define it, with a lesson second of its own length.
 *
 * @param secondMs how long a lesson second lasts, in ms
 */
export async function lessonLoop(secondMs: number): Promise<LessonLoop> {
  const source = [
    `import { toLessonSeconds } from ${JSON.stringify(SCALE.href)};`,
    `import { blockingSleep } from ${JSON.stringify(SLEEP.href)};`,
    `const LESSON_SECOND_MS = ${secondMs};`,
    ...(await loopCells()),
    "export { run, spawn, join, gather, sleep, hear, timers };",
  ].join("\n");
  const folder = await mkdtemp(join(tmpdir(), "event-loop-"));
  try {
    const file = join(folder, "loop.ts");
    await writeFile(file, source);
    return await import(pathToFileURL(file).href);
  } finally {
    await rm(folder, { recursive: true });
  }
}
