import { ArgumentError } from "../errors/support-error.ts";
import { liveOutput } from "./display.ts";
import { escapeHtml } from "./escape.ts";

/** The least time between two drawings, in ms: a notebook need not be told of every step. */
const REDRAW_MS = 100;

/** A progress bar. */
export interface ProgressBar {
  /** Notes that so many more steps are done; one when not given. */
  step(steps?: number): void;
  /** Draws the bar as it stands, also when it is not full. Call it when the work is over. */
  end(): void;
}

function refuse(what: string, value: number, least: number): never {
  throw new ArgumentError("BAD_PROGRESS", what, value, `a whole number from ${least} upwards`);
}

/** A bar that is so far full, and the same in words; safe HTML. */
export function progressHtml(label: string, done: number, total: number): string {
  const name = escapeHtml(label);
  const bar = `<progress max="${total}" value="${done}" aria-label="${name}"></progress>`;
  return `<div>${bar} ${name}: ${done} of ${total}</div>`;
}

/**
 * Shows a progress bar under the cell. Drawing is done at most ten times a second, so that counting a million steps
 * costs little. More steps than the total are counted and shown as they are.
 *
 * @example
 * const bar = progressBar(3, "letters");
 * for (const letter of "abc") {
 *   await sleep(1);
 *   bar.step();
 * }
 * bar.end();
 * @param total how many steps there will be, 1 or more
 * @throws ArgumentError
 */
export function progressBar(total: number, label: string): ProgressBar {
  if (!(Number.isSafeInteger(total) && total >= 1)) refuse("the total", total, 1);
  const output = liveOutput();
  let done = 0;
  let drawnAt = performance.now();
  const show = (): void => {
    drawnAt = performance.now();
    output.show(progressHtml(label, done, total));
  };
  show();
  return {
    step(steps = 1) {
      if (!(Number.isSafeInteger(steps) && steps >= 0)) refuse("the step", steps, 0);
      done += steps;
      if (done === total || performance.now() - drawnAt >= REDRAW_MS) show();
    },
    end: show,
  };
}
