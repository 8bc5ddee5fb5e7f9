import type { Table, TableCell } from "../drawing/table.ts";
import { inFlight } from "./in-flight.ts";
import { bars, type Layout, type Row } from "./layout.ts";
import { ending, isSummary } from "./timeline-words.ts";

function taskRow(row: Row): TableCell[] {
  const suspended = Number((row.end - row.start - row.held).toFixed(6));
  const name = `${"– ".repeat(row.depth)}${row.label}`;
  return [name, row.start, row.end, row.held, suspended, ending(row) || "result"];
}

/** The numbers of the picture. */
export function timelineTable(layout: Layout): Table {
  if (isSummary(layout)) {
    const rows = inFlight(layout).map(({ start, end, inFlight: tasks }) => [start, end, tasks]);
    return { head: ["from (s)", "to (s)", "tasks in flight"], rows };
  }
  const head = ["task", "start (s)", "end (s)", "held the thread (s)", "suspended (s)", "ended with"];
  return { head, rows: bars(layout).map(taskRow) };
}
