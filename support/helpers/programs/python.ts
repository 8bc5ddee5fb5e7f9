import { fileURLToPath } from "node:url";
import { findPython } from "./find-python.ts";
import { alarmSeconds, type ProgramOptions, type ProgramRun, runProgram } from "./run-program.ts";
import { steady } from "./steady-output.ts";

const LAUNCH = fileURLToPath(new URL("./launch.py", import.meta.url));

/**
 * Runs a few lines in the environment's own Python and returns what they printed, the same on every computer (see
 * {@link steady}). The standard library is there, installed packages and standard input are not. An exception is part
 * of the result: its traceback stands in `stderr`, and `status` is 1.
 *
 * Starting Python takes some 50 ms of real time, importing asyncio as much again, and more on a busy machine.
 *
 * Cancellation: as in {@link runProgram}.
 *
 * @example
 * const run = await python("print(1 + 1)");
 * console.log(run.stdout); // 2
 * @param source Python, which may be indented as a whole; its tracebacks call it `<python>`
 * @throws ProgramError (`NO_PYTHON`, `TIME_LIMIT` or `OUTPUT_LIMIT`), ArgumentError (as rejections)
 */
export async function python(source: string, options: ProgramOptions = {}): Promise<ProgramRun> {
  const program = {
    name: "Python",
    command: findPython(),
    // `-I` looks at no settings of the reader's, `-S` at no installed packages, `-B` writes no bytecode, `-u` keeps no
    // output back.
    args: ["-I", "-S", "-B", "-u", "-X", "utf8", LAUNCH, alarmSeconds(options)],
    cwd: "/",
    env: { LANG: "C.UTF-8" },
    input: source,
  };
  const { stdout, stderr, status } = await runProgram(program, options);
  return { stdout: steady(stdout), stderr: steady(stderr), status };
}
