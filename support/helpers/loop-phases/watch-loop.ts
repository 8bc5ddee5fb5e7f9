import { AsyncLocalStorage, createHook, executionAsyncResource } from "node:async_hooks";
import type { Phase } from "./phase-recording.ts";
import { watchReactions } from "./reactions.ts";

/** A stretch of code that the runtime has called: what it was called for, and within which callback of the loop. */
export interface Visit {
  readonly id: number;
  /** Its number among all that the runtime has called. */
  readonly visit: number;
  readonly type: string;
  phase: Phase;
  readonly callback: number;
  /** What the counter of {@link watch} said when it was queued. */
  readonly queuedAt: number;
}

/** What a recording follows while it lasts. */
export interface Watch {
  /** The innermost code that runs now; undefined while the runtime has called nothing since the watch began. */
  current(): Visit | undefined;
  /** Runs a function whose timers and requests are counted by {@link Watch.pending}, whatever they start in turn. */
  follow<T>(run: () => T): T;
  /** How many timers, immediates, ticks and file requests of the followed code are still to come. */
  pending(): number;
  end(): void;
}

const PHASE_OF: Readonly<Record<string, Phase>> = {
  TickObject: "nextTick",
  PROMISE: "microtask",
  Microtask: "microtask",
  Timeout: "timers",
  Immediate: "check",
};

/** What is called once and then gone. Sockets and servers last; to wait for those is up to the recorded function. */
const AWAITED = new Set(["TickObject", "Timeout", "Immediate", "FSREQCALLBACK"]);

function keepsNodeAlive(resource: object): boolean {
  return !("hasRef" in resource && typeof resource.hasRef === "function") || resource.hasRef() !== false;
}

/** The type of something that existed before the watch began, so that nobody has said what it is. */
function typeOfEarlier(): string {
  const resource = executionAsyncResource();
  return resource instanceof Promise ? "PROMISE" : resource.constructor.name;
}

/**
 * Begins to follow what the runtime calls. `before` and `after` surround each callback, also each continuation of a
 * promise, and `init` has said what kind of thing it belongs to. Anything that is neither a queue nor a timer nor an
 * immediate and that no other code has called was called by the loop for input or output, in its poll phase; so are the
 * callbacks for closed sockets, which the runtime does not tell apart.
 *
 * @param now a counter by which it is told when things were queued
 */
export function watch(now: () => number): Watch {
  const followed = new AsyncLocalStorage<true>();
  const types = new Map<number, string>();
  const waiting = new Map<number, object>();
  const visits: Visit[] = [];
  const queued = new Map<number, number>();
  const reactions = watchReactions(now);
  let callbacks = 0;
  let visited = 0;

  function queuedAt(id: number, phase: Phase | undefined): number {
    const resource = executionAsyncResource();
    if (phase === "microtask" && resource instanceof Promise) return reactions.queuedAt(resource);
    return queued.get(id) ?? 0;
  }

  const hook = createHook({
    init(id, type, _trigger, resource) {
      types.set(id, type);
      queued.set(id, now());
      if (AWAITED.has(type) && followed.getStore()) waiting.set(id, resource);
    },
    before(id) {
      const type = types.get(id) ?? typeOfEarlier();
      const known = PHASE_OF[type];
      const outer = visits.at(-1);
      const fromLoop = outer === undefined && known !== "nextTick" && known !== "microtask";
      if (fromLoop) callbacks += 1;
      const phase = known ?? outer?.phase ?? "poll";
      visited += 1;
      visits.push({ id, visit: visited, type, phase, callback: callbacks, queuedAt: queuedAt(id, known) });
    },
    after(id) {
      const at = visits.findLastIndex((visit) => visit.id === id);
      if (at >= 0) visits.length = at;
      // An interval comes again.
      queued.set(id, now());
      if (types.get(id) === "FSREQCALLBACK") waiting.delete(id);
    },
    destroy(id) {
      waiting.delete(id);
    },
  });
  hook.enable();

  return {
    current: () => visits.at(-1),
    follow: (run) => followed.run(true, run),
    pending: () => [...waiting.values()].filter(keepsNodeAlive).length,
    end: () => {
      hook.disable();
      reactions.end();
    },
  };
}
