import { count } from "../drawing/figure.ts";
import { highest, inFlight } from "./in-flight.ts";
import { bars, type Layout, lengthOf, type Row } from "./layout.ts";

/** Above this many bars a timeline is no longer readable, and the number in flight is drawn instead. */
export const MOST_BARS = 50;

export function isSummary(layout: Layout): boolean {
  const others = layout.lanes.reduce((sum, lane) => sum + lane.rows.length, 0);
  return layout.rows.length + others > MOST_BARS;
}

/** 1 s, 2 s, 0.5 s: lesson seconds with their unit. */
export function seconds(value: number): string {
  return `${value} s`;
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

/** What hatched and solid mean in a picture of bars; hatched only where something is. */
export function stretchWords(layout: Layout): string {
  const starved = layout.rows.some((row) => row.ready.length > 0);
  const hatched = starved ? "Hatched: ready, without the thread. " : "";
  return `${hatched}Solid: held the thread for ${seconds(layout.grid / 2)} or more at a time.`;
}

/** How long the solid parts of the picture are together. */
function solid(layout: Layout): number {
  return Number(lengthOf(bars(layout).flatMap((row) => row.running)).toFixed(6));
}

/** Of so many tasks it is said one by one how long they were ready. */
const MOST_NAMED = 3;

/** Which tasks could have gone on and did not get the thread, and for how long. */
function starvation(layout: Layout): string {
  const starved = layout.rows.filter((row) => row.starved > 0);
  if (starved.length === 0) return "";
  if (starved.length > MOST_NAMED) {
    const sum = starved.reduce((total, row) => total + row.starved, 0);
    return `, ${starved.length} tasks ready without the thread for ${seconds(Number(sum.toFixed(6)))} together`;
  }
  const each = starved.map((row) => `“${row.label}” ready without the thread for ${seconds(row.starved)}`);
  return `, ${each.join(", ")}`;
}

/** What each lane shows: how many bars, for how long they held its threads, and how those ended that had no result. */
function laneWords({ lanes }: Layout): string {
  return lanes
    .map(({ name, rows }) => {
      const notes = new Map<string, number>();
      for (const { note } of rows) if (note !== "") notes.set(note, (notes.get(note) ?? 0) + 1);
      const ends = [...notes].map(([note, many]) => `${note}: ${many}`).join(", ");
      const how = ends === "" ? "" : ` (${ends})`;
      const held = Number(lengthOf(rows.flatMap(({ running }) => running)).toFixed(6));
      const solidly = held > 0 ? `, solid for ${seconds(held)}` : "";
      return ` On the lane of the ${name}: ${count(rows.length, "bar", "bars")}${how}${solidly}.`;
    })
    .join("");
}

/** One sentence that says what the picture shows; it is also the picture's alternative text. */
export function summary(layout: Layout): string {
  const tasks = count(layout.rows.length, "task", "tasks");
  const which = layout.nested ? "innermost tasks" : "tasks";
  const sum = layout.rows.length > 1 ? `, sum of the ${which} ${seconds(layout.sum)}` : "";
  const most = isSummary(layout) ? `, at most ${highest(inFlight(layout))} in flight at once` : "";
  const held = isSummary(layout) ? 0 : solid(layout);
  const solidly = held > 0 ? `, the thread held for ${seconds(held)}` : "";
  return `${tasks}${tally(layout)}: makespan ${seconds(layout.makespan)}${sum}${most}${solidly}${starvation(layout)}.${laneWords(layout)}`;
}
