import type { Socket } from "node:net";
import { ByteCountError, ConnectionLostError, RecvBusyError, SocketClosedError } from "./errors.ts";
import { type Inbox, newInbox } from "./inbox.ts";

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
   * @throws ConnectionLostError, SocketClosedError (as rejections)
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

/** What a call wants of the inbox. */
interface Demand<T> {
  readonly call: string;
  /** Undefined when it is not there yet. */
  take(inbox: Inbox): T | undefined;
  /** The same when nothing more will come. */
  rest(inbox: Inbox): T | undefined;
}

/** Whoever waits for bytes. */
interface Waiting {
  /** Tries to give it what it waits for; true when it has got it, or an error. */
  settle(): boolean;
  fail(reason: unknown): void;
}

const SENT = Promise.resolve();

function isCount(count: number): boolean {
  return Number.isSafeInteger(count) && count >= 1;
}

function bytes(most: number): Demand<Buffer> {
  const take = (inbox: Inbox): Buffer | undefined => inbox.take(most);
  return { call: "recv", take, rest: take };
}

function line(limit: number): Demand<string> {
  return { call: "readLine", take: (inbox) => inbox.takeLine(limit), rest: (inbox) => inbox.takeRest(limit) };
}

/**
 * Makes the calls of a Node socket awaitable. From then on the socket belongs to what is returned.
 *
 * Idea: Python's `loop.sock_*` calls; asyncio's StreamReader for the line limit and the one reader at a time.
 *
 * @param socket connected, and made with `allowHalfOpen: true` so that it can still send when the other side has ended
 */
export function awaitable(socket: Socket): AwaitableSocket {
  const peer = `${socket.remoteAddress ?? "somebody who has left"}:${socket.remotePort ?? 0}`;
  const inbox = newInbox();
  const closed = new Promise<void>((resolve) => {
    if (socket.closed) resolve();
    else socket.once("close", () => resolve());
  });
  let waiting: Waiting | undefined;
  let ended = socket.destroyed;
  let closedHere = false;
  let lost = socket.errored ? new ConnectionLostError(peer, socket.errored) : undefined;

  socket.on("data", (piece: Buffer) => {
    inbox.push(piece);
    if (waiting !== undefined) wake(waiting);
    // Whoever waits for a long line needs the pieces that are still to come.
    if (inbox.size >= HIGH_WATER && waiting === undefined) socket.pause();
  });
  socket.once("end", () => {
    ended = true;
    if (waiting !== undefined) wake(waiting);
  });
  socket.on("error", (error) => {
    lost ??= new ConnectionLostError(peer, error);
  });
  socket.once("close", () => {
    // A connection that is closed without an end, an error or our doing does not exist in Node; an end will do.
    ended = true;
    if (waiting !== undefined) wake(waiting);
  });
  socket.resume();

  function wake(who: Waiting): void {
    if (who.settle() && waiting === who) waiting = undefined;
  }

  /** Why nothing more can be read or sent; undefined when it can. */
  function failure(call: string): Error | undefined {
    return closedHere ? new SocketClosedError(call) : lost;
  }

  /** What is there, null at the end, undefined when it has to be waited for. */
  function now<T>({ call, take, rest }: Demand<T>): T | null | undefined {
    if (closedHere) throw new SocketClosedError(call);
    const taken = take(inbox);
    if (taken !== undefined) {
      if (inbox.size < HIGH_WATER && socket.isPaused()) socket.resume();
      return taken;
    }
    if (lost !== undefined) throw lost;
    return ended ? (rest(inbox) ?? null) : undefined;
  }

  function later<T>(demand: Demand<T>, signal?: AbortSignal): Promise<T | null> {
    return new Promise((resolve, reject) => {
      const me: Waiting = {
        settle() {
          try {
            const taken = now(demand);
            if (taken === undefined) return false;
            resolve(taken);
          } catch (error) {
            reject(error);
          }
          signal?.removeEventListener("abort", abort);
          return true;
        },
        fail(reason) {
          if (waiting === me) waiting = undefined;
          signal?.removeEventListener("abort", abort);
          reject(reason);
        },
      };
      const abort = (): void => me.fail(signal?.reason);
      signal?.addEventListener("abort", abort);
      waiting = me;
      if (socket.isPaused()) socket.resume();
    });
  }

  // No async function stands between the caller and the promise it waits for: each would cost a promise and three
  // rounds of microtasks a message, a tenth of the speed in all.
  function read<T>(demand: Demand<T>, signal?: AbortSignal): Promise<T | null> {
    try {
      signal?.throwIfAborted();
      if (waiting !== undefined) throw new RecvBusyError(demand.call);
      const taken = now(demand);
      return taken === undefined ? later(demand, signal) : Promise.resolve(taken);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  // Nearly every caller asks for the same number again and again.
  let usual = bytes(HIGH_WATER);
  let usualMost = HIGH_WATER;

  function recv(most: number, options?: RecvOptions): Promise<Buffer | null> {
    if (most !== usualMost) {
      if (!isCount(most)) return Promise.reject(new ByteCountError("recv(most)", most));
      usual = bytes(most);
      usualMost = most;
    }
    return read(usual, options?.signal);
  }

  async function readLine(options: ReadLineOptions = {}): Promise<string | null> {
    const { limit = LINE_LIMIT, signal } = options;
    if (!isCount(limit)) throw new ByteCountError("the limit of readLine", limit);
    return read(line(limit), signal);
  }

  function handed(call: string, write: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      write((error) => {
        if (error === undefined || error === null) resolve();
        else reject(failure(call) ?? new ConnectionLostError(peer, error));
      });
    });
  }

  function sendAll(data: string | Uint8Array): Promise<void> {
    const why = failure("sendAll");
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
    waiting?.fail(new SocketClosedError("recv"));
    how();
    await closed;
  }

  const close = (): Promise<void> => leave(() => socket.destroy());
  const breakOff = (): Promise<void> => leave(() => socket.resetAndDestroy());

  // A generator would do the same in two lines, and would cost more promises a message.
  function pieces(): AsyncIterator<Buffer, void> {
    const next = async (): Promise<IteratorResult<Buffer, void>> => {
      const value = await recv(HIGH_WATER);
      return value === null ? { done: true, value: undefined } : { done: false, value };
    };
    return { next };
  }

  return { peer, recv, readLine, sendAll, endSending, close, breakOff, [Symbol.asyncIterator]: pieces };
}
