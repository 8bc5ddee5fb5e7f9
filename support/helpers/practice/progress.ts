import { dirname, relative } from "node:path";
import { showHtml } from "../display/display.ts";
import { escapeHtml } from "../display/escape.ts";
import { idsOf, lessonsWithExercises, titleOf } from "./content.ts";
import { lessonOf } from "./lessons.ts";
import { isSameAnswer } from "./predict.ts";
import { type Note, progressFile, readProgress } from "./progress-file.ts";

/** How far a reader is with one exercise. */
export interface Row {
  id: string;
  title: string;
  state: "solved" | "tried" | "open";
  /** How many times it was tried, the one that solved it included. */
  tries: number;
  /** What the last try was told, where it did not solve it. */
  said: string;
}

/** How far a reader is, exercise by exercise: once solved stays solved. */
export function progressRows(notes: readonly Note[]): Row[] {
  return lessonsWithExercises()
    .flatMap(idsOf)
    .map((id) => {
      const own = notes.filter((note) => "exercise" in note && note.exercise === id);
      const solved = own.some((note) => "solved" in note && note.solved);
      const last = own.at(-1);
      return {
        id,
        title: titleOf(id),
        state: solved ? "solved" : own.length > 0 ? "tried" : "open",
        tries: own.length,
        said: !solved && last && "said" in last ? last.said : "",
      };
    });
}

/** How many predictions a reader has made, and how many of them came out so. */
export function predictionCounts(notes: readonly Note[]): { made: number; held: number } {
  const first = new Map<string, boolean>();
  for (const note of notes)
    if ("prediction" in note && !first.has(note.prediction))
      first.set(note.prediction, isSameAnswer(note.guess, note.came));
  return { made: first.size, held: [...first.values()].filter(Boolean).length };
}

const MARKS = { solved: "✓", tried: "◐", open: "☐" } as const;

/** What is said where nothing is noted: these words do not change when exercises are added. */
export const NOBODYS =
  "Nothing is noted here: these are not your own lessons. `make lab`, in a terminal, opens your copy, which keeps your progress.";

/** The exercises of one lesson. */
interface Part {
  /** What exercises call the lesson: `c03`, `07`. */
  key: string;
  rows: Row[];
  solved: number;
}

function parts(all: readonly Row[]): Part[] {
  const lessons = Map.groupBy(all, ({ id }) => id.split("-")[0] ?? id);
  return [...lessons].map(([key, rows]) => ({
    key,
    rows,
    solved: rows.filter(({ state }) => state === "solved").length,
  }));
}

const triedWords = ({ tries, said }: Row): string =>
  `tried ${tries === 1 ? "once" : `${tries} times`}; last: ${said}`;

/** How many exercises are solved, tried and open, and how many predictions held. */
function sum(rows: readonly Row[], notes: readonly Note[]): string {
  const count = (state: Row["state"]): number => rows.filter((row) => row.state === state).length;
  const { made, held } = predictionCounts(notes);
  const predictions =
    made === 0
      ? "no predictions yet"
      : `of ${made} ${made === 1 ? "prediction" : "predictions"} ${held} held at the first try`;
  return `${count("solved")} solved, ${count("tried")} tried, ${count("open")} open; ${predictions}`;
}

/** The same as lines for a terminal: each lesson with a line for each of its exercises, and a last one that counts. */
export function progressLines(notes: readonly Note[]): string[] {
  const line = (row: Row): string => {
    const tried = row.state === "tried" ? ` · ${triedWords(row)}` : "";
    return `  ${MARKS[row.state]} ${row.id}  ${row.title}${tried}`;
  };
  const all = progressRows(notes);
  const lines = parts(all).flatMap(({ key, rows, solved }) => [
    `${lessonOf(key)?.title ?? key}: ${solved} of ${rows.length}`,
    ...rows.map(line),
  ]);
  return [...lines, sum(all, notes)];
}

// In JupyterLab the cells of an output's table are aligned to the right.
const LEFT = 'style="text-align: left"';
const HEAD = `<thead><tr><th ${LEFT}>lesson</th><th ${LEFT}>solved</th><th ${LEFT}>exercises</th></tr></thead>`;
const SIGNS = `<p>${MARKS.solved} solved · ${MARKS.tried} tried · ${MARKS.open} open</p>`;

/** @param up the way from the running lesson to the folder of all lessons */
function tableRow({ key, rows, solved }: Part, up: string): string {
  const lesson = lessonOf(key);
  const name = escapeHtml(lesson?.title ?? key);
  const link = lesson === undefined ? name : `<a href="${escapeHtml(`${up}${lesson.file}`)}">${name}</a>`;
  const marks = rows.map(({ id, title, state }) => {
    const words = escapeHtml(`${title}: ${state}`);
    return `<span title="${words}" style="white-space: nowrap">${MARKS[state]}&nbsp;${escapeHtml(id)}</span>`;
  });
  return `<tr><th scope="row" ${LEFT}>${link}</th><td ${LEFT}>${solved} of ${rows.length}</td><td ${LEFT}>${marks.join(" ")}</td></tr>`;
}

/** A table of all lessons that have exercises, what the tried ones were told last, and the sum. */
export function progressHtml(notes: readonly Note[], up: string): string {
  const all = progressRows(notes);
  const lines = parts(all).map((part) => tableRow(part, up));
  const tried = all.filter(({ state }) => state === "tried");
  const items = tried.map((row) => `<li>${escapeHtml(`${row.id}, ${row.title}: ${triedWords(row)}`)}</li>`);
  const list = items.length === 0 ? "" : `<ul>${items.join("")}</ul>`;
  return `<table>${HEAD}<tbody>${lines.join("")}</tbody></table>${SIGNS}${list}<p>${escapeHtml(sum(all, notes))}</p>`;
}

/**
 * Shows how far the reader of this copy is: exercises solved, tried and open, lesson by lesson, and how many predictions held.
 * Where it is nobody's copy, it says that nothing is noted.
 *
 * @example
 * progress();
 */
export function progress(): void {
  const path = progressFile();
  if (path === undefined) {
    console.log(NOBODYS);
    return;
  }
  const notes = readProgress(path);
  const way = relative(process.cwd(), dirname(path));
  showHtml(progressHtml(notes, way === "" ? "" : `${way}/`), progressLines(notes).join("\n"));
}
