import { showHtml } from "../display/display.ts";
import { escapeHtml } from "../display/escape.ts";
import { idsOf, lessonsWithExercises, titleOf } from "./content.ts";
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
      first.set(note.prediction, note.guess.replace(/\s/g, "") === note.came.replace(/\s/g, ""));
  return { made: first.size, held: [...first.values()].filter(Boolean).length };
}

const lessonOf = (id: string): string => id.split("-")[0] ?? id;

const MARKS = { solved: "✓", tried: "◐", open: "☐" } as const;

/** The same as lines for a terminal, one for each exercise, and a last one that counts. */
export function progressLines(notes: readonly Note[]): string[] {
  const rows = progressRows(notes);
  const count = (state: Row["state"]): number => rows.filter((row) => row.state === state).length;
  const { made, held } = predictionCounts(notes);
  return [
    ...rows.map(({ id, title, state, tries, said }) =>
      [
        `${MARKS[state]} ${id}  ${title}`,
        ...(state === "tried" ? [`tried ${tries === 1 ? "once" : `${tries} times`}; last: ${said}`] : []),
      ].join("  · "),
    ),
    `${count("solved")} solved, ${count("tried")} tried, ${count("open")} open; ${made === 0 ? "no predictions yet" : `of ${made} predictions ${held} held at the first try`}`,
  ];
}

function table(rows: readonly Row[]): string {
  const lessons = Map.groupBy(rows, ({ id }) => lessonOf(id));
  const line = ([lesson, own]: [string, Row[]]): string => {
    const cells = own.map(({ id, title, state, said }) => {
      const words = [title, state, said].filter((word) => word !== "").join(": ");
      return `<span title="${escapeHtml(words)}">${MARKS[state]} ${escapeHtml(id)}</span>`;
    });
    return `<tr><th scope="row">${escapeHtml(lesson)}</th><td>${cells.join(" · ")}</td></tr>`;
  };
  return `<table><thead><tr><th>lesson</th><th>exercises</th></tr></thead><tbody>${[...lessons].map(line).join("")}</tbody></table>`;
}

/**
 * Shows how far the reader of this copy is: exercises solved, tried and open, lesson by lesson, and how many predictions held.
 * Where it is nobody's copy, all is open.
 *
 * @example
 * progress();
 */
export function progress(): void {
  const path = progressFile();
  const notes = path === undefined ? [] : readProgress(path);
  const lines = progressLines(notes);
  showHtml(`${table(progressRows(notes))}<p>${escapeHtml(lines.at(-1) ?? "")}</p>`, lines.join("\n"));
}
