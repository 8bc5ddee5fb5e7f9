/**
 * The four promises of `support/limits`, whatever happens and in whatever order: never more than N at once; every item is
 * done, given back, or named in the error, none lost and none twice; every failure is in the error that the caller gets,
 * with its item; everything settles (a run that does not is found stuck).
 *
 * What happens in one tick of the thread makes the hard cases, so a plan is a list of steps and says, after each of them,
 * for how long others may go on: not at all, for some microtasks, or until the schedule says so.
 */
import assert from "node:assert/strict";
import { mock } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { LESSON_SECOND_MS } from "../../../support/helpers/clock/scale.ts";
import { JobsFailedError } from "../../../support/helpers/limits/limit-errors.ts";
import { mapPool } from "../../../support/helpers/limits/map-pool.ts";
import { pool } from "../../../support/helpers/limits/pool.ts";
import { type Queue, queue } from "../../../support/helpers/limits/queue.ts";
import { semaphore } from "../../../support/helpers/limits/semaphore.ts";
import { TimeoutError, withTimeout } from "../../../support/helpers/limits/timeout.ts";
import { inAnyOrder, type Pause, sorted } from "./in-any-order.ts";

/** After a step: so many microtasks, or, from 4 upwards, until the schedule says so. */
const waits = fc.nat(6);

async function letGoOn(wait: number, pause: Pause): Promise<void> {
  if (wait >= 4) await pause();
  else for (let i = 0; i < wait; i += 1) await null;
}

/** How a job behaves. */
const behaviours = fc.constantFrom(
  "waits",
  "waits",
  "returns at once",
  "fails later",
  "throws at once",
  "stops when told",
  "fails when told",
);
type Behaviour = typeof behaviours extends fc.Arbitrary<infer B> ? B : never;

/** What jobs did, seen from inside them. */
class Jobs {
  readonly started: number[] = [];
  readonly failed: { item: number; reason: unknown }[] = [];
  readonly finished: number[] = [];
  running = 0;
  most = 0;
  readonly behaviours: readonly Behaviour[];
  readonly pause: Pause;

  constructor(all: readonly Behaviour[], pause: Pause) {
    this.behaviours = all;
    this.pause = pause;
  }

  fail(item: number): never {
    const reason = new RangeError(`item ${item}`);
    this.failed.push({ item, reason });
    throw reason;
  }

  async later(item: number, how: Behaviour, signal: AbortSignal): Promise<number> {
    try {
      await this.pause();
      if (how === "stops when told") signal.throwIfAborted();
      if (how === "fails later" || (how === "fails when told" && signal.aborted)) this.fail(item);
      this.finished.push(item);
      return item;
    } finally {
      this.running -= 1;
    }
  }

  readonly work = (item: number, signal: AbortSignal): number | Promise<number> => {
    const how = this.behaviours[item % this.behaviours.length] ?? "waits";
    this.started.push(item);
    this.most = Math.max(this.most, this.running + 1);
    if (how === "throws at once") this.fail(item);
    if (how === "returns at once") {
      this.finished.push(item);
      return item;
    }
    this.running += 1;
    return this.later(item, how, signal);
  };
}

type End = PromiseSettledResult<unknown>;

async function endOf(promise: Promise<unknown>): Promise<End> {
  const [end] = await Promise.allSettled([promise]);
  return end;
}

/** Every failure is in the error, with its item; and where nothing failed, the end says what ended it. */
function checkFailures(
  end: End,
  jobs: Jobs,
  errors: "first" | "all",
  signal: AbortSignal,
  others: readonly unknown[] = [],
): void {
  const all = [...jobs.failed.map(({ reason }) => reason), ...others];
  if (end.status === "fulfilled") {
    assert.deepEqual(all, []);
    return;
  }
  if (end.reason instanceof JobsFailedError) {
    const { failures, cause } = end.reason;
    assert.deepEqual(
      sorted(failures.map(({ item }) => Number(item))),
      sorted(jobs.failed.map(({ item }) => item)),
    );
    for (const { item, reason } of failures)
      assert.equal(jobs.failed.find((one) => one.item === item)?.reason, reason);
    assert.deepEqual(new Set(end.reason.errors), new Set(all));
    assert.equal(end.reason.errors.length, all.length);
    assert.ok(all.length > 0);
    if (errors === "first") assert.ok(cause === signal.reason || all.includes(cause));
    return;
  }
  if (all.length === 0) assert.ok(signal.aborted && end.reason === signal.reason);
  else {
    assert.deepEqual(all, [end.reason]);
    assert.ok(errors === "first" || others.length === 1);
  }
}

const poolPlans = {
  concurrency: fc.integer({ min: 1, max: 3 }),
  errors: fc.constantFrom("first" as const, "all" as const),
  jobs: fc.array(behaviours, { minLength: 1, maxLength: 8 }),
};

const steps = fc.array(
  fc.record({
    act: fc.constantFrom(
      ...(["put", "put", "put", "put", "get", "put and leave", "get and leave"] as const),
      ...(["leave", "abort", "drain", "close", "loop", "leave loop"] as const),
    ),
    wait: waits,
  }),
  { maxLength: 14 },
);
type Step = typeof steps extends fc.Arbitrary<infer All> ? (All extends (infer One)[] ? One : never) : never;

/** All that one may do with a queue, and what became of it. */
class Visitors {
  readonly put: number[] = [];
  readonly refused: number[] = [];
  readonly got: number[] = [];
  readonly ends: Promise<unknown>[] = [];
  readonly q: Queue<number>;
  leaving = new AbortController();
  loop: AsyncIterator<number> | undefined;
  items = 0;

  constructor(q: Queue<number>) {
    this.q = q;
  }

  doPut(options: { signal?: AbortSignal }): void {
    const item = this.items;
    this.items += 1;
    const end = this.q.put(item, options);
    this.ends.push(
      end.then(
        () => this.put.push(item),
        () => this.refused.push(item),
      ),
    );
  }

  doGet(options: { signal?: AbortSignal }): void {
    const end = this.q.get(options);
    this.ends.push(
      end.then(
        (item) => this.got.push(item),
        () => {},
      ),
    );
  }

  doLoop(): void {
    this.loop ??= this.q[Symbol.asyncIterator]();
    this.ends.push(
      this.loop.next().then(({ done, value }) => {
        if (!done) this.got.push(value);
      }),
    );
  }

  step(act: Step["act"]): void {
    const { signal } = this.leaving;
    if (act === "put") this.doPut({});
    else if (act === "get") this.doGet({});
    else if (act === "put and leave") this.doPut({ signal });
    else if (act === "get and leave") this.doGet({ signal });
    else if (act === "close") this.q.close();
    else if (act === "loop") this.doLoop();
    else if (act === "leave loop") {
      this.ends.push(Promise.resolve(this.loop?.return?.()));
      this.loop = undefined;
    } else if (act === "leave") {
      this.leaving.abort();
      this.leaving = new AbortController();
    }
  }

  /** Ends every wait, and takes what is left. */
  async end(): Promise<number[]> {
    this.q.close();
    const rest: number[] = [];
    for await (const item of this.q) rest.push(item);
    await Promise.all(this.ends);
    return rest;
  }
}

inAnyOrder(
  "a pool that takes from a queue loses no item, whoever else puts, takes, leaves, aborts, drains or closes",
  fc.record({ ...poolPlans, bound: fc.constantFrom(0, 1, 2, Number.POSITIVE_INFINITY), steps }),
  async ({ concurrency, errors, jobs: all, bound, steps: script }, pause) => {
    const visitors = new Visitors(queue<number>(bound));
    const jobs = new Jobs(all, pause);
    const cancel = new AbortController();
    const drain = new AbortController();
    const options = { concurrency, errors, signal: cancel.signal, drain: drain.signal };
    const ended = endOf(pool(visitors.q, jobs.work, options));
    for (const { act, wait } of script) {
      if (act === "abort") cancel.abort(new Error("enough"));
      else if (act === "drain") drain.abort();
      else visitors.step(act);
      await letGoOn(wait, pause);
    }
    if (!cancel.signal.aborted && !drain.signal.aborted) visitors.q.close();
    const end = await ended;
    const started = jobs.started.length;
    assert.equal(jobs.running, 0, "jobs go on after the pool has ended");
    const rest = await visitors.end();
    assert.equal(jobs.started.length, started, "a job started after the pool had ended");
    assert.ok(jobs.most <= concurrency, `${jobs.most} at once`);
    assert.deepEqual(sorted([...jobs.started, ...visitors.got, ...rest]), sorted(visitors.put));
    assert.equal(visitors.put.length + visitors.refused.length, visitors.items);
    checkFailures(end, jobs, errors, cancel.signal);
    if (end.status === "fulfilled") assert.deepEqual([end.value, jobs.finished.length], [started, started]);
    if (drain.signal.aborted && !cancel.signal.aborted && jobs.failed.length === 0)
      assert.equal(end.status, "fulfilled");
  },
);

/** A source of numbers that may do all that a source can do wrong. */
const sources = fc.record({
  count: fc.nat(10),
  asynchronous: fc.boolean(),
  breaksAt: fc.option(fc.nat(10), { freq: 3, nil: undefined }),
  stuck: fc.boolean(),
  aborts: fc.option(fc.nat(10), { freq: 3, nil: undefined }),
});
type Source = typeof sources extends fc.Arbitrary<infer S> ? S : never;

interface Given {
  items: number[];
  failures: Error[];
  open: boolean;
}

function* numbers(source: Source, given: Given, cancel: AbortController): Generator<number> {
  given.open = true;
  const failing = (what: string): Error => {
    const failure = new TypeError(what);
    given.failures.push(failure);
    return failure;
  };
  let whole = false;
  try {
    for (let item = 0; item < source.count; item += 1) {
      if (item === source.aborts) cancel.abort(new Error("enough"));
      if (item === source.breaksAt) {
        whole = true;
        throw failing("broken");
      }
      given.items.push(item);
      yield item;
    }
    whole = true;
  } finally {
    given.open = false;
    // biome-ignore lint/correctness/noUnsafeFinally: a source that fails when it is closed early is one of the cases
    if (!whole && source.stuck) throw failing("stuck");
  }
}

async function* numbersLater(
  source: Source,
  given: Given,
  cancel: AbortController,
  pause: Pause,
): AsyncGenerator<number> {
  for (const item of numbers(source, given, cancel)) {
    await pause();
    yield item;
  }
}

/**
 * The source's failures that must be in the error. A pool that is cancelled or has failed does not wait for an asynchronous
 * source; how that one ends then may be heard in time, or not.
 */
function heard(source: Source, given: Given, jobs: Jobs, cancelled: boolean, reason: unknown): Error[] {
  const named: readonly unknown[] = reason instanceof JobsFailedError ? reason.errors : [reason];
  const [first] = given.failures;
  const late = (one: Error): boolean =>
    source.asynchronous && (cancelled || jobs.failed.length > 0 || one !== first);
  return given.failures.filter((one) => named.includes(one) || !late(one));
}

/** A source, what it gives and what of that is dropped, the jobs, and how a pool over them is cancelled and drained. */
function prepare(source: Source, all: readonly Behaviour[], pause: Pause) {
  const given: Given = { items: [], failures: [], open: false };
  const dropped: number[] = [];
  const cancel = new AbortController();
  const drain = new AbortController();
  return {
    given,
    dropped,
    cancel,
    drain,
    jobs: new Jobs(all, pause),
    items: source.asynchronous ? numbersLater(source, given, cancel, pause) : numbers(source, given, cancel),
    options: {
      signal: cancel.signal,
      drain: drain.signal,
      onDropped: (item: number) => void dropped.push(item),
    },
  };
}

const endings = fc.array(fc.record({ act: fc.constantFrom("abort", "drain", "none"), wait: waits }), {
  maxLength: 4,
});

inAnyOrder(
  "a pool starts each item that its source gives, or tells it to onDropped, and says what the source did wrong",
  fc.record({ ...poolPlans, source: sources, endings }),
  async ({ concurrency, errors, jobs: all, source, endings: script }, pause) => {
    const run = prepare(source, all, pause);
    const { given, dropped, jobs, cancel, drain } = run;
    const ended = endOf(pool(run.items, jobs.work, { ...run.options, concurrency, errors }));
    for (const { act, wait } of script) {
      if (act === "abort") cancel.abort(new Error("enough"));
      else if (act === "drain") drain.abort();
      await letGoOn(wait, pause);
    }
    const end = await ended;
    const reason: unknown = end.status === "rejected" ? end.reason : undefined;
    const failures = heard(source, given, jobs, cancel.signal.aborted, reason);
    const started = [...jobs.started];
    assert.equal(jobs.running, 0);
    // What the source still owed comes after the end of a pool that was cancelled or has failed.
    while (given.open) await pause();
    await turn();
    assert.ok(jobs.most <= concurrency, `${jobs.most} at once`);
    assert.deepEqual(jobs.started, started, "a job started after the pool had ended");
    assert.deepEqual(sorted([...started, ...dropped]), given.items);
    checkFailures(end, jobs, errors, cancel.signal, failures);
    if (end.status === "fulfilled") {
      assert.equal(end.value, given.items.length);
      assert.ok(drain.signal.aborted || given.items.length === source.count);
    }
  },
);

const readings = fc.array(
  fc.record({
    act: fc.constantFrom("next", "next", "next", "next", "return", "throw", "abort", "drain"),
    wait: waits,
  }),
  { maxLength: 14 },
);

inAnyOrder(
  "mapPool gives each result once, or drops it when it is left, and every call of next() settles",
  fc.record({ ...poolPlans, source: sources, inOrder: fc.boolean(), readings }),
  async ({ concurrency, errors, jobs: all, source, inOrder, readings: script }, pause) => {
    const run = prepare(source, all, pause);
    const { given, dropped, jobs, cancel, drain } = run;
    const results = mapPool(run.items, jobs.work, { ...run.options, concurrency, errors, inOrder });
    const seen: number[] = [];
    const rejected: unknown[] = [];
    const ends: Promise<void>[] = [];
    const thrown = new Error("thrown in");
    let left = false;
    let over = false;
    const note = (step: Promise<IteratorResult<number, void>>): void => {
      ends.push(
        step.then(
          ({ done, value }) => {
            if (done) over = true;
            else if (value !== undefined) seen.push(value);
          },
          (reason: unknown) => {
            over = true;
            if (reason !== thrown) rejected.push(reason);
          },
        ),
      );
    };
    const ahead = (): number => given.items.length - seen.length - jobs.failed.length - dropped.length;
    for (const { act, wait } of script) {
      if (act === "abort") cancel.abort(new Error("enough"));
      else if (act === "drain") drain.abort();
      else if (act === "next") note(results.next());
      else {
        left = true;
        note(act === "return" ? results.return() : results.throw(thrown));
      }
      await letGoOn(wait, pause);
      if (!left && !cancel.signal.aborted)
        assert.ok(ahead() <= concurrency + ends.length, `${ahead()} ahead`);
    }
    while (!over) {
      note(results.next());
      await pause();
    }
    await Promise.all(ends);
    note(results.return());
    await Promise.all(ends);
    const failures = heard(source, given, jobs, left || cancel.signal.aborted, rejected[0]);
    while (given.open) await pause();
    await turn();
    assert.equal(jobs.running, 0);
    assert.ok(jobs.most <= concurrency, `${jobs.most} at once`);
    assert.deepEqual(sorted([...jobs.started, ...dropped]), given.items);
    assert.equal(new Set(seen).size, seen.length, "a result came twice");
    if (inOrder) assert.deepEqual(seen, sorted(seen));
    if (left) assert.ok(seen.every((item) => jobs.finished.includes(item)));
    else assert.deepEqual(sorted(seen), sorted(jobs.finished));
    assert.ok(rejected.length <= 1, "the failure was told twice");
    if (rejected.length === 1) {
      const [reason] = rejected;
      // The signal of a loop that is left is the loop's own.
      const ownCause = left && reason instanceof JobsFailedError && reason.cause instanceof DOMException;
      checkFailures({ status: "rejected", reason }, jobs, ownCause ? "all" : errors, cancel.signal, failures);
    } else if (!left) assert.deepEqual([jobs.failed, failures], [[], []]);
    // A throw from outside is what its caller gets, unless more has failed.
    else assert.deepEqual([...jobs.failed.map(({ reason }) => reason), ...failures], []);
  },
);

inAnyOrder(
  "a semaphore hands each permit on, whoever leaves, fails, releases twice or is served in the tick of an abort",
  fc.record({
    permits: fc.integer({ min: 1, max: 3 }),
    visits: fc.array(
      fc.record({
        how: fc.constantFrom("run", "run", "fails", "throws at once", "holds", "releases twice"),
        leaves: fc.boolean(),
        wait: waits,
      }),
      { maxLength: 14 },
    ),
    leaveAfter: fc.nat(14),
  }),
  async ({ permits, visits, leaveAfter }, pause) => {
    const gate = semaphore(permits);
    const cancel = new AbortController();
    const ran: number[] = [];
    let inside = 0;
    let most = 0;
    const enter = (visit: number): void => {
      ran.push(visit);
      inside += 1;
      most = Math.max(most, inside);
    };
    const ends: Promise<End>[] = [];
    for (const [visit, { how, leaves, wait }] of visits.entries()) {
      if (visit === leaveAfter) cancel.abort(new Error("gone"));
      const options = leaves ? { signal: cancel.signal } : {};
      const run = async (): Promise<void> => {
        enter(visit);
        await pause();
        inside -= 1;
        if (how === "fails") throw new RangeError(`visit ${visit}`);
      };
      const atOnce = (): never => {
        ran.push(visit);
        throw new RangeError(`visit ${visit}`);
      };
      const hold = async (): Promise<void> => {
        const release = await gate.acquire(options);
        await run();
        release();
        if (how === "releases twice") release();
      };
      if (how === "holds" || how === "releases twice") ends.push(endOf(hold()));
      else ends.push(endOf(gate.run(how === "throws at once" ? atOnce : run, options)));
      await letGoOn(wait, pause);
    }
    const settled = await Promise.all(ends);
    assert.ok(most <= permits, `${most} inside at once`);
    assert.deepEqual([gate.free, gate.waiting], [permits, 0]);
    assert.equal(new Set(ran).size, ran.length);
    for (const [visit, end] of settled.entries()) {
      const { how, leaves } = visits[visit] ?? { how: "run", leaves: false };
      if (!ran.includes(visit)) {
        assert.ok(leaves && end.status === "rejected" && end.reason === cancel.signal.reason);
      } else if (how === "fails" || how === "throws at once") {
        assert.ok(end.status === "rejected" && end.reason instanceof RangeError);
      } else assert.equal(end.status, "fulfilled");
    }
    const order = ran.filter((visit) => visits[visit]?.how !== "throws at once");
    assert.deepEqual(order, sorted(order), "somebody was overtaken");
  },
);

inAnyOrder(
  "withTimeout gives what came first, the work's end or the limit, whatever the work makes of the abort",
  fc.record({
    calls: fc.array(
      fc.record({
        limit: fc.integer({ min: 1, max: 3 }),
        whenTold: fc.constantFrom("gives a result", "rejects", "throws", "nothing"),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    steps: fc.array(
      fc.record({ act: fc.constantFrom("result", "failure", "second"), call: fc.nat(3), wait: waits }),
      { maxLength: 12 },
    ),
  }),
  async ({ calls, steps: script }, pause) => {
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const expected: (string | undefined)[] = calls.map(() => undefined);
      const works: { resolve(value: string): void; reject(reason: Error): void }[] = [];
      const told: number[] = [];
      let seconds = 0;
      const ends = calls.map(({ limit, whenTold }, call) => {
        const work = (signal: AbortSignal): Promise<string> =>
          new Promise((resolve, reject) => {
            works.push({ resolve, reject });
            signal.addEventListener("abort", () => {
              told.push(call);
              if (whenTold === "gives a result") resolve("too late");
              if (whenTold === "rejects") reject(signal.reason);
              if (whenTold === "throws") reject(new RangeError("too late"));
            });
          });
        return endOf(withTimeout(limit, work)());
      });
      const second = async (): Promise<void> => {
        // Timers are called by the loop, when all microtasks have run.
        await turn();
        seconds += 1;
        for (const [call, { limit }] of calls.entries())
          if (limit === seconds) expected[call] ??= "TimeoutError";
        mock.timers.tick(LESSON_SECOND_MS);
      };
      for (const { act, call, wait } of script) {
        if (act === "second") await second();
        else if (call < calls.length) {
          expected[call] ??= act;
          if (act === "result") works[call]?.resolve("result");
          else works[call]?.reject(new Error("failure"));
        }
        await letGoOn(wait, pause);
      }
      while (seconds < 3) await second();
      const settled = await Promise.all(ends);
      const seen = settled.map((end) => {
        if (end.status === "fulfilled") return end.value;
        return end.reason instanceof TimeoutError ? "TimeoutError" : end.reason.message;
      });
      assert.deepEqual(seen, expected);
      // Calls that had ended have no timer any more, and are not told of their limit.
      const late = [...calls.keys()].filter((call) => expected[call] === "TimeoutError");
      assert.deepEqual(sorted(told), late);
    } finally {
      mock.timers.reset();
    }
  },
);
