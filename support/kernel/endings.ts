import { constants } from "node:os";
import { replace } from "./replace.ts";

/** A cell asked for the end of its process, which is the kernel's too. */
export class ExitError extends Error {
  override readonly name = "ExitError";
  readonly code = "EXIT_IN_CELL";

  constructor(call: string) {
    super(
      `${call} would end the kernel, and all names would be lost. To stop a cell, throw an error or return from a function; to end the kernel, use the Kernel menu`,
    );
  }
}

function signalName(signal: unknown): unknown {
  if (typeof signal !== "number") return signal;
  return Object.entries(constants.signals).find(([, number]) => number === signal)?.[0] ?? signal;
}

/**
 * Makes calls that would end this process throw an {@link ExitError}. A signal that somebody listens for is sent.
 *
 * @returns what ends it all the same
 */
export function keepAlive(): (code: number) => never {
  const { exit } = process;
  const reallyExit: unknown = Reflect.get(process, "reallyExit");
  for (const name of ["exit", "reallyExit", "abort"])
    replace(process, name, () => () => {
      throw new ExitError(`process.${name}()`);
    });
  replace(process, "kill", (own) => (pid, signal = "SIGTERM") => {
    const isOwn = [0, process.pid, -process.pid].includes(Number(pid));
    const name = signalName(signal);
    if (isOwn && name !== 0 && !(typeof name === "string" && process.listenerCount(name) > 0))
      throw new ExitError(`process.kill(${String(pid)}, ${JSON.stringify(name)})`);
    return Reflect.apply(own, process, [pid, signal]);
  });
  return (code) => {
    Reflect.set(process, "reallyExit", reallyExit);
    return exit.call(process, code);
  };
}
