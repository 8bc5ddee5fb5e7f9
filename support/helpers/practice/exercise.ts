import { BUSY, FALSE } from "../checks/check.ts";
import { isBusyBetween, readLoad } from "../clock/machine-load.ts";
import { SupportError } from "../errors/support-error.ts";
import { textOf } from "../errors/text-of.ts";
import { timeline } from "../timeline/timeline.ts";
import { type Exercise, loadExercise } from "./content.ts";
import { createDesk } from "./desk.ts";
import { type Finding, NotYet } from "./finding.ts";
import { noteProgress } from "./progress-file.ts";

/** What came of checking an answer. */
export type Verdict =
  | { kind: "solved"; inputs: number; unseen: number }
  | { kind: "not yet"; finding: Finding }
  /** Other programs kept this one from its work: nothing is known. */
  | { kind: "busy" }
  /** The check itself is at fault. */
  | { kind: "fault"; error: unknown };

/** Another seed for each exercise, the same one each time. */
function seedOf(id: string): number {
  return [...id].reduce((seed, letter) => seed * 31 + (letter.codePointAt(0) ?? 0), 7);
}

/** How many times an answer is checked on a busy computer, until two of them agree. */
const MOST_CHECKS = 4;

/** One check of an answer. */
interface Checked {
  verdict: Verdict;
  /** Whether other programs kept this one from its work meanwhile. */
  busy: boolean;
  /** Whether the thread was held for long: code that runs for the first time is slow, and the next time it is not. */
  held?: boolean;
}

/** From how many lesson seconds on it is seen in a time of whole ones that the thread was held. */
const FELT_HOLD = 0.5;

function heldTheThread({ run }: Finding): boolean {
  const held = run === undefined ? [] : [run, ...run.tasks].flatMap(({ cpu }) => cpu);
  return held.some(({ start, end }) => end - start >= FELT_HOLD);
}

async function checkOnce({ id, check }: Exercise, answer: unknown, again: boolean): Promise<Checked> {
  const before = readLoad();
  const { desk, counts } = createDesk(seedOf(id), again);
  const verdict = await check(answer, desk).then(
    (): Verdict => ({ kind: "solved", ...counts }),
    (error: unknown): Verdict =>
      error instanceof NotYet ? { kind: "not yet", finding: error.finding } : { kind: "fault", error },
  );
  const after = readLoad();
  const busy = before !== undefined && after !== undefined && isBusyBetween(before, after);
  return { verdict, busy, held: verdict.kind === "not yet" && heldTheThread(verdict.finding) };
}

/**
 * What counts of checks on a computer that may be busy: a finding that was made on a busy one has to be made twice. What was
 * found while the thread was held for long has one excuse.
 *
 * @param check is told whether it has been made before: what an answer prints then has been printed already
 */
export async function agreed(check: (again: boolean) => Promise<Checked>): Promise<Verdict> {
  const seen = new Set<string>();
  for (let at = 0; at < MOST_CHECKS; at += 1) {
    const { verdict, busy, held } = await check(at > 0);
    if (verdict.kind !== "not yet") return verdict;
    // Each run has processes and threads of its own.
    const says = verdict.finding.says.replace(/\b(process|thread) \d+/g, "$1");
    const excused = busy || (held && at === 0);
    if (!excused || seen.has(says)) return verdict;
    seen.add(says);
  }
  return { kind: "busy" };
}

/**
 * Checks an answer. It does not throw, and leaves nothing running. What was found while other programs kept this one from its
 * work counts only when it is found again; an answer that held the thread for long is checked once more.
 */
export function judge(exercise: Exercise, answer: unknown): Promise<Verdict> {
  return agreed((again) => checkOnce(exercise, answer, again));
}

/** A finding in words, a line for each part. */
export function findingLines({ says, stage, idea, given }: Finding): string[] {
  const seen = given === undefined ? says : `with ${given}: ${says}`;
  return [
    `  ${stage === undefined ? "" : `${stage}, `}${seen}`,
    ...(idea === undefined ? [] : [`  Perhaps: ${idea}`]),
  ];
}

function passed({ inputs, unseen }: { inputs: number; unseen: number }): string {
  if (inputs === 0) return "solved";
  return `solved, with ${inputs} ${inputs === 1 ? "input" : "inputs"}${unseen === 0 ? "" : `, ${unseen} of them unseen`}`;
}

async function load(id: string): Promise<Exercise | undefined> {
  try {
    return await loadExercise(id);
  } catch (error) {
    console.error(`✗ ${textOf(error)}`);
    return undefined;
  }
}

/**
 * Checks a reader's answer to an exercise: runs it with the inputs that the text names and with others, within a budget of time
 * and steps, and looks at what the recording and the server saw. It says `✓` and that it is solved, or `☐ … not yet`, the
 * first thing that it found with the measured value, the idea that likely led there, and the run's timeline where there is one.
 *
 * It never throws, and what the answer has left running is ended. A loop that never ends, a chain of promises that never ends, a promise that
 * never settles end in such a sentence too (a held thread on our kernel only). A reader's own copy of the lessons notes what came of it for
 * `progress()`.
 *
 * Cancellation: an interrupt of the cell ends it.
 *
 * @example
 * const fastest = (delays: number[]): number => Math.min(...delays);
 * await exercise("02-a", fastest);
 * @param id the lesson and a letter, as the text has it
 * @param answer the function that the text asks for
 */
export async function exercise(id: string, answer: unknown): Promise<void> {
  const asked = await load(id);
  if (asked === undefined) return;
  const what = `${id}, ${asked.title}`;
  const verdict = await judge(asked, answer);
  if (verdict.kind === "fault")
    return console.error(`✗ the check of ${what} fails: ${textOf(verdict.error)}`);
  if (verdict.kind === "busy") return console.error(`↻ ${what}: ${BUSY}`);
  noteProgress({
    exercise: id,
    ...(verdict.kind === "solved" ? { solved: true } : { solved: false, said: verdict.finding.says }),
  });
  if (verdict.kind === "solved") return console.log(`✓ ${what}: ${passed(verdict)}`);
  console.log([`☐ ${what}: not yet`, ...findingLines(verdict.finding)].join("\n"));
  if (verdict.finding.run) timeline(verdict.finding.run, { title: "Your run" });
}

/**
 * Shows that a lesson's own solution passes: `✓` or, to stderr, `✗` with the finding. Nothing is noted: looking at a solution
 * solves nothing.
 *
 * @example
 * const fastestOnly = (delays: number[]): number => Math.min(...delays);
 * await solution("02-a", fastestOnly);
 */
export async function solution(id: string, answer: unknown): Promise<void> {
  const asked = await load(id);
  if (asked === undefined) return;
  const verdict = await judge(asked, answer);
  if (verdict.kind === "solved") return console.log(`✓ ${id}, this solution: ${passed(verdict)}`);
  if (verdict.kind === "busy") return console.error(`↻ ${id}, this solution: ${BUSY}`);
  const why =
    verdict.kind === "fault" ? textOf(verdict.error) : findingLines(verdict.finding).join(" ").trim();
  console.error(`✗ ${id}, this solution passes (${why}): ${FALSE}`);
}

/** An answer that is to be graded does not do. */
export class NotSolvedError extends SupportError {}

/**
 * Checks an answer for a grade: returns when it is solved and throws otherwise, so that a grader that looks for errors gives no points.
 *
 * @example
 * const handedIn = (delays: number[]): number => Math.min(...delays);
 * await grade("02-a", handedIn);
 * @throws NotSolvedError (as a rejection) with the finding; also when the computer was too busy to tell
 */
export async function grade(id: string, answer: unknown): Promise<void> {
  const asked = await loadExercise(id);
  const verdict = await judge(asked, answer);
  if (verdict.kind === "solved") return console.log(`✓ ${id}: ${passed(verdict)}`);
  if (verdict.kind === "fault") throw verdict.error;
  const why = verdict.kind === "busy" ? [BUSY] : findingLines(verdict.finding);
  throw new NotSolvedError("NOT_SOLVED", [`${id}, ${asked.title}: not yet`, ...why].join("\n"), answer);
}
