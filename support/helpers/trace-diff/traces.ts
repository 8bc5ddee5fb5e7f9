import { count, type Figure, type FigureOptions, showFigure } from "../drawing/figure.ts";
import { type Comparison, compare } from "./compare-traces.ts";
import { drawTraces } from "./draw-traces.ts";

/** What a program noted, line by line, and the name of what ran it. */
export type Trace = readonly [name: string, lines: readonly string[]];

function summary([left]: Trace, [right]: Trace, { differsAt, ...lines }: Comparison): string {
  if (differsAt === null) {
    const same = count(lines.left.length, "line", "lines");
    return `${left} and ${right} ran the same ${same} in the same order.`;
  }
  const first = lines.left[differsAt]?.text ?? "nothing";
  const second = lines.right[differsAt]?.text ?? "nothing";
  return `${left} and ${right} differ first at line ${differsAt + 1}: ${left} has “${first}”, ${right} has “${second}”.`;
}

/** Two traces as a figure. */
export function tracesFigure(left: Trace, right: Trace, options: FigureOptions = {}): Figure {
  const comparison = compare(left[1], right[1]);
  const said = summary(left, right, comparison);
  const length = Math.max(left[1].length, right[1].length);
  const rows = Array.from({ length }, (_, at) => [at + 1, left[1][at] ?? "", right[1][at] ?? ""]);
  return {
    kind: "Two traces",
    title: options.title,
    svg: drawTraces([left[0], right[0]], comparison),
    summary: said,
    caption: said,
    table: { head: ["line", left[0], right[0]], rows },
    tableName: "The lines",
  };
}

/**
 * Shows two traces beside each other under the cell, with a line between what is the same in both: level where it has
 * the same place, slanted and red where it has another. It judges nothing; whether they are equal is for a check.
 *
 * @example
 * traces(["mine", ["tick", "timer"]], ["Node", ["timer", "tick"]], { title: "Who is first?" });
 */
export function traces(left: Trace, right: Trace, options: FigureOptions = {}): void {
  showFigure(tracesFigure(left, right, options));
}
