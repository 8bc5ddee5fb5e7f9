import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as pause } from "node:timers/promises";

/** The temporary folders and the processes that databases of lessons have now, one line each. */
export function leftBehind(): string[] {
  const folders = readdirSync(tmpdir()).filter((name) => name.startsWith("tsasync-postgres-"));
  const processes = execFileSync("ps", ["-A", "-o", "args="], { encoding: "utf8" })
    .split("\n")
    .filter(
      (line) =>
        line.includes("tsasync-postgres-") || line.includes("support/helpers/postgres/keeper-main.ts"),
    );
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
