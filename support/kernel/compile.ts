import ts from "@tslab/typescript-for-tslab";
import type { CompletionInfo, Diagnostic, SideOutput } from "tslab/dist/converter.js";
import { cellTransformer } from "./bindings.ts";
import { createConverter } from "./converter.ts";
import { withoutExports } from "./plain-cell.ts";

/** A cell that can be run. */
export interface Compiled {
  /** JavaScript, the body of a function with the parameters of `bindings.ts`; empty when there is nothing to run. */
  code: string;
  /** Its source map, as JSON. */
  map: string;
  /** Whether it awaits at its top level. */
  awaits: boolean;
  /** Local modules that it uses and that were compiled for it. */
  modules: readonly SideOutput[];
}

/** From the cells' TypeScript to JavaScript, cell after cell. */
export interface Compiler {
  /** A cell as JavaScript, or its type errors. What it declares is known to the cells compiled after it. */
  compile(source: string): { compiled: Compiled } | { errors: readonly Diagnostic[] };
  inspect(source: string, position: number): ts.QuickInfo | undefined;
  complete(source: string, position: number): CompletionInfo;
  /** Adds a module that a cell writes with tslab's `@module`. */
  addModule(name: string, source: string, isJsx: boolean): readonly Diagnostic[];
  close(): void;
}

/** Lines that tslab puts before a cell. */
export const LINES_BEFORE = 1;

/** The compiler of a kernel in the current folder. */
export function createCompiler(): Compiler {
  const captured = new Set<string>();
  const converter = createConverter({
    transformCell: (checker, cell, earlier) => cellTransformer({ ts, checker, cell, earlier }, captured),
  });
  let declarations = "";
  return {
    compile(source) {
      const { diagnostics, output, outputMap, declOutput, hasToplevelAwait, sideOutputs } = converter.convert(
        declarations,
        withoutExports(source),
      );
      if (diagnostics.length > 0) return { errors: diagnostics };
      declarations = declOutput ?? "";
      const compiled = {
        code: output ?? "",
        map: outputMap ?? "",
        awaits: hasToplevelAwait ?? false,
        modules: sideOutputs ?? [],
      };
      return { compiled };
    },
    inspect: (source, position) => converter.inspect(declarations, source, position),
    complete: (source, position) => converter.complete(declarations, source, position),
    addModule: (name, source, isJsx) => converter.addModule(name, source, isJsx ? { jsx: true } : {}),
    close: () => converter.close(),
  };
}
