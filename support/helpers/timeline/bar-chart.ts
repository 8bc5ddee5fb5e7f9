import type { Markish } from "@observablehq/plot";
import { plot } from "../drawing/plot.ts";
import { drawSvg, hatch, widest } from "../drawing/svg.ts";
import type { Outcome, Slice } from "../recording/recording.ts";
import { reach, ticksTo } from "./axis.ts";
import { bars, type Layout, type Row } from "./layout.ts";
import { seconds } from "./timeline-words.ts";

const ROW_HEIGHT = 24;
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

/** Where the parts of a bar stand. */
const PLACE = { y: "y", insetTop: 3, insetBottom: 3 } as const;
const STRETCH = { x1: "start", x2: "end", ...PLACE } as const;

/** A bar and where it is drawn, or only a name, above the bars of a lane. */
interface Line {
  y: number;
  name: string;
  row: Row | undefined;
}

function label(row: Row): string {
  return `${INDENT.repeat(row.depth)}${row.label}`;
}

/** All that stands one under another. */
function linesOf(layout: Layout): Line[] {
  const own = bars(layout).map((row) => ({ name: label(row), row }));
  const others = layout.lanes.flatMap(({ name, rows }) => [
    { name, row: undefined },
    ...rows.map((row) => ({ name: `${INDENT}${label(row)}`, row })),
  ]);
  return [...own, ...others].map((line, y) => ({ ...line, y }));
}

function endLabel(row: Row): string {
  const length = seconds(Number((row.end - row.start).toFixed(6)));
  return row.note === "" ? length : `${length}, ${row.note}`;
}

type Placed<T> = T & { y: number };

function placed(rows: readonly Placed<Row>[], slices: (row: Row) => Slice[]): Placed<Slice>[] {
  return rows.flatMap((row) => slices(row).map((slice) => ({ ...slice, y: row.y })));
}

/**
 * The bars that ended in one way: light, over that solid where the thread was held, and hatched where they were ready, so
 * that the three are told apart without colour. A task of no length, on this grid, is a line.
 */
function barsOf(lines: readonly Line[], outcome: Outcome): Markish[] {
  const { fill, stroke, dashes } = LOOKS[outcome];
  const rows = lines.flatMap(({ row, y }) => (row?.outcome === outcome ? [{ ...row, y }] : []));
  const outline = dashes === undefined ? { stroke } : { stroke, strokeDasharray: dashes };
  const ready = placed(rows, (row) => row.ready);
  const instants = rows.filter(({ start, end }) => start === end);
  const { barX, tickX } = plot();
  return [
    barX(rows, { ...STRETCH, fill, ...outline }),
    barX(
      placed(rows, (row) => row.running),
      { ...STRETCH, fill: stroke },
    ),
    ...(ready.length === 0 ? [] : [barX(ready, { ...STRETCH, fill: hatch(stroke), stroke })]),
    tickX(instants, { x: "start", ...PLACE, stroke, strokeWidth: 2 }),
  ];
}

function settledMark(layout: Layout): Markish[] {
  if (layout.settled >= layout.makespan) return [];
  const words = [`returned at ${seconds(layout.settled)}`];
  const ink = "#5b3a8c";
  const { ruleX, text } = plot();
  return [
    ruleX([layout.settled], { stroke: ink, strokeWidth: 1.5, strokeDasharray: "5 3" }),
    text(words, { x: layout.settled, frameAnchor: "top", text: words, dy: -12, fill: ink }),
  ];
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
  const marginLeft = 24 + widest(lines.map(({ name }) => name));
  const marginTop = layout.settled < layout.makespan ? 28 : 12;
  const marginBottom = 40;
  const end = reach(layout.end, layout.grid, until);
  const ticks = ticksTo(end, layout.grid);
  const { gridX, text } = plot();
  const left = { frameAnchor: "left", textAnchor: "start", dx: 8 - marginLeft } as const;
  return drawSvg({
    height: marginTop + marginBottom + Math.max(lines.length, 1) * ROW_HEIGHT,
    marginLeft,
    marginRight: 24 + widest(ends.map((one) => one.text)),
    marginTop,
    marginBottom,
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
      ...OUTCOMES.flatMap((outcome) => barsOf(lines, outcome)),
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
