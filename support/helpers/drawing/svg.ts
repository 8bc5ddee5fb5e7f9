import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** The card that every picture is drawn on: white with dark ink, readable in a light and a dark notebook. */
const CARD = "background: #fff; color: #1f2328; font: 12px system-ui, sans-serif;";

/** Draws a plot on a white card, with no browser, and returns a complete SVG file. */
export function drawSvg(options: Plot.PlotOptions): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const svg = Plot.plot({ ...options, document });
  svg.setAttribute("style", CARD);
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return svg.outerHTML;
}

/** A picture as the address of an `img`, so that it needs no file and no trust. */
export function dataUri(svg: string): string {
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
}
