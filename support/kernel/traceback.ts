import { inspect } from "node:util";
import type { Fault } from "./faults.ts";
import { withoutBoxes } from "./scope.ts";
import { inWords, type Place, readersFrames, safely, sourceLine } from "./stack.ts";

/** An error as the Jupyter protocol wants it. `traceback` is what a front end shows. */
export interface ErrorContent {
  ename: string;
  evalue: string;
  traceback: string[];
}

const RED = "\u001b[31m";
const BOLD = "\u001b[1m";
const PLAIN = "\u001b[0m";
/** How deep causes are followed: a cause may lead back to its error. */
const DEEPEST = 5;

const red = (text: string): string => `${RED}${BOLD}${text}${PLAIN}`;

/** A line of a cell with marks below the part that is meant. */
function marked({ line, column }: Place, text: string, length: number): string[] {
  const number = String(line);
  const margin = text.slice(0, column - 1).replace(/[^\t]/g, " ");
  const width = Math.max(1, Math.min(length, text.length - column + 1));
  const below = `${RED}^${"~".repeat(width - 1)}${PLAIN}`;
  return [`  ${number} | ${text}`, `  ${" ".repeat(number.length)} | ${margin}${below}`];
}

function whereabouts(place: Place): string[] {
  const line = sourceLine(place);
  return [`${inWords(place)}:`, ...(line === undefined ? [] : marked(place, line, 1))];
}

/** What stands for a part of an error that throws when it is looked at. */
const HIDDEN = "(can't be shown)";

function nameOf(error: Error): string {
  const name: unknown = safely(() => error.name, "");
  return typeof name === "string" && name !== "" ? name : "Error";
}

const shown = (value: unknown): string =>
  safely(() => inspect(value, { depth: 1, breakLength: 100 }), HIDDEN);

/** What an error carries beside its message: `code`, for example. */
function extras(error: Error): string[] {
  const known = new Set(["name", "message", "stack", "cause", "errors"]);
  return safely(() => Object.keys(error), [])
    .map((name) => [name, safely((): unknown => Reflect.get(error, name), HIDDEN)] as const)
    .filter(([name, value]) => !known.has(name) && typeof value !== "function")
    .map(([name, value]) => `  ${name}: ${shown(value)}`);
}

function body(error: Error, depth: number): string[] {
  const stack: unknown = safely(() => error.stack, "");
  const { place, frames } = readersFrames(typeof stack === "string" ? stack : "");
  return [...(place ? whereabouts(place) : []), ...frames, ...extras(error), ...causes(error, depth)];
}

function causes(error: Error, depth: number): string[] {
  if (depth >= DEEPEST) return ["  …"];
  const errors: unknown[] = safely(() => (error instanceof AggregateError ? [...error.errors] : []), []);
  const cause = safely(() => error.cause, HIDDEN);
  const all = [
    ...(cause === undefined ? [] : [["Caused by: ", cause] as const]),
    ...errors.map((one, at) => [`Error ${at + 1} of ${errors.length}: `, one] as const),
  ];
  return all.flatMap(([label, one]) => {
    const { name, message } = heading(one);
    return ["", `${label}${red(name)}: ${message}`, ...(isError(one) ? body(one, depth + 1) : [])];
  });
}

const isError = (reason: unknown): reason is Error => safely(() => reason instanceof Error, false);

function heading(reason: unknown): { name: string; message: string } {
  if (isError(reason)) return { name: nameOf(reason), message: safely(() => String(reason.message), HIDDEN) };
  return { name: `Thrown ${typeof reason}`, message: shown(reason) };
}

/**
 * Whatever a cell threw: its name and message in red, the line of the cell that it comes from with a caret, the
 * reader's own frames, and its causes.
 */
export function errorContent(reason: unknown): ErrorContent {
  const { name, message } = heading(reason);
  const evalue = withoutBoxes(message);
  const rest = isError(reason) ? body(reason, 0) : [];
  return { ename: name, evalue, traceback: [`${red(name)}: ${evalue}`, ...rest] };
}

/** What the compiler found wrong with a cell, all of it, each with its line. */
export function typeErrors(cell: string, found: readonly Fault[]): ErrorContent {
  const traceback: string[] = [];
  let previous = "";
  for (const { file, line, column, length, message, advice, code, text } of found) {
    const place = { cell: file ?? cell, line, column };
    if (inWords(place) === previous) {
      traceback.push(`  ${message}`);
      continue;
    }
    previous = inWords(place);
    if (traceback.length > 0) traceback.push("");
    traceback.push(
      `${red("TypeScriptError")}: ${message} (TS${code})`,
      ...(advice ? [`  ${advice}`] : []),
      `${previous}:`,
      ...marked(place, text, length),
    );
  }
  const places = new Set(found.map(({ file, line, column }) => `${file}:${line}:${column}`)).size;
  const more = places > 1 ? ` (and ${places - 1} more)` : "";
  const [first] = found;
  const advice = first?.advice ? `\n  ${first.advice}` : "";
  return { ename: "TypeScriptError", evalue: `${first?.message ?? ""}${more}${advice}`, traceback };
}
