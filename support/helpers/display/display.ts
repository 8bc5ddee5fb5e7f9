import * as tslab from "tslab";
import { currentCell } from "../../kernel/cell.ts";

/** An output that can be replaced while the cell runs. */
export interface LiveOutput {
  show(html: string): void;
}

function inKernel(show: () => void): boolean {
  try {
    show();
    return true;
  } catch (error) {
    // What tslab says where no kernel is running, for example in a test or a worker.
    if (error instanceof Error && error.message === "Not ready") return false;
    throw error;
  }
}

/**
 * Shows HTML under the cell, and the plain text to whoever can't show HTML. Stock tslab takes one form only, the HTML;
 * outside a notebook the plain text is printed.
 *
 * @param html must be safe: escape what came from outside with {@link escapeHtml}
 */
export function showHtml(html: string, plain: string): void {
  const cell = currentCell();
  if (cell) cell.display({ "text/html": html, "text/plain": plain });
  else if (!inKernel(() => tslab.display.html(html))) console.log(plain);
}

/** One output under the cell that each `show` replaces. Outside a notebook it shows nothing. */
export function liveOutput(): LiveOutput {
  const display = tslab.newDisplay();
  return {
    show(html) {
      inKernel(() => display.html(html));
    },
  };
}
