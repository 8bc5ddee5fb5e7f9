import { setImmediate as moment } from "node:timers/promises";
import { database, scratchFolder } from "support";

/** A file that is open. */
export interface OpenFile {
  /** @throws DiskError (as a rejection) when the text is too long, or the file is closed */
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

/** What an answer gets to write to. */
export interface Disk {
  /** @throws DiskError (as a rejection) when too many files are open */
  open(name: string): Promise<OpenFile>;
}

/** What a disk has noticed of an answer. */
export interface Seen {
  /** The names under which it has opened files. */
  opened: string[];
  /** How many openings it has refused. */
  refused: number;
  /** How many files are open now, and how many were at most. */
  open: number;
  mostOpen: number;
  /** The names of the texts it has taken, in the order in which they came. */
  took: string[];
}

/** An error with a code, as those of the system are. */
class DiskError extends Error {
  override readonly name = "DiskError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/**
 * A disk on which each operation takes a moment.
 *
 * @param files how many may be open
 * @param most letters of a text
 */
export function diskFor(files: number, most: number): { disk: Disk; seen(): Seen } {
  const seen: Seen = { opened: [], refused: 0, open: 0, mostOpen: 0, took: [] };
  async function open(name: string): Promise<OpenFile> {
    if (seen.open >= files) {
      seen.refused += 1;
      throw new DiskError("EMFILE", "too many open files");
    }
    seen.opened.push(name);
    seen.open += 1;
    seen.mostOpen = Math.max(seen.mostOpen, seen.open);
    await moment();
    let isOpen = true;
    return {
      async write(text) {
        await moment();
        if (!isOpen) throw new DiskError("EBADF", "the file is closed");
        if (text.length > most) throw new DiskError("EFBIG", "the text is too long");
        seen.took.push(name);
      },
      async close() {
        await moment();
        if (isOpen) seen.open -= 1;
        isOpen = false;
      },
    };
  }
  return { disk: { open }, seen: () => ({ ...seen }) };
}

/** Lends the address of a PostgreSQL that is stopped afterwards, also after an error. */
export async function inDatabase<T>(use: (url: string) => Promise<T>): Promise<T> {
  const lent = await database();
  try {
    return await use(lent.url);
  } finally {
    await lent.stop();
  }
}

/** Lends a folder that is gone afterwards, also after an error. */
export async function inFolder<T>(use: (path: string) => Promise<T>): Promise<T> {
  const folder = await scratchFolder();
  try {
    return await use(folder.path);
  } finally {
    await folder.remove();
  }
}
