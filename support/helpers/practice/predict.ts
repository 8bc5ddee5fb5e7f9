import { BUSY, FALSE } from "../checks/check.ts";
import { wasBusy } from "../clock/machine-load.ts";
import { ArgumentError } from "../errors/support-error.ts";
import { readContent } from "./content.ts";
import { noteProgress } from "./progress-file.ts";

/** What a lesson knows of one prediction: what comes out, and the other answers with the ideas that lead to them. */
export interface Prediction {
  answer: string;
  others: Readonly<Record<string, string>>;
}

/** The word that a prediction has before a reader changes it. */
export const OPEN = "?";

const guesses = new Map<string, string>();

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

function isPrediction(value: unknown): value is Prediction {
  if (!isRecord(value) || typeof value.answer !== "string" || !isRecord(value.others)) return false;
  return Object.values(value.others).every((idea) => typeof idea === "string");
}

/** @throws ArgumentError when the lesson asks for no such prediction */
export function predictionOf(id: string): Prediction {
  const [lesson] = id.split("-");
  const all: unknown = JSON.parse(readContent(`${lesson}/predictions.json`) ?? "{}");
  const found: unknown = isRecord(all) ? all[id] : undefined;
  if (isPrediction(found)) return found;
  const known = isRecord(all) ? Object.keys(all).join(", ") : "";
  throw new ArgumentError(
    "NO_SUCH_PREDICTION",
    "the prediction",
    id,
    known === "" ? "one that there is" : `one of ${known}`,
  );
}

const plain = (word: string): string => word.toLowerCase().replace(/[\s,;.]+/g, "");

/** Whether two answers are the same, written in one way or another. */
export const isSameAnswer = (one: string, other: string): boolean => plain(one) === plain(other);

/** What is said of a prediction once it has come out. */
export function comparison({ answer, others }: Prediction, guess: string, measured: string): string {
  const came = `→ ${measured}`;
  if (isSameAnswer(guess, OPEN) || isSameAnswer(guess, "")) return `${came}. You made no prediction.`;
  if (isSameAnswer(guess, measured)) return `${came}, as you predicted.`;
  const idea = Object.entries(others).find(([word]) => isSameAnswer(word, guess))?.[1];
  if (idea !== undefined) return `${came}. You predicted ${guess}. ${idea}`;
  const choices = [answer, ...Object.keys(others)].sort();
  return `${came}. You predicted ${guess}, which is none of: ${choices.join(" · ")}.`;
}

/**
 * Commits to a prediction before the run. Readers put their word in the place of `"?"`; who leaves it open is not held up.
 *
 * @example
 * predict("02-ten", "?");
 * @param id the lesson, and what is asked
 * @param guess one of the choices that the question names, or another number or order
 * @throws ArgumentError when the lesson asks for no such prediction
 */
export function predict(id: string, guess: string | number): void {
  predictionOf(id);
  guesses.set(id, String(guess));
}

/**
 * Tells what came out, and whether it was predicted; where it was not, the idea that leads to that prediction. It is a claim too:
 * when something else comes out than the lesson says, that goes to stderr.
 *
 * @example
 * const ten = await record(() => sleep(30));
 * outcome("02-ten", `${whole(ten.makespan)} s`);
 * @param measured what the run gave, in the words of the choices
 * @throws ArgumentError when the lesson asks for no such prediction
 */
export function outcome(id: string, measured: string | number): void {
  const prediction = predictionOf(id);
  const came = String(measured);
  const guess = guesses.get(id) ?? OPEN;
  if (!isSameAnswer(came, prediction.answer)) {
    if (wasBusy()) console.error(`↻ ${came}: ${BUSY}`);
    else console.error(`✗ ${id} comes out as ${prediction.answer} (here as ${came}): ${FALSE}`);
    return;
  }
  if (guess !== OPEN) noteProgress({ prediction: id, guess, came });
  console.log(comparison(prediction, guess, came));
}
