import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileFunction } from "node:vm";
import type ts from "@tslab/typescript-for-tslab";
import { applyPatch } from "diff";
import type { Converter, ConverterOptions, ConvertResult } from "tslab/dist/converter.js";

const PATCHES = join(dirname(fileURLToPath(import.meta.url)), "patches");

/** What a patched converter can be given beside tslab's own options. */
export interface PatchedOptions extends ConverterOptions {
  transformCell: (
    checker: ts.TypeChecker,
    cell: ts.SourceFile,
    earlier: ts.SourceFile,
  ) => ts.TransformerFactory<ts.SourceFile>;
}

/** What a patched converter gives beside tslab's own result. */
export interface PatchedResult extends ConvertResult {
  /** The source map of `output`, as JSON. */
  outputMap?: string;
}

/** tslab's converter with our patches: from a cell's TypeScript to JavaScript. */
export interface PatchedConverter extends Converter {
  convert(declarations: string, source: string): PatchedResult;
}

interface ConverterModule {
  createConverter(options: PatchedOptions): PatchedConverter;
}

/** A patch does not fit tslab's code: another version than 1.0.22 is installed. */
export class PatchError extends Error {
  override readonly name = "PatchError";
  readonly code = "BAD_PATCH";

  constructor(patch: string, file: string) {
    super(`${patch} does not fit ${file}; install tslab 1.0.22 (npm ci) or mend the patch`);
  }
}

/** The text of a file of tslab with all patches applied, in the order of their names. */
export function patched(file: string, folder = PATCHES): string {
  let text = readFileSync(file, "utf8");
  for (const name of readdirSync(folder).sort()) {
    const next = applyPatch(text, readFileSync(join(folder, name), "utf8"));
    if (next === false) throw new PatchError(name, file);
    text = next;
  }
  return text;
}

function isConverterModule(loaded: object): loaded is ConverterModule {
  return "createConverter" in loaded && typeof loaded.createConverter === "function";
}

/**
 * A converter made of tslab's own code and our patches, which are applied in memory: the package stays as it was
 * installed, and the stock kernel with it.
 *
 * @throws PatchError
 */
export function createConverter(options: PatchedOptions): PatchedConverter {
  const require = createRequire(import.meta.url);
  const file = require.resolve("tslab/dist/converter.js");
  const parameters = ["exports", "require", "module", "__filename", "__dirname"];
  const loaded = { exports: {} };
  const run = compileFunction(patched(file), parameters, { filename: file });
  run(loaded.exports, createRequire(file), loaded, file, dirname(file));
  if (!isConverterModule(loaded.exports)) throw new PatchError("the last patch", file);
  return loaded.exports.createConverter(options);
}
