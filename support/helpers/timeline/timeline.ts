import { liveOutput, showHtml } from "../display/display.ts";
import { type RecordOptions, record } from "../recording/record.ts";
import type { Recording, RecordingOf } from "../recording/recording.ts";
import { figure, figureText, type TimelineOptions } from "./figure.ts";

/**
 * Shows a recording under the cell: a bar a task, light where the task was suspended, solid where it held the thread,
 * with an axis in lesson seconds, the makespan, and the sum of the tasks. More than 50 tasks are shown as the number
 * in flight over time.
 *
 * Times are rounded down to the grid, one lesson second unless told otherwise, so that the same run gives the same
 * picture.
 *
 * @throws TimelineOptionError
 */
export function timeline(recording: RecordingOf<unknown>, options: TimelineOptions = {}): void {
  showHtml(figure(recording, options), figureText(recording, options));
}

/**
 * Like {@link record} followed by {@link timeline}, but the picture is there from the start and grows while the cell
 * runs. Drawing takes the thread for some 15 ms now and then, and the tasks wait meanwhile.
 *
 * Cancellation: as {@link record}.
 *
 * @throws TimelineOptionError, NotAFunctionError (as rejections)
 */
export async function liveTimeline<T>(
  run: () => T | PromiseLike<T>,
  options: TimelineOptions & Omit<RecordOptions, "onProgress"> = {},
): Promise<Recording<T>> {
  const output = liveOutput();
  const show = (recording: RecordingOf<unknown>): void => output.show(figure(recording, options));
  const recording = await record(run, { ...options, onProgress: show });
  show(recording);
  return recording;
}
