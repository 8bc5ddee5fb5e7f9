import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What is noted: an exercise that was tried, or a prediction that was made. */
export type Note =
  | { exercise: string; solved: true }
  | { exercise: string; solved: false; said: string }
  | { prediction: string; guess: string; came: string };

/** The file that makes a folder a reader's own copy of the lessons. */
const MARK = ".copies.json";
/** Beside it: a line of JSON for each note, in the order in which they came. */
const FILE = "progress.jsonl";

/** The file of the reader whose lesson runs here; undefined where it is no reader's copy. */
export function progressFile(folder = process.cwd()): string | undefined {
  if (existsSync(join(folder, MARK))) return join(folder, FILE);
  const above = dirname(folder);
  return above === folder ? undefined : progressFile(above);
}

/** Adds a note to the reader's file. Where there is none, or it can't be written, nothing is noted and nothing fails. */
export function noteProgress(note: Note, folder = process.cwd()): void {
  const path = progressFile(folder);
  if (path === undefined) return;
  try {
    appendFileSync(path, `${JSON.stringify({ at: new Date().toISOString(), ...note })}\n`);
  } catch (error) {
    console.log(
      `Your progress could not be noted in ${path}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function isNote(value: unknown): value is Note & { at: string } {
  if (typeof value !== "object" || value === null || !("at" in value) || typeof value.at !== "string")
    return false;
  if ("exercise" in value) return typeof value.exercise === "string" && "solved" in value;
  return "prediction" in value && "guess" in value && "came" in value;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** All notes of a reader, in order; a line that is no note is passed over. */
export function readProgress(path: string): (Note & { at: string })[] {
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  return text.split("\n").map(parsed).filter(isNote);
}
