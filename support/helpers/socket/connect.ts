import { connect as open, type Socket } from "node:net";
import { type AwaitableSocket, awaitable } from "./socket.ts";
import { ConnectError, codeOf } from "./socket-errors.ts";

/** What {@link connect} can be given beside the port. */
export interface ConnectOptions {
  /** Ends the attempt: it rejects with the signal's reason, and nothing is left open. */
  signal?: AbortSignal;
}

/** @throws ConnectError when the number is no port */
function dial(port: number): Socket {
  try {
    return open({ port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new ConnectError(port, codeOf(error), error);
  }
}

/**
 * Connects with a server on this computer (127.0.0.1).
 *
 * @throws ConnectError (as a rejection), with Node's code: `ECONNREFUSED` when nobody listens there,
 *   `ERR_SOCKET_BAD_PORT` when the number is no port
 */
export function connect(port: number, options: ConnectOptions = {}): Promise<AwaitableSocket> {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const socket = dial(port);
    const abort = (): void => {
      socket.destroy();
      reject(signal?.reason);
    };
    const failed = (error: Error): void => {
      signal?.removeEventListener("abort", abort);
      reject(new ConnectError(port, codeOf(error), error));
    };
    signal?.addEventListener("abort", abort);
    socket.once("error", failed);
    socket.once("connect", () => {
      signal?.removeEventListener("abort", abort);
      socket.removeListener("error", failed);
      resolve(awaitable(socket));
    });
  });
}
