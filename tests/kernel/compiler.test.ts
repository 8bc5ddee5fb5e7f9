import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type Compiled, createCompiler } from "../../support/kernel/compiler.ts";

const folder = mkdtempSync(join(tmpdir(), "compiler-"));
after(() => rmSync(folder, { recursive: true }));

const compiler = createCompiler({ folder, notebook: undefined }, () => false);

function compiled(source: string): Compiled {
  const result = compiler.compile(source);
  assert.ok("compiled" in result, JSON.stringify(result));
  return result.compiled;
}

function wrong(source: string): string {
  const result = compiler.compile(source);
  assert.ok("faults" in result);
  return JSON.stringify(result.faults);
}

test("a cell that is run again is not compiled again", () => {
  const first = compiled("const width: number = 4;");
  const second = compiled("width * 2;");
  assert.equal(compiled("const width: number = 4;"), first);
  assert.equal(compiled("width * 2;"), second);
  assert.notEqual(compiled("width * 3;"), second);
});

test("it is checked again when a name of an earlier cell has become another one, and known again when that is taken back", () => {
  compiled('const key = "a";');
  const use = compiled("key.toUpperCase();");
  compiled("const key = 1;");
  assert.match(wrong("key.toUpperCase();"), /toUpperCase/);
  compiled('const key = "a";');
  assert.equal(compiled("key.toUpperCase();"), use);
});

test("what a cell that is run again declares is what later cells see", () => {
  compiled("const level = 1;");
  compiled('const level = "high";');
  compiled("const level = 1;");
  assert.match(wrong("level.length;"), /length/);
  compiled("level.toFixed(1);");
});

test("a cell that reads a module beside the notebook is checked each time, also by way of an earlier cell", () => {
  const module = join(folder, "size.ts");
  writeFileSync(module, "export const size = 1;\n");
  const [take, use] = ['import { size } from "./size.ts";', "size.toFixed();"];
  compiled(take);
  compiled(use);
  writeFileSync(module, 'export const size = "large";\n');
  assert.match(wrong(use), /toFixed/);
});

test("a loop is compiled again once a function looks at a name of which it had a copy", () => {
  const loop = "for (let i = 0; i < 2; i += 1) turns += 1;";
  compiled("let turns = 0;");
  const own = compiled(loop);
  compiled("const look = () => turns;");
  assert.notEqual(compiled(loop).code, own.code);
});

test("a cell that is wrong is told so each time", () => {
  assert.equal(wrong("const n: number = 'one';"), wrong("const n: number = 'one';"));
});
