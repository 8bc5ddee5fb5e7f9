import { setMaxListeners } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { type Cell, currentCell, InterruptError, type MimeBundle } from "./cell.ts";
import { execute, type Outcome, type Runtime } from "./execute.ts";
import { createHistory } from "./history.ts";
import { answer, flag, integer, type Json, type Message, text } from "./message.ts";
import { createPrinting, type Stream } from "./printing.ts";
import { resultBundle } from "./result.ts";
import { type ErrorContent, errorContent } from "./traceback.ts";

/** Where a message goes: to all who listen on iopub, or back to whoever asked. */
export type Send = (message: Message) => void;

interface Waiting {
  request: Message;
  reply: Send;
}

/** A cell that is running or has run, with what the kernel knows of it. */
interface Running extends Cell {
  request: Message;
  silent: boolean;
  abort: AbortController;
  pages: MimeBundle[];
}

/** A kernel: requests in, messages out. */
export interface Kernel {
  /** Takes a request and answers it on the channel that it came from. It never rejects. */
  handle(request: Message, reply: Send): Promise<void>;
  /** Tells of a request that another thread answers. */
  note(request: Message): void;
  /** Interrupts the running cell, if there is one. */
  interrupt(): void;
  /** Something printed: it belongs to the cell whose code is running. */
  print(name: Stream, text: string): void;
  /** Sends printed text that waits for more. */
  flush(): void;
  /** Something failed that nobody awaits. It is shown under its cell. */
  unhandled(reason: unknown): void;
}

/** What of a cell is shown: of a silent one, nothing. */
const SHOWN = new Set(["display_data", "update_display_data", "error", "clear_output"]);

/** What the kernel consists of, by version. */
export interface Versions {
  tslab: string;
  typescript: string;
}

function languageInfo(version: string): Json {
  return {
    name: "typescript",
    version,
    mimetype: "text/typescript",
    file_extension: ".ts",
    codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
  };
}

/** A kernel that runs cells with `runtime` and tells of them by `publish`. */
export function createKernel(runtime: Runtime, versions: Versions, publish: Send): Kernel {
  const history = createHistory();
  const { compiler } = runtime;
  const waiting: Waiting[] = [];
  const shownIds = new Set<string>();
  let count = 0;
  let running: Running | undefined;
  let latest: Running | undefined;
  let busy = false;

  const printing = createPrinting<Running>((cell, name, text) => {
    publish({ ...answer(cell.request, "stream", { name, text }), route: [Buffer.from("stream")] });
  });
  const say = (to: Message, type: string, content: Json): void => {
    printing.flush();
    publish({ ...answer(to, type, content), route: [Buffer.from(type)] });
  };
  const status = (to: Message, state: "busy" | "idle"): void => say(to, "status", { execution_state: state });
  const owner = (): Running | undefined => {
    const cell = currentCell();
    return cell === undefined ? latest : known.get(cell);
  };
  const known = new WeakMap<Cell, Running>();

  function show(cell: Running | undefined, type: string, content: Json): void {
    if (cell && !(cell.silent && SHOWN.has(type))) say(cell.request, type, content);
  }

  function newCell(request: Message, silent: boolean): Running {
    const abort = new AbortController();
    setMaxListeners(0, abort.signal);
    const cell: Running = {
      count,
      signal: abort.signal,
      request,
      silent,
      abort,
      pages: [],
      display(bundle, id) {
        const update = id !== undefined && shownIds.has(id);
        if (id !== undefined) shownIds.add(id);
        const transient = id === undefined ? {} : { display_id: id };
        show(cell, update ? "update_display_data" : "display_data", {
          data: bundle,
          metadata: {},
          transient,
        });
      },
      clearOutput: (wait) => show(cell, "clear_output", { wait }),
      page: (bundle) => {
        cell.pages.push(bundle);
      },
    };
    known.set(cell, cell);
    return cell;
  }

  async function shownResult(cell: Running, outcome: Outcome): Promise<ErrorContent | undefined> {
    if ("error" in outcome) return outcome.error;
    try {
      const data = await resultBundle(outcome.value);
      if (data === undefined || cell.silent) return undefined;
      say(cell.request, "execute_result", { execution_count: cell.count, data, metadata: {} });
      const plain = data["text/plain"];
      if (typeof plain === "string") history.result(cell.count, plain);
      return undefined;
    } catch (error) {
      return errorContent(error);
    }
  }

  /** Reads what has arrived by now; it was sent before anybody could know of the error. */
  async function arrived(): Promise<void> {
    for (let before = -1; before !== waiting.length; ) {
      before = waiting.length;
      await turn();
      await turn();
    }
  }

  function refuse({ request, reply }: Waiting, failed: number): void {
    status(request, "busy");
    const evalue = `not run, because In [${failed}] failed before it`;
    const content = { status: "error", ename: "NotRun", evalue, traceback: [`NotRun: ${evalue}`] };
    reply(answer(request, "execute_reply", content));
    status(request, "idle");
  }

  async function executeRequest({ request, reply }: Waiting): Promise<void> {
    const source = text(request.content, "code");
    const silent = flag(request.content, "silent", false);
    const stored = !silent && flag(request.content, "store_history", true);
    status(request, "busy");
    if (stored || count === 0) count += 1;
    const cell = newCell(request, silent);
    running = cell;
    latest = cell;
    if (!silent) say(request, "execute_input", { code: source, execution_count: count });
    if (stored) history.add(count, source);
    const error = await shownResult(cell, await execute(cell, source, runtime));
    running = undefined;
    printing.end(cell);
    if (error) show(cell, "error", { ...error });
    const stops = error !== undefined && flag(request.content, "stop_on_error", true);
    if (stops) await arrived();
    const refused = stops ? waiting.splice(0) : [];
    const payload = cell.pages.map((data) => ({ source: "page", data, start: 0 }));
    const content = error
      ? { status: "error", execution_count: cell.count, ...error, user_expressions: {}, payload }
      : { status: "ok", execution_count: cell.count, user_expressions: {}, payload };
    reply(answer(request, "execute_reply", content));
    status(request, "idle");
    for (const one of refused) refuse(one, cell.count);
  }

  async function work(): Promise<void> {
    if (busy) return;
    busy = true;
    for (let next = waiting.shift(); next; next = waiting.shift()) await executeRequest(next);
    busy = false;
  }

  const cursor = ({ content }: Message): [string, number] => {
    const code = text(content, "code");
    return [code, integer(content, "cursor_pos", code.length)];
  };

  async function inspection(request: Message): Promise<Json> {
    const found = await compiler.inspect(...cursor(request));
    return { status: "ok", found: found !== undefined, data: found ?? {}, metadata: {} };
  }

  function kernelInfo(): Json {
    return {
      status: "ok",
      protocol_version: "5.3",
      implementation: "tslab",
      implementation_version: versions.tslab,
      language_info: languageInfo(versions.typescript),
      banner: `tslab ${versions.tslab} with a kernel of its own: TypeScript ${versions.typescript} on Node ${process.version}`,
      help_links: [{ text: "tslab", url: "https://github.com/yunabe/tslab" }],
    };
  }

  /** The content of the reply to a request that runs no cell; undefined for one that gets none. */
  async function content(request: Message): Promise<Json | undefined> {
    switch (request.header.msg_type) {
      case "kernel_info_request":
        return kernelInfo();
      case "is_complete_request":
        return { ...(await compiler.completeness(text(request.content, "code"))) };
      case "inspect_request":
        return inspection(request);
      case "complete_request":
        return { status: "ok", ...(await compiler.complete(...cursor(request))) };
      case "history_request":
        return history.reply(request.content);
      case "comm_info_request":
        return { status: "ok", comms: {} };
      case "interrupt_request":
        interrupt();
        return { status: "ok" };
      case "comm_open":
        say(request, "comm_close", { comm_id: text(request.content, "comm_id"), data: {} });
        return undefined;
      default:
        return undefined;
    }
  }

  function interrupt(): void {
    running?.abort.abort(new InterruptError());
  }

  async function answerNow({ request, reply }: Waiting): Promise<void> {
    const type = request.header.msg_type.replace(/_request$/, "_reply");
    status(request, "busy");
    try {
      const found = await content(request);
      if (found) reply(answer(request, type, found));
    } catch (error) {
      reply(answer(request, type, { status: "error", ...errorContent(error) }));
    }
    status(request, "idle");
  }

  return {
    async handle(request, reply) {
      if (request.header.msg_type !== "execute_request") return answerNow({ request, reply });
      waiting.push({ request, reply });
      await work();
    },
    note(request) {
      status(request, "busy");
      status(request, "idle");
    },
    interrupt,
    print(name, printed) {
      const cell = owner();
      if (cell && !cell.silent) printing.print(cell, name, printed);
    },
    flush: printing.flush,
    unhandled: (reason) => show(owner(), "error", { ...errorContent(reason) }),
  };
}
