/**
 * Keeps a lesson's database: a process of its own between the kernel and PostgreSQL. It starts the server, or makes the
 * schema where DATABASE_URL is set, says so in one line of JSON, and clears up when its standard input ends. That happens
 * when the lesson is over, and also when the kernel crashes or is killed: the system closes the pipe then.
 */
import { DatabaseError } from "./database-error.ts";
import { makeSchema } from "./schema.ts";
import { startServer } from "./server.ts";

interface Kept {
  /** What the lesson is told. */
  said: Readonly<Record<string, unknown>>;
  clearUp(): Promise<void>;
}

async function keep(stop: AbortSignal): Promise<Kept> {
  const own = process.env.DATABASE_URL;
  if (own) {
    const { url, drop } = await makeSchema(own);
    return { said: { url }, clearUp: drop };
  }
  const server = await startServer(stop, process.argv.includes("--tls"));
  const { url, pid, folder, authority } = server;
  return { said: { url, pid, folder, authority }, clearUp: () => server.stop() };
}

function inputEnded(): Promise<void> {
  return new Promise((resolve) => {
    process.stdin.once("close", resolve);
    process.stdin.once("error", () => resolve());
    process.stdin.resume();
  });
}

function say(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function main(): Promise<void> {
  const stop = new AbortController();
  // Nobody reads any more; the end of the input tells the rest.
  process.stdout.on("error", () => {});
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop.abort());
  const ended = inputEnded().then(() => stop.abort());
  let kept: Kept;
  try {
    kept = await keep(stop.signal);
  } catch (reason) {
    if (stop.signal.aborted) return;
    if (!(reason instanceof DatabaseError)) throw reason;
    say({ error: reason.code, message: reason.message, value: reason.value });
    return;
  }
  say(kept.said);
  const signalled = new Promise<void>((resolve) => {
    if (stop.signal.aborted) resolve();
    else stop.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await Promise.race([ended, signalled]);
  await kept.clearUp();
}

await main();
process.exit(0);
