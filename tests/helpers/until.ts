/** Waits in tests for what is to be so: a busy computer may take its time. */
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

/**
 * Waits until a condition holds, and says after how many ms it did.
 *
 * @param ms how long it may take
 */
export async function until(condition: () => boolean | Promise<boolean>, ms = 20_000): Promise<number> {
  const start = performance.now();
  while (!(await condition())) {
    assert.ok(performance.now() - start < ms, `it did not come to that within ${ms} ms`);
    await pause(10);
  }
  return performance.now() - start;
}

/** Whether there is such a process. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
