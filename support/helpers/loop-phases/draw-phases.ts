import * as Plot from "@observablehq/plot";
import { drawSvg } from "../drawing/svg.ts";
import { PHASES, type PhaseRecording, type PhaseStep } from "./phase-recording.ts";
import { HEADING, labelOf, MOST_STEPS } from "./phase-words.ts";

const WIDTH = 720;
const ROW_HEIGHT = 24;
const CHARACTER = 7;
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
function shades(steps: readonly PhaseStep[]): Plot.Markish {
  const rows = steps.flatMap((step, y) => (step.callback % 2 === 0 ? [{ y1: y - 0.5, y2: y + 0.5 }] : []));
  return Plot.rect(rows, { x1: -0.6, x2: PHASES.length - 0.4, y1: "y1", y2: "y2", fill: "#eef1f5" });
}

function dots(places: readonly Place[], isQueue: boolean): Plot.Markish {
  const data = places.filter((one) => one.isQueue === isQueue);
  const look = isQueue
    ? ({ symbol: "circle", fill: FROM_QUEUE } as const)
    : ({ symbol: "square", fill: FROM_LOOP } as const);
  return Plot.dot(data, { x: "x", y: "y", r: 9, ...look });
}

function widest(texts: readonly string[], character: number): number {
  return texts.reduce((most, text) => Math.max(most, text.length), 0) * character;
}

/** Draws a row a step, in the order in which they ran, and a column a phase. */
export function drawPhases({ steps }: PhaseRecording): string {
  const shown = steps.slice(0, MOST_STEPS);
  const places = shown.map(place);
  const columns = PHASES.map((phase, x) => ({ x, text: HEADING[phase] }));
  const marginLeft =
    24 +
    Math.max(
      widest(
        places.map((one) => one.label),
        CHARACTER,
      ),
      60,
    );
  const rows = Math.max(shown.length, 1);
  return drawSvg({
    width: WIDTH,
    height: 40 + rows * ROW_HEIGHT,
    marginLeft,
    marginRight:
      24 +
      Math.max(
        widest(
          places.map((one) => one.type),
          CAPITAL,
        ),
        60,
      ),
    marginTop: 32,
    marginBottom: 8,
    x: { axis: null, domain: [-0.6, PHASES.length - 0.4] },
    y: { axis: null, domain: [-0.5, rows - 0.5], reverse: true },
    marks: [
      shades(shown),
      Plot.ruleX(columns, { x: "x", stroke: INK, strokeOpacity: 0.15 }),
      Plot.line(places, { x: "x", y: "y", stroke: PATH, strokeWidth: 1.5, strokeOpacity: 0.6 }),
      dots(places, false),
      dots(places, true),
      Plot.text(places, { x: "x", y: "y", text: "number", fill: "#fff", fontWeight: "bold" }),
      Plot.text(columns, { x: "x", text: "text", frameAnchor: "top", dy: -18, fontWeight: "bold" }),
      Plot.text(places, {
        y: "y",
        text: "label",
        frameAnchor: "left",
        textAnchor: "start",
        dx: 8 - marginLeft,
      }),
      Plot.text(places, { y: "y", text: "type", frameAnchor: "right", textAnchor: "start", dx: 12 }),
    ],
  });
}
