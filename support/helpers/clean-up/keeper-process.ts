import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Socket } from "node:net";
import { onStop } from "./stop-all.ts";

/**
 * Starts a keeper: a process that clears up when its standard input ends. The system closes that when this process ends
 * in any way, a kill included.
 *
 * @param output what becomes of what it prints
 */
export function startKeeper(
  command: string,
  args: readonly string[],
  output: "pipe" | "ignore",
): ChildProcess {
  return spawn(command, args, {
    // An interrupt that is sent to the kernel's process group is meant for a cell and not for what is kept.
    detached: true,
    cwd: "/",
    stdio: ["pipe", output, "ignore"],
    // A debugger or a hook that the kernel was started with is not meant for the keeper.
    env: { ...process.env, NODE_OPTIONS: "" },
  });
}

/**
 * Lets this process end while the keeper lives; that is what tells the keeper to clear up.
 *
 * @returns has it clear up now, and waits for its end; `stopAll()` calls it, and calling it again is free
 */
export function letGo(keeper: ChildProcess): () => Promise<void> {
  keeper.unref();
  for (const stream of keeper.stdio) if (stream instanceof Socket) stream.unref();
  const clearUp = async (): Promise<void> => {
    forget();
    if (keeper.exitCode !== null || keeper.signalCode !== null) return;
    keeper.ref();
    const ended = once(keeper, "exit");
    keeper.stdin?.end();
    await ended;
  };
  const forget = onStop(clearUp);
  return clearUp;
}
