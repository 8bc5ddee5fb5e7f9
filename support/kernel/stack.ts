import { SourceMap } from "node:module";

/** This folder as stacks have it: as an address, in which a space is `%20`. */
const OWN = new URL(".", import.meta.url).href;
const POSITION = /(In \[\d+\]):(\d+):(\d+)/;
/** What {@link inWords} writes. */
const PLACE = /(In \[\d+\]), line (\d+), column (\d+)/;

/** A place in a cell as its reader sees it; lines and columns count from 1. */
export interface Place {
  cell: string;
  line: number;
  column: number;
}

interface Source {
  text: string;
  map: SourceMap;
  /** Lines of ours before the reader's first. */
  before: number;
}

/** What foreign code gives, or `otherwise` when it throws: every member of an error may be a getter. */
export function safely<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

const sources = new Map<string, Source>();

/** The name of a cell's script: what stacks call it. */
export const scriptName = (count: number): string => `In [${count}]`;

/**
 * Notes how a cell's JavaScript leads back to its TypeScript.
 *
 * @param map the source map, as JSON
 * @param before lines that stand before the reader's first in what the map calls the source
 */
export function noteSource(cell: string, text: string, map: string, before: number): void {
  sources.set(cell, { text, map: new SourceMap(JSON.parse(map)), before });
}

/** A line of a cell's TypeScript, as its reader wrote it; undefined when there is none. */
export function sourceLine(place: Place): string | undefined {
  return sources.get(place.cell)?.text.split("\n")[place.line - 1];
}

/** The place in a cell that a position in its JavaScript comes from. */
export function original(cell: string, line: number, column: number): Place {
  const source = sources.get(cell);
  if (source === undefined) return { cell, line, column };
  const entry = source.map.findEntry(line - 1, column - 1);
  if (!("originalLine" in entry)) return { cell, line, column };
  return { cell, line: entry.originalLine + 1 - source.before, column: entry.originalColumn + 1 };
}

/** A place in words: `In [3], line 2, column 5`. */
export const inWords = ({ cell, line, column }: Place): string => `${cell}, line ${line}, column ${column}`;

/** The version in a local module's address. */
const VERSION = /\?cell=\d+/;

function readable(frame: string): string {
  return frame
    .replace(VERSION, "")
    .replace(POSITION, (_all, cell: string, line: string, column: string) =>
      inWords(original(cell, Number(line), Number(column))),
    );
}

const isOwn = (frame: string): boolean => frame.includes(OWN) || frame.includes("node:vm:");

/** As the engine does it, also for what is no error: `console.trace` makes an object with a name and a message. */
const errorText = Error.prototype.toString;

function heading(error: Error): string {
  return safely(() => Reflect.apply(errorText, error, []), "an error that can't be shown");
}

/**
 * The text of `error.stack` in this process: places in cells as their reader sees them, and nothing of the kernel
 * that ran the cell.
 */
export function stackText(error: Error, frames: readonly NodeJS.CallSite[]): string {
  const all = frames.map(String).filter((frame) => !isOwn(frame));
  const last = all.findLastIndex((frame) => POSITION.test(frame));
  const kept = last < 0 ? all : all.filter((frame, at) => at <= last || !frame.includes("node:internal"));
  return [heading(error), ...kept.map((frame) => `    at ${readable(frame)}`)].join("\n");
}

/** Makes every `error.stack` of this process readable, from now on. */
export function readableStacks(): void {
  Error.prepareStackTrace = stackText;
}

/** Whether a frame, as {@link readersFrames} gives it, is in a cell. */
export const isInCell = (frame: string): boolean => PLACE.test(frame);

/** Takes a stack apart: the place in a cell of its first frame that has one, and the reader's own frames. */
export function readersFrames(stack: string): { place: Place | undefined; frames: string[] } {
  const frames = stack
    .split("\n")
    .filter((line) => /^ {4}at /.test(line))
    .filter((line) => !/node_modules|node:|\(native\)|<anonymous>\)$/.test(line));
  const places = frames.map((line) => PLACE.exec(line));
  const [, cell, line, column] = places.find((found) => found !== null) ?? [];
  const place = cell ? { cell, line: Number(line), column: Number(column) } : undefined;
  return { place, frames };
}
