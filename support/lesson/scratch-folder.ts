import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onStop } from "./stop-all.ts";

/** A lesson's temporary folder. */
export interface ScratchFolder {
  readonly path: string;
  /** Removes it with all that is in it. Calling it again is free. */
  remove(): Promise<void>;
}

// A process that the lesson started may write into the folder a little longer than the kernel lives.
const WATCH = 'cat; n=0; until rm -rf -- "$1" || [ $n -eq 20 ]; do n=$((n + 1)); sleep 0.5; done';

/**
 * Makes a temporary folder that is gone after `remove()` or `stopAll()`, and also when this process ends in any way, a
 * kill included: a shell waits for the end of its standard input, which the system closes then, and removes the folder.
 *
 * @throws the system's error (as a rejection) when the folder cannot be made
 */
export async function scratchFolder(): Promise<ScratchFolder> {
  const path = await mkdtemp(join(tmpdir(), "tsasync-"));
  const watcher = spawn("sh", ["-c", WATCH, "sh", path], {
    // An interrupt that is sent to the kernel's process group is meant for a cell and not for the folder.
    detached: true,
    cwd: "/",
    stdio: ["pipe", "ignore", "ignore"],
  });
  watcher.unref();
  if (watcher.stdin instanceof Socket) watcher.stdin.unref();
  const remove = async (): Promise<void> => {
    forget();
    if (watcher.exitCode !== null || watcher.signalCode !== null) return;
    watcher.ref();
    const ended = once(watcher, "exit");
    watcher.stdin.end();
    await ended;
  };
  const forget = onStop(remove);
  return { path, remove };
}
