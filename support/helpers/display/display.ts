import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import type * as Tslab from "tslab";
import { meanwhileInCell, showInCell } from "../cell/cell.ts";
import { oneAtATime } from "./one-at-a-time.ts";

/** An output that can be replaced while the cell runs. */
export interface LiveOutput {
  show(html: string): void;
}

const load = createRequire(import.meta.url);

/** Stock tslab. Our kernel does without, so that it is loaded only where there is no other way to show something. */
function tslab(): typeof Tslab {
  return load("tslab");
}

/** While stock tslab sends what was printed, it refuses what is to be shown. */
const sendInStock = oneAtATime((error) => error instanceof Error && error.message.includes("busy writing"));

function inStockTslab(show: () => void): boolean {
  try {
    sendInStock(show);
    return true;
  } catch (error) {
    // What tslab says where no kernel is running, for example in a test or a worker.
    if (error instanceof Error && error.message === "Not ready") return false;
    throw error;
  }
}

/**
 * Shows HTML under the cell, and the plain text where no HTML can be shown. Stock tslab takes one form only, the HTML;
 * outside a notebook the plain text is printed.
 *
 * @param html must be safe: escape what came from outside with {@link escapeHtml}
 */
export function showHtml(html: string, plain: string): void {
  if (showInCell({ "text/html": html, "text/plain": plain })) return;
  if (!inStockTslab(() => tslab().display.html(html))) console.log(plain);
}

/** One output under the cell that each `show` replaces. Outside a notebook it shows nothing. */
export function liveOutput(): LiveOutput {
  const id = randomUUID();
  let inStock: Tslab.Display | undefined;
  return {
    show(html) {
      if (showInCell({ "text/html": html }, id)) return;
      inStock ??= tslab().newDisplay();
      const display = inStock;
      inStockTslab(() => display.html(html));
    },
  };
}

/**
 * How to show HTML under the cell of the running code for as long as nothing else stands there: each call replaces what the
 * one before showed, and returns false once there is no place for it. Undefined outside our kernel.
 */
export function meanwhileOutput(): ((html: string, plain: string) => boolean) | undefined {
  const show = meanwhileInCell();
  return show && ((html, plain) => show({ "text/html": html, "text/plain": plain }));
}
