/** Writes so many files of 1 KiB and reads them back in one way: `files.ts sync COUNT`. Prints the seconds as JSON. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pool } from "../../../support/helpers/limits/pool.ts";

const CONCURRENCY = 100;
const BYTES = Buffer.alloc(1024, "a");

type Way = (paths: readonly string[], got: (size: number) => void) => unknown;

const ways: Readonly<Record<string, Way>> = {
  sync(paths, got) {
    for (const path of paths) writeFileSync(path, BYTES);
    for (const path of paths) got(readFileSync(path).length);
  },
  async "fs/promises, pool of 100"(paths, got) {
    await pool(paths, (path) => writeFile(path, BYTES), { concurrency: CONCURRENCY });
    await pool(paths, async (path) => got((await readFile(path)).length), { concurrency: CONCURRENCY });
  },
};

const [name = "", text = ""] = process.argv.slice(2);
const way = ways[name];
if (way === undefined) throw new RangeError(`no way ${name}`);
const folder = mkdtempSync(join(tmpdir(), "tsasync-bench-"));
const paths = Array.from({ length: Number(text) }, (_, i) => join(folder, String(i)));
let read = 0;
const start = performance.now();
await way(paths, (size) => {
  read += size;
});
const seconds = (performance.now() - start) / 1000;
rmSync(folder, { recursive: true });
if (read !== paths.length * BYTES.length) throw new Error(`only ${read} bytes were read`);
console.log(JSON.stringify({ seconds }));
