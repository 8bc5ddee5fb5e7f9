import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type Cell, InterruptError } from "../../support/kernel/cell.ts";
import { startCompiler } from "../../support/kernel/compile.ts";
import { execute, type Outcome, type Runtime } from "../../support/kernel/execute.ts";
import { createModules } from "../../support/kernel/modules.ts";
import { createScope } from "../../support/kernel/scope.ts";
import { createShared, createShield } from "../../support/kernel/shield.ts";
import { readableStacks } from "../../support/kernel/stack.ts";
import { silentCell } from "./silent-cell.ts";

const home = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "cells-"));
let runtime: Runtime;
let count = 0;

before(() => {
  writeFileSync(
    join(folder, "one.ts"),
    'import { two } from "./two";\nexport const one = () => two() + 1;\n',
  );
  writeFileSync(
    join(folder, "two.ts"),
    'import { one } from "./one";\nexport const two = () => (typeof one === "function" ? 1 : 0);\n',
  );
  process.chdir(folder);
  const [scope, shield] = [createScope(), createShield(createShared())];
  const modules = createModules(folder, scope, shield);
  runtime = { folder, compiler: startCompiler({ folder, notebook: undefined }), modules, scope, shield };
  readableStacks();
});

after(() => {
  runtime.compiler.close();
  Reflect.deleteProperty(Error, "prepareStackTrace");
  process.chdir(home);
});

function cell(signal = new AbortController().signal): Cell {
  count += 1;
  return silentCell(signal, count);
}

const run = (source: string): Promise<Outcome> => execute(cell(), source, runtime);

async function value(source: string): Promise<unknown> {
  const outcome = await run(source);
  assert.ok("value" in outcome, JSON.stringify(outcome));
  return outcome.value;
}

async function failure(source: string): Promise<{ ename: string; evalue: string; traceback: string[] }> {
  const outcome = await run(source);
  assert.ok("error" in outcome);
  return outcome.error;
}

test("a name of an earlier cell is read, written and used as a shorthand", async () => {
  await run("let shared = 1; const fixed = 2;");
  await run("shared += fixed; shared++;");
  assert.deepEqual(await value("({ shared, fixed })"), { shared: 4, fixed: 2 });
  await run("({ shared } = { shared: 9 });");
  assert.equal(await value("shared"), 9);
});

test("a loop at the top of a cell leaves its names as they are when it throws", async () => {
  await failure("let turns = 0;\nfor (let i = 0; ; i++) { turns = i; if (i === 5) throw new Error('out'); }");
  assert.equal(await value("turns"), 5);
});

test("a loop calls functions that change what it reads", async () => {
  await run("let level = 0;\nfunction raise() { level++; }");
  assert.equal(await value("while (level < 3) raise();\nlevel"), 3);
});

test("a loop with a label, a var and a for-of over an outer name works", async () => {
  await run("let seen = 0; let item = 0;");
  const source =
    "outer: for (item of [1, 2, 3]) { for (;;) { if (item === 2) continue outer; seen += item; break; } }\n[item, seen]";
  assert.deepEqual(await value(source), [3, 4]);
  assert.equal(
    await value(
      "var sum = 0;\nfor (var k = 1; k < 4; k++) sum += k;\nfor (var key in { a: 1 }) sum += key.length;\nsum",
    ),
    7,
  );
});

test("a var without a value is undefined again when its cell is run again", async () => {
  await run("var maybe: number | undefined;\nmaybe = 3;");
  assert.equal(await value("var maybe: number | undefined;\nmaybe"), undefined);
});

test("patterns with defaults, rests, holes and computed keys declare their names", async () => {
  await run(
    'const key = "k";\nlet { [key]: kept, none = 5, ...others } = { k: 1, x: 2 } as { k: number; none?: number; x: number };',
  );
  await run("let [first, , third = 3, ...last] = [1, 2, undefined, 4];\nlet [pair, [inner]] = [1, [2]];");
  const all = await value("[kept, none, others, first, third, last, pair, inner]");
  assert.deepEqual(all, [1, 5, { x: 2 }, 1, 3, [4], 1, 2]);
});

test("functions, classes and arrows refer to themselves", async () => {
  await run(
    "const fact = (n: number): number => (n < 2 ? 1 : n * fact(n - 1));\nfunction fib(n: number): number { return n < 2 ? n : fib(n - 1) + fib(n - 2); }",
  );
  await run("class Node1 { static root = new Node1(); next?: Node1; grow() { return new Node1(); } }");
  assert.deepEqual(await value("[fact(5), fib(10), Node1.root.grow() instanceof Node1]"), [120, 55, true]);
});

test("one statement with several constants shares each before the next", async () => {
  assert.equal(await value("const left = 1, right = (() => left + 1)();\nright"), 2);
});

test("a function that was given to a let has the let's name", async () => {
  assert.deepEqual(await value("let f = () => {}; let g = class {};\n[f.name, g.name]"), ["f", "g"]);
});

test("local modules may import each other", async () => {
  assert.equal(await value('import { one } from "./one";\none()'), 2);
});

test("a local module that does not exist is told with its name", async () => {
  assert.match((await failure('const lost = require("./lost");')).evalue, /lost/);
});

test("an error shows the line that it comes from, its causes and its code", async () => {
  const source =
    'const cause = new AggregateError([new Error("a"), "b"], "both");\nthrow Object.assign(new Error("x", { cause }), { code: 7 });';
  const { traceback } = await failure(source);
  const text = traceback.join("\n");
  assert.match(text, /In \[\d+\], line 2, column 21:\n {2}2 \| throw/);
  assert.match(text, /code: 7/);
  assert.match(text, /Error 2 of 2: .*b/);
});

test("an error that is its own cause ends", async () => {
  const { traceback } = await failure('const loop = new Error("x");\nloop.cause = loop;\nthrow loop;');
  assert.ok(traceback.length < 60);
});

test("an error whose text can't be had is shown all the same", async () => {
  const source =
    "class Odd extends Error { toString(): string { throw new Error('no'); } }\nthrow new Odd('odd');";
  assert.equal((await failure(source)).evalue, "odd");
});

test("a name of another cell is called by its name in errors", async () => {
  await run("let notCallable: any = 1;");
  assert.equal((await failure("notCallable();")).evalue, "notCallable is not a function");
});

test("type errors in a message of several lines are one error", async () => {
  const source =
    "interface Deep { a: { b: number } }\nconst deep: Deep = { a: { b: 's' } };\nlet f: (x: number) => Deep = (x: string) => deep;";
  const { evalue, traceback } = await failure(source);
  assert.match(evalue, /and 1 more/);
  assert.ok(traceback.some((line) => line.includes("TS2322")));
});

test("a cell that is interrupted before it starts does not start", async () => {
  const outcome = await execute(cell(AbortSignal.abort(new InterruptError())), "1 + 1", runtime);
  assert.ok("error" in outcome && outcome.error.ename === "InterruptError");
});

test("an interrupt ends the wait of a cell", async () => {
  const abort = new AbortController();
  const running = execute(cell(abort.signal), "await new Promise(() => {});", runtime);
  setTimeout(() => abort.abort(new InterruptError()), 20);
  const outcome = await running;
  assert.ok("error" in outcome && outcome.error.ename === "InterruptError");
});

test("a cell with types only shows nothing, and is known", async () => {
  assert.equal(await value("interface Only { a: number }\ndeclare const ghost: number;"), undefined);
  assert.equal(await value("const only: Only = { a: 1 };\nonly.a"), 1);
});

test("a const enum is known to later cells", async () => {
  await run("const enum Level { Low = 1, High }");
  assert.equal(await value("Level.High"), 2);
});

test("completion and inspection know the names of earlier cells", async () => {
  await run("const completed = 1;");
  assert.ok((await runtime.compiler.complete("compl", 5)).matches.includes("completed"));
  assert.ok(await runtime.compiler.inspect("completed", 3));
});

test("declarations that are exported, as in a module, are a cell's own", async () => {
  const source = [
    "export const exported = 9;",
    "export async function fetched() { return exported; }",
    "export interface Shape { n: number }",
    "export abstract class Figure { abstract n: number }",
    "export enum Size { S, M }",
    "export namespace Inside { export const deep = 1; }",
    "export default function whole() { return Inside.deep; }",
    "await fetched()",
  ].join("\n");
  assert.equal(await value(source), 9);
  assert.deepEqual(
    await value("const shape: Shape = { n: exported };\n[shape.n, Size.M, whole()]"),
    [9, 1, 1],
  );
  assert.equal(await value('const text = "export const x";\ntext'), "export const x");
});

test("an error in an exported declaration is shown at its place", async () => {
  const { traceback } = await failure('const before = 1;\nexport const wrong: number = "x";');
  assert.match(traceback.join("\n"), /line 2, column 14/);
});
