import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { onStop } from "../lesson/stop-all.ts";
import { DatabaseError, isDatabaseErrorCode } from "./errors.ts";

/** A lesson's PostgreSQL. */
export interface Database {
  /** Its address, for any client. */
  readonly url: string;
  /** Ends it; close the clients first. Calling it again is free. */
  stop(): Promise<void>;
}

const KEEPER = fileURLToPath(new URL("./keeper.ts", import.meta.url));
const PATIENCE_MS = 60_000;

interface Said {
  url: string;
  pid: number | undefined;
  folder: string | undefined;
}

function start(): ChildProcess {
  return spawn(process.execPath, [KEEPER], {
    // An interrupt that is sent to the kernel's process group is meant for a cell and not for the database.
    detached: true,
    cwd: "/",
    stdio: ["pipe", "pipe", "ignore"],
    // A debugger or a hook that the kernel was started with is not meant for the keeper.
    env: { ...process.env, NODE_OPTIONS: "" },
  });
}

/** The lesson's process may end while the keeper lives; that is what tells the keeper to end. */
function letGo(child: ChildProcess): void {
  child.unref();
  for (const stream of child.stdio) if (stream instanceof Socket) stream.unref();
}

function parse(line: string): Said {
  const told: unknown = JSON.parse(line);
  if (typeof told !== "object" || told === null) throw new TypeError("no object");
  if ("error" in told && isDatabaseErrorCode(told.error)) {
    const message = "message" in told ? String(told.message) : "";
    throw new DatabaseError(told.error, message, "value" in told ? String(told.value) : "");
  }
  if (!("url" in told) || typeof told.url !== "string") throw new TypeError("no url");
  const pid = "pid" in told && typeof told.pid === "number" ? told.pid : undefined;
  const folder = "folder" in told && typeof told.folder === "string" ? told.folder : undefined;
  return { url: told.url, pid, folder };
}

function notStarted(what: string): DatabaseError {
  const message = `the database did not start: ${what}. Run the cell again, or set DATABASE_URL`;
  return new DatabaseError("NOT_STARTED", message, what);
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const fail = (what: string): void => {
      clearTimeout(patience);
      reject(notStarted(what));
    };
    const patience = setTimeout(() => fail(`no answer within ${PATIENCE_MS / 1000} s`), PATIENCE_MS);
    child.once("error", (error) => fail(error.message));
    child.once("exit", (status) => fail(`its keeper ended with status ${status}`));
    child.stdout?.setEncoding("utf8");
    child.stdout?.on("data", (piece: string) => {
      text += piece;
      if (!text.includes("\n")) return;
      clearTimeout(patience);
      resolve(text);
    });
  });
}

/** Should somebody kill the keeper itself, its server is ended from here. */
function clearUpAfter(child: ChildProcess, { pid, folder }: Said): void {
  child.once("exit", () => {
    try {
      if (pid !== undefined) process.kill(pid, "SIGQUIT");
    } catch {
      // As it should be: the keeper has ended it.
    }
    if (folder !== undefined) void rm(folder, { recursive: true, force: true, maxRetries: 10 });
  });
}

/**
 * A real PostgreSQL for a lesson: one of its own, that npm brought, in a temporary folder, on the loopback interface only
 * and with a random password; it takes a second or two to start. With `DATABASE_URL` set, a schema of its own in that
 * database, which is dropped at the end; nothing else there is touched.
 *
 * It is gone after `stop()` or `stopAll()`, and also when this process ends in any way, a kill included.
 *
 * @throws DatabaseError (as a rejection)
 */
export async function database(): Promise<Database> {
  const child = start();
  let said: Said;
  try {
    said = parse(await firstLine(child));
  } catch (reason) {
    child.stdin?.end();
    throw reason;
  }
  clearUpAfter(child, said);
  letGo(child);
  const stop = async (): Promise<void> => {
    forget();
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    const ended = once(child, "exit");
    child.stdin?.end();
    await ended;
  };
  const forget = onStop(stop);
  return { url: said.url, stop };
}
