import { shorten, visible } from "../display/escape.ts";
import type { Figure } from "../drawing/figure.ts";
import type { Table } from "../drawing/table.ts";
import { ArgumentError } from "../errors/support-error.ts";
import type { RecordingOf } from "../recording/recording.ts";
import { drawBars } from "./bar-chart.ts";
import { compared, type RunNames } from "./compare-runs.ts";
import { drawInFlight } from "./in-flight-chart.ts";
import { type Layout, layout } from "./layout.ts";
import { rowParts } from "./row-parts.ts";
import { inFlightTable, timelineTable } from "./timeline-table.ts";
import { isSummary, stretchWords, summary } from "./timeline-words.ts";

/** What a picture of two runs can be told. */
export interface CompareOptions {
  title?: string;
  grid?: number;
  until?: number;
  /** What the two runs are called; "before" and "after" when not given. */
  names?: RunNames;
}

/** It stands beside each of its tasks. */
const NAME_LENGTH = 16;

function checkNames(names: unknown): void {
  const isPair = Array.isArray(names) && names.length === 2 && names.every((one) => typeof one === "string");
  if (!isPair || names[0] === names[1]) {
    throw new ArgumentError("BAD_TIMELINE_OPTION", "the names of the two runs", names, "two different texts");
  }
}

function ratio(first: number, second: number): string {
  if (first === second) return " Both makespans are the same.";
  return first > 0 ? ` The second makespan is ${Number((second / first).toFixed(2))} times the first.` : "";
}

function twoTables(one: Layout, other: Layout, [first, second]: RunNames): Table {
  const { head, rows } = inFlightTable(one);
  const [before, after] = [rows, inFlightTable(other).rows];
  return {
    head: ["run", ...head],
    rows: [...before.map((row) => [first, ...row]), ...after.map((row) => [second, ...row])],
  };
}

/**
 * Two recordings as one figure, over one another on one axis: the bars of the first white, those of the second under them.
 *
 * @throws ArgumentError
 */
export function compareFigure(
  first: RecordingOf<unknown>,
  second: RecordingOf<unknown>,
  { title, grid = 1, until, names = ["before", "after"] }: CompareOptions,
): Figure {
  checkNames(names);
  const called: RunNames = [shorten(visible(names[0]), NAME_LENGTH), shorten(visible(names[1]), NAME_LENGTH)];
  const [one, other] = [layout(first, grid), layout(second, grid)];
  const both = compared(one, other, called);
  const said = `${called[0]}: ${summary(one)} ${called[1]}: ${summary(other)}${ratio(one.makespan, other.makespan)}`;
  const key = isSummary(both)
    ? `Area: ${called[1]}. Broken line: ${called[0]}.`
    : `White: ${called[0]}. Under it: ${called[1]}. ${stretchWords(both)}`;
  return {
    kind: "Two timelines",
    title,
    ...(isSummary(both)
      ? { svg: drawInFlight(other, until, one) }
      : { svg: drawBars(both, until), parts: rowParts(both, until) }),
    summary: said,
    caption: `${said} ${key}`,
    table: isSummary(both) ? twoTables(one, other, called) : timelineTable(both),
    tableName: "The numbers",
  };
}
