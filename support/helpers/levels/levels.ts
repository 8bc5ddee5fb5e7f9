import { visible } from "../display/escape.ts";
import { count, type Figure, type FigureOptions, showFigure } from "../drawing/figure.ts";
import type { TableCell } from "../drawing/table.ts";
import { ArgumentError } from "../errors/support-error.ts";
import { type Axes, drawLevels, type Level } from "./draw-levels.ts";

/** How {@link levels} draws. */
export interface LevelsOptions extends FigureOptions, Partial<Axes> {}

/** What was measured, by the name of its series. */
export type Series = Readonly<Record<string, readonly Level[]>>;

function checkSeries(series: Series): void {
  const all = Object.values(series);
  if (all.length === 0 || all.some((one) => one.length === 0))
    throw new ArgumentError(
      "NO_LEVELS",
      "a series of levels",
      undefined,
      "one level at least in each series",
    );
  for (const number of all.flat(2))
    if (!Number.isFinite(number))
      throw new ArgumentError("BAD_LEVEL", "a number of a series of levels", number, "a finite number");
}

/** The level of a series that is the highest, and where it was first reached. */
function highest(one: readonly Level[]): Level {
  return one.reduce((most, now) => (now[1] > most[1] ? now : most));
}

function said(name: string, one: readonly Level[]): string {
  const [at, most] = highest(one);
  return `${visible(name)}: ${most} at most, first at ${at}, ${one.at(-1)?.[1]} at the end`;
}

/** One row for each place on the axis, one column for each series; empty where a series has no level. */
function rows(series: Series): TableCell[][] {
  const places = [...new Set(Object.values(series).flatMap((one) => one.map(([at]) => at)))];
  const columns = Object.values(series).map((one) => new Map(one));
  return places.sort((a, b) => a - b).map((at) => [at, ...columns.map((column) => column.get(at) ?? "")]);
}

/** Levels as a figure. */
export function levelsFigure(series: Series, options: LevelsOptions = {}): Figure {
  checkSeries(series);
  const axes: Axes = { across: options.across ?? "lesson seconds", up: options.up ?? "level" };
  const names = Object.keys(series);
  const words = Object.entries(series).map(([name, one]) => said(name, one));
  return {
    kind: "Levels",
    title: options.title,
    svg: drawLevels(series, axes),
    summary: `${axes.up} over ${axes.across}, ${count(names.length, "series", "series")}. ${words.join("; ")}.`,
    caption: `${axes.up}, over ${axes.across}.`,
    table: { head: [axes.across, ...names], rows: rows(series) },
    tableName: "The levels",
  };
}

/**
 * Shows how much there was of something, over time, under the cell: one strip per series, all on the same scales, so
 * that they can be compared. Whether a level is too high is for a check.
 *
 * @example
 * levels({ "in the queue": [[0, 0], [1, 4], [2, 1]] }, { up: "items" });
 * @param series places on the axis, each with its level, in the order of the axis
 * @throws ArgumentError when a series is empty or holds what is no finite number
 */
export function levels(series: Series, options: LevelsOptions = {}): void {
  showFigure(levelsFigure(series, options));
}
