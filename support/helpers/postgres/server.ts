import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findNative, type Native } from "./binaries.ts";
import { type CertificateFiles, writeCertificate } from "./certificate.ts";
import { guard, makeFolder, removeFolder, sweep } from "./data-folder.ts";
import { DatabaseError } from "./database-error.ts";
import { freePort } from "./free-port.ts";
import { copyTemplate, dropTemplate, keepTemplate, TEMPLATES } from "./template.ts";
import { type Account, accountFor, reachable } from "./unprivileged-user.ts";

/** A PostgreSQL server of one's own. */
export interface Server {
  /** The address of its database, password included. */
  readonly url: string;
  /** The process and the folder, for the process that has to clear up after this one. */
  readonly pid: number;
  readonly folder: string;
  /** The file with the certificate that its clients know it by; undefined without TLS. */
  readonly authority: string | undefined;
  /** Ends it at once, without saving anything, and removes its folder. */
  stop(): Promise<void>;
}

const USER = "tsasync";
const READY = "database system is ready to accept connections";
const PORT_TRIES = 5;
/**
 * Reachable on the loopback interface only. Everything else is as PostgreSQL comes: a commit waits for the disk, so that a
 * lesson's figures are honest.
 */
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  // In the folder, so that nothing stays in shared memory.
  dynamic_shared_memory_type: "mmap",
};

/** Without the settings that a reader has made for PostgreSQL's own programs. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("PG"));
  return { ...Object.fromEntries(kept), LC_ALL: "C" };
}

function start(program: string, args: readonly string[], account: Account | undefined): ChildProcess {
  return spawn(program, args, {
    ...account,
    cwd: "/",
    env: environment(),
    stdio: ["ignore", "ignore", "pipe"],
  });
}

function said(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.setEncoding("utf8");
  child.stderr?.on("data", (piece: string) => {
    text = (text + piece).slice(-4000);
  });
  return () => text.trim();
}

function notStarted(program: string, words: string): DatabaseError {
  const last = words.split("\n").at(-1) ?? "";
  return new DatabaseError("NOT_STARTED", `${program} did not start: ${last || "it said nothing"}`, words);
}

/** The end of a process; a program that can't be run at all ends with a status of its own. */
async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  try {
    const [status]: unknown[] = await once(child, "exit");
    return typeof status === "number" ? status : null;
  } catch {
    return null;
  }
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = end(child);
  child.kill(signal);
  await ended;
}

async function initialise(
  native: Native,
  folder: string,
  password: string,
  account: Account | undefined,
  stop: AbortSignal,
): Promise<void> {
  const file = join(folder, "password");
  await writeFile(file, `${password}\n`, { mode: 0o644 });
  stop.throwIfAborted();
  const flags = ["--auth=scram-sha-256", "--locale=C", "--encoding=UTF8", "--no-sync", "--no-instructions"];
  const args = ["-D", join(folder, "data"), "-U", USER, `--pwfile=${file}`, ...flags];
  const child = start(join(native, "bin", "initdb"), args, account);
  const words = said(child);
  const ended = end(child);
  const abort = (): void => void child.kill("SIGKILL");
  stop.addEventListener("abort", abort, { once: true });
  const status = await ended;
  await rm(file);
  stop.removeEventListener("abort", abort);
  stop.throwIfAborted();
  if (status !== 0) throw notStarted("initdb", words());
}

/** A client that asks for no TLS is still let in: its address says which. */
function tlsSettings(tls: CertificateFiles | undefined): Record<string, string> {
  return tls ? { ssl: "on", ssl_cert_file: tls.certificate, ssl_key_file: tls.key } : {};
}

async function launch(
  native: Native,
  folder: string,
  port: number,
  account: Account | undefined,
  tls: CertificateFiles | undefined,
): Promise<ChildProcess> {
  const settings = Object.entries({ ...SETTINGS, ...tlsSettings(tls) }).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ]);
  const args = ["-D", join(folder, "data"), "-p", String(port), ...settings];
  const child = start(join(native, "bin", "postgres"), args, account);
  const words = said(child);
  const ended = end(child).then(() => "ended");
  const ready = new Promise<string>((resolve) => {
    child.stderr?.on("data", () => {
      if (words().includes(READY)) resolve("ready");
    });
  });
  if ((await Promise.race([ready, ended])) === "ready") return child;
  throw notStarted("PostgreSQL", words());
}

/** Another program may take the free port just before PostgreSQL does. */
async function launchSomewhere(
  native: Native,
  folder: string,
  account: Account | undefined,
  tls: CertificateFiles | undefined,
  stop: AbortSignal,
): Promise<{ child: ChildProcess; port: number }> {
  for (let tries = 1; ; tries += 1) {
    stop.throwIfAborted();
    const port = await freePort();
    try {
      return { child: await launch(native, folder, port, account, tls), port };
    } catch (reason) {
      const taken = reason instanceof DatabaseError && reason.value.includes("could not bind");
      if (!taken || tries === PORT_TRIES) throw reason;
    }
  }
}

/** Starts the server of a new database; `password` is its user's. */
async function launchNew(
  native: Native,
  folder: string,
  account: Account | undefined,
  tls: CertificateFiles | undefined,
  templates: string,
  stop: AbortSignal,
): Promise<{ child: ChildProcess; port: number; password: string }> {
  const data = join(folder, "data");
  const known = await copyTemplate(templates, data, account);
  if (known !== undefined) {
    try {
      return { ...(await launchSomewhere(native, folder, account, tls, stop)), password: known };
    } catch {
      stop.throwIfAborted();
      await Promise.all([dropTemplate(templates), removeFolder(data)]);
    }
  }
  const password = randomBytes(16).toString("hex");
  await initialise(native, folder, password, account, stop);
  await keepTemplate(templates, data, password);
  return { ...(await launchSomewhere(native, folder, account, tls, stop)), password };
}

/**
 * Starts a PostgreSQL in a temporary folder, on any free port of the loopback interface, with a random password. The first
 * one takes a second or two, those after it a copy of the first.
 *
 * Cancellation: aborting `stop` ends the start; nothing is left then.
 *
 * @param tls whether clients may ask for TLS; the server then has a certificate of its own
 * @param templates the folder where the first one is kept; for tests
 * @throws DatabaseError (as a rejection)
 */
export async function startServer(stop: AbortSignal, tls = false, templates = TEMPLATES): Promise<Server> {
  stop.throwIfAborted();
  await sweep();
  const account = await accountFor(process.getuid?.());
  const found = await findNative();
  stop.throwIfAborted();
  const folder = await makeFolder(account);
  const endGuard = guard(folder);
  try {
    const native = await reachable(found, account, join(folder, "native"));
    const files = tls ? await writeCertificate(folder, account) : undefined;
    const { child, port, password } = await launchNew(native, folder, account, files, templates, stop);
    if (stop.aborted) await kill(child, "SIGQUIT");
    stop.throwIfAborted();
    return {
      url: `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`,
      pid: child.pid ?? 0,
      folder,
      authority: files?.authority,
      async stop() {
        await kill(child, "SIGQUIT");
        await removeFolder(folder);
        await endGuard();
      },
    };
  } catch (reason) {
    await removeFolder(folder);
    await endGuard();
    throw reason;
  }
}
