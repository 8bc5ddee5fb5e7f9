import { cp, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { DatabaseError } from "./database-error.ts";

/** The account that PostgreSQL runs as. */
export interface Account {
  uid: number;
  gid: number;
}

/** An account of the system that has no rights, from the text of `/etc/passwd`. */
export function nobodyIn(passwd: string): Account | undefined {
  for (const line of passwd.split("\n")) {
    const [name, , uid, gid] = line.split(":");
    if (name === "nobody" && Number(uid) > 0) return { uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}

/**
 * PostgreSQL refuses to run as root, so root runs it as `nobody`; no account is made. Everybody else runs it as themselves.
 *
 * @param passwd the file with the accounts; for tests
 * @returns undefined for users who are not root
 * @throws DatabaseError (`NO_ACCOUNT`, as a rejection)
 */
export async function accountFor(
  uid: number | undefined,
  passwd = "/etc/passwd",
): Promise<Account | undefined> {
  if (uid !== 0) return undefined;
  const found = nobodyIn(await readFile(passwd, "utf8").catch(() => ""));
  if (found !== undefined) return found;
  const message =
    "PostgreSQL does not run as root, and this system has no account 'nobody'; set DATABASE_URL";
  throw new DatabaseError("NO_ACCOUNT", message, passwd);
}

/** Whether an account without rights may reach a folder: every folder above it must let others through. */
export async function isReachable(folder: string): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    const { mode } = await stat(at);
    if ((mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** A folder that the account may reach: the same one, or a copy of it. */
export async function reachable(folder: string, account: Account | undefined, copy: string): Promise<string> {
  if (account === undefined || (await isReachable(folder))) return folder;
  await cp(folder, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}
