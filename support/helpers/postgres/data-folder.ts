import { chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Account } from "./unprivileged-user.ts";

const NAME = /^tsasync-postgres-(\d+)-/;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (reason) {
    return reason instanceof Error && "code" in reason && reason.code === "EPERM";
  }
}

/**
 * Removes the folders of keepers that were killed before they could do it. A server that still runs in one stops by
 * itself: it looks for its folder once a minute.
 */
export async function sweep(within = tmpdir()): Promise<void> {
  for (const name of await readdir(within)) {
    const pid = Number(NAME.exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid)) await removeFolder(join(within, name));
  }
}

/** A temporary folder that says in its name which process keeps it, readable for the account only. */
export async function makeFolder(account: Account | undefined): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `tsasync-postgres-${process.pid}-`));
  if (account !== undefined) await chown(folder, account.uid, account.gid);
  return folder;
}

/** Removes a folder, also while a process that is about to end still writes into it. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
}
