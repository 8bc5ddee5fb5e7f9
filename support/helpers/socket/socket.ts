import type { Socket } from "node:net";
import { ArgumentError } from "../errors/support-error.ts";
import { newInbox } from "./inbox.ts";
import { ConnectionLostError, RecvBusyError, SendingEndedError, SocketClosedError } from "./socket-errors.ts";

/** Bytes that may wait to be read before no more are taken from the system, which then makes the sender wait. */
const HIGH_WATER = 64 * 1024;

/** What a call that waits for bytes can be given. */
export interface RecvOptions {
  /** Ends the waiting: the call rejects with the signal's reason. No byte is lost; the next call gets them. */
  signal?: AbortSignal;
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
   * @throws ArgumentError, RecvBusyError, ConnectionLostError, SocketClosedError (as rejections)
   */
  recv(most: number, options?: RecvOptions): Promise<Buffer | null>;
  /**
   * Sends all of it and returns when the system has it. When the other side does not read, that takes as long as it
   * does not: this is back-pressure, and it keeps the memory small. Several tasks may send at once; each one's bytes
   * stay together.
   *
   * Cancellation: only by `close()`, since bytes that are on their way can't be taken back.
   *
   * @throws ArgumentError, SendingEndedError, ConnectionLostError, SocketClosedError (as rejections)
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
  readonly most: number;
  readonly resolve: (bytes: Buffer | null) => void;
  readonly reject: (reason: unknown) => void;
  /** Takes the listener off the signal. */
  readonly forget: (() => void) | undefined;
}

const SENT = Promise.resolve();
const WHOLE_NUMBER = "a whole number of bytes from 1 upwards";
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
 * Idea: Python's `loop.sock_*` calls; asyncio's StreamReader for the one reader at a time.
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
  let waiting: WaitingForBytes | undefined;
  let ended = socket.destroyed;
  let closedHere = false;
  let lost = socket.errored ? new ConnectionLostError(peer, socket.errored) : undefined;

  socket.on("data", (piece: Buffer) => {
    // The way of nearly every message: a caller waits, nothing else is there, and it is not too much for it.
    if (waiting !== undefined && inbox.size === 0 && piece.length <= waiting.most) {
      const { resolve, forget } = waiting;
      waiting = undefined;
      forget?.();
      resolve(piece);
      return;
    }
    inbox.push(piece);
    wake();
    if (inbox.size >= HIGH_WATER) socket.pause();
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

  /** Bytes that are there, or null at the end; undefined when they have to be waited for. */
  function bytesNow(most: number): Buffer | null | undefined {
    const bytes = inbox.take(most);
    if (bytes === undefined) {
      if (lost !== undefined) throw lost;
      return ended ? null : undefined;
    }
    if (closedHere) throw new SocketClosedError("recv");
    if (inbox.size < HIGH_WATER && socket.isPaused()) socket.resume();
    return bytes;
  }

  /** Gives the caller that waits its bytes, if they are there. */
  function wake(): void {
    const who = waiting;
    if (who === undefined) return;
    try {
      const bytes = bytesNow(who.most);
      if (bytes === undefined) return;
      who.resolve(bytes);
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

  /** Listens to a signal for the caller that waits now. Returns how to stop listening. */
  function listenTo(signal: AbortSignal | undefined): (() => void) | undefined {
    if (signal === undefined) return undefined;
    const abort = (): void => stopWaiting(signal.reason);
    signal.addEventListener("abort", abort);
    return () => signal.removeEventListener("abort", abort);
  }

  function checkReader(most: number, signal: AbortSignal | undefined): void {
    if (!isCount(most)) throw new ArgumentError("BAD_BYTE_COUNT", "recv(most)", most, WHOLE_NUMBER);
    signal?.throwIfAborted();
    if (waiting !== undefined) throw new RecvBusyError();
    if (closedHere) throw new SocketClosedError("recv");
  }

  // No async function stands between the caller and the promise it waits for: each would cost a promise and three
  // rounds of microtasks a message.
  function recv(most: number, options?: RecvOptions): Promise<Buffer | null> {
    const signal = options?.signal;
    try {
      checkReader(most, signal);
      const bytes = bytesNow(most);
      if (bytes !== undefined) return Promise.resolve(bytes);
    } catch (error) {
      return Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      waiting = { most, resolve, reject, forget: listenTo(signal) };
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
    if (typeof data === "string" || ArrayBuffer.isView(data)) return undefined;
    return new ArgumentError("NOT_SENDABLE", "what sendAll(…) is to send", data, "a string or a Uint8Array");
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
    if (waiting !== undefined) stopWaiting(new SocketClosedError("recv"));
    how();
    await closed;
  }

  const close = (): Promise<void> => leave(() => socket.destroy());
  const breakOff = (): Promise<void> => leave(() => socket.resetAndDestroy());

  // A generator would cost more promises a message, and could not be left while it waits.
  function pieces(): AsyncIterator<Buffer, void> {
    let left = false;
    let mine: WaitingForBytes | undefined;
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

  return { peer, recv, sendAll, endSending, close, breakOff, [Symbol.asyncIterator]: pieces };
}
