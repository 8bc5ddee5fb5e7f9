/** The kernel that lessons run on: tslab with our mends. Started by Jupyter with `--config-path <file>`. */
import { writeSync } from "node:fs";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { Publisher, Router } from "zeromq";
import { captureChildren } from "./children.ts";
import { startCompiler } from "./compile.ts";
import { type Connection, ConnectionFileError, readConnection } from "./connection.ts";
import type { ControlData, Order, Said } from "./control.ts";
import { createKernel, type Kernel, type Send } from "./kernel.ts";
import { frames, type Message, MessageError, parse } from "./message.ts";
import { createModules } from "./modules.ts";
import { capturePrinting } from "./output.ts";
import { createScope, readableFunctions } from "./scope.ts";
import { createShared, createShield, takeInterrupt } from "./shield.ts";
import { readableStacks } from "./stack.ts";

const require = createRequire(import.meta.url);

/** Starts the thread that serves control and heartbeat, and does what it says. */
function startControl(
  workerData: ControlData,
  kernel: Kernel,
  end: (last: Message) => void,
): Promise<Worker> {
  const { connection, shared } = workerData;
  const worker = new Worker(new URL("control.ts", import.meta.url), { workerData, execArgv: [] });
  const tell = (said: Said): void => worker.postMessage(said);
  const reply = (message: Message): void => tell({ type: "reply", frames: frames(connection.key, message) });
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.on("message", (order: Order) => {
      if (order.type === "ready") resolve(worker);
      else if (order.type === "request") kernel.note(order.request);
      else if (order.type === "ask") void kernel.handle(order.request, reply);
      else if (order.type === "shutdown") end(order.reply);
      else {
        takeInterrupt(shared);
        kernel.interrupt();
      }
    });
  });
}

/** Prints to the terminal that started Jupyter, whatever cells print to. */
function log(text: string): void {
  writeSync(2, `tslab: ${text}\n`);
}

/**
 * Sockets that send at once or not at all: with time to wait, zeromq refuses the 513th message of a turn of the loop.
 * Without a high water mark nothing has to wait.
 */
const AT_ONCE = { linger: 100, sendHighWaterMark: 0, sendTimeout: 0 };

/** Sends messages on a socket. One that can't be sent is told, and lost. */
function sender(socket: Publisher | Router, key: string): Send {
  return (message) => {
    socket.send(frames(key, message)).catch((error: unknown) => log(`a message is lost: ${error}`));
  };
}

async function serveShell(shell: Router, key: string, kernel: Kernel): Promise<void> {
  const reply = sender(shell, key);
  for await (const parts of shell) {
    try {
      void kernel.handle(parse(key, parts), reply);
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      log(error.message);
    }
  }
}

async function start(connection: Connection): Promise<void> {
  const iopub = new Publisher(AT_ONCE);
  const shell = new Router(AT_ONCE);
  const stdin = new Router({ linger: 0 });
  const publish = sender(iopub, connection.key);
  const shared = createShared();
  const folder = process.cwd();
  // For this process and its threads only: a cell's children are as any other program's.
  setImmediate(() => delete process.env.NODE_COMPILE_CACHE);
  const [scope, shield] = [createScope(), createShield(shared)];
  const compiler = startCompiler(folder);
  const runtime = { folder, compiler, modules: createModules(folder, scope, shield), scope, shield };
  const kernel = createKernel(
    runtime,
    { tslab: versionOf("tslab"), typescript: versionOf("typescript-6") },
    publish,
  );

  readableStacks();
  readableFunctions();
  capturePrinting(kernel.print);
  captureChildren();
  process.on("uncaughtException", kernel.unhandled);
  process.on("unhandledRejection", kernel.unhandled);
  process.on("SIGINT", () => kernel.interrupt());

  await Promise.all([
    iopub.bind(connection.iopub),
    shell.bind(connection.shell),
    stdin.bind(connection.stdin),
  ]);
  await startControl({ connection, shared }, kernel, (last) => {
    kernel.flush();
    publish(last);
    for (const socket of [shell, stdin, iopub]) socket.close();
    process.exit(0);
  });
  await serveShell(shell, connection.key, kernel);
}

function versionOf(name: string): string {
  const { version }: { version: string } = require(`${name}/package.json`);
  return version;
}

const { values } = parseArgs({ options: { "config-path": { type: "string", default: "" } } });
try {
  await start(readConnection(values["config-path"]));
} catch (error) {
  if (!(error instanceof ConnectionFileError)) throw error;
  log(error.message);
  process.exitCode = 2;
}
