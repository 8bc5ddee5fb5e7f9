/**
 * The thread that owns the kernel's sockets: it listens and sends also while a cell holds the main thread. Requests go
 * to the main thread as messages, and what that has to say comes back as messages.
 */
import { setTimeout as pause } from "node:timers/promises";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { Publisher, Router } from "zeromq";
import type { Connection } from "./connection.ts";
import { insist } from "./insist.ts";
import { log } from "./log.ts";
import {
  answer,
  flag,
  frames,
  type Header,
  type Message,
  news,
  type Origin,
  type Packed,
  pack,
  parse,
  text,
} from "./message.ts";
import { createBatch, type Stream } from "./printing.ts";
import { announceAnswer, interruptsTaken, isTaken, type Shared } from "./shield.ts";
import { endAll, endWithJupyter, watchMemory } from "./watch.ts";

/** Where requests come from and replies go. */
export type Channel = "shell" | "control";

/** A question to the reader, and who waits for the answer: the main thread as a whole, or a promise on it. */
export interface Question {
  id: number;
  asker: Origin;
  prompt: string;
  holdsThread: boolean;
}

/** What the reader answered; no value when an interrupt came first. */
export interface Answer {
  id: number;
  value?: string;
}

/** What this thread tells the main one. */
export type Order =
  | { type: "request"; channel: Channel; request: Message }
  | { type: "interrupt" }
  /** Whether the main thread comes to it: see `watch`. */
  | { type: "beat" }
  /** The main thread was held while it was watched, and has been freed. */
  | { type: "held" }
  | { type: "answer"; answer: Answer }
  /** The kernel has to end: say "bye" when everything is said, then exit when the next order comes. */
  | { type: "shutdown" }
  | { type: "exit" };

/** What the main thread tells this one. */
export type Said =
  | { type: "send"; channel: Channel | "iopub"; message: Packed }
  | { type: "print"; cell: Header; name: Stream; text: string }
  | { type: "running"; cell: Header | undefined }
  | { type: "ask"; question: Question }
  /** A process was started that the main thread doesn't wait for. */
  | { type: "child"; pid: number }
  /** The main thread is to be freed when it is held for so many ms; 0 ends that. */
  | { type: "watch"; ms: number }
  | { type: "bye" };

/** What this thread starts with. */
export interface WireData {
  connection: Connection;
  shared: Shared;
  /** Where orders go. The main thread takes them when a message without content wakes it: none is lost when it is ended. */
  orders: MessagePort;
  /** Where answers go that the main thread stands still for. */
  answers: MessagePort;
  /** Where the main thread's heap ends, in bytes. */
  heapLimit: number;
}

/**
 * Sockets that send at once or not at all: with time to wait, zeromq refuses the 513th message of a turn of the loop.
 * Without a high water mark nothing has to wait.
 */
const AT_ONCE = { linger: 100, sendHighWaterMark: 0, sendTimeout: 0 };
/** How long the main thread has to say all that it has to say when the kernel ends, and to exit then, in ms. */
const END_MS = 300;
const EXIT_MS = 50;
/** How often, within the time that it may hold the thread, a trial is looked at. */
const BEATS = 4;
const STUCK =
  "The interrupt has no effect: the cell is in a call that cannot be cut short, such as a synchronous read. " +
  "If it does not come back, only a restart of the kernel helps.\n";

async function serve(data: WireData, port: NonNullable<typeof parentPort>): Promise<void> {
  const { connection, shared, orders, answers, heapLimit } = data;
  const sockets = {
    shell: new Router(AT_ONCE),
    control: new Router(AT_ONCE),
    stdin: new Router(AT_ONCE),
    heartbeat: new Router(AT_ONCE),
    iopub: new Publisher(AT_ONCE),
  };
  const questions: { question: Question; request: Message }[] = [];
  const children = new Set<number>();
  let running: Header | undefined;

  const wake = (): void => port.postMessage(null);
  function tell(order: Order): void {
    orders.postMessage(order);
    wake();
  }
  function send(to: keyof typeof sockets, message: Packed): void {
    if (!sockets[to].closed)
      sockets[to].send(frames(connection.key, message)).catch((error) => log(`a message is lost: ${error}`));
  }
  const batch = createBatch((cell, name, printed) =>
    send("iopub", pack(news(cell, "stream", { name, text: printed }))),
  );
  function publish(message: Packed): void {
    batch.flush();
    send("iopub", message);
  }
  const warn = (cell: Header, words: string): void => batch.print(cell, "stderr", words);

  function ask(question: Question): void {
    const content = { prompt: question.prompt, password: false };
    questions.push({ question, request: answer(question.asker, "input_request", content) });
    if (questions.length === 1) askNext();
  }
  function askNext(): void {
    const [next] = questions;
    batch.flush();
    if (next) send("stdin", pack(next.request));
  }
  function answered({ id, holdsThread }: Question, value?: string): void {
    const given: Answer = value === undefined ? { id } : { id, value };
    if (holdsThread) {
      answers.postMessage(given);
      announceAnswer(shared);
    } else tell({ type: "answer", answer: given });
  }
  /** An answer to a question that was interrupted may still come: it names the one that it is for, or none. */
  function takeInput({ header, parent, content }: Message): void {
    const [first] = questions;
    if (header.msg_type !== "input_reply" || first === undefined) return;
    if ((text(parent, "msg_id") || first.request.header.msg_id) !== first.request.header.msg_id) return;
    questions.shift();
    answered(first.question, text(content, "value"));
    askNext();
  }

  let insisting: Promise<boolean> | undefined;
  async function interrupt(channel: Channel, request: Message): Promise<void> {
    const { header } = request;
    publish(pack(news(header, "status", { execution_state: "busy" })));
    const pass = (): void => tell({ type: "interrupt" });
    insisting ??= insist({ shared, send: pass, wake, others: children }).finally(() => {
      insisting = undefined;
    });
    for (const { question } of questions.splice(0)) answered(question);
    if (!(await insisting)) warn(running ?? header, STUCK);
    send(channel, pack(answer(request, "interrupt_reply", { status: "ok" })));
    publish(pack(news(header, "status", { execution_state: "idle" })));
  }

  let holdMs = 0;
  let isWatching = false;
  /** Frees the main thread when it is held, for as long as that is asked. */
  async function watch(): Promise<void> {
    if (isWatching) return;
    isWatching = true;
    while (holdMs > 0) {
      const before = interruptsTaken(shared);
      const asked = holdMs;
      tell({ type: "beat" });
      const isAlive = await isTaken(shared, before, asked);
      const held = (): void => tell({ type: "held" });
      if (!isAlive && holdMs === asked) await insist({ shared, send: held, wake, others: children });
      else await pause(asked / BEATS);
    }
    isWatching = false;
  }

  let end = (): void => {};
  async function shutdown(channel: Channel, request: Message): Promise<void> {
    const { content } = request;
    const reply = { status: "ok", restart: flag(content, "restart", false) };
    send(channel, pack(answer(request, "shutdown_reply", reply)));
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    setTimeout(end, END_MS);
    setTimeout(endAll, END_MS + EXIT_MS);
    tell({ type: "shutdown" });
    await ended;
    publish(pack(news(request.header, "shutdown_reply", reply)));
    // Sockets that are open while the process exits would end it with an error.
    for (const socket of Object.values(sockets)) socket.close();
    tell({ type: "exit" });
  }

  function take(channel: Channel, request: Message): void {
    const type = request.header.msg_type;
    if (type === "interrupt_request") void interrupt(channel, request);
    else if (type === "shutdown_request") void shutdown(channel, request);
    else tell({ type: "request", channel, request });
  }

  /** Whatever comes, the next message is read. */
  async function listen(socket: Router, each: (parts: Buffer[]) => void): Promise<void> {
    while (!socket.closed)
      try {
        each(await socket.receive());
      } catch (error) {
        if (!socket.closed) log(error instanceof Error ? error.message : String(error));
      }
  }

  port.on("message", (said: Said) => {
    if (said.type === "print") batch.print(said.cell, said.name, said.text);
    else if (said.type === "running") running = said.cell;
    else if (said.type === "ask") ask(said.question);
    else if (said.type === "child") children.add(said.pid);
    else if (said.type === "watch") {
      holdMs = said.ms;
      void watch();
    } else if (said.type === "bye") end();
    else if (said.channel === "iopub") publish(said.message);
    else send(said.channel, said.message);
  });

  let warned: Header | undefined;
  watchMemory(heapLimit, (words) => {
    if (running === undefined || running === warned) return;
    warned = running;
    warn(running, words);
    log(words.trim());
  });
  endWithJupyter();

  const { shell, control, stdin, heartbeat, iopub } = sockets;
  await Promise.all([
    shell.bind(connection.shell),
    control.bind(connection.control),
    stdin.bind(connection.stdin),
    heartbeat.bind(connection.heartbeat),
    iopub.bind(connection.iopub),
  ]);
  const { key } = connection;
  await Promise.all([
    listen(shell, (parts) => take("shell", parse(key, parts))),
    listen(control, (parts) => take("control", parse(key, parts))),
    listen(stdin, (parts) => takeInput(parse(key, parts))),
    listen(heartbeat, (parts) => void heartbeat.send(parts).catch(() => log("a heartbeat is lost"))),
  ]);
}

function isWireData(data: unknown): data is WireData {
  return typeof data === "object" && data !== null && "connection" in data && "answers" in data;
}

if (parentPort && isWireData(workerData)) await serve(workerData, parentPort);
