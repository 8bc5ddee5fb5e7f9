import type { PlotOptions } from "@observablehq/plot";
import { textWidth } from "../display/text-width.ts";
import { emptyDocument, plot } from "./plot.ts";

/** How wide every picture is. */
export const WIDTH = 720;

/** How wide a character of a label is at most, on average. */
export const CHARACTER = 7;

/** The card that every picture is drawn on: white with dark ink, readable in a light and a dark notebook. */
const CARD = "background: #fff; color: #1f2328; font: 12px system-ui, sans-serif;";

const HATCHED = "hatched-";

/** A fill of slanting lines. {@link drawSvg} brings what it refers to. */
export function hatch(colour: string): string {
  return `url(#${HATCHED}${colour.replace("#", "")})`;
}

/** The patterns that a drawing refers to. They are the same in every drawing, so their names may meet on one page. */
function patternsOf(drawing: string): string {
  const colours = new Set(
    [...drawing.matchAll(/url\(#hatched-([0-9a-f]{6})\)/g)].map(([, colour]) => colour),
  );
  if (colours.size === 0) return "";
  const patterns = [...colours].map(
    (colour) =>
      `<pattern id="${HATCHED}${colour}" width="6" height="6" patternUnits="userSpaceOnUse" ` +
      `patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/>` +
      `<path d="M1 0V6" stroke="#${colour}" stroke-width="1.5"/></pattern>`,
  );
  return `<defs>${patterns.join("")}</defs>`;
}

/** Draws a plot on a white card, with no browser, and returns a complete SVG file. */
export function drawSvg(options: PlotOptions): string {
  const svg = plot().plot({ width: WIDTH, ...options, document: emptyDocument() });
  svg.setAttribute("style", CARD);
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const drawing = svg.outerHTML;
  return drawing.replace(/^<svg[^>]*>/, (opening) => opening + patternsOf(drawing));
}

/** The room that the longest of some texts takes. */
export function widest(texts: readonly string[], character = CHARACTER): number {
  return texts.reduce((most, text) => Math.max(most, textWidth(text), text.length * character), 0);
}
