import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { onStop } from "../clean-up/stop-all.ts";
import { ArgumentError } from "../errors/support-error.ts";
import { ProgramError } from "./program-error.ts";

const LIMIT_MS = 10_000;
const LONGEST_MS = 600_000;
/** As many characters as a lesson can show of either stream; a loop that prints reaches it in a moment. */
const MOST_CHARACTERS = 20_000;

/** Which program, and how the system starts it. */
export interface Program {
  /** As messages call it: `Python`, `Node`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** What it reads on standard input. */
  readonly input: string;
}

/** What stops a program before its end. */
export interface ProgramOptions {
  /** After so many ms of real time the process is killed; 10,000 when not given, 600,000 at most. */
  limitMs?: number;
  /** Kills the process when aborted. */
  signal?: AbortSignal;
}

/** What a program printed, and how it ended. */
export interface ProgramRun {
  readonly stdout: string;
  readonly stderr: string;
  /** The exit status; null when a signal ended it. */
  readonly status: number | null;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * The time limit that holds, in ms.
 *
 * @throws ArgumentError (`BAD_TIME_LIMIT`)
 */
function limitOf({ limitMs = LIMIT_MS }: ProgramOptions): number {
  if (limitMs > 0 && limitMs <= LONGEST_MS) return limitMs;
  throw new ArgumentError("BAD_TIME_LIMIT", "the time limit in ms", limitMs, `a number up to ${LONGEST_MS}`);
}

/**
 * After so many whole seconds, as text, a program ends itself by an alarm of the system: the second line, well after our
 * own, for when the notebook's kernel has died and nobody else is left to end it.
 *
 * @throws ArgumentError (`BAD_TIME_LIMIT`)
 */
export function alarmSeconds(options: ProgramOptions): string {
  return String(Math.ceil(limitOf(options) / 1000) + 5);
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
  return () => text;
}

function finish({ name, input }: Program, child: Child, stop: AbortController): Promise<ProgramRun> {
  return new Promise((resolve, reject) => {
    const tooMuch = (): void => {
      const message = `${name} printed more than ${MOST_CHARACTERS} characters and was stopped; print less`;
      stop.abort(new ProgramError("OUTPUT_LIMIT", message, MOST_CHARACTERS));
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
    child.stdin.end(input);
  });
}

/**
 * Runs a program to its end.
 *
 * Cancellation: `options.signal`, an interrupt of the cell and the time limit kill the process with all that it has
 * started; the promise then rejects, with the signal's reason, an `AbortError`, or a `ProgramError`, once the process is
 * gone.
 *
 * @throws ProgramError (`TIME_LIMIT` or `OUTPUT_LIMIT`), ArgumentError (as rejections)
 */
export async function runProgram(program: Program, options: ProgramOptions): Promise<ProgramRun> {
  const limitMs = limitOf(options);
  const { signal } = options;
  signal?.throwIfAborted();
  const { name, command, args, cwd, env } = program;
  // A process group of its own, so that all of it can be killed and no interrupt of the kernel reaches it.
  const child = spawn(command, args, { detached: true, cwd, env, stdio: ["pipe", "pipe", "pipe"] });
  const stop = new AbortController();
  const message = `${name} did not end within ${limitMs} ms and was killed; give it less to do or a higher limitMs`;
  const late = setTimeout(() => stop.abort(new ProgramError("TIME_LIMIT", message, limitMs)), limitMs);
  const abort = (): void => stop.abort(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  const forget = onStop(() => stop.abort());
  try {
    return await finish(program, child, stop);
  } finally {
    clearTimeout(late);
    signal?.removeEventListener("abort", abort);
    forget();
  }
}
