import { count, type Figure, type FigureOptions, showFigure } from "../drawing/figure.ts";
import { drawFrames, frameParts } from "./draw-frames.ts";
import type { PhaseRecording } from "./phase-recording.ts";
import { HEADING, MOST_STEPS } from "./phase-words.ts";
import { type Frame, queueFrames, usedQueues } from "./queue-frames.ts";

const LEGEND =
  "From top to bottom: at each step, what runs, and what waits in each queue, the next one first. Thick: it came since the step " +
  "before. Only code that notes a step is seen.";

/** One step in words: what runs and what waits. */
function words(frame: Frame, at: number): string {
  const waiting = usedQueues([frame]).map((queue) => {
    const labels = frame.queues[queue].map(({ label }) => label);
    return `${HEADING[queue]}: ${labels.join(", ")}`;
  });
  const rest = waiting.length === 0 ? "nothing waits" : waiting.join("; ");
  return `${at + 1}. ${frame.running} runs; ${rest}.`;
}

/** The queues of the loop, step by step, as a figure, the same for every run with the same steps in the same order. */
export function stepsFigure(recording: PhaseRecording, options: FigureOptions = {}): Figure {
  const all = queueFrames(recording);
  const frames = all.slice(0, MOST_STEPS);
  const queues = usedQueues(frames);
  const more = all.length > frames.length ? ` and ${all.length - frames.length} more` : "";
  return {
    kind: "Queues",
    title: options.title,
    svg: drawFrames(frames),
    parts: frameParts(frames, words),
    summary: `${count(all.length, "step", "steps")}. ${frames.map(words).join(" ")}${more}`,
    caption: LEGEND,
    table: {
      head: ["step", "runs", ...queues.map((queue) => HEADING[queue])],
      rows: all.map((frame, at) => [
        at + 1,
        frame.running,
        ...queues.map((queue) => frame.queues[queue].map(({ label }) => label).join(", ")),
      ]),
    },
    tableName: "The steps",
  };
}

/**
 * Shows under the cell how the loop's queues fill and empty: one frame per step of a recording, with what runs and what waits
 * for its turn. Nothing is simulated: the runtime says what it calls, and when that was queued.
 *
 * @example
 * const order = await recordPhases((step) => {
 *   setTimeout(() => step("timer"), 1);
 *   Promise.resolve().then(() => step("reaction"));
 *   step("end");
 * });
 * steps(order, { title: "A reaction before a timer" });
 */
export function steps(recording: PhaseRecording, options: FigureOptions = {}): void {
  showFigure(stepsFigure(recording, options));
}
