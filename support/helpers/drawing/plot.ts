import { createRequire } from "node:module";
import type * as Plot from "@observablehq/plot";
import type * as Linkedom from "linkedom";

const load = createRequire(import.meta.url);

/** Observable Plot. It takes longer to load than all else that lessons import, so it is loaded for the first picture. */
export function plot(): typeof Plot {
  return load("@observablehq/plot");
}

/** A document to draw in where there is no browser; loaded as late as {@link plot}. */
export function emptyDocument(): Document {
  const { parseHTML }: typeof Linkedom = load("linkedom");
  return parseHTML("<!doctype html><html><body></body></html>").document;
}

let isLoaded = false;

/** Loads all that a first picture needs, so that none is late for it. Once it has, it does nothing. */
export function loadDrawing(): void {
  if (isLoaded) return;
  isLoaded = true;
  plot().plot({ document: emptyDocument() });
}
