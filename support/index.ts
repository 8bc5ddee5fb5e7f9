/** All that a lesson imports. Each name is explained where it is defined. */
export { LESSON_SECOND_MS, toLessonSeconds, whole } from "./clock/scale.ts";
export { blockingSleep, compute, type SleepOptions, sleep } from "./clock/sleep.ts";
export { type DelayServer, type DelayServerOptions, delayServer } from "./delay-server/lesson.ts";
export type { Stats } from "./delay-server/stats.ts";
export { type Inside, lookInside, NotAGeneratorError } from "./generator/look-inside.ts";
export { check, exercise } from "./lesson/check.ts";
export { type ExpectedError, expectError } from "./lesson/expect-error.ts";
export { type Progress, progress } from "./lesson/progress.ts";
export { type ScratchFolder, scratchFolder } from "./lesson/scratch-folder.ts";
export { onStop, stopAll } from "./lesson/stop-all.ts";
export { JobsFailedError, LimitError } from "./limits/errors.ts";
export { type MapPoolOptions, mapPool } from "./limits/map-pool.ts";
export { type PoolOptions, pool, type Source, type Work } from "./limits/pool.ts";
export { type Queue, QueueClosedError, queue } from "./limits/queue.ts";
export { type Semaphore, semaphore } from "./limits/semaphore.ts";
export { TimeoutError, withTimeout } from "./limits/timeout.ts";
export type { WaitOptions } from "./limits/wait.ts";
export { type PhasesOptions, phases } from "./phases/phases.ts";
export { PHASES, type Phase, type PhaseRecording, type PhaseStep } from "./phases/plain.ts";
export { type PhaseOptions, recordPhases, type Step as PhaseMark } from "./phases/record.ts";
export { type Database, database } from "./postgres/database.ts";
export { PythonError, type PythonErrorCode } from "./python/errors.ts";
export { type PythonOptions, type PythonRun, python } from "./python/python.ts";
export { type Printed, sideBySide } from "./python/side-by-side.ts";
export type { Outcome, PlainError, RecordedTask, Recording, RecordingOf, Slice } from "./recording/plain.ts";
export { type RecordOptions, record, task } from "./recording/record.ts";
export { type ClientThread, clientThread } from "./socket/client-thread.ts";
export { type ConnectOptions, connect } from "./socket/connect.ts";
export { type AcceptOptions, type Listener, listen } from "./socket/listen.ts";
export type { Load, LoadOptions } from "./socket/load.ts";
export { type Handler, type ServeOptions, type Serving, serve } from "./socket/serve.ts";
export {
  type AwaitableSocket,
  awaitable,
  type ReadLineOptions,
  type RecvOptions,
} from "./socket/socket.ts";
export type { Client, Conversation, Heard, Step, Talk } from "./socket/talk.ts";
export type { TimelineOptions } from "./timeline/figure.ts";
export { liveTimeline, timeline } from "./timeline/timeline.ts";
export { type Trace, type TracesOptions, traces } from "./traces/traces.ts";
