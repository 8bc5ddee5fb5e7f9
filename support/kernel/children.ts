import { ChildProcess } from "node:child_process";

const OUTPUTS = [
  { at: 1, name: "stdout" },
  { at: 2, name: "stderr" },
] as const;

/** Where the streams of a child go that would be its parent's own: they are read here and printed. */
function piped(stdio: unknown): { stdio: unknown; ours: ("stdout" | "stderr")[] } {
  const all: unknown[] = Array.isArray(stdio) ? [...stdio] : Array(3).fill(stdio);
  const ours: ("stdout" | "stderr")[] = [];
  for (const { at, name } of OUTPUTS) {
    const inherits = all[at] === "inherit" || all[at] === at || all[at] === process[name];
    if (!inherits) continue;
    all[at] = "pipe";
    ours.push(name);
  }
  return ours.length === 0 ? { stdio, ours } : { stdio: all, ours };
}

/**
 * Lets children that inherit stdout or stderr print under the cell that started them: the kernel's own stdout leads
 * to no notebook.
 */
export function captureChildren(): void {
  const spawn: unknown = Reflect.get(ChildProcess.prototype, "spawn");
  if (typeof spawn !== "function") return;
  Reflect.set(ChildProcess.prototype, "spawn", function (this: ChildProcess, options: { stdio?: unknown }) {
    const { stdio, ours } = piped(options.stdio);
    const result: unknown = Reflect.apply(spawn, this, [{ ...options, stdio }]);
    for (const name of ours) {
      const stream = this[name];
      stream?.on("data", (data: Buffer) => process[name].write(data));
      // As with an inherited stream, the child has nothing to read from here.
      Reflect.set(this, name, null);
    }
    return result;
  });
}
