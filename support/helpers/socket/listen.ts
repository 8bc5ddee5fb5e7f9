import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { type AwaitableSocket, awaitable } from "./socket.ts";
import { codeOf, ListenError } from "./socket-errors.ts";

/** As in the delay server: Node's own backlog makes a crowd of clients wait a second before they try again. */
const BACKLOG = 65_535;

/** What {@link Listener.accept} can be given. */
export interface AcceptOptions {
  /** Ends the waiting: the call rejects with the signal's reason. No connection is lost. */
  signal?: AbortSignal;
}

/** A port that is listened on. */
export interface Listener extends AsyncIterable<AwaitableSocket> {
  readonly port: number;
  /**
   * Waits for the next connection, or returns null when the listener is closed. Several calls may wait; they are served
   * in the order they were made. From a connection that nobody has accepted yet, nothing is read.
   *
   * Cancellation: see {@link AcceptOptions.signal}.
   */
  accept(options?: AcceptOptions): Promise<AwaitableSocket | null>;
  /**
   * Frees the port, ends the waiting of `accept`, and closes connections that nobody has accepted. Accepted ones stay
   * open. May be called again.
   */
  close(): Promise<void>;
}

const END = { done: true, value: undefined } as const;

interface Acceptor {
  give(socket: AwaitableSocket | null): void;
}

async function bind(ports: readonly number[]): Promise<Server> {
  const tried: number[] = [];
  for (;;) {
    const port = ports[tried.length] ?? 0;
    const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true });
    tried.push(port);
    try {
      server.listen({ port, host: "127.0.0.1", backlog: BACKLOG });
      await once(server, "listening");
      return server;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (tried.length >= ports.length) throw new ListenError(tried, codeOf(error), error);
    }
  }
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/**
 * Listens on the loopback interface (127.0.0.1).
 *
 * @param ports which to try, in this order; 0 is any free one. `[7777, 0]` takes 7777 if it can. Any free one when not
 *   given.
 * @throws ListenError (as a rejection), with Node's code of the last attempt: `EADDRINUSE` for example
 */
export async function listen(ports: number | readonly number[] = 0): Promise<Listener> {
  const server = await bind(typeof ports === "number" ? [ports] : ports);
  const port = portOf(server);
  const unaccepted: Socket[] = [];
  const acceptors: Acceptor[] = [];
  let open = true;

  // A connection may go before it is accepted; its first use tells.
  const ignore = (): void => {};
  server.on("connection", (socket: Socket) => {
    const next = acceptors.shift();
    if (next !== undefined) next.give(awaitable(socket));
    else unaccepted.push(socket.on("error", ignore));
  });
  // A connection that fails while the system hands it over (too many files, for one) concerns nobody else.
  server.on("error", ignore);

  async function accept(options: AcceptOptions = {}): Promise<AwaitableSocket | null> {
    const { signal } = options;
    signal?.throwIfAborted();
    const first = unaccepted.shift();
    if (first !== undefined) return awaitable(first);
    if (!open) return null;
    return new Promise((resolve, reject) => {
      const me: Acceptor = {
        give(socket) {
          signal?.removeEventListener("abort", abort);
          resolve(socket);
        },
      };
      const abort = (): void => {
        acceptors.splice(acceptors.indexOf(me), 1);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", abort, { once: true });
      acceptors.push(me);
    });
  }

  async function close(): Promise<void> {
    if (!open) return;
    open = false;
    for (const socket of unaccepted.splice(0)) socket.destroy();
    for (const acceptor of acceptors.splice(0)) acceptor.give(null);
    server.close();
  }

  /** A generator could not be left while it waits for somebody. */
  function connections(): AsyncIterator<AwaitableSocket, undefined> {
    const left = new AbortController();
    return {
      async next() {
        try {
          const socket = await accept({ signal: left.signal });
          return socket === null ? END : { done: false, value: socket };
        } catch (reason) {
          if (left.signal.aborted) return END;
          throw reason;
        }
      },
      async return() {
        left.abort();
        return END;
      },
    };
  }

  return { port, accept, close, [Symbol.asyncIterator]: connections };
}
