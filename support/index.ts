/** All that a lesson imports. Each name is explained where it is defined. */
export { LESSON_SECOND_MS, toLessonSeconds, whole } from "./clock/scale.ts";
export { blockingSleep, compute, type SleepOptions, sleep } from "./clock/sleep.ts";
export { type DelayServer, type DelayServerOptions, delayServer } from "./delay-server/lesson.ts";
export type { Stats } from "./delay-server/stats.ts";
export { type Inside, lookInside, NotAGeneratorError } from "./generator/look-inside.ts";
export { check, exercise } from "./lesson/check.ts";
export { type ExpectedError, expectError } from "./lesson/expect-error.ts";
export { type Progress, progress } from "./lesson/progress.ts";
export { onStop, stopAll } from "./lesson/stop-all.ts";
export { PythonError, type PythonErrorCode } from "./python/errors.ts";
export { type PythonOptions, type PythonRun, python } from "./python/python.ts";
export { type Printed, sideBySide } from "./python/side-by-side.ts";
export type { Outcome, PlainError, RecordedTask, Recording, RecordingOf, Slice } from "./recording/plain.ts";
export { type RecordOptions, record, task } from "./recording/record.ts";
export type { TimelineOptions } from "./timeline/figure.ts";
export { liveTimeline, timeline } from "./timeline/timeline.ts";
