/** Brings a browser for the tests where there is none: Playwright's own, or Debian's as root where that is refused. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { findChromium, NoBrowserError } from "./chromium.ts";

const PLAYWRIGHT = fileURLToPath(new URL("../../node_modules/playwright-core/cli.js", import.meta.url));

function found(): boolean {
  try {
    findChromium();
    return true;
  } catch (error) {
    if (error instanceof NoBrowserError) return false;
    throw error;
  }
}

function run(command: string, ...args: string[]): boolean {
  const { status } = spawnSync(command, args, { stdio: ["ignore", "ignore", "ignore"], timeout: 300_000 });
  return status === 0;
}

function install(): void {
  console.log("No Chromium or Chrome here; installing one for the tests.");
  if (run(process.execPath, PLAYWRIGHT, "install", "chromium") && found()) return;
  if (process.getuid?.() === 0 && run("apt-get", "update") && run("apt-get", "install", "-y", "chromium"))
    return;
}

if (!found()) install();
// Says what to do when there is still none.
findChromium();
