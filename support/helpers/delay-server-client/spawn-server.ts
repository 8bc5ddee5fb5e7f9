import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { DelayServerError } from "./delay-server-error.ts";

const MAIN = fileURLToPath(new URL("../delay-server/main.ts", import.meta.url));
const PATIENCE_MS = 10_000;
/**
 * All that a request needs lives until its answer, and a young generation of the usual size would hold much of it twice:
 * of ten thousand sleepers each took 15 KiB, with this one 11, and opening them took no longer. `make server` has it too.
 */
const FLAGS = ["--max-semi-space-size=4"];

/** The port of the new server; undefined when the wanted port was taken meanwhile. */
export type Spawned = number | undefined;

function portFrom(message: unknown): number | "taken" | undefined {
  if (typeof message !== "object" || message === null) return undefined;
  if ("port" in message && typeof message.port === "number") return message.port;
  return "error" in message && message.error === "PORT_IN_USE" ? "taken" : undefined;
}

/**
 * Starts a delay server for lessons as a process of its own: a busy cell can't stall it, and an interrupt that is sent
 * to the kernel's process group does not reach it. It does not keep this process alive.
 *
 * @param port 0 for any free one
 * @throws DelayServerError (as a rejection) when it does not start
 */
export function spawnServer(port: number): Promise<Spawned> {
  return new Promise((resolve, reject) => {
    const child = fork(MAIN, ["--lessons", "--port", String(port)], {
      detached: true,
      cwd: "/",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      // A debugger or a hook that the kernel was started with is not meant for the server.
      execArgv: FLAGS,
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    const fail = (what: string): void => {
      clearTimeout(patience);
      child.kill("SIGKILL");
      reject(
        new DelayServerError(
          `the delay server did not start: ${what}. Restart the kernel and try again`,
          what,
        ),
      );
    };
    const patience = setTimeout(() => fail(`no answer within ${PATIENCE_MS / 1000} s`), PATIENCE_MS);
    child.once("error", (error) => fail(error.message));
    child.once("exit", (code) => fail(`it ended with status ${code}`));
    child.once("message", (message) => {
      clearTimeout(patience);
      child.removeAllListeners();
      // What Node says to the process that is about to exit is of no interest any more.
      child.on("error", () => {});
      child.unref();
      if (child.connected) child.disconnect();
      const found = portFrom(message);
      if (found === undefined) fail(`it said ${JSON.stringify(message)}`);
      else resolve(found === "taken" ? undefined : found);
    });
  });
}
