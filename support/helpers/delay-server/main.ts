/**
 * The delay server as a process of its own.
 *
 * Alone (`make server`): real seconds on port 3000, one line per request, until Ctrl-C. With `--lessons` it is started by
 * a lesson, tells its port over the parent's channel, and ends when the last lesson has gone.
 */
import { parseArgs } from "node:util";
import { parseLessonSecond } from "../clock/lesson-second.ts";
import { SupportError } from "../errors/support-error.ts";
import { lineOf, printer } from "./answer-log.ts";
import { newApp } from "./app.ts";
import { newScope } from "./counters.ts";
import { newLeases } from "./lease-book.ts";
import { listen } from "./listen-on-loopback.ts";
import { warmUp } from "./warm-up.ts";

/** How long a server that was started by a lesson waits for that lesson, in real ms. */
const FIRST_LEASE_MS = 5000;
const USAGE = "usage: make server ARGS='--port 3000 --seed anna' (port 0 to 65535; 0: any free one)";

interface Arguments {
  port: number;
  seed: string | undefined;
  lessons: boolean;
}

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "3000" },
      seed: { type: "string" },
      lessons: { type: "boolean", default: false },
    },
  });
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) {
    throw new RangeError(`'${values.port}' is no port`);
  }
  return { port: Number(values.port), seed: values.seed, lessons: values.lessons };
}

/** Alone, a lesson second is a real second unless the environment says otherwise. */
function lessonSecond(): number {
  return parseLessonSecond(process.env.LESSON_SECOND_MS || "1000");
}

async function standAlone({ port, seed }: Arguments): Promise<void> {
  const secondMs = lessonSecond();
  const own = newScope(seed);
  let print = (_line: string): void => {};
  const app = newApp({ secondMs, own, onAnswer: (line) => print(lineOf(line, new Date())) });
  const listening = await listen(app, port);
  await warmUp(listening.port);
  own.reset();
  print = printer();
  // Nobody reads our lines any more: `make server | head`.
  process.stdout.on("error", () => process.exit(0));
  const scale = secondMs === 1000 ? "" : `, a second lasts ${secondMs} ms`;
  console.log(`delay server on http://localhost:${listening.port}/aio${scale}; stop it with Ctrl-C`);
  const stop = (): void => {
    const asleep = own.counts().inFlight;
    listening.close();
    console.log(`\nstopped; ${asleep} sleeping ${asleep === 1 ? "request was" : "requests were"} dropped`);
    process.exit(0);
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

async function forLessons({ port }: Arguments): Promise<void> {
  const leases = newLeases(FIRST_LEASE_MS, () => process.exit(0));
  const app = newApp({
    secondMs: parseLessonSecond(process.env.LESSON_SECOND_MS),
    own: newScope(undefined),
    leases,
  });
  const listening = await listen(app, port);
  process.send?.({ port: listening.port });
  process.disconnect();
}

async function main(): Promise<void> {
  let args: Arguments;
  try {
    args = readArguments();
  } catch (error) {
    console.error(`delay server: ${error instanceof Error ? error.message : String(error)}. ${USAGE}`);
    process.exitCode = 2;
    return;
  }
  try {
    await (args.lessons ? forLessons(args) : standAlone(args));
  } catch (error) {
    if (!(error instanceof SupportError)) throw error;
    if (args.lessons) process.send?.({ error: error.code });
    else console.error(`delay server: ${error.message}`);
    process.exit(1);
  }
}

await main();
