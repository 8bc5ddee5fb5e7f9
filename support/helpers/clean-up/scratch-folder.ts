import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { letGo, startKeeper } from "./keeper-process.ts";

/** A lesson's temporary folder. */
export interface ScratchFolder {
  readonly path: string;
  /** Removes it with all that is in it. Calling it again is free. */
  remove(): Promise<void>;
}

// A process that the lesson started may write into the folder a little longer than the kernel lives.
const WATCH = 'cat; n=0; until rm -rf -- "$1" || [ $n -eq 20 ]; do n=$((n + 1)); sleep 0.5; done';

/**
 * Makes a temporary folder that is gone after `remove()` or an interrupt of the cell, and also when this process ends
 * in any way, a kill included: a shell waits for the end of its standard input, which the system closes then, and
 * removes the folder.
 *
 * @example
 * const folder = await scratchFolder();
 * console.log(folder.path);
 * await folder.remove();
 * @throws the system's error (as a rejection) when the folder cannot be made
 */
export async function scratchFolder(): Promise<ScratchFolder> {
  const path = await mkdtemp(join(tmpdir(), "tsasync-"));
  const keeper = startKeeper("sh", ["-c", WATCH, "sh", path], "ignore");
  return { path, remove: letGo(keeper) };
}
