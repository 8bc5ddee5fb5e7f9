import type { PlotOptions } from "@observablehq/plot";
import { emptyDocument, plot } from "./plot.ts";

/** How wide every picture is. */
export const WIDTH = 720;

/** How wide a character of a label is at most, on average. */
export const CHARACTER = 7;

/** The card that every picture is drawn on: white with dark ink, readable in a light and a dark notebook. */
const CARD = "background: #fff; color: #1f2328; font: 12px system-ui, sans-serif;";

/** Draws a plot on a white card, with no browser, and returns a complete SVG file. */
export function drawSvg(options: PlotOptions): string {
  const svg = plot().plot({ width: WIDTH, ...options, document: emptyDocument() });
  svg.setAttribute("style", CARD);
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return svg.outerHTML;
}

/** The room that the longest of some texts takes. */
export function widest(texts: readonly string[], character = CHARACTER): number {
  return texts.reduce((most, text) => Math.max(most, text.length), 0) * character;
}
