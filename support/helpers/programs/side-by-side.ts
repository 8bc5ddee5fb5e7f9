import { showHtml } from "../display/display.ts";
import { escapeHtml } from "../display/escape.ts";
import type { ProgramRun } from "./run-program.ts";

const CELL = "vertical-align: top; text-align: left; border: 1px solid #d0d7de; padding: 0.4em 0.8em;";
const TABLE = "border-collapse: collapse; background: #fff; color: #1f2328; font-size: 13px;";
const PRE = "margin: 0; background: none; color: inherit; white-space: pre-wrap;";
const WARNED = `${PRE} margin-top: 0.4em; border-left: 4px solid #b3261e; padding-left: 0.6em;`;

/** What one side printed: lines, or a run of Python with its stdout and stderr. */
export type Printed = readonly string[] | ProgramRun;

interface Side {
  name: string;
  out: string[];
  err: string[];
}

function isRun(printed: Printed): printed is ProgramRun {
  return "stdout" in printed;
}

function sidesOf(columns: Readonly<Record<string, Printed>>): Side[] {
  return Object.entries(columns).map(([name, printed]) => side(name, printed));
}

function lines(text: string): string[] {
  return text === "" ? [] : text.split("\n");
}

function side(name: string, printed: Printed): Side {
  if (!isRun(printed)) return { name, out: [...printed], err: [] };
  return { name, out: lines(printed.stdout), err: lines(printed.stderr) };
}

function pre(style: string, text: readonly string[]): string {
  return `<pre style="${style}">${text.map(escapeHtml).join("\n")}</pre>`;
}

function cell({ out, err }: Side): string {
  const parts = [];
  if (out.length > 0) parts.push(pre(PRE, out));
  if (err.length > 0) parts.push(pre(WARNED, ["stderr:", ...err]));
  if (parts.length === 0) parts.push("<em>(nothing)</em>");
  return `<td style="${CELL}">${parts.join("")}</td>`;
}

/** The columns as a table: safe HTML. */
export function sideBySideHtml(columns: Readonly<Record<string, Printed>>): string {
  const sides = sidesOf(columns);
  const heads = sides.map(({ name }) => `<th scope="col" style="${CELL}">${escapeHtml(name)} printed</th>`);
  const cells = sides.map(cell);
  return `<table style="${TABLE}">\n<thead><tr>${heads.join("")}</tr></thead>\n<tbody><tr>${cells.join("")}</tr></tbody>\n</table>`;
}

function plain(sides: readonly Side[]): string {
  return sides.map(({ name, out, err }) => [`${name} printed:`, ...out, ...err].join("\n")).join("\n");
}

/**
 * Shows what several programs printed, one column each, with stderr marked below stdout. It shows and keeps nothing
 * else: what is claimed of the output is for the lesson to check.
 *
 * @example
 * const run = await python("print(7 // 2)");
 * sideBySide({ Python: run, TypeScript: [String(7 / 2)] });
 * @param columns the printed lines or the run of Python, by the column's name, in their order
 */
export function sideBySide(columns: Readonly<Record<string, Printed>>): void {
  showHtml(sideBySideHtml(columns), plain(sidesOf(columns)));
}
