/** How often the kernel looks whether Jupyter still lives and how full its memory is, in ms. */
const LOOK_MS = 500;
/** How full of its limit, as a part, the memory is when the reader is warned. */
const FULL = 0.8;

/** Ends this process and those that it started, but for detached ones, as `kill -9` does. */
export function endAll(): void {
  try {
    process.kill(-process.pid, "SIGKILL");
  } catch {
    process.kill(process.pid, "SIGKILL");
  }
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Ends the kernel when the Jupyter that started it has gone: nobody else could. */
export function endWithJupyter(): void {
  const { ppid, env } = process;
  const jupyter = Number(env.JPY_PARENT_PID);
  if (!(jupyter > 1)) return;
  setInterval(() => {
    if (process.ppid !== ppid || !lives(jupyter)) endAll();
  }, LOOK_MS);
}

const inGigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);

/**
 * Calls `warn` whenever the memory is nearly full: when it is, the process ends and can say nothing more.
 *
 * @param limit where the main thread's heap ends, in bytes
 */
export function watchMemory(limit: number, warn: (words: string) => void): void {
  setInterval(() => {
    const used = process.memoryUsage.rss();
    if (used > FULL * limit)
      warn(
        `The kernel's memory is nearly full: ${inGigabytes(used)} of ${inGigabytes(limit)} GB. When its heap is full, the process ends and all names are lost. Interrupt the cell, or let go of what you keep.\n`,
      );
  }, LOOK_MS);
}
