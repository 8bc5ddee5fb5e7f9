import { shorten, visible } from "../display/escape.ts";
import { count } from "../drawing/figure.ts";
import type { Phase, PhaseRecording, PhaseStep } from "./phase-recording.ts";

/** Above this many steps the picture would be longer than a page; the table still has all of them. */
export const MOST_STEPS = 40;

const LABEL_LENGTH = 28;

/** What stands above each column. */
export const HEADING: Readonly<Record<Phase, string>> = {
  sync: "sync",
  nextTick: "nextTick",
  microtask: "microtasks",
  timers: "timers",
  poll: "poll",
  check: "check",
};

/** A step's name, short enough for the picture. */
export function labelOf(step: PhaseStep): string {
  return shorten(visible(step.label), LABEL_LENGTH);
}

/** One sentence that says what the picture shows; it is also the picture's alternative text. */
export function summary({ from, steps }: PhaseRecording): string {
  const callbacks = new Set(steps.map((step) => step.callback)).size;
  const shown = steps.slice(0, MOST_STEPS).map((step) => `${labelOf(step)} (${HEADING[step.phase]})`);
  if (shown.length < steps.length) shown.push(`and ${steps.length - shown.length} more`);
  const order = shown.length > 0 ? `, in this order: ${shown.join(", ")}` : "";
  const called = `called from ${HEADING[from]}`;
  return `${called}, ${count(steps.length, "step", "steps")} in ${count(callbacks, "callback", "callbacks")} of the loop${order}.`;
}
