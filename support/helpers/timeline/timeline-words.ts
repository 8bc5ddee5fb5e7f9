import { count } from "../drawing/figure.ts";
import { highest, inFlight } from "./in-flight.ts";
import { bars, type Layout, lengthOf, type Row } from "./layout.ts";

/** Above this many bars a timeline is no longer readable, and the number in flight is drawn instead. */
export const MOST_BARS = 50;

export function isSummary(layout: Layout): boolean {
  return layout.rows.length > MOST_BARS;
}

/** 1 s, 2 s, 0.5 s: lesson seconds with their unit. */
export function seconds(value: number): string {
  return `${value} s`;
}

/** How a task ended, in a word or two that stand beside its bar. */
export function ending(row: Row): string {
  if (row.outcome === "error") return row.errorName ?? "error";
  if (row.outcome === "running") return "still running";
  return row.outcome === "cancelled" ? "cancelled" : "";
}

function tally(layout: Layout): string {
  const number = (outcome: Row["outcome"]): number =>
    layout.rows.filter((row) => row.outcome === outcome).length;
  const parts = [
    [number("error"), "failed"],
    [number("cancelled"), "cancelled"],
    [number("running"), "still running"],
  ] as const;
  return parts
    .filter(([many]) => many > 0)
    .map(([many, how]) => `, ${many} ${how}`)
    .join("");
}

/** How long the solid parts of the picture are together. */
function solid(layout: Layout): number {
  return Number(lengthOf(bars(layout).flatMap((row) => row.running)).toFixed(6));
}

/** One sentence that says what the picture shows; it is also the picture's alternative text. */
export function summary(layout: Layout): string {
  const tasks = count(layout.rows.length, "task", "tasks");
  const which = layout.nested ? "innermost tasks" : "tasks";
  const sum = layout.rows.length > 1 ? `, sum of the ${which} ${seconds(layout.sum)}` : "";
  const most = isSummary(layout) ? `, at most ${highest(inFlight(layout))} in flight at once` : "";
  const held = isSummary(layout) ? 0 : solid(layout);
  const solidly = held > 0 ? `, the thread held for ${seconds(held)}` : "";
  return `${tasks}${tally(layout)}: makespan ${seconds(layout.makespan)}${sum}${most}${solidly}.`;
}
