import { fileURLToPath } from "node:url";

/**
 * The file of the program behind `make worker`, for a lesson that starts some itself, by `fork`, with the database's address in
 * `DATABASE_URL`. A worker's first message says that it has joined; its last one is its recording.
 *
 * @example
 * import { fork } from "node:child_process";
 *
 * const worker = fork(LETTER_WORKER, ["--name", "a"], { execArgv: [] });
 * worker.once("message", () => worker.kill("SIGTERM"));
 */
export const LETTER_WORKER: string = fileURLToPath(new URL("./main.ts", import.meta.url));
