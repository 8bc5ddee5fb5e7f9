/**
 * A worker as a process of its own, on any machine that reaches the database: `DATABASE_URL=postgres://… make worker`. Its
 * address is in the environment, since a command line can be read by everybody on the machine.
 *
 * It ends on SIGTERM or Ctrl-C, when it is done with the letters in hand. Started by a lesson, over a channel, it says when it has
 * joined, sends its recording at its end, and ends at once when the lesson has gone.
 */
import { hostname } from "node:os";
import { parseArgs } from "node:util";
import { SupportError } from "../errors/support-error.ts";
import { record } from "../recording/record.ts";
import { startWorker, type Worker } from "./worker.ts";

const USAGE =
  "usage: DATABASE_URL=postgres://me:password@host:5432/mine make worker ARGS='--name b --places 1'";
const MOST_PLACES = 100;

interface Arguments {
  address: string;
  name: string;
  places: number;
}

function readArguments(): Arguments {
  const address = process.env.DATABASE_URL ?? "";
  if (!/^postgres(ql)?:\/\//.test(address))
    throw new RangeError("DATABASE_URL holds no address of a database");
  const { values } = parseArgs({
    options: {
      name: { type: "string", default: `${hostname()} ${process.pid}` },
      places: { type: "string", default: "1" },
    },
  });
  const places = Number(values.places);
  if (!(Number.isInteger(places) && places >= 1 && places <= MOST_PLACES)) {
    throw new RangeError(`'${values.places}' is no number of places from 1 to ${MOST_PLACES}`);
  }
  return { address, name: values.name, places };
}

/** Resolves when the process is asked to end. */
function askedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGTERM", resolve);
    process.once("SIGINT", resolve);
  });
}

function say(line: string): void {
  if (process.send === undefined) console.log(line);
}

async function run({ address, name, places }: Arguments): Promise<void> {
  const asked = askedToEnd();
  const worker: Worker = await startWorker(address, {
    name,
    places,
    onError: (words) => console.error(`worker ${name}: ${words}`),
  });
  process.send?.({ joined: name });
  say(`worker ${name} takes letters from ${new URL(address).host}; stop it with Ctrl-C`);
  await asked;
  await worker.drain();
  say(`worker ${name} is done with its letters`);
}

async function forLesson(args: Arguments): Promise<void> {
  process.once("disconnect", () => process.exit(1));
  const recording = await record(() => run(args));
  if (!recording.ok) throw recording.error;
  await new Promise<void>((resolve) => process.send?.(recording, () => resolve()));
  process.removeAllListeners("disconnect");
  process.disconnect();
}

async function main(): Promise<void> {
  let args: Arguments;
  try {
    args = readArguments();
  } catch (error) {
    console.error(`worker: ${error instanceof Error ? error.message : String(error)}. ${USAGE}`);
    process.exitCode = 2;
    return;
  }
  try {
    await (process.send === undefined ? run(args) : forLesson(args));
  } catch (error) {
    if (!(error instanceof SupportError)) throw error;
    console.error(`worker: ${error.message}`);
    process.exitCode = 1;
  }
}

await main();
