import { readdirSync, readFileSync } from "node:fs";
import { ArgumentError } from "../errors/support-error.ts";
import type { Check } from "./check-of.ts";

/** Where the exercises are: a folder for each lesson, with a text and a check for each exercise. */
const EXERCISES = new URL("../../exercises/", import.meta.url);

const ID = /^(c?\d\d)-([a-z])$/;

/** An exercise as its check needs it. */
export interface Exercise {
  id: string;
  title: string;
  check: Check;
}

/** The ids of a lesson's exercises, in order; none where there is no such lesson. */
export function idsOf(lesson: string): string[] {
  try {
    return readdirSync(new URL(`${lesson}/`, EXERCISES))
      .filter((name) => /^[a-z]\.md$/.test(name))
      .map((name) => `${lesson}-${name[0]}`)
      .sort();
  } catch {
    return [];
  }
}

/** The lessons that have exercises: `c01` to `c07` for the concepts, then the numbers of the others. */
export function lessonsWithExercises(): string[] {
  const names = readdirSync(EXERCISES).filter((name) => /^c?\d\d$/.test(name));
  return names.sort((a, b) => Number(b.startsWith("c")) - Number(a.startsWith("c")) || a.localeCompare(b));
}

/** The title of an exercise, from the first line of its text. */
export function titleOf(id: string): string {
  const [, lesson = "", letter = ""] = ID.exec(id) ?? [];
  const text = readFileSync(new URL(`${lesson}/${letter}.md`, EXERCISES), "utf8");
  return /^# .*?: (.*)$/m.exec(text)?.[1] ?? id;
}

const isCheck = (value: unknown): value is Check => typeof value === "function";

/** @throws ArgumentError (as a rejection) when there is no such exercise */
export async function loadExercise(id: string): Promise<Exercise> {
  const [, lesson, letter] = ID.exec(id) ?? [];
  const known = lesson === undefined ? lessonsWithExercises().flatMap(idsOf) : idsOf(lesson);
  if (lesson === undefined || letter === undefined || !known.includes(id))
    throw new ArgumentError("NO_SUCH_EXERCISE", "the exercise", id, `one of ${known.join(", ")}`);
  const module: unknown = await import(new URL(`${lesson}/${letter}.ts`, EXERCISES).href);
  const check: unknown = Reflect.get(Object(module), "check");
  if (!isCheck(check)) throw new ArgumentError("NO_CHECK", `the check of ${id}`, check, "checkOf(…)");
  return { id, title: titleOf(id), check };
}

/** Text of a file beside the exercises; undefined when there is none. */
export function readContent(path: string): string | undefined {
  try {
    return readFileSync(new URL(path, EXERCISES), "utf8");
  } catch {
    return undefined;
  }
}
