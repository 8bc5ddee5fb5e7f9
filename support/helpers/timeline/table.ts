import { escapeHtml } from "../display/escape.ts";
import { inFlight } from "./in-flight.ts";
import type { Layout, Row } from "./layout.ts";
import { ending, isSummary } from "./timeline-words.ts";

/** A table as safe HTML. */
export function htmlTable(head: readonly string[], body: readonly (readonly (string | number)[])[]): string {
  const cells = (tag: string, values: readonly (string | number)[]): string =>
    values.map((value) => `<${tag}>${escapeHtml(String(value))}</${tag}>`).join("");
  const rows = body.map((values) => `<tr>${cells("td", values)}</tr>`).join("\n");
  return `<table>\n<thead><tr>${cells("th", head)}</tr></thead>\n<tbody>\n${rows}\n</tbody>\n</table>`;
}

function taskRow(row: Row): (string | number)[] {
  const held = Number(row.running.reduce((sum, slice) => sum + slice.end - slice.start, 0).toFixed(6));
  const suspended = Number((row.end - row.start - held).toFixed(6));
  const name = `${"– ".repeat(row.depth)}${row.label}`;
  return [name, row.start, row.end, held, suspended, ending(row) || "result"];
}

/** The numbers of the picture as an HTML table, for whoever can't see it or wants them exactly. */
export function table(layout: Layout): string {
  if (isSummary(layout)) {
    const loads = inFlight(layout).map((load) => [load.start, load.end, load.inFlight]);
    return htmlTable(["from (s)", "to (s)", "tasks in flight"], loads);
  }
  const rows = layout.main === null ? layout.rows : [layout.main, ...layout.rows];
  const head = ["task", "start (s)", "end (s)", "held the thread (s)", "suspended (s)", "ended with"];
  return htmlTable(head, rows.map(taskRow));
}
