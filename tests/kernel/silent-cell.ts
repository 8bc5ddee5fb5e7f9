import type { Cell } from "../../support/kernel/cell.ts";

/** A cell that shows nothing, for tests without a kernel. */
export function silentCell(signal = new AbortController().signal, count = 1): Cell {
  return {
    count,
    signal,
    display() {},
    displayMeanwhile: () => false,
    clearOutput() {},
    page() {},
    startTrial: () => ({ signal, run: async (work) => work(), stop() {} }),
  };
}
