import { placesInCells } from "../cell/cell.ts";
import { showHtml } from "../display/display.ts";
import { escapeHtml } from "../display/escape.ts";
import { type PlainError, plainError } from "../recording/recording.ts";

const BOX = "border-left: 4px solid #b3261e; padding: 0.4em 0.8em; background: #fdecea; color: #1f2328;";

/** What a lesson can say of the error it expects. */
export interface ExpectedError {
  /** The error's name, `TypeError` for example. */
  name?: string;
  /** The error's code, `ECONNREFUSED` for example. */
  code?: string;
}

function codeOf(reason: unknown): string | undefined {
  try {
    if (typeof reason !== "object" || reason === null || !("code" in reason)) return undefined;
    return typeof reason.code === "string" ? reason.code : undefined;
  } catch {
    // An error that can't be asked has no code.
    return undefined;
  }
}

function words(name: string | undefined, code: string | undefined): string {
  return [name ?? "an error", ...(code === undefined ? [] : [`(${code})`])].join(" ");
}

function differs(expected: ExpectedError, name: string, code: string | undefined): boolean {
  if (expected.name !== undefined && expected.name !== name) return true;
  return expected.code !== undefined && expected.code !== code;
}

function html(error: PlainError, code: string | undefined, places: readonly string[]): string {
  const name = escapeHtml(code === undefined ? error.name : `${error.name} (${code})`);
  const lines = places.map((place) => `<br><small>${escapeHtml(place)}</small>`).join("");
  return `<div style="${BOX}"><strong>${name}</strong>: ${escapeHtml(error.message)}${lines}</div>`;
}

/**
 * Runs a function that is meant to fail, shows its error and goes on: a cell that throws would stop the lesson. When
 * no error comes, or another than expected, it says so on stderr, which the lesson runner takes for a fault.
 *
 * Idea: fuzzingbook's `ExpectError`.
 *
 * @example
 * await expectError(() => JSON.parse("{"), { name: "SyntaxError" });
 * @param run the function; it is awaited
 * @param expected the name and code that the error must have; anything thrown will do when not given
 */
export async function expectError(run: () => unknown, expected: ExpectedError = {}): Promise<void> {
  try {
    await run();
  } catch (reason) {
    const error = plainError(reason);
    const code = codeOf(reason);
    const places = placesInCells(reason);
    showHtml(html(error, code, places), [`${error.name}: ${error.message}`, ...places].join("\n    "));
    const other = differs(expected, error.name, code);
    if (other)
      console.error(`✗ expected ${words(expected.name, expected.code)}, got ${words(error.name, code)}`);
    return;
  }
  console.error(`✗ expected ${words(expected.name, expected.code)}, and no error came`);
}
