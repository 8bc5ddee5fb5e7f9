import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { type Client, clientThread } from "support";

type ClientThread = Awaited<ReturnType<typeof clientThread>>;

/** A server, and clients in a thread of their own. */
export interface Meeting {
  /** Waits for the next connection; null when no more will come, for each call. */
  accept(): Promise<Socket | null>;
  /** Lets guests come, all at once, and returns what they saw. */
  visit(guests: readonly Client[]): ReturnType<ClientThread["talk"]>;
  /** Lets nobody in any more as soon as so many have come in all. */
  closeAfter(count: number): void;
}

const INPUT = ["readable", "end", "error", "close"];

/** Waits until the first of some events. */
function change(socket: Socket, events: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const happened = (): void => {
      for (const event of events) socket.off(event, happened);
      resolve();
    };
    for (const event of events) socket.on(event, happened);
  });
}

/** `recv` of the lesson: waits for 1 to `most` bytes; null at the end. */
export async function recv(socket: Socket, most: number): Promise<Buffer | null> {
  for (;;) {
    const bytes: Buffer | null = socket.read(Math.min(most, socket.readableLength));
    if (bytes !== null) return bytes;
    if (socket.errored) throw socket.errored;
    if (socket.readableEnded || socket.destroyed) return null;
    await change(socket, INPUT);
  }
}

/** A list and those who wait for it: one of the two is always empty. Once it is closed and empty, it gives null. */
function mailbox<T>() {
  const came: { one: T }[] = [];
  const waiting: ((one: T | null) => void)[] = [];
  let closed = false;
  return {
    put(one: T): void {
      const first = waiting.shift();
      if (first) first(one);
      else came.push({ one });
    },
    async get(): Promise<T | null> {
      const first = came.shift();
      if (first || closed) return first ? first.one : null;
      return new Promise((resolve) => waiting.push(resolve));
    },
    close(): void {
      closed = true;
      for (const wait of waiting.splice(0)) wait(null);
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Runs something with a server and clients, and leaves nothing of them. Call it outside of what may be ended by force. */
export async function meeting<T>(use: (meeting: Meeting) => Promise<T>): Promise<T> {
  const server = createServer({ allowHalfOpen: true });
  const open: Socket[] = [];
  const box = mailbox<Socket>();
  const state = { most: Number.POSITIVE_INFINITY, closed: false };
  const closeWhenFull = (): void => {
    if (state.closed || open.length < state.most) return;
    state.closed = true;
    server.close();
    box.close();
  };
  server.on("connection", (socket: Socket) => {
    socket.on("error", () => {});
    open.push(socket);
    box.put(socket);
    closeWhenFull();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server);
  const clients = await clientThread();
  const closeAfter = (count: number): void => {
    state.most = count;
    closeWhenFull();
  };
  try {
    return await use({ accept: box.get, visit: (guests) => clients.talk(port, guests), closeAfter });
  } finally {
    closeAfter(0);
    for (const socket of open) socket.destroy();
    await clients.close();
  }
}
