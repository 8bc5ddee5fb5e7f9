import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { LESSON_SECOND_MS } from "../clock/scale.ts";
import { ArgumentError, SupportError } from "../errors/support-error.ts";
import { textOf } from "../errors/text-of.ts";
import { received } from "../recording/received.ts";
import type { RecordingOf } from "../recording/recording.ts";
import type { Lane } from "../timeline/lanes.ts";
import { traceEvents } from "./trace-events.ts";

/** A trace could not be written; `value` is the path. */
export class TraceFileError extends SupportError {
  constructor(path: string, reason: unknown) {
    super(
      "TRACE_NOT_SAVED",
      `the trace was not saved: ${textOf(reason)}; name a file in a folder that is there`,
      path,
    );
  }
}

/** What else a trace shows. */
export interface TraceOptions {
  /** What other threads and processes did meanwhile, by names: as for `timeline`. */
  lanes?: Readonly<Record<string, Lane>>;
}

/**
 * Saves a recording as a trace that Perfetto (ui.perfetto.dev, which sends nothing anywhere) and Chromium's DevTools open: each
 * slice of the thread, each task with the stretches in which it was ready, what it waited for, arrows from who woke or started
 * whom, the number of tasks in flight, and how late the loop came to a timer that was due every 10 ms. Lanes are threads of the
 * same process or processes of their own. Its times are real ms, not rounded.
 *
 * Format: Chrome's trace events in JSON.
 *
 * @example
 * const run = await record(() => task("tea", () => sleep(2)));
 * console.log(await saveTrace(run, "tea.json"));
 * @param path the file, from the folder of the lesson; what is there is replaced
 * @returns the whole path
 * @throws ArgumentError, TraceFileError (as rejections)
 */
export async function saveTrace(
  recording: RecordingOf<unknown>,
  path: string,
  options: TraceOptions = {},
): Promise<string> {
  if (typeof path !== "string" || path === "") {
    throw new ArgumentError("BAD_PATH", "where to save the trace", path, "the name of a file: run.json");
  }
  const whole = resolve(path);
  const checked = received(recording);
  const trace = {
    displayTimeUnit: "ms",
    otherData: {
      recordingVersion: checked.version,
      lessonSecondMs: LESSON_SECOND_MS,
      startedAt: new Date(checked.startedAt).toISOString(),
    },
    traceEvents: traceEvents(checked, options.lanes),
  };
  try {
    await writeFile(whole, JSON.stringify(trace));
  } catch (reason) {
    throw new TraceFileError(whole, reason);
  }
  return whole;
}
