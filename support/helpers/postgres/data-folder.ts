import { chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { letGo, startKeeper } from "../clean-up/keeper-process.ts";
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
export async function makeFolder(account: Account | undefined, within = tmpdir()): Promise<string> {
  const folder = await mkdtemp(join(within, `tsasync-postgres-${process.pid}-`));
  if (account !== undefined) await chown(folder, account.uid, account.gid);
  return folder;
}

/** Removes a folder, also while a process that is about to end still writes into it. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
}

// The server names itself in its folder. One that starts just now still writes there; it ends when it finds it gone.
const GUARD = `cat
read -r pid < "$1/data/postmaster.pid" && kill -QUIT "$pid"
n=0; until rm -rf -- "$1" || [ $n -eq 20 ]; do n=$((n + 1)); sleep 0.5; done`;

/**
 * Has a shell end the server in a folder, and remove the folder, when this process is killed. The lesson may have been
 * killed with it, and then nobody else is left to do that.
 *
 * @returns ends the shell; to be called when the folder is gone
 */
export function guard(folder: string): () => Promise<void> {
  return letGo(startKeeper("sh", ["-c", GUARD, "sh", folder], "ignore"));
}
