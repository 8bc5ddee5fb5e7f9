import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, mock, test } from "node:test";
import { lessonsWithExercises } from "../../../support/helpers/practice/content.ts";
import { lessonOf } from "../../../support/helpers/practice/lessons.ts";
import {
  NOBODYS,
  predictionCounts,
  progress,
  progressHtml,
  progressLines,
  progressRows,
} from "../../../support/helpers/practice/progress.ts";
import { noteProgress, progressFile, readProgress } from "../../../support/helpers/practice/progress-file.ts";

let folder = "";
let inside = "";
let printed: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tsasync-progress-"));
  inside = join(folder, "examples");
  mkdirSync(inside);
  printed = [];
  mock.method(console, "log", (text: string) => printed.push(text));
});
afterEach(() => {
  mock.restoreAll();
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

const makeCopy = (): void => writeFileSync(join(folder, ".copies.json"), "{}");

test("in a reader's copy each try is a line of the copy's file, in its order", () => {
  makeCopy();
  noteProgress({ exercise: "02-a", solved: false, said: "3 requests" }, inside);
  noteProgress({ exercise: "02-a", solved: true }, inside);
  noteProgress({ prediction: "02-ten", guess: "3 s", came: "30 s" }, folder);
  const path = progressFile(inside) ?? "";
  assert.equal(path, join(folder, "progress.jsonl"));
  assert.equal(readFileSync(path, "utf8").trim().split("\n").length, 3);
  const notes = readProgress(path);
  assert.deepEqual(
    notes.map(({ at, ...note }) => note),
    [
      { exercise: "02-a", solved: false, said: "3 requests" },
      { exercise: "02-a", solved: true },
      { prediction: "02-ten", guess: "3 s", came: "30 s" },
    ],
  );
  assert.ok(notes.every(({ at }) => !Number.isNaN(Date.parse(at))));
});

test("outside a copy nothing is noted", () => {
  noteProgress({ exercise: "02-a", solved: true }, inside);
  assert.equal(progressFile(inside), undefined);
  assert.deepEqual(printed, []);
});

test("a file that can't be written fails nothing, and says so", () => {
  makeCopy();
  mkdirSync(join(folder, "progress.jsonl"));
  noteProgress({ exercise: "02-a", solved: true }, inside);
  assert.match(printed.join(), /^Your progress could not be noted in .*progress\.jsonl: EISDIR/);
});

test("a line that is no note is passed over, and the others count", () => {
  const path = join(folder, "progress.jsonl");
  const note = JSON.stringify({ at: "2026-01-01T00:00:00Z", exercise: "02-a", solved: true });
  writeFileSync(path, `{\n${note}\n[]\nnull\n{"at": 3}\n{"at": "x", "prediction": 2}\n${note.slice(0, 20)}`);
  assert.equal(readProgress(path).length, 1);
  assert.deepEqual(readProgress(join(folder, "none")), []);
});

test("what was solved once stays solved, and what was tried says what it was told last", () => {
  const rows = progressRows([
    { exercise: "02-a", solved: false, said: "one" },
    { exercise: "02-a", solved: true },
    { exercise: "02-a", solved: false, said: "again" },
    { exercise: "02-b", solved: false, said: "two" },
    { exercise: "02-b", solved: false, said: "three" },
  ]);
  const of = (id: string): unknown => rows.find((row) => row.id === id);
  assert.deepEqual(of("02-a"), {
    id: "02-a",
    title: "The fastest of several",
    state: "solved",
    tries: 3,
    said: "",
  });
  assert.deepEqual(of("02-b"), {
    id: "02-b",
    title: "As soon as one is done",
    state: "tried",
    tries: 2,
    said: "three",
  });
  assert.deepEqual(of("02-c"), { id: "02-c", title: "A dashboard", state: "open", tries: 0, said: "" });
});

test("a prediction counts as it was made first", () => {
  const note = (prediction: string, guess: string, came: string) => ({ prediction, guess, came });
  const notes = [note("a", "3 s", "30 s"), note("a", "30 s", "30 s"), note("b", "30s", "30 s")];
  assert.deepEqual(predictionCounts(notes), { made: 2, held: 1 });
});

test("a terminal gets each lesson by its title, a line for each of its exercises, and one that counts", () => {
  const lines = progressLines([
    { exercise: "02-a", solved: true },
    { exercise: "02-b", solved: false, said: "it is late" },
  ]);
  const at = lines.indexOf("Simple coroutines: one request, a time-out, many at once: 1 of 3");
  assert.deepEqual(lines.slice(at + 1, at + 4), [
    "  ✓ 02-a  The fastest of several",
    "  ◐ 02-b  As soon as one is done · tried once; last: it is late",
    "  ☐ 02-c  A dashboard",
  ]);
  assert.match(lines.at(-1) ?? "", /^1 solved, 1 tried, \d+ open; no predictions yet$/);
});

test("a lesson is known by the key of its exercises, and where there is none, that is told", () => {
  assert.deepEqual(lessonOf("c01"), { title: "Why async?", file: "concepts/01-why-async.ipynb" });
  assert.equal(lessonOf("15")?.file, "beyond/15-cancellation.ipynb");
  assert.equal(lessonOf("99"), undefined);
  assert.ok(lessonsWithExercises().every((key) => (lessonOf(key)?.title ?? key) !== key));
});

test("the table links each lesson from where the running one is, and what was told is escaped below it", () => {
  const html = progressHtml([{ exercise: "02-b", solved: false, said: "<b>late</b>" }], "../");
  assert.match(html, /<a href="\.\.\/concepts\/01-why-async\.ipynb">Why async\?<\/a>/);
  assert.match(
    html,
    /<td[^>]*>0 of 3<\/td><td[^>]*><span title="The fastest of several: open"[^>]*>☐&nbsp;02-a<\/span>/,
  );
  assert.match(html, /<li>02-b, As soon as one is done: tried once; last: &lt;b&gt;late&lt;\/b&gt;<\/li>/);
});

test("progress shows the reader's own, and elsewhere says that nothing is noted", () => {
  mock.method(process, "cwd", () => inside);
  progress();
  assert.deepEqual(printed.splice(0), [NOBODYS]);
  makeCopy();
  noteProgress({ exercise: "02-b", solved: true }, inside);
  progress();
  assert.match(printed.join("\n"), /✓ 02-b {2}As soon as one is done/);
});
