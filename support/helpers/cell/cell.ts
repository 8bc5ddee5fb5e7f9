/** All that the helpers ask of the kernel, in one place. Without our kernel each of these has nothing to give. */
import {
  currentCell,
  isInCell,
  type MimeBundle,
  readersFrames,
  type Trial,
  type TrialOptions,
} from "../../kernel/cell.ts";

export { HeldError, InterruptError } from "../../kernel/cell.ts";
export type { Trial, TrialOptions };

/** Aborted when the reader interrupts the cell that the running code belongs to; undefined outside our kernel. */
export function cellSignal(): AbortSignal | undefined {
  return currentCell()?.signal;
}

/**
 * Shows one output under the cell that the running code belongs to.
 *
 * @param bundle MIME type to content
 * @param id an output with this id that was shown before is replaced
 * @returns false outside our kernel, where nothing is shown
 */
export function showInCell(bundle: MimeBundle, id?: string): boolean {
  const cell = currentCell();
  cell?.display(bundle, id);
  return cell !== undefined;
}

/**
 * How to show something under the cell of the running code for as long as nothing else stands there: each call replaces what
 * the one before showed, and returns false once there is no place for it. Undefined outside our kernel.
 */
export function meanwhileInCell(): ((bundle: MimeBundle) => boolean) | undefined {
  const cell = currentCell();
  return cell && ((bundle) => cell.displayMeanwhile(bundle));
}

/** Begins a part of the cell of the running code that can be ended by itself; undefined outside our kernel. */
export function startTrialInCell(options: TrialOptions): Trial | undefined {
  return currentCell()?.startTrial(options);
}

/** The lines of cells that an error came through, in the kernel's words; none outside our kernel. */
export function placesInCells(reason: unknown): string[] {
  const stack = stackOf(reason);
  if (stack === undefined) return [];
  return readersFrames(stack)
    .frames.filter(isInCell)
    .map((frame) => frame.trim());
}

/** The line of a cell that a stack comes from, in words: `In [3], line 2`; null outside our kernel. */
export function lineInCell(stack: string | undefined): string | null {
  const { place } = readersFrames(stack ?? "");
  return place === undefined ? null : `${place.cell}, line ${place.line}`;
}

/** A hostile error throws when it is asked. */
function stackOf(reason: unknown): string | undefined {
  try {
    return reason instanceof Error && typeof reason.stack === "string" ? reason.stack : undefined;
  } catch {
    return undefined;
  }
}
