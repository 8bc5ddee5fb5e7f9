import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { onStop } from "../clean-up/stop-all.ts";
import { ArgumentError } from "../errors/support-error.ts";
import { findPython } from "./find-python.ts";
import { PythonError } from "./python-error.ts";
import { steady } from "./steady-output.ts";

const LAUNCH = fileURLToPath(new URL("./launch.py", import.meta.url));
const LIMIT_MS = 10_000;
const LONGEST_MS = 600_000;
/** As many characters as a lesson can show of either stream; a loop that prints reaches it in a moment. */
const MOST_CHARACTERS = 20_000;

/** What Python printed, and how it ended. */
export interface PythonRun {
  /** Without the last line's end. */
  readonly stdout: string;
  /** Warnings and tracebacks. */
  readonly stderr: string;
  /** 0 when the code ran to its end, 1 after an exception; null when a signal ended it. */
  readonly status: number | null;
}

/** How {@link python} runs. */
export interface PythonOptions {
  /** After so many ms of real time the process is killed; 10,000 when not given, 600,000 at most. */
  limitMs?: number;
  /** Kills the process when aborted. */
  signal?: AbortSignal;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

function checkLimit(ms: number): void {
  if (ms > 0 && ms <= LONGEST_MS) return;
  throw new ArgumentError("BAD_TIME_LIMIT", "the time limit in ms", ms, `a number up to ${LONGEST_MS}`);
}

/**
 * `-I` looks at no settings of the reader's, `-S` at no installed packages, `-B` writes no bytecode, `-u` keeps no
 * output back. A process group of its own, so that all of it can be killed and no interrupt of the kernel reaches it.
 */
function start(limitMs: number): Child {
  // The alarm in the process itself is the second line, well after our own.
  const alarm = String(Math.ceil(limitMs / 1000) + 5);
  return spawn(findPython(), ["-I", "-S", "-B", "-u", "-X", "utf8", LAUNCH, alarm], {
    detached: true,
    cwd: "/",
    env: { LANG: "C.UTF-8" },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** Kills the process and what it has started, as far as that is still there. */
function kill(child: Child): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}

function collect(stream: Readable, tooMuch: () => void): () => string {
  let text = "";
  stream.setEncoding("utf8");
  stream.on("data", (piece: string) => {
    text += piece;
    if (text.length > MOST_CHARACTERS) tooMuch();
  });
  return () => steady(text);
}

function finish(child: Child, source: string, stop: AbortController): Promise<PythonRun> {
  return new Promise((resolve, reject) => {
    const tooMuch = (): void => {
      const message = `Python printed more than ${MOST_CHARACTERS} characters and was stopped; print less`;
      stop.abort(new PythonError("OUTPUT_LIMIT", message, MOST_CHARACTERS));
    };
    const stdout = collect(child.stdout, tooMuch);
    const stderr = collect(child.stderr, tooMuch);
    stop.signal.addEventListener("abort", () => {
      kill(child);
      // A grandchild that left the group may hold the pipes open; nobody waits for it.
      child.stdout.destroy();
      child.stderr.destroy();
    });
    child.once("error", reject);
    child.once("close", (status) => {
      if (stop.signal.aborted) reject(stop.signal.reason);
      else resolve({ stdout: stdout(), stderr: stderr(), status });
    });
    // It may be gone before it has read everything; how it went is told by its status.
    child.stdin.on("error", () => {});
    child.stdin.end(source);
  });
}

/**
 * Runs a few lines in the environment's own Python and returns what they printed, the same on every computer (see
 * {@link steady}). The standard library is there, installed packages and standard input are not. An exception is part
 * of the result: its traceback stands in `stderr`, and `status` is 1.
 *
 * Starting Python takes some 50 ms of real time, importing asyncio as much again, and more on a busy machine.
 *
 * Cancellation: `options.signal`, an interrupt of the cell and the time limit kill the process with all that it has
 * started; the promise then rejects, with the signal's reason, an `AbortError`, or a `PythonError`, once the process is
 * gone.
 *
 * @example
 * const run = await python("print(1 + 1)");
 * console.log(run.stdout); // 2
 * @param source Python, which may be indented as a whole; its tracebacks call it `<python>`
 * @throws PythonError (`NO_PYTHON`, `TIME_LIMIT` or `OUTPUT_LIMIT`), ArgumentError (as rejections)
 */
export async function python(source: string, options: PythonOptions = {}): Promise<PythonRun> {
  const { limitMs = LIMIT_MS, signal } = options;
  checkLimit(limitMs);
  signal?.throwIfAborted();
  const child = start(limitMs);
  const stop = new AbortController();
  const message = `Python did not end within ${limitMs} ms and was killed; give it less to do or a higher limitMs`;
  const late = setTimeout(() => stop.abort(new PythonError("TIME_LIMIT", message, limitMs)), limitMs);
  const abort = (): void => stop.abort(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  const forget = onStop(() => stop.abort());
  try {
    return await finish(child, source, stop);
  } finally {
    clearTimeout(late);
    signal?.removeEventListener("abort", abort);
    forget();
  }
}
