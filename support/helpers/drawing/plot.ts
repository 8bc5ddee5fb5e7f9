import { createRequire, registerHooks } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type * as Plot from "@observablehq/plot";
import type * as Linkedom from "linkedom";

const load = createRequire(import.meta.url);
let loaded: typeof Plot | undefined;

/** Plot and its d3 as the one file that each has for web pages: their 500 modules take three times as long. */
function loadPlot(): typeof Plot {
  const index = pathToFileURL(load.resolve("@observablehq/plot"));
  const own = new URL("../dist/plot.umd.min.js", index).href;
  const d3 = new URL("d3.min.js", pathToFileURL(createRequire(index).resolve("d3"))).href;
  // Node takes all files of these packages to be ES modules, which these two are not.
  const format = "commonjs";
  const hooks = registerHooks({
    resolve: (name, context, next) =>
      name.startsWith("d3@") ? { url: d3, format, shortCircuit: true } : next(name, context),
    load: (url, context, next) =>
      url === own || url === d3 ? next(url, { ...context, format }) : next(url, context),
  });
  try {
    return load(fileURLToPath(own));
  } finally {
    hooks.deregister();
  }
}

/** Observable Plot. It takes longer to load than all else that lessons import, so it is loaded for the first picture. */
export function plot(): typeof Plot {
  loaded ??= loadPlot();
  return loaded;
}

/** A document to draw in where there is no browser; loaded as late as {@link plot}, and as one file too. */
export function emptyDocument(): Document {
  const worker = join(dirname(load.resolve("linkedom/package.json")), "worker.js");
  const { parseHTML }: typeof Linkedom = load(worker);
  return parseHTML("<!doctype html><html><body></body></html>").document;
}

let isLoaded = false;

/** Loads all that a first picture needs, so that none is late for it. Once it has, it does nothing. */
export function loadDrawing(): void {
  if (isLoaded) return;
  isLoaded = true;
  plot().plot({ document: emptyDocument() });
}
