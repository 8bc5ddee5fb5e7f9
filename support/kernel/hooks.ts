import { createHook } from "node:async_hooks";
import { replace } from "./replace.ts";

/** Where {@link beforeCut} of the main thread is found by a thread that has only an inspector to reach it. */
const BEFORE_CUT = "tsasync.beforeCut";

const enabled = new Set<object>();
const prototype: object = Object.getPrototypeOf(createHook({}));

function each(method: "enable" | "disable"): void {
  for (const hook of [...enabled]) Reflect.apply(Reflect.get(prototype, method), hook, []);
}

/** What is handed to Node as an uncaught error when there is none, so that it forgets which callbacks have begun. */
export const CUT = Symbol("cut");

/** Switches all hooks of this thread off until {@link resumeHooks}, and lets Node forget which callbacks have begun. */
function beforeCut(): void {
  const paused = [...enabled];
  each("disable");
  for (const hook of paused) enabled.add(hook);
  const forget: unknown = Reflect.get(process, "_fatalException");
  if (typeof forget === "function") forget.call(process, CUT);
}

/** Switches on again what a cut has switched off. */
export const resumeHooks = (): void => each("enable");

/**
 * Knows from now on which hooks of `node:async_hooks` are on. As long as one is, Node checks that its callbacks end in the order
 * in which they began, whatever it was started with, and ends the process where a callback was cut off from outside. So it does,
 * with or without hooks, where what was cut off was a tick or a microtask.
 */
export function knowHooks(): void {
  replace(
    prototype,
    "enable",
    (own) =>
      function () {
        if (typeof this === "object" && this !== null) enabled.add(this);
        return Reflect.apply(own, this, []);
      },
  );
  replace(
    prototype,
    "disable",
    (own) =>
      function () {
        if (typeof this === "object" && this !== null) enabled.delete(this);
        return Reflect.apply(own, this, []);
      },
  );
  Object.defineProperty(globalThis, Symbol.for(BEFORE_CUT), { value: beforeCut });
}

/** What an inspector evaluates in the main thread before it cuts off what that executes. */
export const PREPARE_CUT = `globalThis[Symbol.for(${JSON.stringify(BEFORE_CUT)})]()`;
