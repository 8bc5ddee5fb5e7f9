import { LESSON_SECOND_MS, toLessonSeconds, whole } from "support";

export type Resume = () => void;
export type Coroutine<T> = Generator<(resume: Resume) => void, T, void>;

/** A coroutine that has been started. */
export interface Task<T> {
  outcome?: () => T;
  waiters: Resume[];
}

/** The loop that the lesson builds. */
export interface Loop {
  spawn<T>(coroutine: Coroutine<T>): Task<T>;
  join<T>(task: Task<T>): Coroutine<T>;
  sleep(seconds: number): Coroutine<void>;
  /** Runs until nothing is left to wait for. */
  run<T>(main: Coroutine<T>): Promise<T>;
  host: {
    /** Ends the idling. */
    wake: () => void;
    /** How many wait for something that only the host knows of. */
    waiting: number;
  };
}

/** A loop of its own for each run, as the cells of the lesson build it; when it is woken it leaves no timer with Node. */
export function newLoop(): Loop {
  const ready: Resume[] = [];
  const timers: { at: number; resume: Resume }[] = [];
  const host = { wake: (): void => {}, waiting: 0 };

  function drain(): void {
    for (let next = ready.shift(); next; next = ready.shift()) next();
  }

  function spawn<T>(coroutine: Coroutine<T>): Task<T> {
    const task: Task<T> = { waiters: [] };
    const step = (): void => {
      try {
        const { done, value } = coroutine.next();
        if (done === true) task.outcome = () => value;
        else value(() => ready.push(step));
      } catch (error) {
        task.outcome = () => {
          throw error;
        };
      }
      if (task.outcome) for (const wake of task.waiters) wake();
    };
    step();
    return task;
  }

  function* join<T>(task: Task<T>): Coroutine<T> {
    while (!task.outcome) yield (resume) => task.waiters.push(resume);
    return task.outcome();
  }

  function* sleep(seconds: number): Coroutine<void> {
    const at = performance.now() + seconds * LESSON_SECOND_MS;
    yield (resume) => {
      timers.push({ at, resume });
      timers.sort((one, other) => one.at - other.at);
    };
  }

  function idle(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms < Number.POSITIVE_INFINITY ? setTimeout(() => host.wake(), ms) : undefined;
      host.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function run<T>(main: Coroutine<T>): Promise<T> {
    const task = spawn(main);
    for (drain(); timers.length > 0 || host.waiting > 0; drain()) {
      const due = timers[0]?.at ?? Number.POSITIVE_INFINITY;
      await idle(Math.max(0, due - performance.now()));
      const now = performance.now();
      while (timers[0] && timers[0].at <= now) {
        timers.shift()?.resume();
        drain();
      }
    }
    if (!task.outcome) throw new Error("nothing is left that could wake main");
    return task.outcome();
  }

  return { spawn, join, sleep, run, host };
}

/** Notes lines with the lesson second in which they come. */
export function newTrace(): { lines: string[]; note(line: string): void } {
  const started = performance.now();
  const lines: string[] = [];
  return {
    lines,
    note: (line) => void lines.push(`${whole(toLessonSeconds(performance.now() - started))} s: ${line}`),
  };
}
