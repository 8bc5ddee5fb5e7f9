/** The language's own types, put together into one file: nothing of them is lost, double or in another order. */
import assert from "node:assert/strict";
import { dirname } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createCompiler } from "../../support/kernel/compiler.ts";
import { libraryIn } from "../../support/kernel/library.ts";
import { createPrograms, ts } from "../../support/kernel/typescript.ts";

const NEVER: ts.CancellationToken = {
  isCancellationRequested: () => false,
  throwIfCancellationRequested() {},
};
const FOLDER = import.meta.dirname;
const library = libraryIn(dirname(ts.getDefaultLibFilePath({})));

function nameOf(statement: ts.Statement): string {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText()).join();
  return ts.isDeclarationStatement(statement) ? (statement.name?.getText() ?? "") : "";
}

/** The declarations of each name, in the order of these files. */
function declarations(files: readonly ts.SourceFile[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of files)
    for (const statement of file.statements)
      found.set(nameOf(statement), [...(found.get(nameOf(statement)) ?? []), statement.getText()]);
  return found;
}

function parsed(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
}

/** What TypeScript itself makes of its library, file by file, but for the modules in it. */
function ofTypeScript(): ts.SourceFile[] {
  const options = { lib: ["lib.esnext.d.ts"], types: [], noResolve: true };
  return ts
    .createProgram([fileURLToPath(new URL("silent-cell.ts", import.meta.url))], options)
    .getSourceFiles()
    .filter((file) => file.fileName.includes("/lib.") && !ts.isExternalModule(file))
    .map((file) => parsed(file.fileName, file.text));
}

test("all that TypeScript's library declares is there, each name's declarations in TypeScript's order", () => {
  const theirs = declarations(ofTypeScript());
  const own = declarations([parsed(library.path, library.read(library.path) ?? "")]);
  assert.ok(theirs.size > 100, `${theirs.size} names`);
  assert.deepEqual([...own.keys()].sort(), [...theirs.keys()].sort());
  for (const [name, texts] of theirs) assert.deepEqual(own.get(name), texts, name);
});

test("a cell's program has the library in one file and one module, though Node's types ask for parts of it", () => {
  const programs = createPrograms(FOLDER);
  const program = programs.edit("const one = 1;").service.getProgram();
  const names = program?.getSourceFiles().map((file) => file.fileName) ?? [];
  const ofLibrary = names.filter((name) => /\/lib\.[^/]*\.d\.ts$/.test(name));
  assert.deepEqual(
    ofLibrary.filter((name) => library.read(name) === ""),
    [],
  );
  assert.equal(ofLibrary.length, 2);
  programs.end();
});

function wrong(source: string): string[] {
  const programs = createPrograms(FOLDER);
  const found = programs.check(source, NEVER).diagnostics(true);
  programs.end();
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

describe("a cell", () => {
  test("knows the newest of the language, and what is not in it", () => {
    const newest =
      "const all = new Set([1]).union(new Set([2])); const it = Iterator.from([1]).map((n) => n.toFixed());";
    assert.deepEqual(wrong(`${newest} export const both = [all, it];`), []);
    assert.match(wrong("export const x = new Set([1]).unite();").join(), /'unite' does not exist/);
    assert.match(wrong("export const x = document.title;").join(), /include 'dom'/);
  });

  test("that asks for a library beyond it has it, and none of the language twice", () => {
    const dom = '/// <reference lib="dom" />\nexport const title: number = document.title.length;';
    assert.deepEqual(wrong(dom), []);
    const programs = createPrograms(FOLDER);
    const files = programs.edit(dom).service.getProgram()?.getSourceFiles() ?? [];
    const own = files.filter(({ fileName }) => /\/lib\.(es|decorators)[^/]*$/.test(fileName));
    assert.ok(own.length > 2, "the DOM refers to the language");
    assert.deepEqual(
      own.filter((file) => file.text !== "" && !ts.isExternalModule(file)).map((file) => file.fileName),
      [],
    );
    programs.end();
  });

  test("is told of the language's own names in the words of their documentation", () => {
    const compiler = createCompiler({ folder: FOLDER, notebook: undefined }, () => false);
    const source = 'export const n = parseInt("7");';
    const told = JSON.stringify(compiler.inspect(source, source.indexOf("parseInt") + 2));
    assert.match(told, /Converts a string to an integer/);
    compiler.end();
  });
});
