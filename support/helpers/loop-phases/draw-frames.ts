import { shorten } from "../display/escape.ts";
import type { Parts } from "../drawing/parts.ts";
import { plot } from "../drawing/plot.ts";
import { drawSvg, WIDTH } from "../drawing/svg.ts";
import { HEADING } from "./phase-words.ts";
import { type Frame, usedQueues, type Waiting } from "./queue-frames.ts";

const HEAD = 28;
const CHIP = 20;
const GAP = 4;
const WIDEST = 180;
/** More than these in a queue are counted. */
const MOST_CHIPS = 6;
const INK = "#1f2328";
const RUNS = { fill: "#2f6db0", text: "#fff", stroke: "#2f6db0" } as const;
const WAITS = { fill: "#cfe2f7", text: INK, stroke: "#2f6db0" } as const;

interface Chip {
  x1: number;
  x2: number;
  y1: number;
  y2: number;
  x: number;
  y: number;
  text: string;
  isNew: boolean;
}

interface Placed {
  top: number;
  height: number;
  running: Chip;
  waiting: Chip[];
}

function shownOf(waiting: readonly Waiting[]): Waiting[] {
  if (waiting.length <= MOST_CHIPS) return [...waiting];
  const more = waiting.length - MOST_CHIPS + 1;
  return [...waiting.slice(0, MOST_CHIPS - 1), { label: `and ${more} more`, isNew: false }];
}

/** All frames, the heads of their columns, and how high they are together. */
interface Strip {
  rows: Placed[];
  heads: { x: number; text: string }[];
  height: number;
}

/** Where each frame stands, one under another. The first column is the step's number. */
function placed(frames: readonly Frame[]): Strip {
  const queues = usedQueues(frames);
  const width = Math.min(WIDEST, (WIDTH - 2 * HEAD) / (queues.length + 1));
  const letters = Math.floor((width - 3 * GAP) / 7);
  const chip = (column: number, top: number, { label, isNew }: Waiting): Chip => {
    const x1 = HEAD + column * width + GAP;
    const x2 = HEAD + (column + 1) * width - GAP;
    const place = { x1, x2, y1: top + 2, y2: top + CHIP - 2, x: (x1 + x2) / 2, y: top + CHIP / 2 };
    return { ...place, text: shorten(label, letters), isNew };
  };
  let top = HEAD;
  const rows = frames.map((frame) => {
    const shown = queues.map((queue) => shownOf(frame.queues[queue]));
    const height = 2 * GAP + CHIP * shown.reduce((most, one) => Math.max(most, one.length), 1);
    const row: Placed = {
      top,
      height,
      running: chip(0, top + GAP, { label: frame.running, isNew: false }),
      waiting: shown.flatMap((one, column) =>
        one.map((waiting, at) => chip(column + 1, top + GAP + at * CHIP, waiting)),
      ),
    };
    top += height;
    return row;
  });
  const heads = ["runs", ...queues.map((queue) => HEADING[queue])].map((text, column) => ({
    x: HEAD + (column + 0.5) * width,
    text,
  }));
  return { rows, heads, height: top + GAP };
}

function chips(all: readonly Chip[], look: typeof RUNS | typeof WAITS) {
  const { rect, text } = plot();
  const box = {
    x1: "x1",
    x2: "x2",
    y1: "y1",
    y2: "y2",
    rx: 4,
    fill: look.fill,
    stroke: look.stroke,
  } as const;
  return [
    rect(
      all.filter(({ isNew }) => !isNew),
      box,
    ),
    rect(
      all.filter(({ isNew }) => isNew),
      { ...box, strokeWidth: 2.5 },
    ),
    text(all, { x: "x", y: "y", text: "text", fill: look.text }),
  ];
}

/** Draws one frame per step, from top to bottom: what runs, and what waits in each queue. */
export function drawFrames(frames: readonly Frame[]): string {
  const { rows, heads, height } = placed(frames);
  const { ruleY, text } = plot();
  const numbers = rows.map(({ top }, at) => ({ x: HEAD / 2, y: top + GAP + CHIP / 2, text: String(at + 1) }));
  return drawSvg({
    height,
    margin: 0,
    x: { axis: null, domain: [0, WIDTH], range: [0, WIDTH] },
    y: { axis: null, domain: [0, height], range: [0, height] },
    marks: [
      ruleY(
        rows.map(({ top }) => top),
        { stroke: INK, strokeOpacity: 0.2 },
      ),
      text(heads, { x: "x", y: () => HEAD / 2, text: "text", fontWeight: "bold" }),
      text(numbers, { x: "x", y: "y", text: "text", fontWeight: "bold" }),
      ...chips(
        rows.map(({ running }) => running),
        RUNS,
      ),
      ...chips(
        rows.flatMap(({ waiting }) => waiting),
        WAITS,
      ),
    ],
  });
}

/** Readers can point at each frame. */
export function frameParts(frames: readonly Frame[], words: (frame: Frame, at: number) => string): Parts {
  const { rows, height } = placed(frames);
  return {
    width: WIDTH,
    height,
    rows: frames.flatMap((frame, at) => {
      const row = rows[at];
      if (row === undefined) return [];
      const { top, height } = row;
      return [{ label: frame.running, top, height, text: words(frame, at), lit: [], arrows: [] }];
    }),
  };
}
