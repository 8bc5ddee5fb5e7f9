import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { scratchFolder } from "../../../support/helpers/clean-up/scratch-folder.ts";
import { stopAll } from "../../../support/helpers/clean-up/stop-all.ts";

const SOURCE = new URL("../../../support/helpers/clean-up/scratch-folder.ts", import.meta.url).href;

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function goes(path: string): Promise<boolean> {
  for (let tries = 0; tries < 100 && (await isThere(path)); tries += 1) await pause(50);
  return !(await isThere(path));
}

test("a scratch folder is there until it is removed, and may be removed again", async () => {
  const folder = await scratchFolder();
  assert.equal((await stat(folder.path)).mode & 0o077, 0);
  await writeFile(join(folder.path, "x"), "x");
  await folder.remove();
  assert.equal(await isThere(folder.path), false);
  await folder.remove();
});

test("each call makes a folder of its own, and stopAll removes them", async () => {
  const [one, two] = [await scratchFolder(), await scratchFolder()];
  assert.notEqual(one.path, two.path);
  await stopAll();
  assert.equal(await isThere(one.path), false);
  assert.equal(await isThere(two.path), false);
});

test("it goes with its process, also when that is killed", async () => {
  for (const end of ["process.kill(process.pid, 'SIGKILL')", "process.exit(0)", "", "throw 1"]) {
    const code = `import { scratchFolder } from ${JSON.stringify(SOURCE)};
      import { writeFileSync } from "node:fs";
      const { path } = await scratchFolder();
      for (let n = 0; n < 100; n += 1) writeFileSync(path + "/" + n, "x");
      await new Promise((done) => process.stdout.write(path, done));
      ${end}`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
      cwd: fileURLToPath(new URL("../../..", import.meta.url)),
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [said]: unknown[] = await once(child.stdout, "data");
    assert.match(String(said), /tsasync-/);
    assert.equal(await goes(String(said)), true, end);
  }
});

test("it goes although somebody still writes into it for a while", async () => {
  const folder = await scratchFolder();
  const writer = `import { writeFileSync } from "node:fs";
    for (let n = 0; n < 3000; n += 1) { try { writeFileSync(process.argv[1] + "/" + n, "x"); } catch {} }`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", writer, folder.path]);
  const ended = once(child, "exit");
  while (!(await isThere(join(folder.path, "0")))) await pause(5);
  await folder.remove();
  await ended;
  assert.equal(await isThere(folder.path), false);
});
