import type { Layout, Row } from "./layout.ts";
import type { Link } from "./links.ts";
import { seconds } from "./timeline-words.ts";

const MOST_NAMES = 5;

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return more <= 0 ? names.join(", ") : `${names.slice(0, MOST_NAMES).join(", ")} and ${more} more`;
}

const END: Readonly<Record<Row["outcome"], string>> = {
  result: "ended with a result",
  error: "failed",
  cancelled: "cancelled",
  running: "still running",
};

function named(layout: Layout, task: number | null): string {
  if (task === null) return "the recorded function";
  return layout.rows.find((row) => row.task === task)?.label ?? "another task";
}

/** All that a picture knows of one of its rows, in words. */
export function rowWords(row: Row, layout: Layout): string {
  const to = (how: Link["how"]): string[] =>
    row.links.filter((link) => link.how === how).map((link) => named(layout, link.task));
  const waiting = Number((row.end - row.start - row.held - row.starved).toFixed(6));
  const by = row.parent === null ? "" : ` by ${named(layout, row.parent)}`;
  const waited = [...to("waited for"), ...row.waitedFor];
  const woken = to("woken by");
  const end = row.note === "" ? END[row.outcome] : row.note;
  return [
    `${row.label}: ${row.start} to ${seconds(row.end)}, ${end}.`,
    `Held the thread ${seconds(row.held)}, ready without it ${seconds(row.starved)}, waiting ${seconds(waiting)}.`,
    ...(row.line === null && by === "" ? [] : [`Started${by}${row.line === null ? "" : ` in ${row.line}`}.`]),
    ...(waited.length === 0 ? [] : [`What it waited for: ${listed(waited)}.`]),
    ...(woken.length === 0 ? [] : [`Woken by: ${listed(woken)}.`]),
  ].join(" ");
}
