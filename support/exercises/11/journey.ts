/** A job of a thread: it is under way for some time, and squares numbers. */
export function journey({ list, ms }: { list: number[]; ms: number }): number[] {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return list.map((number) => number * number);
}
