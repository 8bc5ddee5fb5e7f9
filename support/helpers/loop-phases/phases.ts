import { type Figure, type FigureOptions, showFigure } from "../drawing/figure.ts";
import type { Table } from "../drawing/table.ts";
import { drawPhases } from "./draw-phases.ts";
import type { PhaseRecording } from "./phase-recording.ts";
import { HEADING, summary } from "./phase-words.ts";

const LEGEND =
  "Square: a callback that the loop called. Circle: from a queue that is emptied after it. " +
  "One shade: the same callback. Right: what the runtime calls it.";

function table({ steps }: PhaseRecording): Table {
  const rows = steps.map((step, at) => [at + 1, step.label, HEADING[step.phase], step.type, step.callback]);
  return { head: ["order", "step", "where", "the runtime's type", "callback"], rows };
}

/** A recording of phases as a figure, the same for every run with the same steps in the same order. */
export function phasesFigure(recording: PhaseRecording, options: FigureOptions = {}): Figure {
  return {
    kind: "Phases",
    title: options.title,
    svg: drawPhases(recording),
    summary: summary(recording),
    caption: LEGEND,
    table: table(recording),
    tableName: "The steps",
  };
}

/**
 * Shows under the cell in which phase of the loop, or in which queue, each step of a recording ran: one row per step, in
 * the order in which they ran, and one column per phase.
 *
 * @example
 * const order = await recordPhases((step) => {
 *   setTimeout(() => step("timer"), 1);
 *   process.nextTick(() => step("tick"));
 * });
 * phases(order, { title: "Tick before timer" });
 */
export function phases(recording: PhaseRecording, options: FigureOptions = {}): void {
  showFigure(phasesFigure(recording, options));
}
