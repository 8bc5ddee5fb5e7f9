import { listen } from "./listen.ts";
import type { AwaitableSocket } from "./socket.ts";
import { ConnectionLostError, SocketClosedError } from "./socket-errors.ts";

/** Talks with one client. Its socket is closed when it returns or throws. */
export type Handler = (socket: AwaitableSocket) => Promise<void>;

/** How {@link serve} runs. */
export interface ServeOptions {
  /** As in `listen`: which ports to try, 0 being any free one. */
  ports?: number | readonly number[];
  /**
   * Told of each conversation that ended with an error. When not given, a client that was lost is nothing to speak of
   * and everything else is printed on stderr. Should it throw or reject itself, both errors are printed there.
   */
  onError?: (error: unknown, peer: string) => unknown;
}

/** A server that runs. */
export interface Serving {
  readonly port: number;
  /** How many conversations are going on. */
  readonly inFlight: number;
  /** Frees the port, closes all sockets, and returns when all handlers have ended. May be called again. */
  close(): Promise<void>;
}

function print(error: unknown, peer: string): void {
  if (!(error instanceof ConnectionLostError)) printAll(error, peer);
}

function printAll(error: unknown, peer: string): void {
  console.error(`the conversation with ${peer} failed:`, error);
}

/**
 * Listens on the loopback interface and runs a handler for each client, all of them at once. What goes wrong in one
 * conversation ends that one only.
 *
 * Cancellation: `close()`; the calls that handlers wait in reject with SocketClosedError, which `onError` is not told
 * of.
 *
 * Idea: asyncio's `start_server`, with the clean-up of Trio's `serve_tcp`.
 *
 * @example
 * const server = await serve(async (socket) => {
 *   for await (const piece of socket) await socket.sendAll(piece);
 * });
 * console.log(server.port);
 * await server.close();
 * @throws ListenError (as a rejection)
 */
export async function serve(handler: Handler, options: ServeOptions = {}): Promise<Serving> {
  const { ports = 0, onError = print } = options;
  const listener = await listen(ports);
  const open = new Map<AwaitableSocket, Promise<void>>();
  let closing = false;

  async function tell(error: unknown, peer: string): Promise<void> {
    try {
      await onError(error, peer);
    } catch (reason) {
      printAll(error, peer);
      console.error("and onError, told of it, failed:", reason);
    }
  }

  async function converse(socket: AwaitableSocket): Promise<void> {
    try {
      await handler(socket);
    } catch (error) {
      if (!(closing && error instanceof SocketClosedError)) await tell(error, socket.peer);
    } finally {
      await socket.close();
      open.delete(socket);
    }
  }

  async function acceptAll(): Promise<void> {
    for await (const socket of listener) open.set(socket, converse(socket));
  }

  const accepting = acceptAll();
  return {
    port: listener.port,
    get inFlight() {
      return open.size;
    },
    async close() {
      closing = true;
      await listener.close();
      await accepting;
      await Promise.all([...open].flatMap(([socket, conversation]) => [socket.close(), conversation]));
    },
  };
}
