/** All that a lesson imports. Each name is explained where it is defined. */

export { check, exercise } from "./checks/check.ts";
export { type ExpectedError, expectError } from "./checks/expect-error.ts";
export { type ScratchFolder, scratchFolder } from "./clean-up/scratch-folder.ts";
export { onStop, stopAll } from "./clean-up/stop-all.ts";
export { LESSON_SECOND_MS, toLessonSeconds, whole } from "./clock/scale.ts";
export { blockingSleep, compute, type SleepOptions, sleep } from "./clock/sleep.ts";
export type { DelayServer, Stats } from "./delay-server-client/client.ts";
export { type DelayServerOptions, delayServer } from "./delay-server-client/delay-server.ts";
export { type Progress, progress } from "./display/progress.ts";
export type { FigureOptions } from "./drawing/figure.ts";
export { JobsFailedError, LimitError } from "./limits/limit-errors.ts";
export { type MapPoolOptions, mapPool } from "./limits/map-pool.ts";
export { type PoolOptions, pool, type Source, type Work } from "./limits/pool.ts";
export { type Queue, QueueClosedError, queue } from "./limits/queue.ts";
export { type Semaphore, semaphore } from "./limits/semaphore.ts";
export { TimeoutError, withTimeout } from "./limits/timeout.ts";
export type { WaitOptions } from "./limits/wait-in-line.ts";
export { type Inside, lookInside, NotAGeneratorError } from "./look-inside/look-inside.ts";
export { PHASES, type Phase, type PhaseRecording, type PhaseStep } from "./loop-phases/phase-recording.ts";
export { phases } from "./loop-phases/phases.ts";
export { type PhaseOptions, recordPhases, type Step as PhaseMark } from "./loop-phases/record-phases.ts";
export { type Database, database } from "./postgres/database.ts";
export { type PythonOptions, type PythonRun, python } from "./python/python.ts";
export { PythonError, type PythonErrorCode } from "./python/python-error.ts";
export { type Printed, sideBySide } from "./python/side-by-side.ts";
export { type RecordOptions, record, task } from "./recording/record.ts";
export type {
  Outcome,
  PlainError,
  RecordedTask,
  Recording,
  RecordingOf,
  Slice,
} from "./recording/recording.ts";
export { type ClientThread, clientThread } from "./socket/client-thread.ts";
export { type ConnectOptions, connect } from "./socket/connect.ts";
export type { Load, LoadOptions } from "./socket/echo-load.ts";
export { type AcceptOptions, type Listener, listen } from "./socket/listen.ts";
export { type Handler, type ServeOptions, type Serving, serve } from "./socket/serve.ts";
export {
  type AwaitableSocket,
  awaitable,
  type ReadLineOptions,
  type RecvOptions,
} from "./socket/socket.ts";
export type { Client, Conversation, Heard, Step, Talk } from "./socket/talk.ts";
export { type TimelineOptions, timeline } from "./timeline/timeline.ts";
export { type Trace, traces } from "./trace-diff/traces.ts";
