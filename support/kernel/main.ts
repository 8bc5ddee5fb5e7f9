/**
 * The kernel that lessons run on. Started by Jupyter with `--config-path <file>`, and with `--about <file>`: a module that
 * tells what a lesson's head shows of the run (`about.ts`).
 */
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { getHeapStatistics } from "node:v8";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { type About, loadAbout } from "./about.ts";
import { captureChildren } from "./children.ts";
import { startCompiler } from "./compile.ts";
import { type Connection, ConnectionFileError, readConnection } from "./connection.ts";
import { keepAlive } from "./endings.ts";
import { CUT, knowHooks, resumeHooks } from "./hooks.ts";
import { createInput, provideInput } from "./input.ts";
import { createKernel, type Send } from "./kernel.ts";
import { stopLeftovers } from "./leftovers.ts";
import { log } from "./log.ts";
import { pack } from "./message.ts";
import { createModules } from "./modules.ts";
import { capturePrinting } from "./output.ts";
import { followRejections } from "./rejections.ts";
import { createScope, readableFunctions } from "./scope.ts";
import { areTicksDropped, createShared, createShield, takeInterrupt } from "./shield.ts";
import { readableStacks, safely } from "./stack.ts";
import type { Channel, Order, Said, WireData } from "./wire.ts";

const require = createRequire(import.meta.url);

/** Starts a kernel and the thread that owns its sockets. */
function start(connection: Connection, about: About): void {
  const shared = createShared();
  const { port1: answers, port2: answersIn } = new MessageChannel();
  const { port1: orders, port2: ordersIn } = new MessageChannel();
  const heapLimit = getHeapStatistics().heap_size_limit;
  const workerData: WireData = { connection, shared, orders: ordersIn, answers: answersIn, heapLimit };
  const wire = new Worker(new URL("wire.ts", import.meta.url), {
    workerData,
    transferList: [ordersIn, answersIn],
    execArgv: [],
  });
  const tell = (said: Said): void => wire.postMessage(said);
  const sender =
    (channel: Channel | "iopub"): Send =>
    (message) =>
      tell({ type: "send", channel, message: pack(message) });
  const replies = { shell: sender("shell"), control: sender("control") };

  const folder = process.cwd();
  const { JPY_SESSION_NAME: notebook, TSASYNC_COMPILER: server } = process.env;
  delete process.env.TSASYNC_COMPILER;
  const [scope, shield] = [createScope(), createShield(shared)];
  const compiler = startCompiler({ folder, notebook }, server || undefined);
  const runtime = { folder, compiler, modules: createModules(folder, scope, shield), scope, shield };
  const versions = { tslab: versionOf("tslab"), typescript: versionOf("typescript-6") };
  const kernel = createKernel(runtime, versions, about, {
    publish: sender("iopub"),
    print: (cell, name, text) => tell({ type: "print", cell, name, text }),
    running: (cell) => tell({ type: "running", cell }),
    watch: (ms) => tell({ type: "watch", ms }),
  });
  const input = createInput({
    asker: kernel.asker,
    send: (question) => tell({ type: "ask", question }),
    shared,
    answers,
  });

  knowHooks();
  readableStacks();
  readableFunctions();
  capturePrinting(kernel.print);
  captureChildren((pid) => tell({ type: "child", pid }));
  provideInput(input);
  stopLeftovers(() => areTicksDropped(shared));
  const exit = keepAlive();
  // Not as a listener, which a cell may remove: the process would end.
  process.setUncaughtExceptionCaptureCallback((error) => {
    if (Object.is(error, CUT)) return;
    kernel.unhandled(error);
    for (const listener of process.listeners("uncaughtException"))
      safely(() => listener(error, "uncaughtException"), undefined);
  });
  followRejections(kernel.unhandled);
  process.on("SIGINT", () => kernel.interrupt());

  wire.once("error", (error) => {
    log(`the thread with the sockets has failed: ${error}`);
    exit(1);
  });
  function obey(order: Order): void {
    if (order.type === "request") kernel.handle(order.request, replies[order.channel]);
    else if (order.type === "answer") input.answered(order.answer);
    else if (order.type === "shutdown") tell({ type: "bye" });
    else if (order.type === "exit") exit(0);
    else {
      takeInterrupt(shared);
      resumeHooks();
      if (order.type === "interrupt") kernel.interrupt();
      else if (order.type === "held") kernel.held();
    }
  }
  wire.on("message", () => {
    shield.over(() => {
      for (let got = receiveMessageOnPort(orders); got; got = receiveMessageOnPort(orders)) obey(got.message);
    });
  });
}

function versionOf(name: string): string {
  const { version }: { version: string } = require(`${name}/package.json`);
  return version;
}

const path = { type: "string", default: "" } as const;
const { values } = parseArgs({ options: { "config-path": path, about: path } });
try {
  start(readConnection(values["config-path"]), await loadAbout(values.about));
} catch (error) {
  if (!(error instanceof ConnectionFileError)) throw error;
  log(error.message);
  process.exitCode = 2;
}
