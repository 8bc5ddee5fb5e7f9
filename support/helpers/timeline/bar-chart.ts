import type { Markish } from "@observablehq/plot";
import { plot } from "../drawing/plot.ts";
import { drawSvg, widest } from "../drawing/svg.ts";
import type { Outcome } from "../recording/recording.ts";
import { reach, ticksTo } from "./axis.ts";
import { bars, type Layout, type Row } from "./layout.ts";
import { ending, seconds } from "./timeline-words.ts";

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

function label(row: Row): string {
  return `${INDENT.repeat(row.depth)}${row.label}`;
}

function endLabel(row: Row): string {
  const how = ending(row);
  const length = seconds(Number((row.end - row.start).toFixed(6)));
  return how === "" ? length : `${length}, ${how}`;
}

function barsOf(rows: readonly Row[], outcome: Outcome): Markish {
  const look = LOOKS[outcome];
  const data = rows.flatMap((row, y) => (row.outcome === outcome ? [{ ...row, y }] : []));
  const dashes = look.dashes === undefined ? {} : { strokeDasharray: look.dashes };
  const colours = { fill: look.fill, stroke: look.stroke };
  return plot().barX(data, {
    x1: "start",
    x2: "end",
    y: "y",
    insetTop: 3,
    insetBottom: 3,
    ...colours,
    ...dashes,
  });
}

function runningOf(rows: readonly Row[], outcome: Outcome): Markish {
  const data = rows.flatMap((row, y) =>
    row.outcome === outcome ? row.running.map((slice) => ({ ...slice, y })) : [],
  );
  const fill = LOOKS[outcome].stroke;
  return plot().barX(data, { x1: "start", x2: "end", y: "y", insetTop: 3, insetBottom: 3, fill });
}

/** A task of no length, on this grid, is a line. */
function instantsOf(rows: readonly Row[], outcome: Outcome): Markish {
  const data = rows.flatMap((row, y) =>
    row.outcome === outcome && row.start === row.end ? [{ at: row.start, y }] : [],
  );
  const { stroke } = LOOKS[outcome];
  return plot().tickX(data, { x: "at", y: "y", insetTop: 3, insetBottom: 3, stroke, strokeWidth: 2 });
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
 * Draws one bar per task: light where it was suspended, solid where it held the thread.
 *
 * @param until lesson seconds that the axis reaches at least
 */
export function drawBars(layout: Layout, until?: number): string {
  const rows = bars(layout);
  const names = rows.map((row, y) => ({ y, text: label(row) }));
  const ends = rows.map((row, y) => ({ y, end: row.end, text: endLabel(row) }));
  const marginLeft = 24 + widest(rows.map(label));
  const marginTop = layout.settled < layout.makespan ? 28 : 12;
  const marginBottom = 40;
  const end = reach(layout.makespan, layout.grid, until);
  const ticks = ticksTo(end, layout.grid);
  const { gridX, text } = plot();
  return drawSvg({
    height: marginTop + marginBottom + Math.max(rows.length, 1) * ROW_HEIGHT,
    marginLeft,
    marginRight: 24 + widest(rows.map(endLabel)),
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
    y: { type: "band", axis: null, domain: rows.map((_, y) => y), padding: 0 },
    marks: [
      gridX(ticks, { stroke: "#1f2328", strokeOpacity: 0.12 }),
      ...OUTCOMES.map((outcome) => barsOf(rows, outcome)),
      ...OUTCOMES.map((outcome) => runningOf(rows, outcome)),
      ...OUTCOMES.map((outcome) => instantsOf(rows, outcome)),
      ...settledMark(layout),
      text(names, {
        y: "y",
        text: "text",
        frameAnchor: "left",
        textAnchor: "start",
        dx: 8 - marginLeft,
      }),
      text(ends, { x: "end", y: "y", text: "text", textAnchor: "start", dx: 6 }),
    ],
  });
}
