import type { Table, TableCell } from "../drawing/table.ts";
import { inFlight } from "./in-flight.ts";
import { bars, type Layout, type Row } from "./layout.ts";
import { isSummary } from "./timeline-words.ts";

function taskRow(row: Row, lane = ""): TableCell[] {
  const waiting = Number((row.end - row.start - row.held - row.starved).toFixed(6));
  const name = `${lane}${"– ".repeat(row.depth)}${row.label}`;
  return [name, row.start, row.end, row.held, row.starved, waiting, row.note || "result"];
}

/** How many tasks were in flight, from when to when. */
export function inFlightTable(layout: Layout): Table {
  const rows = inFlight(layout).map(({ start, end, inFlight: tasks }) => [start, end, tasks]);
  return { head: ["from (s)", "to (s)", "tasks in flight"], rows };
}

/** The numbers of the picture. */
export function timelineTable(layout: Layout): Table {
  if (isSummary(layout)) return inFlightTable(layout);
  const own = bars(layout).map((row) => taskRow(row));
  const others = layout.lanes.flatMap(({ name, rows }) => rows.map((row) => taskRow(row, `${name}: `)));
  const head = [
    "task",
    "start (s)",
    "end (s)",
    "held the thread (s)",
    "ready (s)",
    "waiting (s)",
    "ended with",
  ];
  return { head, rows: [...own, ...others] };
}
