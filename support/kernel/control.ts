/**
 * The thread that serves the control channel and the heartbeat: it answers also while a cell holds the main thread.
 * What the main thread has to do comes as messages; an interrupt that it doesn't take is forced on it.
 */
import { Session } from "node:inspector";
import { parentPort, workerData } from "node:worker_threads";
import { Reply, Router } from "zeromq";
import type { Connection } from "./connection.ts";
import { answer, flag, frames, type Message, MessageError, parse } from "./message.ts";
import { interruptsTaken, isShielded, isTaken, type Shared } from "./shield.ts";

/** What this thread tells the main one. */
export type Order =
  | { type: "ready" }
  /** A request has come: the main thread publishes busy and idle. */
  | { type: "request"; request: Message }
  /** A request that only the main thread can answer; `reply` comes back. */
  | { type: "ask"; request: Message }
  | { type: "interrupt" }
  /** The kernel has to end; `reply` is for iopub, as the protocol wants. */
  | { type: "shutdown"; reply: Message };

/** What the main thread tells this one: the frames of a reply. */
export type Said = { type: "reply"; frames: (string | Uint8Array)[] };

/** What this thread starts with. */
export interface ControlData {
  connection: Connection;
  shared: Shared;
}

/**
 * How long the main thread has, in ms, to take an interrupt by itself; to end the compiler's work or the loading of a
 * module, which are of no use when cut in half; and to end when told so.
 */
const PATIENCE_MS = 100;
const SHIELDED_MS = 10_000;
const END_MS = 350;

function terminate(): Promise<void> {
  const session = new Session();
  session.connectToMainThread();
  return new Promise((resolve) => {
    session.post("Runtime.terminateExecution", () => {
      session.disconnect();
      resolve();
    });
  });
}

async function serve(
  { connection, shared }: ControlData,
  port: NonNullable<typeof parentPort>,
): Promise<void> {
  const control = new Router({ linger: 100, sendHighWaterMark: 0, sendTimeout: 0 });
  const heartbeat = new Reply({ linger: 0 });
  await Promise.all([control.bind(connection.control), heartbeat.bind(connection.heartbeat)]);
  const tell = (order: Order): void => port.postMessage(order);
  const send = async (message: Message): Promise<void> => control.send(frames(connection.key, message));

  port.on("message", (said: Said) => {
    void control.send(said.frames);
  });

  async function interrupt(): Promise<void> {
    const before = interruptsTaken(shared);
    const start = performance.now();
    tell({ type: "interrupt" });
    while (!(await isTaken(shared, before, PATIENCE_MS))) {
      if (!isShielded(shared) || performance.now() - start > SHIELDED_MS) return terminate();
    }
  }

  async function handle(request: Message): Promise<void> {
    switch (request.header.msg_type) {
      case "interrupt_request":
        tell({ type: "request", request });
        await interrupt();
        return send(answer(request, "interrupt_reply", { status: "ok" }));
      case "shutdown_request": {
        const restart = flag(request.content, "restart", false);
        setTimeout(() => process.kill(process.pid, "SIGKILL"), END_MS);
        const reply = answer(request, "shutdown_reply", { status: "ok", restart });
        await send(reply);
        // Sockets that are open while the process exits would end it with an error.
        control.close();
        heartbeat.close();
        return tell({ type: "shutdown", reply: { ...reply, route: [Buffer.from("shutdown_reply")] } });
      }
      default:
        return tell({ type: "ask", request });
    }
  }

  async function beat(): Promise<void> {
    for await (const parts of heartbeat) await heartbeat.send(parts);
  }

  void beat();
  tell({ type: "ready" });
  for await (const parts of control) {
    try {
      await handle(parse(connection.key, parts));
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      console.error(error.message);
    }
  }
}

function isControlData(data: unknown): data is ControlData {
  return typeof data === "object" && data !== null && "connection" in data && "shared" in data;
}

if (parentPort && isControlData(workerData)) await serve(workerData, parentPort);
