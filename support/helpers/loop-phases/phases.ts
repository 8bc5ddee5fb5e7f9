import { showHtml } from "../display/display.ts";
import { escapeHtml } from "../display/escape.ts";
import { dataUri } from "../drawing/svg.ts";
import { htmlTable } from "../timeline/table.ts";
import { drawPhases } from "./draw-phases.ts";
import type { PhaseRecording } from "./phase-recording.ts";
import { HEADING, summary } from "./phase-words.ts";

/** How a picture of the loop's phases looks. */
export interface PhasesOptions {
  /** A few words above the picture. */
  title?: string;
}

const LEGEND =
  "Square: a callback that the loop called. Circle: from a queue that is emptied after it. " +
  "One shade: the same callback. Right: what the runtime calls it.";

function table({ steps }: PhaseRecording): string {
  const rows = steps.map((step, at) => [at + 1, step.label, HEADING[step.phase], step.type, step.callback]);
  return htmlTable(["order", "step", "where", "the runtime's type", "callback"], rows);
}

/**
 * A recording of phases as a figure: the picture with its summary as alternative text, a caption, and a table.
 *
 * @returns safe HTML, the same for every run with the same steps in the same order
 */
export function phasesFigure(recording: PhaseRecording, options: PhasesOptions = {}): string {
  const title = options.title === undefined ? "" : `<strong>${escapeHtml(options.title)}</strong><br>\n`;
  const about = options.title === undefined ? "Phases" : `Phases, ${escapeHtml(options.title)}`;
  const said = escapeHtml(summary(recording));
  return [
    "<figure>",
    `<img alt="${about}: ${said}" src="${dataUri(drawPhases(recording))}">`,
    `<figcaption>${title}${LEGEND}</figcaption>`,
    `<details><summary>The steps</summary>\n${table(recording)}\n</details>`,
    "</figure>",
  ].join("\n");
}

/**
 * Shows under the cell in which phase of the loop, or in which queue, each step of a recording ran: a row a step, in
 * the order in which they ran, and a column a phase.
 */
export function phases(recording: PhaseRecording, options: PhasesOptions = {}): void {
  const said = summary(recording);
  showHtml(
    phasesFigure(recording, options),
    options.title === undefined ? said : `${options.title}: ${said}`,
  );
}
