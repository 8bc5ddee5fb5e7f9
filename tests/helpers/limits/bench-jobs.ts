/**
 * What a trivial job costs in a pool, beside a bare loop of workers and p-limit. Each measurement is a process of its own,
 * and the sides take turns. Run by hand: `node tests/helpers/limits/bench-jobs.ts`. Prints minimum, median and maximum of
 * the rounds.
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Side } from "./bench-side.ts";
import { spreadOf, words } from "./spread.ts";

const SIDE = fileURLToPath(new URL("./bench-side.ts", import.meta.url));
const run = promisify(execFile);

function sideOf(json: unknown): Side {
  const fits = typeof json === "object" && json !== null && "seconds" in json && "megabytes" in json;
  if (!fits || typeof json.seconds !== "number" || typeof json.megabytes !== "number")
    throw new Error(`no measurement: ${JSON.stringify(json)}`);
  return { seconds: json.seconds, megabytes: json.megabytes };
}

async function measure(name: string, count: number): Promise<Side> {
  const { stdout } = await run(process.execPath, [SIDE, name, String(count)]);
  return sideOf(JSON.parse(stdout));
}

/** Measures all sides, `rounds` times in turns; the median of each in seconds. */
async function compare(
  names: readonly string[],
  count: number,
  rounds: number,
): Promise<Map<string, number>> {
  const measured = new Map<string, Side[]>(names.map((name) => [name, []]));
  for (let i = 0; i < rounds; i += 1)
    for (const name of names) measured.get(name)?.push(await measure(name, count));
  console.log(`${count} trivial jobs, 100 at a time, ${rounds} rounds in turns (min / median / max)`);
  const medians = new Map<string, number>();
  const first = spreadOf((measured.get(names[0] ?? "") ?? []).map((one) => one.seconds)).median;
  for (const [name, all] of measured) {
    const seconds = spreadOf(all.map((one) => one.seconds));
    const memory = spreadOf(all.map((one) => one.megabytes));
    const ratio = (seconds.median / first).toFixed(2);
    console.log(`  ${name}: ${words(seconds, 3)} s, ${words(memory, 0)} MB, ${ratio} × ${names[0]}`);
    medians.set(name, seconds.median);
  }
  return medians;
}

if (import.meta.main) {
  const others = ["pool, async iterable", "bare worker loop", "mapPool", "mapPool, in order", "p-limit"];
  const million = await compare(["pool", ...others], 1_000_000, 5);
  const tenMillion = await compare(["pool", "bare worker loop"], 10_000_000, 3);
  const growth = (tenMillion.get("pool") ?? Number.NaN) / (million.get("pool") ?? Number.NaN);
  console.log(`  ten million took ${growth.toFixed(1)} times as long as one million`);
}
