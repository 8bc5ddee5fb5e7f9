/**
 * What a task group promises, for programs made by chance: tasks that fail, that listen to their signal or don't, that
 * start others late, clean up slowly or fail at it, are groups themselves; blocks that fail, cancel or wait; a signal from
 * outside at any moment.
 */
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { after, test } from "node:test";
import fc from "fast-check";
import { type TaskGroup, taskGroup } from "../../../support/helpers/task-group/task-group.ts";
import {
  TaskGroupClosedError,
  TaskGroupError,
} from "../../../support/helpers/task-group/task-group-errors.ts";
import { inAnyOrder, type Pause } from "../limits/in-any-order.ts";

/** Programs and schedules the property is tried with. */

interface Child {
  steps: number;
  /** Whether it listens to its signal. */
  listens: boolean;
  fails: boolean;
  /** What it does in its `finally`. */
  cleanUp: { steps: number; fails: boolean };
  /** Started in the same group, when its own steps are done. */
  late: Child[];
  /** A group of its own, run when its steps are done. */
  inner: Block | null;
}

interface Block {
  children: Child[];
  steps: number;
  awaits: boolean;
  ends: "returns" | "throws" | "cancels";
}

const oneIn = (n: number) => fc.integer({ min: 1, max: n }).map((drawn) => drawn === n);

/** @param depth how many tasks deep a program may go: those that are started late, and those of inner groups */
function children(depth: number, most: number): fc.Arbitrary<Child[]> {
  if (depth === 0) return fc.constant([]);
  const child = fc.record({
    steps: fc.nat(3),
    listens: fc.boolean(),
    fails: oneIn(6),
    cleanUp: fc.record({ steps: fc.nat(2), fails: oneIn(12) }),
    late: children(depth - 1, 2),
    inner: depth === 1 ? fc.constant(null) : fc.option(blocks(depth - 1, 2), { freq: 2 }),
  });
  return fc.array(child, { maxLength: most });
}

function blocks(depth: number, most: number): fc.Arbitrary<Block> {
  return fc.record({
    children: children(depth, most),
    steps: fc.nat(3),
    awaits: fc.boolean(),
    ends: fc.constantFrom("returns", "returns", "returns", "throws", "cancels"),
  });
}

/** What a program throws on purpose. */
class Broken extends Error {}

/** How often each kind of end was seen, so that the property can't hold for want of programs. */
const seen = {
  value: 0,
  failed: 0,
  several: 0,
  failedAndAborted: 0,
  aborted: 0,
  cancelled: 0,
  inner: 0,
  late: 0,
};

const unhandled: unknown[] = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));

/** Waits for the schedule, or for the abort, whichever comes first. */
async function step(pause: Pause, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  let aborted = (): void => {};
  await new Promise<void>((resolve, reject) => {
    aborted = () => reject(signal?.reason);
    signal?.addEventListener("abort", aborted);
    void pause().then(resolve);
  }).finally(() => signal?.removeEventListener("abort", aborted));
}

async function steps(count: number, pause: Pause, signal?: AbortSignal): Promise<void> {
  for (let done = 0; done < count; done += 1) await step(pause, signal);
}

/** Runs one group and checks all that can be seen of it from inside and outside. Rejects as the group does. */
async function play(program: Block, pause: Pause, outer: AbortSignal): Promise<string> {
  /** Who failed and why, in that order, as the tasks themselves know it. */
  const failed: { name: string; reason: unknown }[] = [];
  const watched = { begun: 0, inside: 0, cleaned: 0, names: 0 };
  let group: TaskGroup | undefined;
  const note = (name: string, reason: unknown): void => {
    if (reason instanceof Broken || reason instanceof TaskGroupError) failed.push({ name, reason });
  };

  const start = (to: TaskGroup, child: Child): Promise<string> => {
    watched.names += 1;
    const name = `task ${watched.names}`;
    return to.start(name, async (signal) => {
      assert.ok(!signal.aborted, "work was begun in a group that is being cancelled");
      watched.begun += 1;
      watched.inside += 1;
      try {
        return await doWork(to, child, name, signal);
      } catch (reason) {
        note(name, reason);
        throw reason;
      } finally {
        watched.inside -= 1;
      }
    });
  };

  async function doWork(to: TaskGroup, child: Child, name: string, signal: AbortSignal): Promise<string> {
    try {
      await steps(child.steps, pause, child.listens ? signal : undefined);
      for (const late of child.late) {
        seen.late += 1;
        void start(to, late).catch(() => {});
      }
      if (child.inner !== null) {
        seen.inner += 1;
        await play(child.inner, pause, signal);
      }
      if (child.fails) throw new Broken(name);
      return name;
    } finally {
      await steps(child.cleanUp.steps, pause);
      watched.cleaned += 1;
      // biome-ignore lint/correctness/noUnsafeFinally: a clean-up that fails is what is tried here
      if (child.cleanUp.fails) throw new Broken(`${name}, cleaning up`);
    }
  }

  async function inside(given: TaskGroup): Promise<string> {
    group = given;
    watched.begun += 1;
    watched.inside += 1;
    try {
      return await doBlock(given);
    } catch (reason) {
      // What it throws because a task failed is the task's.
      if (!failed.some((one) => one.reason === reason)) note("the block", reason);
      throw reason;
    } finally {
      watched.inside -= 1;
      watched.cleaned += 1;
    }
  }

  async function doBlock(given: TaskGroup): Promise<string> {
    const children = program.children.map((child) => start(given, child));
    await steps(program.steps, pause, given.signal);
    if (program.awaits) await Promise.all(children);
    if (program.ends === "cancels") given.cancel();
    if (program.ends === "throws") throw new Broken("the block");
    return "value";
  }

  // An abort after the last of them has ended may still be heard, or come too late.
  let stopped = false;
  const whileItRan = (): void => {
    stopped = watched.inside > 0;
  };
  outer.addEventListener("abort", whileItRan);
  const [end] = await Promise.allSettled([taskGroup(inside, { signal: outer })]);
  outer.removeEventListener("abort", whileItRan);
  assert.deepEqual([watched.inside, watched.cleaned], [0, watched.begun], "a task outlived its block");
  if (end.status === "fulfilled") {
    assert.deepEqual([end.value, failed, stopped], ["value", [], false]);
    seen[group?.signal.aborted ? "cancelled" : "value"] += 1;
  } else if (end.reason instanceof TaskGroupError) {
    assert.deepEqual(end.reason.failures, failed);
    for (const [i, one] of failed.entries()) assert.equal(end.reason.errors[i], one.reason);
    assert.ok(group?.signal.aborted, "a failure cancelled nobody");
    const { cause } = end.reason;
    assert.ok(cause === outer.reason || (cause === undefined && !stopped), "its cause is another");
    seen[stopped ? "failedAndAborted" : failed.length > 1 ? "several" : "failed"] += 1;
  } else {
    assert.deepEqual(failed, [], "a failure was lost");
    assert.ok(outer.aborted, "it rejected, and nobody had failed or told it to stop");
    assert.equal(end.reason, outer.reason);
    seen.aborted += 1;
  }
  const afterwards = await Promise.allSettled([group?.start("afterwards", () => {})]);
  const refused = afterwards[0].status === "rejected" && afterwards[0].reason;
  assert.ok(group === undefined || refused instanceof TaskGroupClosedError, "it was not closed");
  if (end.status === "rejected") throw end.reason;
  return end.value;
}

inAnyOrder(
  "no task outlives its group, no failure is lost, none is told twice, and nothing begins after the first",
  fc.record({ block: blocks(3, 4), aborts: oneIn(3) }),
  async ({ block: program, aborts }, pause) => {
    const outer = new AbortController();
    if (aborts) void pause().then(() => outer.abort(new DOMException("enough", "AbortError")));
    await Promise.allSettled([play(program, pause, outer.signal)]).then(([end]) => {
      if (end.status === "rejected" && end.reason instanceof assert.AssertionError) throw end.reason;
    });
    assert.equal(getEventListeners(outer.signal, "abort").length, 0, "a listener was left behind");
  },
);

test("the programs had each kind of end, often", () => {
  for (const [kind, count] of Object.entries(seen)) assert.ok(count > 20, `${kind}: ${count}`);
  console.log(JSON.stringify(seen));
});

after(() => assert.deepEqual(unhandled, []));
