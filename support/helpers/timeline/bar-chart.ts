import type { Markish } from "@observablehq/plot";
import { fitting } from "../display/escape.ts";
import { plot } from "../drawing/plot.ts";
import { drawSvg, hatch, WIDTH, widest } from "../drawing/svg.ts";
import type { Outcome, Slice } from "../recording/recording.ts";
import { reach, ticksTo, ticksWithin } from "./axis.ts";
import { bars, type Layout, type Row } from "./layout.ts";
import { seconds } from "./timeline-words.ts";

/** How high a row is, in pixels. */
export const ROW_HEIGHT = 24;
const INDENT = "\u00a0\u00a0\u00a0";

interface Look {
  fill: string;
  stroke: string;
  /** A broken outline: the task did not come to its own end. */
  dashes?: string;
}

const LOOKS: Readonly<Record<Outcome, Look>> = {
  result: { fill: "#cfe2f7", stroke: "#2f6db0" },
  error: { fill: "#fbd9d5", stroke: "#b3261e" },
  cancelled: { fill: "#ececec", stroke: "#6b6b6b", dashes: "4 3" },
  running: { fill: "#fff6d6", stroke: "#8a6d00", dashes: "1 3" },
};

const OUTCOMES = ["result", "error", "cancelled", "running"] as const;

/** Where a bar stands in its row; where two runs are compared, the two bars of a task are close together. */
const INSETS = [
  { half: undefined, insetTop: 3, insetBottom: 3 },
  { half: "first", insetTop: 5, insetBottom: 1 },
  { half: "second", insetTop: 1, insetBottom: 5 },
] as const;

/** A bar and where it is drawn, or only a name, above the bars of a lane. */
export interface Line {
  y: number;
  name: string;
  row: Row | undefined;
}

/** What a name may take with its indentation, in pixels; deeper than that tasks are no longer moved in. */
const NAME_WIDTH = 290;
const DEEPEST = 8;

function label(row: Row): string {
  return fitting(`${INDENT.repeat(Math.min(row.depth, DEEPEST))}${row.label}`, NAME_WIDTH);
}

/** All that stands one under another. */
export function linesOf(layout: Layout): Line[] {
  const own = bars(layout).map((row) => ({ name: label(row), row }));
  const others = layout.lanes.flatMap(({ name, rows }) => [
    { name, row: undefined },
    ...rows.map((row) => ({ name: `${INDENT}${label(row)}`, row })),
  ]);
  return [...own, ...others].map((line, y) => ({ ...line, y }));
}

/** How much room what stands behind a bar may take, in pixels: names and bars need the rest. */
const END_WIDTH = 300;

function endLabel(row: Row): string {
  const length = seconds(Number((row.end - row.start).toFixed(6)));
  return row.note === "" ? length : fitting(`${length}, ${row.note}`, END_WIDTH);
}

type Placed<T> = T & { y: number };

function placed(rows: readonly Placed<Row>[], slices: (row: Row) => Slice[]): Placed<Slice>[] {
  return rows.flatMap((row) => slices(row).map((slice) => ({ ...slice, y: row.y })));
}

/**
 * The bars that ended in one way: light, over that solid where the thread was held, and hatched where they were ready, so
 * that the three are told apart without colour. A task of no length, on this grid, is a line.
 */
function barsOf(
  lines: readonly Line[],
  outcome: Outcome,
  { half, insetTop, insetBottom }: (typeof INSETS)[number],
): Markish[] {
  const { fill, stroke, dashes } = LOOKS[outcome];
  const rows = lines.flatMap(({ row, y }) =>
    row?.outcome === outcome && row.half === half ? [{ ...row, y }] : [],
  );
  if (rows.length === 0) return [];
  const inRow = { y: "y", insetTop, insetBottom } as const;
  const stretch = { x1: "start", x2: "end", ...inRow } as const;
  const outline = dashes === undefined ? { stroke } : { stroke, strokeDasharray: dashes };
  const ready = placed(rows, (row) => row.ready);
  const instants = rows.filter(({ start, end }) => start === end);
  const { barX, tickX } = plot();
  return [
    barX(rows, { ...stretch, fill: half === "first" ? "#fff" : fill, ...outline }),
    barX(
      placed(rows, (row) => row.running),
      { ...stretch, fill: stroke },
    ),
    ...(ready.length === 0 ? [] : [barX(ready, { ...stretch, fill: hatch(stroke), stroke })]),
    tickX(instants, { x: "start", ...inRow, stroke, strokeWidth: 2 }),
  ];
}

function settledMark(layout: Layout): Markish[] {
  if (layout.settled >= layout.makespan) return [];
  const words = [`${layout.ok ? "returned" : "failed"} at ${seconds(layout.settled)}`];
  const ink = "#5b3a8c";
  const { ruleX, text } = plot();
  return [
    ruleX([layout.settled], { stroke: ink, strokeWidth: 1.5, strokeDasharray: "5 3" }),
    text(words, { x: layout.settled, frameAnchor: "top", text: words, dy: -12, fill: ink }),
  ];
}

/** Where what is drawn stands in the picture, in its pixels. */
export interface Place {
  width: number;
  height: number;
  margins: { marginLeft: number; marginRight: number; marginTop: number; marginBottom: number };
  /** The lesson seconds that the axis ends with. */
  end: number;
  /** Where a time stands, from the left. */
  x(time: number): number;
  /** Where a line begins, from the top. */
  top(y: number): number;
}

/** @param until lesson seconds that the axis reaches at least */
export function placeOf(layout: Layout, lines: readonly Line[], until: number | undefined): Place {
  const marginLeft = 24 + widest(lines.map(({ name }) => name));
  const marginRight = 24 + widest(lines.flatMap(({ row }) => (row === undefined ? [] : [endLabel(row)])));
  const marginTop = layout.settled < layout.makespan ? 28 : 12;
  const marginBottom = 40;
  const end = reach(layout.end, layout.grid, until);
  return {
    width: WIDTH,
    height: marginTop + marginBottom + Math.max(lines.length, 1) * ROW_HEIGHT,
    margins: { marginLeft, marginRight, marginTop, marginBottom },
    end,
    x: (time) => marginLeft + (time / end) * (WIDTH - marginLeft - marginRight),
    top: (y) => marginTop + y * ROW_HEIGHT,
  };
}

/**
 * Draws one bar per task: light where it waited, hatched where it was ready, solid where it held the thread. Under them
 * the lanes of others.
 *
 * @param until lesson seconds that the axis reaches at least
 */
export function drawBars(layout: Layout, until?: number): string {
  const lines = linesOf(layout);
  const ends = lines.flatMap(({ row, y }) =>
    row === undefined ? [] : [{ y, end: row.end, text: endLabel(row) }],
  );
  const place = placeOf(layout, lines, until);
  const { height, margins, end } = place;
  const room = place.x(end) - place.x(0);
  const ticks = ticksTo(end, layout.grid, ticksWithin(room, end));
  const { gridX, text } = plot();
  const left = { frameAnchor: "left", textAnchor: "start", dx: 8 - margins.marginLeft } as const;
  return drawSvg({
    height,
    ...margins,
    x: {
      label: "lesson seconds",
      labelAnchor: "center",
      labelArrow: "none",
      domain: [0, end],
      ticks,
      tickFormat: String,
    },
    y: { type: "band", axis: null, domain: lines.map(({ y }) => y), padding: 0 },
    marks: [
      gridX(ticks, { stroke: "#1f2328", strokeOpacity: 0.12 }),
      ...OUTCOMES.flatMap((outcome) => INSETS.flatMap((insets) => barsOf(lines, outcome, insets))),
      ...settledMark(layout),
      text(
        lines.filter(({ row }) => row !== undefined),
        { y: "y", text: "name", ...left },
      ),
      text(
        lines.filter(({ row }) => row === undefined),
        { y: "y", text: "name", fontWeight: "bold", ...left },
      ),
      text(ends, { x: "end", y: "y", text: "text", textAnchor: "start", dx: 6 }),
    ],
  });
}
