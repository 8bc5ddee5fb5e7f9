import type { ChildProcess } from "node:child_process";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { letGo, startKeeper } from "../clean-up/keeper-process.ts";
import { DatabaseError, isDatabaseErrorCode } from "./database-error.ts";

/** A lesson's PostgreSQL. */
export interface Database {
  /** Its address, for any client. */
  readonly url: string;
  /**
   * With `tls`, the file with the certificate that clients know the server by: `sslmode=verify-full&sslrootcert=…` in their
   * address. Undefined without, and for a database of the reader's own, whose address says all there is to say.
   */
  readonly authority: string | undefined;
  /** Ends it; close the clients first. Calling it again is free. */
  stop(): Promise<void>;
}

/** How {@link database} runs. */
export interface DatabaseOptions {
  /** Whether clients may ask the lesson's own server for TLS; those that do not are let in without. */
  tls?: boolean;
}

const KEEPER = fileURLToPath(new URL("./keeper-main.ts", import.meta.url));
const PATIENCE_MS = 60_000;

interface Said {
  url: string;
  pid: number | undefined;
  folder: string | undefined;
  authority: string | undefined;
}

function textIn(told: object, name: string): string | undefined {
  const value: unknown = Reflect.get(told, name);
  return typeof value === "string" ? value : undefined;
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
  return { url: told.url, pid, folder: textIn(told, "folder"), authority: textIn(told, "authority") };
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

/** When the keeper itself is killed, its server is ended from here. */
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
 * It is gone after `stop()` or an interrupt of the cell, and also when this process ends in any way, a kill included.
 *
 * @example
 * const { url, stop } = await database();
 * console.log(url);
 * await stop();
 * @throws DatabaseError (as a rejection)
 */
export async function database(options: DatabaseOptions = {}): Promise<Database> {
  const child = startKeeper(process.execPath, [KEEPER, ...(options.tls ? ["--tls"] : [])], "pipe");
  let said: Said;
  try {
    said = parse(await firstLine(child));
  } catch (reason) {
    child.stdin?.end();
    throw reason;
  }
  clearUpAfter(child, said);
  return { url: said.url, authority: said.authority, stop: letGo(child) };
}
