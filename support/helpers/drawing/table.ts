import { escapeHtml } from "../display/escape.ts";

/** What stands in a cell of a table. */
export type TableCell = string | number;

/** The numbers behind a picture: what the columns hold, and the rows. */
export interface Table {
  head: readonly string[];
  rows: readonly (readonly TableCell[])[];
}

/** A table as safe HTML. */
export function htmlTable({ head, rows }: Table): string {
  const cells = (tag: string, values: readonly TableCell[]): string =>
    values.map((value) => `<${tag}>${escapeHtml(String(value))}</${tag}>`).join("");
  const body = rows.map((values) => `<tr>${cells("td", values)}</tr>`).join("\n");
  return `<table>\n<thead><tr>${cells("th", head)}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>`;
}
