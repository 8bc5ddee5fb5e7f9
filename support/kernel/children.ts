import { ChildProcess } from "node:child_process";
import { onInterrupt } from "./cell.ts";
import { streamOf } from "./output.ts";
import type { Stream } from "./printing.ts";
import { replace } from "./replace.ts";

interface Spawn {
  stdio?: unknown;
  detached?: boolean;
}

/** Where the streams of a child go that would be its parent's own: they are read here and printed. */
function piped(stdio: unknown): { stdio: unknown; ours: { at: number; name: Stream }[] } {
  const all: unknown[] = Array.isArray(stdio) ? [...stdio] : Array(3).fill(stdio);
  const ours = [1, 2].flatMap((at) => {
    const to = all[at] === "inherit" ? at : all[at];
    const name = streamOf(to) ?? (["stdout", "stderr"] as const).find((own) => process[own] === to);
    return name === undefined ? [] : [{ at, name }];
  });
  for (const { at } of ours) all[at] = "pipe";
  return { stdio: ours.length === 0 ? stdio : all, ours };
}

/** What `spawnSync`, `execSync` and `execFileSync` end in. */
interface SyncSpawn {
  stdio: { fd?: number }[];
}

const isSyncSpawn = (options: unknown): options is SyncSpawn =>
  typeof options === "object" && options !== null && "stdio" in options && Array.isArray(options.stdio);

const outputOf = (result: unknown): unknown[] => {
  const output: unknown = Reflect.get(Object(result), "output");
  return Array.isArray(output) ? output : [];
};

/** A child that holds the thread is read while it runs, and printed when it has ended. */
function runAndPrint(spawn: (options: object) => unknown, options: SyncSpawn): unknown {
  const names = options.stdio.map(({ fd }) => streamOf(fd));
  const pipe = { type: "pipe", readable: false, writable: true };
  const stdio = options.stdio.map((one, at) => (names[at] ? pipe : one));
  // What is printed has no limit, as where it is inherited.
  const result = spawn({ ...options, stdio, maxBuffer: Number.POSITIVE_INFINITY });
  const output = outputOf(result);
  names.forEach((name, at) => {
    const printed = output[at];
    if (name === undefined || !(printed instanceof Uint8Array)) return;
    process[name].write(printed);
    output[at] = null;
  });
  return result;
}

/**
 * Lets children that inherit stdout or stderr print under the cell that started them: the kernel's own stdout leads
 * to no notebook. A child that isn't detached ends when its cell is interrupted.
 *
 * @param started is told of children that run beside the thread
 */
export function captureChildren(started: (pid: number) => void): void {
  const spawn: unknown = Reflect.get(ChildProcess.prototype, "spawn");
  if (typeof spawn !== "function") return;
  Reflect.set(ChildProcess.prototype, "spawn", function (this: ChildProcess, options: Spawn) {
    const { stdio, ours } = piped(options.stdio);
    const result: unknown = Reflect.apply(spawn, this, [{ ...options, stdio }]);
    for (const { at, name } of ours) {
      this.stdio[at]?.on("data", (data: Buffer) => process[name].write(data));
      // As with an inherited stream, the child has nothing to read from here.
      Reflect.set(this, at === 1 ? "stdout" : "stderr", null);
    }
    if (this.pid !== undefined) started(this.pid);
    if (!options.detached)
      this.once(
        "exit",
        onInterrupt(() => void this.kill()),
      );
    return result;
  });
  const binding: unknown = Reflect.get(process, "binding")?.call(process, "spawn_sync");
  replace(Object(binding), "spawn", (own) => (options) => {
    const inherits = isSyncSpawn(options) && options.stdio.some(({ fd }) => streamOf(fd));
    return inherits ? runAndPrint(own, options) : own(options);
  });
}
