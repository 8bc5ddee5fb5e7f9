import { escapeHtml } from "../display/escape.ts";
import { textOf } from "../display/text.ts";
import { dataUri } from "../drawing/svg.ts";
import type { RecordingOf } from "../recording/recording.ts";
import { drawBars } from "./bar-chart.ts";
import { drawLoad } from "./in-flight-chart.ts";
import { type Layout, layout } from "./layout.ts";
import { table } from "./table.ts";
import { isSummary, MOST_BARS, seconds, summary } from "./timeline-words.ts";

/** How a timeline looks. */
export interface TimelineOptions {
  /** A few words above the picture. */
  title?: string;
  /** Lesson seconds between two lines of the grid that times are rounded down to; 1 when not given. */
  grid?: number;
  /** Lesson seconds that the axis reaches at least, so that two pictures can be compared. */
  until?: number;
}

/** A timeline was asked for with an option that it can't be drawn with. */
export class TimelineOptionError extends RangeError {
  override readonly name = "TimelineOptionError";
  readonly code = "BAD_TIMELINE_OPTION";
  readonly value: unknown;

  constructor(option: string, value: unknown) {
    super(`the timeline's ${option} is ${textOf(value)}; give a positive number of lesson seconds`);
    this.value = value;
  }
}

function checkOptions(options: TimelineOptions): void {
  for (const option of ["grid", "until"] as const) {
    const value = options[option];
    if (value !== undefined && !(value > 0 && Number.isFinite(value)))
      throw new TimelineOptionError(option, value);
  }
}

function legend(put: Layout): string {
  if (isSummary(put)) return `More than ${MOST_BARS} tasks: drawn as the number of them in flight.`;
  return `Light: suspended. Solid: held the thread for ${seconds(put.grid / 2)} or more at a time.`;
}

/**
 * A recording as a figure: the picture with its summary as alternative text, a caption, and a table of the numbers.
 *
 * @returns safe HTML, the same for every run whose times round to the same lines of the grid
 * @throws TimelineOptionError
 */
export function figure(recording: RecordingOf<unknown>, options: TimelineOptions = {}): string {
  checkOptions(options);
  const put = layout(recording, options.grid ?? 1);
  const svg = isSummary(put) ? drawLoad(put, options.until) : drawBars(put, options.until);
  const title = options.title === undefined ? "" : `<strong>${escapeHtml(options.title)}</strong><br>\n`;
  const said = escapeHtml(summary(put));
  const about = options.title === undefined ? "Timeline" : `Timeline, ${escapeHtml(options.title)}`;
  return [
    "<figure>",
    `<img alt="${about}: ${said}" src="${dataUri(svg)}">`,
    `<figcaption>${title}${said} ${legend(put)}</figcaption>`,
    `<details><summary>The numbers</summary>\n${table(put)}\n</details>`,
    "</figure>",
  ].join("\n");
}

/** The summary of a recording as plain text, where no picture can be shown. */
export function figureText(recording: RecordingOf<unknown>, options: TimelineOptions = {}): string {
  checkOptions(options);
  const said = summary(layout(recording, options.grid ?? 1));
  return options.title === undefined ? said : `${options.title}: ${said}`;
}
