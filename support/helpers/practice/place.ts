import { AsyncResource } from "node:async_hooks";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { LESSON_SECOND_MS, toLessonSeconds } from "../clock/scale.ts";

/** A server on any free port of the loopback interface, for one run of an answer. */
export interface Place {
  readonly server: Server;
  readonly port: number;
  /** Frees the port and breaks off all connections. May be called again. */
  close(): void;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/**
 * Lets all that a socket calls back belong to whoever calls this: a connection that has come belongs to nobody, so that a run would
 * neither see what its events do nor hear what fails in them.
 */
function adopt(socket: Socket): void {
  const here = new AsyncResource("connection");
  const emit: (...given: Parameters<Socket["emit"]>) => boolean = socket.emit.bind(socket);
  const emitHere = (...given: Parameters<Socket["emit"]>): boolean =>
    here.runInAsyncScope(() => emit(...given));
  Object.assign(socket, { emit: emitHere });
}

/**
 * Opens a place for an answer that serves. What its connections do belongs to the run in which this is called.
 *
 * @param handle is called with each connection; a connection that breaks is no error of the server's
 */
export async function openPlace(handle: (socket: Socket) => void = () => {}): Promise<Place> {
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  const sockets = new Set<Socket>();
  const here = new AsyncResource("server");
  // Before anybody else hears of it.
  server.on("connection", (socket: Socket) => {
    sockets.add(socket.on("error", () => {}));
    here.runInAsyncScope(() => {
      adopt(socket);
      handle(socket);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    server,
    port: portOf(server),
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** What a client does, at which lesson second of its visit. */
export interface Visit {
  says?: readonly { at: number; text: string }[];
  /** It sends no more, and still listens. */
  endsAt?: number;
  /** It vanishes: its connection is reset. */
  vanishesAt?: number;
  /** It leaves, whatever has come. */
  patience: number;
  /** It leaves at once when it has heard so many bytes. */
  enough?: number;
}

/** How a visit went; times are lesson seconds of it. */
export interface Heard {
  pieces: { at: number; text: string }[];
  /** Who ended it. `refused`: there was no connection. */
  end: "server" | "client" | "broken" | "refused";
  endedAt: number;
}

/** One client's visit. It has left when this returns. It does not fail. */
export async function visit(
  port: number,
  { says = [], endsAt, vanishesAt, patience, enough = Number.POSITIVE_INFINITY }: Visit,
): Promise<Heard> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
  const pieces: Heard["pieces"] = [];
  const start = performance.now();
  const now = (): number => toLessonSeconds(performance.now() - start);
  const timers: NodeJS.Timeout[] = [];
  const later = (at: number | undefined, act: () => void): void => {
    if (at !== undefined) timers.push(setTimeout(act, at * LESSON_SECOND_MS));
  };
  const end = await new Promise<Heard["end"]>((over) => {
    for (const { at, text } of says) later(at, () => socket.writable && socket.write(text));
    later(endsAt, () => socket.end());
    later(vanishesAt, () => {
      socket.resetAndDestroy();
      over("client");
    });
    later(patience, () => over("client"));
    socket.on("data", (bytes: Buffer) => {
      pieces.push({ at: now(), text: String(bytes) });
      if (pieces.reduce((sum, { text }) => sum + text.length, 0) >= enough) over("client");
    });
    socket.on("end", () => over("server"));
    socket.on("error", (error) =>
      over("code" in error && error.code === "ECONNREFUSED" ? "refused" : "broken"),
    );
  });
  for (const timer of timers) clearTimeout(timer);
  socket.destroy();
  return { pieces, end, endedAt: now() };
}
