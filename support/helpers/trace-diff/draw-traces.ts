import type { Markish } from "@observablehq/plot";
import { shorten, visible } from "../display/escape.ts";
import { plot } from "../drawing/plot.ts";
import { drawSvg } from "../drawing/svg.ts";
import type { Comparison, TraceLine } from "./compare-traces.ts";

/** Above this many lines the picture would be longer than a page; the table still has all of them. */
export const MOST_LINES = 50;

const ROW_HEIGHT = 22;
const LABEL_LENGTH = 40;
/** Where the lines between the two traces begin and end, of a picture that is 1 wide. */
const FROM = 0.44;
const TO = 0.56;

const SAME = { stroke: "#6b6b6b", strokeWidth: 1.5 } as const;
const MOVED = { stroke: "#b3261e", strokeWidth: 2.5, strokeDasharray: "6 3" } as const;

function link(lines: readonly TraceLine[], moved: boolean): Markish {
  const data = lines.flatMap(({ partner }, at) =>
    partner !== null && partner < MOST_LINES && (partner !== at) === moved ? [{ at, partner }] : [],
  );
  return plot().link(data, { x1: FROM, x2: TO, y1: "at", y2: "partner", ...(moved ? MOVED : SAME) });
}

function words(lines: readonly TraceLine[], x: number): Markish {
  const data = lines.map(({ text, partner }, y) => {
    const only = partner === null ? " (only here)" : "";
    return { y, text: `${y + 1}  ${shorten(visible(text), LABEL_LENGTH)}${only}` };
  });
  return plot().text(data, { x, y: "y", text: "text", textAnchor: "start" });
}

/** Draws two traces beside each other; a line joins what is the same, level where it has the same place in both. */
export function drawTraces(names: readonly [string, string], comparison: Comparison): string {
  const left = comparison.left.slice(0, MOST_LINES);
  const right = comparison.right.slice(0, MOST_LINES);
  const rows = Math.max(left.length, right.length, 1);
  const heads = names.map((name, at) => ({
    x: at === 0 ? 0 : TO + 0.02,
    text: shorten(visible(name), LABEL_LENGTH),
  }));
  return drawSvg({
    height: 40 + rows * ROW_HEIGHT,
    marginLeft: 12,
    marginRight: 12,
    marginTop: 32,
    marginBottom: 8,
    x: { axis: null, domain: [0, 1] },
    y: { axis: null, domain: [-0.5, rows - 0.5], reverse: true },
    marks: [
      link(left, false),
      link(left, true),
      words(left, 0),
      words(right, TO + 0.02),
      plot().text(heads, {
        x: "x",
        text: "text",
        frameAnchor: "top",
        textAnchor: "start",
        dy: -18,
        fontWeight: "bold",
      }),
    ],
  });
}
