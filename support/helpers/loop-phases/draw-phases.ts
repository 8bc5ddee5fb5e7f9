import type { Markish } from "@observablehq/plot";
import { plot } from "../drawing/plot.ts";
import { drawSvg, widest } from "../drawing/svg.ts";
import { PHASES, type PhaseRecording, type PhaseStep } from "./phase-recording.ts";
import { HEADING, labelOf, MOST_STEPS } from "./phase-words.ts";

const ROW_HEIGHT = 24;
const INK = "#1f2328";
const PATH = "#5b3a8c";
/** The runtime's own names are mostly in capitals, which are wider. */
const CAPITAL = 9;
/** Where a callback of the loop begins, and where the queues that are emptied after it go on. */
const FROM_LOOP = "#2f6db0";
const FROM_QUEUE = "#b45f06";

interface Place {
  x: number;
  y: number;
  label: string;
  type: string;
  isQueue: boolean;
  number: string;
}

function place(step: PhaseStep, y: number): Place {
  const isQueue = step.phase === "nextTick" || step.phase === "microtask";
  const x = PHASES.indexOf(step.phase);
  return { x, y, label: labelOf(step), type: step.type, isQueue, number: String(y + 1) };
}

/** Every second callback of the loop is shaded, so that what ran within one can be told from the next. */
function shades(steps: readonly PhaseStep[]): Markish {
  const rows = steps.flatMap((step, y) => (step.callback % 2 === 0 ? [{ y1: y - 0.5, y2: y + 0.5 }] : []));
  return plot().rect(rows, { x1: -0.6, x2: PHASES.length - 0.4, y1: "y1", y2: "y2", fill: "#eef1f5" });
}

function dots(places: readonly Place[], isQueue: boolean): Markish {
  const data = places.filter((one) => one.isQueue === isQueue);
  const look = isQueue
    ? ({ symbol: "circle", fill: FROM_QUEUE } as const)
    : ({ symbol: "square", fill: FROM_LOOP } as const);
  return plot().dot(data, { x: "x", y: "y", r: 9, ...look });
}

/** Draws one row per step, in the order in which they ran, and one column per phase. */
export function drawPhases({ steps }: PhaseRecording): string {
  const shown = steps.slice(0, MOST_STEPS);
  const places = shown.map(place);
  const columns = PHASES.map((phase, x) => ({ x, text: HEADING[phase] }));
  const labels = places.map((one) => one.label);
  const types = places.map((one) => one.type);
  const marginLeft = 24 + Math.max(widest(labels), 60);
  const rows = Math.max(shown.length, 1);
  const { line, ruleX, text } = plot();
  return drawSvg({
    height: 40 + rows * ROW_HEIGHT,
    marginLeft,
    marginRight: 24 + Math.max(widest(types, CAPITAL), 60),
    marginTop: 32,
    marginBottom: 8,
    x: { axis: null, domain: [-0.6, PHASES.length - 0.4] },
    y: { axis: null, domain: [-0.5, rows - 0.5], reverse: true },
    marks: [
      shades(shown),
      ruleX(columns, { x: "x", stroke: INK, strokeOpacity: 0.15 }),
      line(places, { x: "x", y: "y", stroke: PATH, strokeWidth: 1.5, strokeOpacity: 0.6 }),
      dots(places, false),
      dots(places, true),
      text(places, { x: "x", y: "y", text: "number", fill: "#fff", fontWeight: "bold" }),
      text(columns, { x: "x", text: "text", frameAnchor: "top", dy: -18, fontWeight: "bold", fontSize: 9 }),
      text(places, {
        y: "y",
        text: "label",
        frameAnchor: "left",
        textAnchor: "start",
        dx: 8 - marginLeft,
      }),
      text(places, { y: "y", text: "type", frameAnchor: "right", textAnchor: "start", dx: 12 }),
    ],
  });
}
