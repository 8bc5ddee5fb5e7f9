/** What the compiler finds wrong with a cell, in places and words of its reader. */
import { readFileSync } from "node:fs";
import { declaredNames } from "./names.ts";
import { NOT_ERASABLE, parse, ts } from "./typescript.ts";

/** Something wrong with a cell or a local module. Lines and columns count from 1. */
export interface Fault {
  message: string;
  /** What to do about it, where that can be told: whole lines. */
  advice?: string;
  code: number;
  /** A local module's path; none for the cell itself. */
  file?: string;
  line: number;
  column: number;
  length: number;
  /** The line itself. */
  text: string;
}

/** A shell's command in a cell: a word and its words, and no `!ready && start()`. */
const COMMAND = /^\s*!\s*\w[\w.-]*(\s+[-\w./~]|\s*$)/;
/** Code of a .tsx file. In a cell it is wrong syntax, which `<T>(x: T) => x` is not. */
const JSX = /^\s*[({]?\s*<[A-Za-z][^>]*>/m;

/** What is no TypeScript and what to do instead. Looked for only in a cell that does not compile. */
const ELSEWHERE: readonly [RegExp, string][] = [
  [COMMAND, 'Cells are TypeScript: a command is run by execSync("…") of node:child_process'],
  [
    /^\s*%%?\w/,
    "Cells are TypeScript and know no magics: display.html(…) and others of tslab show what %%html would",
  ],
  [/^#!/, "A cell is no script: leave the #! line out"],
  [JSX, "Cells are .ts and not .tsx: JSX is not known here"],
];

const UNKNOWN_NAME = new Set([2304, 2503, 2552, 2580, 2581, 2582, 2583, 2584, 18004]);

/** The code cells of the notebook that a kernel belongs to, where Jupyter says which it is. */
function notebookCells(notebook = ""): string[] {
  try {
    const { cells } = JSON.parse(readFileSync(notebook, "utf8"));
    return cells.flatMap((one: { cell_type: string; source: string | string[] }) =>
      one.cell_type === "code" ? [[one.source].flat().join("")] : [],
    );
  } catch {
    return [];
  }
}

const MOST_NAMED = 5;

/** `1, 2 and 3`; of many the first only, and how many more. */
function inWords(words: readonly (string | number)[]): string {
  const left = words.length - MOST_NAMED;
  const some = left > 0 ? [...words.slice(0, MOST_NAMED), `${left} more`] : words;
  return some.length < 2 ? some.join("") : `${some.slice(0, -1).join(", ")} and ${some.at(-1)}`;
}

/** What to do about names that no cell has declared yet: once for all of them, since the same will bring all. */
function whereDeclared(names: readonly string[], notebook?: string): string {
  const declared = notebookCells(notebook).map((source) =>
    declaredNames(parse(source)).map(({ text }) => text),
  );
  const cells = names.map((name) => declared.findIndex((some) => some.includes(name)) + 1);
  const found = [...new Set(cells.filter((cell) => cell > 0))].sort((a, b) => a - b);
  const known = inWords(names.filter((_, at) => cells[at] !== 0));
  const [one] = found;
  if (one === undefined) {
    const what =
      names.length === 1
        ? "Is it a name of an earlier cell? Then run that first"
        : `Are ${inWords(names)} names of earlier cells? Then run those first`;
    return `${what}: Run > Run All Above Selected Cell`;
  }
  const them = names.length === 1 ? "it" : known;
  return found.length === 1
    ? `Code cell ${one} of this notebook declares ${them} and has not run: run it first, or Run > Run All Above` +
        " Selected Cell. Cells that need each other are one cell"
    : `Code cells ${inWords(found)} of this notebook declare ${them} and have not run: Run > Run All Above` +
        " Selected Cell";
}

function messageOf(at: ts.Diagnostic): string {
  if (at.code === NOT_ERASABLE)
    return "Node strips the types of a module and adds nothing: no enum, no namespace here";
  return ts
    .flattenDiagnosticMessageText(at.messageText, "\n")
    .replace(/import\("[^"]*\/\$cell[^"]*"\)\./g, "");
}

function unknownName({ code, message }: Fault): string | undefined {
  return UNKNOWN_NAME.has(code) ? /'([^']+)'/.exec(message)?.[1] : undefined;
}

/** The faults, with what to do about all unknown names at the first of them. */
function advised(found: readonly Fault[], notebook?: string): Fault[] {
  const names = found.map(unknownName);
  const unknown = [...new Set(names.filter((name) => name !== undefined))];
  const first = names.findIndex((name) => name !== undefined);
  return found.map((one, at) => (at === first ? { ...one, advice: whereDeclared(unknown, notebook) } : one));
}

/** A diagnostic as its reader sees it; `before` is the length of what the kernel wrote before the cell. */
function fault(at: ts.Diagnostic, cell: ts.SourceFile, before: number): Fault {
  const file = at.file ?? cell;
  const isCell = file === cell;
  const end = file.text.trimEnd().length;
  // What is missing at the end of a cell is missing on its last line.
  const start = Math.max(Math.min(at.start ?? 0, end), isCell ? before : 0);
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  return {
    message: messageOf(at),
    code: at.code,
    ...(isCell ? {} : { file: file.fileName }),
    line: line + (isCell ? 0 : 1),
    column: character + 1,
    length: at.length ?? 1,
    text: file.text.split("\n")[line] ?? "",
  };
}

/** All that is wrong with a cell; of wrong syntax only the first, since the rest mostly follows from it. */
export function faults(
  found: readonly ts.Diagnostic[],
  cell: ts.SourceFile,
  before: number,
  notebook?: string,
): Fault[] {
  const source = cell.text.slice(before);
  const isSyntax = found.some(({ code }) => code < 2000);
  const shown = advised(
    (isSyntax ? found.slice(0, 1) : found).map((at) => fault(at, cell, before)),
    notebook,
  );
  const elsewhere = ELSEWHERE.find(([pattern]) => (isSyntax || pattern !== JSX) && pattern.test(source));
  const [first] = shown;
  return elsewhere && first ? [{ ...first, message: elsewhere[1], advice: "" }] : shown;
}
