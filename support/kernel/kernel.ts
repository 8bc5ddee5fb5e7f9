import { setMaxListeners } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import type { About, Fact } from "./about.ts";
import { type Cell, currentCell, InterruptError, type MimeBundle, type TrialOptions } from "./cell.ts";
import { execute, type Outcome, type Runtime } from "./execute.ts";
import { describe, runForeign } from "./foreign.ts";
import { createHistory } from "./history.ts";
import { InputError } from "./input.ts";
import { createMeanwhile, type Meanwhile } from "./meanwhile.ts";
import { answer, flag, type Header, integer, type Json, type Message, news, text } from "./message.ts";
import { type Allowance, createAllowance, type Stream } from "./printing.ts";
import { plain, resultBundle } from "./result.ts";
import { safely } from "./stack.ts";
import { type ErrorContent, errorContent } from "./traceback.ts";
import { createTrials } from "./trial.ts";

/** Sends a message: to all who listen on iopub, or back to whoever asked. */
export type Send = (message: Message) => void;

/** Where a kernel's output goes. */
export interface Outlet {
  publish: Send;
  print(cell: Header, name: Stream, text: string): void;
  /** Tells which cell is running, if one is. */
  running(cell: Header | undefined): void;
  /** Asks for an eye on this thread, which frees it when it is held for so many ms; 0 ends that. */
  watch(ms: number): void;
}

interface Waiting {
  request: Message;
  reply: Send;
}

/** A cell that is running or has run, with what the kernel knows of it. */
interface Running extends Cell, Waiting {
  silent: boolean;
  abort: AbortController;
  pages: MimeBundle[];
  hasEnded: boolean;
  allowance: Allowance;
  meanwhile: Meanwhile;
}

/** A kernel: requests in, messages out. */
export interface Kernel {
  /** Takes a request and answers it on the channel that it came from. */
  handle(request: Message, reply: Send): void;
  /** Interrupts the running cell; when none is running, what the latest one has left running. */
  interrupt(): void;
  /** The thread was held by a trial of a cell, and has been freed. */
  held(): void;
  /**
   * The request of the running cell, whose reader can be asked for input.
   *
   * @throws InputError when no cell is running or its front end has no input box
   */
  asker(): Message;
  /** Something printed: it belongs to the cell whose code is running. */
  print(name: Stream, text: string): void;
  /** Something failed that nobody awaits. It is shown under its cell; true where a trial is told of it instead. */
  unhandled(reason: unknown): boolean;
}

/** How long the end of an interrupted cell may take, in ms. */
const LOST_MS = 1000;
const { setImmediate, setTimeout } = globalThis;

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

/** What a request of another kind gets: whoever asks is not left waiting. A message that asks nothing gets nothing. */
function unknown(type: string): Json | undefined {
  if (!type.endsWith("_request")) return undefined;
  const evalue = `this kernel does not know the request ${type}`;
  return { status: "error", ename: "UnknownRequest", evalue, traceback: [] };
}

/** Whether something failed because of an interrupt, which has been told. */
const isInterrupt = (reason: unknown): boolean =>
  safely(
    () => reason instanceof InterruptError || Reflect.get(Object(reason), "cause") instanceof InterruptError,
    false,
  );

/**
 * A kernel that runs cells with `runtime` and tells of them by `outlet`.
 *
 * @param about what the program that is run here tells of itself
 */
export function createKernel(runtime: Runtime, versions: Versions, about: About, outlet: Outlet): Kernel {
  const history = createHistory();
  const { compiler, shield } = runtime;
  const waiting: Waiting[] = [];
  const shownIds = new Set<string>();
  let count = 0;
  let running: Running | undefined;
  let latest: Running | undefined;

  const say = (to: Message, type: string, content: Json): void =>
    outlet.publish(news(to.header, type, content));
  /** What is running, in metadata: a front end can show it, and none has to. */
  const facts = (): Json => {
    const own: Fact = ["Kernel", `tsasync, TypeScript ${versions.typescript}, Node ${process.versions.node}`];
    return { tsasync: [own, ...about()] };
  };
  /** A cell may have changed what is running. */
  const status = (to: Message, state: "busy" | "idle"): void =>
    outlet.publish(
      news(to.header, "status", { execution_state: state }, state === "idle" ? facts() : undefined),
    );
  const owner = (): Running | undefined => {
    const cell = currentCell();
    return cell === undefined ? latest : known.get(cell);
  };
  const known = new WeakMap<Cell, Running>();
  const trials = createTrials(outlet.watch, (trial, of) => {
    const cell = known.get(of);
    if (cell) known.set(trial, cell);
  });
  /** The trial that the running code belongs to. */
  const trial = (): TrialOptions | undefined => {
    const cell = currentCell();
    return cell && trials.optionsOf(cell);
  };

  function show(cell: Running | undefined, type: string, content: Json): void {
    if (cell === undefined || (cell.silent && SHOWN.has(type))) return;
    cell.meanwhile.over(true);
    say(cell.request, type, content);
  }

  function newCell({ request, reply }: Waiting, silent: boolean): Running {
    const abort = new AbortController();
    setMaxListeners(0, abort.signal);
    const cell: Running = {
      count,
      signal: abort.signal,
      request,
      reply,
      silent,
      abort,
      pages: [],
      hasEnded: false,
      allowance: createAllowance(),
      meanwhile: createMeanwhile((type, content) => {
        if (!silent) say(request, type, content);
      }),
      displayMeanwhile: (bundle) => cell.meanwhile.show(plain(bundle)),
      display(bundle, id) {
        const update = id !== undefined && shownIds.has(id);
        if (id !== undefined) shownIds.add(id);
        const transient = id === undefined ? {} : { display_id: id };
        show(cell, update ? "update_display_data" : "display_data", {
          data: plain(bundle),
          metadata: {},
          transient,
        });
      },
      clearOutput: (wait) => show(cell, "clear_output", { wait }),
      page: (bundle) => {
        cell.pages.push(plain(bundle));
      },
      startTrial: (options) => trials.start(currentCell() ?? cell, options),
    };
    known.set(cell, cell);
    return cell;
  }

  /** Shows what a cell's last expression gave; the error when that can't be shown, or there is no value. */
  async function shownResult(cell: Running, outcome: Outcome): Promise<ErrorContent | undefined> {
    if ("error" in outcome) return outcome.error;
    const data = await runForeign(cell, () => resultBundle(outcome.value));
    if (data === undefined || cell.silent) return undefined;
    cell.meanwhile.over(true);
    say(cell.request, "execute_result", { execution_count: cell.count, data, metadata: {} });
    const shown = data["text/plain"];
    if (typeof shown === "string") history.result(cell.count, shown);
    return undefined;
  }

  async function run(cell: Running, source: string): Promise<ErrorContent | undefined> {
    try {
      return await shownResult(cell, await execute(cell, source, runtime));
    } catch (error) {
      return await describe(cell, error);
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

  /** Starts the cell that has waited longest, when none is running. */
  function startNext(): void {
    const next = running ? undefined : waiting.shift();
    if (next === undefined) return;
    const { request } = next;
    const source = text(request.content, "code");
    const silent = flag(request.content, "silent", false);
    const stored = !silent && flag(request.content, "store_history", true);
    if (stored || count === 0) count += 1;
    const cell = newCell(next, silent);
    running = cell;
    latest = cell;
    status(request, "busy");
    if (!silent) say(request, "execute_input", { code: source, execution_count: count });
    if (stored) history.add(count, source);
    outlet.running(request.header);
    void run(cell, source).then((error) => shield.over(() => finish(cell, error)));
  }

  /** In a turn of its own: an interrupt can come between two cells. */
  function startSoon(): void {
    setImmediate(() => {
      if (running) return;
      shield.reset();
      shield.over(startNext);
    });
  }

  function finish(cell: Running, error?: ErrorContent): void {
    if (running !== cell || cell.hasEnded) return;
    cell.hasEnded = true;
    print(cell, "stderr", cell.allowance.leftOut());
    if (error === undefined) cell.meanwhile.over(false);
    if (error) show(cell, "error", { ...error });
    if (error && flag(cell.request.content, "stop_on_error", true))
      void arrived().then(() => shield.over(() => close(cell, error, waiting.splice(0))));
    else close(cell, error, []);
  }

  function close(
    { request, reply, ...cell }: Running,
    error: ErrorContent | undefined,
    refused: Waiting[],
  ): void {
    const payload = cell.pages.map((data) => ({ source: "page", data, start: 0 }));
    const base = { execution_count: cell.count, user_expressions: {}, payload };
    reply(
      answer(
        request,
        "execute_reply",
        error ? { status: "error", ...error, ...base } : { status: "ok", ...base },
      ),
    );
    status(request, "idle");
    for (const one of refused) refuse(one, cell.count);
    outlet.running(undefined);
    running = undefined;
    startSoon();
  }

  function interrupt(): void {
    const cell = running;
    const error = new InterruptError();
    (cell ?? latest)?.abort.abort(error);
    // What ends a loop from outside may also hit the kernel on its way to the cell's end, or to the next cell.
    setTimeout(() => {
      if (cell) finish(cell, errorContent(error));
      startSoon();
    }, LOST_MS);
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
      case "comm_open":
        say(request, "comm_close", { comm_id: text(request.content, "comm_id"), data: {} });
        return undefined;
      default:
        return unknown(request.header.msg_type);
    }
  }

  function print(cell: Running, name: Stream, printed: string): void {
    if (printed === "" || cell.silent) return;
    cell.meanwhile.over(true);
    outlet.print(cell.request.header, name, printed);
  }

  function asker(): Message {
    if (running === undefined) throw new InputError("no cell is running that could wait for it");
    if (flag(running.request.content, "allow_stdin", false)) return running.request;
    throw new InputError("whoever runs this cell can't be asked (allow_stdin is false)");
  }

  async function answerNow({ request, reply }: Waiting): Promise<void> {
    const type = request.header.msg_type.replace(/_request$/, "_reply");
    status(request, "busy");
    try {
      const found = await content(request);
      if (found) reply(answer(request, type, found, type === "kernel_info_reply" ? facts() : undefined));
    } catch (error) {
      reply(answer(request, type, { status: "error", ...errorContent(error) }));
    }
    status(request, "idle");
  }

  return {
    handle(request, reply) {
      if (request.header.msg_type !== "execute_request") return void answerNow({ request, reply });
      waiting.push({ request, reply });
      startSoon();
    },
    interrupt,
    held: trials.held,
    asker,
    print(name, printed) {
      if (trial()?.muted) return;
      const cell = owner();
      if (cell) print(cell, name, cell.allowance.part(printed));
    },
    unhandled(reason) {
      // An error of a socket comes from outside all cells.
      const within = currentCell() === undefined ? trials.running() : trial();
      within?.unhandled(reason);
      if (within) return true;
      const cell = owner();
      if (!cell?.signal.aborted || !isInterrupt(reason)) show(cell, "error", { ...errorContent(reason) });
      return false;
    },
  };
}
