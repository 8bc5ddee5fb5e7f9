/**
 * All that a lesson imports, and no more. Each name is explained where it is defined; what a call returns has its type
 * without an import.
 */
import { showRecordings } from "./timeline/live-picture.ts";

export { check } from "./checks/check.ts";
export { expectError } from "./checks/expect-error.ts";
export { scratchFolder } from "./clean-up/scratch-folder.ts";
export { LESSON_SECOND_MS, toLessonSeconds, whole } from "./clock/scale.ts";
export { blockingSleep, compute, type SleepOptions, sleep } from "./clock/sleep.ts";
export { delayServer } from "./delay-server-client/delay-server.ts";
export { progressBar } from "./display/progress-bar.ts";
export { LETTER_WORKER } from "./letters/program.ts";
export { levels } from "./levels/levels.ts";
export { mapPool } from "./limits/map-pool.ts";
export { pool } from "./limits/pool.ts";
export { type Queue, queue } from "./limits/queue.ts";
export { semaphore } from "./limits/semaphore.ts";
export { TimeoutError, withTimeout } from "./limits/timeout.ts";
export { lookInside } from "./look-inside/look-inside.ts";
export { phases } from "./loop-phases/phases.ts";
export { recordPhases } from "./loop-phases/record-phases.ts";
export { steps } from "./loop-phases/steps.ts";
export { database } from "./postgres/database.ts";
export { exercise, grade, solution } from "./practice/exercise.ts";
export type { Get } from "./practice/get.ts";
export { outcome, predict } from "./practice/predict.ts";
export { progress } from "./practice/progress.ts";
export { python } from "./programs/python.ts";
export { runNode } from "./programs/run-node.ts";
export { sideBySide } from "./programs/side-by-side.ts";
export { receive } from "./recording/receive.ts";
export { RECORD_URL, received } from "./recording/received.ts";
export { record, task } from "./recording/record.ts";
export type { RecordedTask } from "./recording/recording.ts";
export { waits } from "./recording/who-waits.ts";
export { clientThread } from "./socket/client-thread.ts";
export { serve } from "./socket/serve.ts";
export { awaitable } from "./socket/socket.ts";
export type { Client, Step } from "./socket/talk.ts";
export { taskGroup } from "./task-group/task-group.ts";
export { timeline } from "./timeline/timeline.ts";
export { traces } from "./trace-diff/traces.ts";
export { saveTrace } from "./trace-file/save-trace.ts";

showRecordings();
