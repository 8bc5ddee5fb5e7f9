import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { type Listener, listen } from "../../../support/helpers/socket/listen.ts";
import type { AwaitableSocket } from "../../../support/helpers/socket/socket.ts";

/** An awaitable socket and a plain Node socket at its other end. */
export interface Pair {
  here: AwaitableSocket;
  there: Socket;
  listener: Listener;
}

/** Lends a connection to a test and closes both ends and the listener afterwards. */
export async function withPair(use: (pair: Pair) => Promise<void>): Promise<void> {
  const listener = await listen();
  const there = connect({ port: listener.port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
  there.on("error", () => {});
  await once(there, "connect");
  const here = await listener.accept();
  if (here === null) throw new Error("nobody came");
  try {
    await use({ here, there, listener });
  } finally {
    await here.close();
    there.destroy();
    await listener.close();
  }
}
