import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { startCompiler } from "../../support/kernel/compile.ts";

const never = new AbortController().signal;

for (const [how, address] of [
  ["is not there", "/nowhere/socket"],
  ["is no socket", import.meta.filename],
] as const) {
  test(`a cell that is asked for at once is compiled also where the shared compiler ${how}`, async () => {
    const compiler = startCompiler({ folder: tmpdir(), notebook: undefined }, address);
    const [first, second] = await Promise.all([
      compiler.compile("const one = 1;", never),
      compiler.compile("one + 1", never),
    ]);
    assert.ok("compiled" in first && "compiled" in second);
    compiler.close();
  });
}
