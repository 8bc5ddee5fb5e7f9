import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** All processes with their environments. */
const PS = process.platform === "darwin" ? ["-AEww", "-o", "args="] : ["axeww", "-o", "args="];

/**
 * Lets this process and those that it starts put their temporary files into a folder of their own, so that databases of
 * other lessons, which may run beside, are not taken for theirs.
 *
 * @returns removes the folder
 */
export function useOwnTemporaryFolder(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "databases-"));
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true });
}

/** The temporary folders and the processes that databases of this process have now, one line each. */
export function leftBehind(): string[] {
  const folders = readdirSync(tmpdir()).filter((name) => name.startsWith("tsasync-postgres-"));
  const processes = execFileSync("ps", PS, { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes(`TMPDIR=${tmpdir()}`))
    .filter((line) => line.includes("tsasync-postgres-") || line.includes("postgres/keeper-main.ts"));
  return [...folders, ...processes];
}

/** Waits until no more is there than before, 10 s at most; returns what is too much then. */
export async function goneAgain(before: readonly string[]): Promise<string[]> {
  const known = new Set(before);
  for (let tries = 0; ; tries += 1) {
    const more = leftBehind().filter((line) => !known.has(line));
    if (more.length === 0 || tries === 200) return more;
    await pause(50);
  }
}
