/** A figure taken apart again, as its readers meet it. */
import assert from "node:assert/strict";
import { parseHTML } from "linkedom";
import { type Figure, figureHtml } from "../../../support/helpers/drawing/figure.ts";

export interface Shown {
  html: string;
  svg: string;
  alt: string;
  document: Document;
}

export function shown(figure: Figure): Shown {
  const html = figureHtml(figure);
  const { document } = parseHTML(`<!doctype html><html><body>${html}</body></html>`);
  const image = document.querySelector("img");
  const source = image?.getAttribute("src") ?? "";
  assert.match(source, /^data:image\/svg\+xml;base64,/);
  const svg = Buffer.from(source.slice(source.indexOf(",") + 1), "base64").toString();
  return { html, svg, alt: image?.getAttribute("alt") ?? "", document };
}
