/** A new database is a copy of one that was made once: PostgreSQL's own `initdb` takes seconds of a processor each time. */
import { cpSync, lchownSync, readdirSync } from "node:fs";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeFolder, removeFolder, sweep } from "./data-folder.ts";
import type { Account } from "./unprivileged-user.ts";

/** It goes with the packages: a PostgreSQL that npm brings anew makes its own. */
export const TEMPLATES = fileURLToPath(new URL("../../../node_modules/.cache/tsasync", import.meta.url));

/** What others may not read is one's own: the password of all databases that are copied from it is in there. */
const nameIn = (templates: string): string => join(templates, `postgres-${process.getuid?.() ?? 0}`);

function give(folder: string, { uid, gid }: Account): void {
  lchownSync(folder, uid, gid);
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }))
    lchownSync(join(folder, name), uid, gid);
}

/**
 * Copies the template to `data`, which does not exist yet.
 *
 * @returns the password of its user, or undefined when there is no template, or it can't be copied
 */
export async function copyTemplate(
  templates: string,
  data: string,
  account: Account | undefined,
): Promise<string | undefined> {
  const template = nameIn(templates);
  try {
    const password = await readFile(join(template, "password"), "utf8");
    // At once: this process has nothing else to do.
    cpSync(join(template, "data"), data, { recursive: true });
    // Which a copy does not keep, and without which no server starts.
    await chmod(data, 0o700);
    if (account !== undefined) give(data, account);
    return password;
  } catch {
    await removeFolder(data);
    return undefined;
  }
}

/** Keeps a copy of a database that was never started, whole or not at all. Where nothing can be kept, all goes on without. */
export async function keepTemplate(templates: string, data: string, password: string): Promise<void> {
  let copy: string | undefined;
  try {
    await mkdir(templates, { recursive: true });
    // What a process that was killed had begun.
    await sweep(templates);
    copy = await makeFolder(undefined, templates);
    cpSync(data, join(copy, "data"), { recursive: true });
    await writeFile(join(copy, "password"), password, { mode: 0o600 });
    await rename(copy, nameIn(templates));
  } catch {
    // The disk is full or read-only, or another process was first.
    if (copy !== undefined) await removeFolder(copy);
  }
}

/** Removes a template from which no server starts. */
export function dropTemplate(templates: string): Promise<void> {
  return removeFolder(nameIn(templates));
}
