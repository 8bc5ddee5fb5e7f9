import { showHtml } from "../display/display.ts";
import { escapeHtml } from "../display/escape.ts";
import { dataUri } from "../drawing/svg.ts";
import { htmlTable } from "../timeline/table.ts";
import { type Comparison, compare } from "./compare-traces.ts";
import { drawTraces } from "./draw-traces.ts";

/** How a picture of two traces looks. */
export interface TracesOptions {
  /** A few words above the picture. */
  title?: string;
}

/** What a program noted, line by line, and the name of what ran it. */
export type Trace = readonly [name: string, lines: readonly string[]];

function count(lines: readonly unknown[]): string {
  return `${lines.length} ${lines.length === 1 ? "line" : "lines"}`;
}

function summary([left]: Trace, [right]: Trace, { differsAt, ...lines }: Comparison): string {
  if (differsAt === null) return `${left} and ${right} ran the same ${count(lines.left)} in the same order.`;
  const first = lines.left[differsAt]?.text ?? "nothing";
  const second = lines.right[differsAt]?.text ?? "nothing";
  return `${left} and ${right} differ first at line ${differsAt + 1}: ${left} has “${first}”, ${right} has “${second}”.`;
}

/**
 * Two traces as a figure: the picture, its summary as alternative text and caption, and a table of the lines.
 *
 * @returns safe HTML
 */
export function tracesFigure(left: Trace, right: Trace, options: TracesOptions = {}): string {
  const comparison = compare(left[1], right[1]);
  const said = escapeHtml(summary(left, right, comparison));
  const length = Math.max(left[1].length, right[1].length);
  const rows = Array.from({ length }, (_, at) => [at + 1, left[1][at] ?? "", right[1][at] ?? ""]);
  const title = options.title === undefined ? "" : `<strong>${escapeHtml(options.title)}</strong><br>\n`;
  const about = options.title === undefined ? "Two traces" : `Two traces, ${escapeHtml(options.title)}`;
  return [
    "<figure>",
    `<img alt="${about}: ${said}" src="${dataUri(drawTraces([left[0], right[0]], comparison))}">`,
    `<figcaption>${title}${said}</figcaption>`,
    `<details><summary>The lines</summary>\n${htmlTable(["line", left[0], right[0]], rows)}\n</details>`,
    "</figure>",
  ].join("\n");
}

/**
 * Shows two traces beside each other under the cell, with a line between what is the same in both: level where it has
 * the same place, slanted and red where it has another. It judges nothing; whether they are equal is for a check.
 */
export function traces(left: Trace, right: Trace, options: TracesOptions = {}): void {
  const said = summary(left, right, compare(left[1], right[1]));
  const plain = options.title === undefined ? said : `${options.title}: ${said}`;
  showHtml(tracesFigure(left, right, options), plain);
}
