import type { Socket } from "node:net";
import { newInbox } from "./inbox.ts";
import {
  ByteCountError,
  ConnectionLostError,
  NotSendableError,
  RecvBusyError,
  SendingEndedError,
  SocketClosedError,
} from "./socket-errors.ts";

/** Bytes that may wait to be read before no more are taken from the system, which then makes the sender wait. */
const HIGH_WATER = 64 * 1024;
const LINE_LIMIT = 64 * 1024;

/** What a call that waits for bytes can be given. */
export interface RecvOptions {
  /** Ends the waiting: the call rejects with the signal's reason. No byte is lost; the next call gets them. */
  signal?: AbortSignal;
}

/** What {@link AwaitableSocket.readLine} can be given. */
export interface ReadLineOptions extends RecvOptions {
  /** How many bytes a line may have; 65,536 when not given. */
  limit?: number;
}

/** One end of a TCP connection whose calls are awaited, as with Python's `loop.sock_recv` and `loop.sock_sendall`. */
export interface AwaitableSocket extends AsyncIterable<Buffer> {
  /** The other side's address and port. */
  readonly peer: string;
  /**
   * Waits until something is there and returns it: 1 to `most` bytes, or null when the other side sends no more. One
   * call is not one message: the network may split and join what was sent. Bytes that are here already when a
   * connection breaks are returned first.
   *
   * Cancellation: see {@link RecvOptions.signal}.
   *
   * @throws ByteCountError, RecvBusyError, ConnectionLostError, SocketClosedError (as rejections)
   */
  recv(most: number, options?: RecvOptions): Promise<Buffer | null>;
  /**
   * Waits for a whole line of UTF-8 and returns it without its end (`\n` or `\r\n`), or null when the other side sends
   * no more. A last line without an end is returned as it is. After LineTooLongError or NotTextError what is left of
   * the conversation can't be relied on: close the socket.
   *
   * Cancellation: see {@link RecvOptions.signal}. What there is of the line stays, for the next call.
   *
   * @throws LineTooLongError, NotTextError, ByteCountError, RecvBusyError, ConnectionLostError, SocketClosedError
   *   (as rejections)
   */
  readLine(options?: ReadLineOptions): Promise<string | null>;
  /**
   * Sends all of it and returns when the system has it. When the other side does not read, that takes as long as it
   * does not: this is back-pressure, and it keeps the memory small. Several tasks may send at once; each one's bytes
   * stay together.
   *
   * Cancellation: only by `close()`, since bytes that are on their way can't be taken back.
   *
   * @throws NotSendableError, SendingEndedError, ConnectionLostError, SocketClosedError (as rejections)
   */
  sendAll(data: string | Uint8Array): Promise<void>;
  /**
   * Tells the other side that no more will come, and returns when that is sent; receiving goes on.
   *
   * @throws ConnectionLostError, SocketClosedError (as rejections)
   */
  endSending(): Promise<void>;
  /**
   * Closes at once and for both directions. What `sendAll` has returned from is still delivered, unless the other side
   * sent something that was not read: then the system breaks the connection off. Calls that wait reject with
   * SocketClosedError. May be called again.
   */
  close(): Promise<void>;
  /** Closes as `close` does, and the other side sees a connection that breaks (a reset) instead of an end. */
  breakOff(): Promise<void>;
}

/** A caller that waits for bytes, and what for. Plain data, since one is made for nearly every message. */
interface WaitingForBytes {
  readonly call: "recv";
  readonly most: number;
  readonly resolve: (bytes: Buffer | null) => void;
  readonly reject: (reason: unknown) => void;
  /** Takes the listener off the signal. */
  readonly forget: (() => void) | undefined;
}

interface WaitingForLine {
  readonly call: "readLine";
  readonly limit: number;
  readonly resolve: (line: string | null) => void;
  readonly reject: (reason: unknown) => void;
  readonly forget: (() => void) | undefined;
}

const SENT = Promise.resolve();
const END = { done: true, value: undefined } as const;

function isCount(count: number): boolean {
  return Number.isSafeInteger(count) && count >= 1;
}

function toResult(value: Buffer | null): IteratorResult<Buffer, void> {
  return value === null ? END : { done: false, value };
}

/**
 * Makes the calls of a Node socket awaitable. From then on the socket belongs to what is returned.
 *
 * Idea: Python's `loop.sock_*` calls; asyncio's StreamReader for the line limit and the one reader at a time.
 *
 * @example
 * import { createServer } from "node:net";
 *
 * const server = createServer({ allowHalfOpen: true }, async (connection) => {
 *   const socket = awaitable(connection);
 *   for await (const piece of socket) await socket.sendAll(piece);
 *   await socket.close();
 * });
 * @param socket connected, and made with `allowHalfOpen: true` so that it can still send when the other side has ended
 */
export function awaitable(socket: Socket): AwaitableSocket {
  const peer = `${socket.remoteAddress ?? "somebody who has left"}:${socket.remotePort ?? 0}`;
  const inbox = newInbox();
  const closed = new Promise<void>((resolve) => {
    if (socket.closed) resolve();
    else socket.once("close", () => resolve());
  });
  let waiting: WaitingForBytes | WaitingForLine | undefined;
  let ended = socket.destroyed;
  let closedHere = false;
  let lost = socket.errored ? new ConnectionLostError(peer, socket.errored) : undefined;

  socket.on("data", (piece: Buffer) => {
    // The way of nearly every message: somebody waits, nothing else is there, and it is not too much for him.
    if (waiting?.call === "recv" && inbox.size === 0 && piece.length <= waiting.most) {
      const { resolve, forget } = waiting;
      waiting = undefined;
      forget?.();
      resolve(piece);
      return;
    }
    inbox.push(piece);
    wake();
    // Whoever waits for a long line needs the pieces that are still to come.
    if (inbox.size >= HIGH_WATER && waiting === undefined) socket.pause();
  });
  socket.once("end", () => {
    ended = true;
    wake();
  });
  socket.on("error", (error) => {
    lost ??= new ConnectionLostError(peer, error);
  });
  socket.once("close", () => {
    // A connection that is closed without an end, an error or our doing does not exist in Node; an end will do.
    ended = true;
    wake();
  });
  socket.resume();

  /** Why nothing more can be read or sent; undefined when it can. */
  function failure(call: string): Error | undefined {
    return closedHere ? new SocketClosedError(call) : lost;
  }

  /** What was taken or null at the end; undefined when it has to be waited for. */
  function orEnd<T>(call: string, taken: T | undefined, rest: () => T | undefined): T | null | undefined {
    if (taken === undefined) {
      if (lost !== undefined) throw lost;
      return ended ? (rest() ?? null) : undefined;
    }
    if (closedHere) throw new SocketClosedError(call);
    if (inbox.size < HIGH_WATER && socket.isPaused()) socket.resume();
    return taken;
  }

  const nothing = (): undefined => undefined;
  const bytesNow = (most: number): Buffer | null | undefined => orEnd("recv", inbox.take(most), nothing);
  const lineNow = (limit: number): string | null | undefined =>
    orEnd("readLine", inbox.takeLine(limit), () => inbox.takeRest(limit));

  /** Gives whoever waits what he waits for, if it is there. */
  function wake(): void {
    const who = waiting;
    if (who === undefined) return;
    try {
      if (who.call === "recv") {
        const bytes = bytesNow(who.most);
        if (bytes === undefined) return;
        who.resolve(bytes);
      } else {
        const line = lineNow(who.limit);
        if (line === undefined) return;
        who.resolve(line);
      }
    } catch (error) {
      who.reject(error);
    }
    waiting = undefined;
    who.forget?.();
  }

  function stopWaiting(reason: unknown): void {
    const who = waiting;
    waiting = undefined;
    who?.forget?.();
    who?.reject(reason);
  }

  /** Listens to a signal for whoever waits now. Returns how to stop listening. */
  function listenTo(signal: AbortSignal | undefined): (() => void) | undefined {
    if (signal === undefined) return undefined;
    const abort = (): void => stopWaiting(signal.reason);
    signal.addEventListener("abort", abort);
    return () => signal.removeEventListener("abort", abort);
  }

  function checkReader(call: string, what: string, count: number, signal: AbortSignal | undefined): void {
    if (!isCount(count)) throw new ByteCountError(what, count);
    signal?.throwIfAborted();
    if (waiting !== undefined) throw new RecvBusyError(call);
    if (closedHere) throw new SocketClosedError(call);
  }

  // No async function stands between the caller and the promise it waits for: each would cost a promise and three
  // rounds of microtasks a message.
  function recv(most: number, options?: RecvOptions): Promise<Buffer | null> {
    const signal = options?.signal;
    try {
      checkReader("recv", "recv(most)", most, signal);
      const bytes = bytesNow(most);
      if (bytes !== undefined) return Promise.resolve(bytes);
    } catch (error) {
      return Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      waiting = { call: "recv", most, resolve, reject, forget: listenTo(signal) };
    });
  }

  async function readLine(options: ReadLineOptions = {}): Promise<string | null> {
    const { limit = LINE_LIMIT, signal } = options;
    checkReader("readLine", "the limit of readLine", limit, signal);
    const line = lineNow(limit);
    if (line !== undefined) return line;
    return new Promise((resolve, reject) => {
      waiting = { call: "readLine", limit, resolve, reject, forget: listenTo(signal) };
      if (socket.isPaused()) socket.resume();
    });
  }

  function handed(call: string, write: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      write((error) => {
        if (error === undefined || error === null) resolve();
        else reject(failure(call) ?? new ConnectionLostError(peer, error));
      });
    });
  }

  /** Node would break off the receiving, too, for the first, and throw at once for the second. */
  function refusal(data: unknown): Error | undefined {
    if (socket.writableEnded) return new SendingEndedError("sendAll");
    return typeof data === "string" || ArrayBuffer.isView(data) ? undefined : new NotSendableError(data);
  }

  function sendAll(data: string | Uint8Array): Promise<void> {
    const why = failure("sendAll") ?? refusal(data);
    if (why !== undefined) return Promise.reject(why);
    socket.write(data);
    if (socket.writableLength === 0) return SENT;
    // Nothing waits for most messages, and a callback for each costs a tenth of the speed. An empty write behind the
    // one that does wait tells when it has gone.
    return handed("sendAll", (done) => socket.write("", done));
  }

  async function endSending(): Promise<void> {
    const why = failure("endSending");
    if (why !== undefined) throw why;
    if (socket.writableFinished) return;
    await handed("endSending", (done) => socket.end(done));
  }

  async function leave(how: () => unknown): Promise<void> {
    closedHere = true;
    if (waiting !== undefined) stopWaiting(new SocketClosedError(waiting.call));
    how();
    await closed;
  }

  const close = (): Promise<void> => leave(() => socket.destroy());
  const breakOff = (): Promise<void> => leave(() => socket.resetAndDestroy());

  // A generator would cost more promises a message, and could not be left while it waits.
  function pieces(): AsyncIterator<Buffer, void> {
    let left = false;
    let mine: WaitingForBytes | WaitingForLine | undefined;
    return {
      next() {
        if (left) return Promise.resolve(END);
        const before = waiting;
        const piece = recv(HIGH_WATER);
        mine = waiting === before ? undefined : waiting;
        return piece.then(toResult);
      },
      async return() {
        left = true;
        if (mine === undefined || waiting !== mine) return END;
        waiting = undefined;
        mine.resolve(null);
        return END;
      },
    };
  }

  return { peer, recv, readLine, sendAll, endSending, close, breakOff, [Symbol.asyncIterator]: pieces };
}
