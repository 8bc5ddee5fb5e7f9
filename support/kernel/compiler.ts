/** From the cells' TypeScript to JavaScript, cell after cell: what the compiler's thread does. */
import { cellTransformer } from "./bindings.ts";
import { type Completions, completions, type Inspection, inspection } from "./editor.ts";
import { type Fault, faults } from "./faults.ts";
import { declaredNames, isAugmenting, type Known, prelude } from "./names.ts";
import { createPrograms, parse, ts, wrongSyntax } from "./typescript.ts";

/** What a compiler knows of its kernel: where relative imports start, and the notebook's file, where Jupyter names one. */
export interface Place {
  folder: string;
  notebook: string | undefined;
}

/** A cell that can be run. */
export interface Compiled {
  /** JavaScript: the body of an async function with the parameters of `bindings.ts`. */
  code: string;
  /** Its source map, as JSON. */
  map: string;
}

/** What can be asked of the compiler. */
export interface Compiler {
  /** A cell as JavaScript, or what is wrong with it. What it declares is known to the cells compiled after it. */
  compile(source: string): { compiled: Compiled } | { faults: Fault[] };
  complete(source: string, position: number): Completions;
  inspect(source: string, position: number): Inspection | undefined;
  /** Whether a cell can be run as it is, or needs more lines (and how far the next one is indented). */
  completeness(source: string): { status: "complete" | "invalid" } | { status: "incomplete"; indent: string };
  /** Lets go of what it holds; nothing may be asked after it. */
  end(): void;
}

/** A cell that was compiled, for when it is run again. */
interface Done {
  compiled: Compiled;
  /** The name under which others import what it declares. */
  name: string;
  /** How many names functions had captured by then: a loop works on copies of the others. */
  captured: number;
}

/** A reader who wants no types says so at the head of the cell, as in any file. */
const UNCHECKED = /^\s*\/\/\s*@ts-nocheck\b/;

/**
 * The compiler of a kernel, with no cells yet.
 *
 * @param isStopped whether nobody waits any more for what it compiles; it asks from function to function, and gives up
 */
export function createCompiler(place: Place, isStopped: () => boolean): Compiler {
  const stop: ts.CancellationToken = {
    isCancellationRequested: isStopped,
    throwIfCancellationRequested() {
      if (isStopped()) throw new ts.OperationCanceledException();
    },
  };
  const programs = createPrograms(place.folder);
  const known = new Map<string, Known>();
  const captured = new Set<string>();
  const augmenting: string[] = [];
  /** By all that the compiler reads of a cell: its source, and the line before it, which names each cell that it is told of. */
  const done = new Map<string, Done>();
  let count = 0;

  function before(source: string): string {
    const file = parse(source);
    return prelude(file, declaredNames(file), known, augmenting);
  }

  return {
    compile(source) {
      const file = parse(source);
      const own = declaredNames(file);
      const head = prelude(file, own, known, augmenting);
      const same = done.get(head + source);
      if (same?.captured === captured.size) {
        for (const { text, shape } of own) known.set(text, { cell: same.name, shape });
        return { compiled: same.compiled };
      }
      const cell = programs.check(head + source, stop);
      const found = cell.diagnostics(!UNCHECKED.test(source));
      if (found.length > 0) return { faults: faults(found, cell.file, head.length, place.notebook) };
      const bound = { checker: cell.checker, file: cell.file, start: head.length, known };
      const compiled = cell.emit(cellTransformer(bound, captured));
      count += 1;
      const name = `$cell-${count}`;
      programs.keep(name, head + source);
      for (const { text, shape } of own) known.set(text, { cell: name, shape });
      if (isAugmenting(file)) augmenting.push(name);
      if (cell.isSettled) done.set(head + source, { compiled, name, captured: captured.size });
      return { compiled };
    },
    complete(source, position) {
      const head = before(source);
      return completions(programs.edit(head + source), source, head.length, position, known);
    },
    inspect(source, position) {
      const head = before(source);
      return inspection(programs.edit(head + source), source, head.length, position);
    },
    completeness(source) {
      const [wrong] = wrongSyntax(source);
      if (wrong === undefined) return { status: "complete" };
      if ((wrong.start ?? 0) < source.trimEnd().length) return { status: "invalid" };
      const line = source.split("\n").at(-1) ?? "";
      return { status: "incomplete", indent: /^\s*/.exec(line)?.[0] + (/[{[(]\s*$/.test(line) ? "  " : "") };
    },
    end: programs.end,
  };
}
