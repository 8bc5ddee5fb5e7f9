import { type Figure, type FigureOptions, showFigure } from "../drawing/figure.ts";
import { ArgumentError } from "../errors/support-error.ts";
import type { RecordingOf } from "../recording/recording.ts";
import { drawBars } from "./bar-chart.ts";
import { type CompareOptions, compareFigure } from "./compare.ts";
import { drawInFlight } from "./in-flight-chart.ts";
import type { Lane } from "./lanes.ts";
import { type Layout, layout } from "./layout.ts";
import { rowParts } from "./row-parts.ts";
import { timelineTable } from "./timeline-table.ts";
import { isSummary, MOST_BARS, stretchWords, summary } from "./timeline-words.ts";

/** How a timeline looks. */
export interface TimelineOptions extends FigureOptions {
  /** Lesson seconds between two lines of the grid that times are rounded down to; 1 when not given. */
  grid?: number;
  /** Lesson seconds that the axis reaches at least, so that two pictures can be compared. */
  until?: number;
  /**
   * What other threads and processes did meanwhile, drawn under the tasks on the same axis, by names: recordings that they made,
   * or spans such as `server.requests()` gives.
   */
  lanes?: Readonly<Record<string, Lane>>;
}

function checkOptions(options: Pick<TimelineOptions, "grid" | "until">): void {
  for (const option of ["grid", "until"] as const) {
    const value = options[option];
    if (value === undefined || (value > 0 && Number.isFinite(value))) continue;
    const what = `the timeline's ${option}`;
    throw new ArgumentError("BAD_TIMELINE_OPTION", what, value, "a positive number of lesson seconds");
  }
}

function legend(put: Layout): string {
  if (isSummary(put)) return `More than ${MOST_BARS} tasks: drawn as the number of them in flight.`;
  return `Light: waiting. ${stretchWords(put)}`;
}

/** The numbers of a picture are those of its grid. */
const RAW =
  'The raw times: <code>saveTrace(run, "run.json")</code>, and open the file in <a href="https://ui.perfetto.dev">Perfetto</a>.';

/**
 * A recording as a figure, the same for every run whose times round to the same lines of the grid.
 *
 * @throws ArgumentError
 */
export function timelineFigure(recording: RecordingOf<unknown>, options: TimelineOptions = {}): Figure {
  checkOptions(options);
  const put = layout(recording, options.grid ?? 1, options.lanes);
  const said = summary(put);
  return {
    kind: "Timeline",
    title: options.title,
    ...(isSummary(put)
      ? { svg: drawInFlight(put, options.until) }
      : { svg: drawBars(put, options.until), parts: rowParts(put, options.until) }),
    summary: said,
    caption: `${said} ${legend(put)}`,
    table: timelineTable(put),
    tableName: "The numbers",
    more: RAW,
  };
}

/**
 * Shows a recording under the cell: one bar per task, light where the task waited, hatched where it was ready and another had
 * the thread, solid where it held the thread, with an axis in lesson seconds, the makespan, and the sum of the tasks. More than 50 tasks are shown as the number
 * in flight over time.
 *
 * Times are rounded down to the grid, one lesson second unless told otherwise, so that the same run gives the same
 * picture.
 *
 * Given two recordings it lays the second under the first, task by task, on one axis: before and after a change.
 *
 * @example
 * const run = await record(() => Promise.all([task("a", () => sleep(2)), task("b", () => sleep(3))]));
 * timeline(run, { title: "Two at once" });
 * @throws ArgumentError
 */
export function timeline(recording: RecordingOf<unknown>, options?: TimelineOptions): void;
export function timeline(
  first: RecordingOf<unknown>,
  second: RecordingOf<unknown>,
  options?: CompareOptions,
): void;
export function timeline(
  recording: RecordingOf<unknown>,
  next: RecordingOf<unknown> | TimelineOptions = {},
  options: CompareOptions = {},
): void {
  const isSecond = "tasks" in next;
  if (isSecond) checkOptions(options);
  showFigure(isSecond ? compareFigure(recording, next, options) : timelineFigure(recording, next));
}
