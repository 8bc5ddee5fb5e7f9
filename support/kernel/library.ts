/**
 * The language's own types as one file. TypeScript has them in some eighty, and a program looks at each of its files
 * whenever a cell imports something else than the one before: with one, that takes half the time.
 */
import { readFileSync } from "node:fs";

const NEWEST = "esnext";
const REFERENCE = /^\/\/\/ <reference lib="([^"]+)" \/>$/gm;
/** What is in the scope of a module can't be put together with others. */
const MODULE = /^export\b/m;

/** The files of a library. */
export interface Library {
  /** Where the one file would be. */
  path: string;
  /** The text of a file of the library; undefined for any other file. */
  read(path: string): string | undefined;
}

/** A text that refers to no library, since it is there already. */
export function withoutReferences(text: string): string {
  return text.replace(REFERENCE, "");
}

/** Puts the library together that TypeScript has in this folder, whose path it writes with `/`. */
export function libraryIn(folder: string): Library {
  const path = `${folder}/lib.together.d.ts`;
  const texts = new Map<string, string>();
  const together: string[] = [];
  const modules: string[] = [];
  /**
   * In TypeScript's order, since of an interface's methods the last declared is asked first: a year's file (`es2020`) is nothing
   * but its parts, as it names them; a part (`es2020.bigint`) comes before others that it needs.
   */
  function add(name: string): void {
    const from = `${folder}/lib.${name}.d.ts`;
    if (texts.has(from)) return;
    texts.set(from, "");
    const text = readFileSync(from, "utf8");
    if (MODULE.test(text)) {
      modules.push(`/// <reference lib="${name}" />\n`);
      texts.set(from, withoutReferences(text));
    } else together.push(withoutReferences(text));
    for (const [, other = ""] of text.matchAll(REFERENCE)) add(other);
  }
  add(NEWEST);
  texts.set(path, [...modules, ...together].join(""));
  return { path, read: (asked) => texts.get(asked) };
}
