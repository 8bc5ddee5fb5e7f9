import { setImmediate as immediate } from "node:timers/promises";
import { inspect } from "node:util";
import { loadDrawing } from "../drawing/plot.ts";
import { textOf } from "../errors/text-of.ts";
import { record } from "../recording/record.ts";
import { plainError, type Recording } from "../recording/recording.ts";
import { whoWaits } from "../recording/who-waits.ts";
import { type Budget, BudgetError, isWithinBudget, runWithin } from "./budget.ts";
import { NotYet } from "./finding.ts";
import { type Leftovers, watchLeftovers } from "./leftovers.ts";
import { type Chance, chance } from "./random.ts";

/** What an answer may use where an exercise says nothing: two seconds of time, at the usual lesson second. */
const BUDGET: Budget = { seconds: 20, holdMs: 500, steps: 20_000 };

const IDEAS = {
  hold: "A loop that never ends, or a chain of promises that never lets anything else run. Nothing else can happen meanwhile: no timer, no answer, no abort.",
  seconds:
    "Something is awaited that nobody settles: a promise without its resolve, a wait for what has happened before.",
  steps: "It asks again and again whether something has happened. Wait for it instead.",
};

const LEFT = "What was started goes on until it ends, also when nobody waits for it.";

/** How one run of an answer is judged. */
export interface RunOptions {
  budget?: Partial<Budget>;
  /** Whether it may fail: the exercise looks at the error itself. */
  mayFail?: boolean;
  /** Whether it may leave processes, threads and timers running. They are ended all the same. */
  mayLeave?: boolean;
}

/** One run of an answer. */
export interface Ran<T> {
  ok: boolean;
  value: T | undefined;
  error: unknown;
  /** What happened, as `record` tells it: tasks by name, times in lesson seconds. */
  recording: Recording<T>;
  /** How many times the code went on: after an `await`, or in a `then`. */
  steps: number;
}

/** What the check of an exercise works with. */
export interface Desk {
  /** Repeatable chance, another one for each exercise. */
  readonly chance: Chance;
  /** The inputs that the text of the exercise names, then so many that nobody has seen. */
  inputs<I>(visible: readonly I[], unseen: (chance: Chance) => I, count: number): Generator<I>;
  /**
   * Runs an answer inside a recording, within a budget. Where it loops, hangs, fails, leaves something running or lets a failure
   * go unheard, that is the finding.
   *
   * @param given what it was given, for the words of a finding
   */
  run<T>(given: unknown, work: () => T | PromiseLike<T>, options?: RunOptions): Promise<Ran<T>>;
  /**
   * Begins a stage of an answer that is built in several: findings say which one they are from.
   *
   * @param number from 1
   */
  stage(number: number, of: number, name: string): void;
  /**
   * Ends the check where something does not hold of the run before.
   *
   * @param says what was seen, with the measured value
   * @param idea what likely led there, and no solution
   */
  expect(holds: boolean, says: string, idea?: string): void;
}

/** A desk, and how much was tried on it. */
export interface Tried {
  desk: Desk;
  counts: { inputs: number; unseen: number };
}

function words(given: unknown): string {
  return typeof given === "string"
    ? given
    : inspect(given, { breakLength: Number.POSITIVE_INFINITY, depth: 3 });
}

function failure(error: unknown): string {
  const { name, message } = plainError(error);
  return `it failed: ${name}: ${message}`;
}

/** Who waits for whom, as one sentence; nothing where nobody waits. */
function hanging(recording: Recording<unknown> | undefined): string {
  const lines = recording ? whoWaits(recording, recording.makespan) : [];
  return lines.length === 0 ? "" : `: ${lines.map((line) => line.trim()).join("; ")}`;
}

/** How long a stopped recording may take to come back, in ms. */
const GIVE_UP_MS = 1000;

/**
 * @param seed of the inputs that nobody has seen
 * @param silent whether all that answers print is left out, and not only with inputs that nobody has seen
 */
export function createDesk(seed: number, silent = false): Tried {
  const counts = { inputs: 0, unseen: 0 };
  const random = chance(seed);
  let given: string | undefined;
  let stage: string | undefined;
  let recorded: Recording<unknown> | undefined;
  let muted = silent;

  function fail(says: string, idea?: string): never {
    throw new NotYet({
      says,
      ...(stage === undefined ? {} : { stage }),
      ...(idea === undefined ? {} : { idea }),
      ...(given === undefined ? {} : { given }),
      ...(recorded === undefined || recorded.tasks.length === 0 ? {} : { run: recorded }),
    });
  }

  function* inputs<I>(visible: readonly I[], unseen: (chance: Chance) => I, count: number): Generator<I> {
    muted = silent;
    for (const one of visible) {
      counts.inputs += 1;
      yield one;
    }
    muted = true;
    for (let at = 0; at < count; at += 1) {
      counts.inputs += 1;
      counts.unseen += 1;
      yield unseen(random);
    }
    muted = silent;
  }

  async function run<T>(
    what: unknown,
    work: () => T | PromiseLike<T>,
    options: RunOptions = {},
  ): Promise<Ran<T>> {
    given = words(what);
    recorded = undefined;
    // It holds the thread for long when it is loaded first, and what ends a thread that is held would leave it half loaded.
    loadDrawing();
    const budget = { ...BUDGET, ...options.budget };
    let left: Leftovers | undefined;
    let inRecording: Promise<Recording<T>> | undefined;
    let leftovers: string[] = [];
    try {
      const spent = await runWithin(budget, muted, async (signal) => {
        left = watchLeftovers(isWithinBudget);
        // In a turn of its own: a loop that is ended from outside takes all that called it along.
        inRecording = record(() => new Promise<void>((resolve) => setImmediate(resolve)).then(work), {
          signal,
        });
        const recording = await inRecording;
        // What it has left running shows itself now: a chain of promises that holds the thread, a failure that nobody awaits.
        await immediate();
        leftovers = left.found();
        return recording;
      });
      recorded = spent.end.ok ? spent.end.value : await late(inRecording);
      if (!spent.end.ok) throw spent.end.error;
      const { ok, value, error } = spent.end.value;
      const [unheard] = spent.unheard;
      if (!ok && !options.mayFail) fail(failure(error));
      if (unheard !== undefined)
        fail(`a failure that nobody awaits: ${textOf(unheard)}`, "A promise was started and left alone.");
      const [first] = leftovers;
      if (first !== undefined && !options.mayLeave) fail(`it has ended, and ${first}`, LEFT);
      return { ok, value, error, recording: spent.end.value, steps: spent.steps };
    } catch (error) {
      if (!(error instanceof BudgetError)) throw error;
      const [goesOn] = recorded?.ok ? recorded.tasks.filter(({ outcome }) => outcome === "running") : [];
      if (error.kind === "seconds" && goesOn)
        fail(`it has returned, and ${goesOn.name} still goes on after ${budget.seconds} seconds`, LEFT);
      const more = error.kind === "seconds" ? hanging(recorded) : "";
      return fail(`${error.message}${more}`, IDEAS[error.kind]);
    } finally {
      left?.end();
    }
  }

  const expect = (holds: boolean, says: string, idea?: string): void => {
    if (!holds) fail(says, idea);
  };
  const begin = (number: number, of: number, name: string): void => {
    stage = `stage ${number} of ${of}, ${name}`;
  };
  return { desk: { chance: random, inputs, run, stage: begin, expect }, counts };
}

/** What a recording holds that has been stopped; undefined when it does not come back. */
async function late<T>(recording: Promise<T> | undefined): Promise<T | undefined> {
  const givenUp = new Promise<undefined>((resolve) => setTimeout(resolve, GIVE_UP_MS));
  return Promise.race([recording, givenUp]);
}
