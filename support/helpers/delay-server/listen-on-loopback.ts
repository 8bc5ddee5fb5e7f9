import { once } from "node:events";
import type { RequestListener, Server } from "node:http";
import type { Duplex } from "node:stream";
import { sendJson } from "./answer.ts";
import { refuse, serveConnections } from "./connections.ts";
import { PortError } from "./delay-server-errors.ts";
import { http } from "./http.ts";

/**
 * Node's own backlog of 511 makes the kernel drop connections that are opened at once, and the client tries again only
 * after a whole second. The kernel cuts this to what it allows (`net.core.somaxconn`).
 */
const BACKLOG = 65_535;

function newServer(app: RequestListener): Server {
  const server = http.createServer({ noDelay: true, requireHostHeader: false });
  // A sleeper may take an hour, and a connection that we close just as the client uses it again would fail a lesson.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 0;
  server.timeout = 0;
  serveConnections(server, app);
  server.on("clientError", refuseGarbage);
  server.on("checkExpectation", (_, answer) => sendJson(answer, 417, NO_REQUEST));
  server.on("connect", (_, socket) => refuse(socket, "400 Bad Request", NO_REQUEST));
  return server;
}

const NO_REQUEST = { error: "BadRequest", expected: "an HTTP request, for example GET /aio?delay=2" };

function refuseGarbage(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const tooLarge = error.code === "HPE_HEADER_OVERFLOW";
  refuse(socket, tooLarge ? "431 Request Header Fields Too Large" : "400 Bad Request", NO_REQUEST);
}

const WHY_NOT = new Map<unknown, PortError["code"]>([
  ["EADDRINUSE", "PORT_IN_USE"],
  ["EACCES", "PORT_FORBIDDEN"],
  ["EADDRNOTAVAIL", "NO_LOOPBACK"],
  ["ENETUNREACH", "NO_LOOPBACK"],
  ["EMFILE", "NO_FILES"],
  ["ENFILE", "NO_FILES"],
]);

async function bind(server: Server, host: string, port: number): Promise<number> {
  server.listen({ host, port, backlog: BACKLOG, ipv6Only: true });
  try {
    await once(server, "listening");
  } catch (error) {
    const code = WHY_NOT.get(error instanceof Error && "code" in error ? error.code : undefined);
    throw code === undefined ? error : new PortError(port, code);
  }
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

/** A listening server: on 127.0.0.1, and on ::1 where there is one, so that `localhost` finds it at once. */
export interface Listening {
  port: number;
  /** Stops listening and breaks off what is in flight. */
  close(): void;
}

async function bindBoth(app: RequestListener, port: number): Promise<Listening> {
  const servers = [newServer(app)];
  const close = (): void => {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
  };
  try {
    const [first] = servers;
    const bound = first === undefined ? port : await bind(first, "127.0.0.1", port);
    const second = newServer(app);
    try {
      await bind(second, "::1", bound);
      servers.push(second);
    } catch (error) {
      // No IPv6 on this machine: 127.0.0.1 alone will do. A port taken on ::1 only would answer for us half the time.
      if (error instanceof PortError && error.code !== "NO_LOOPBACK") throw error;
    }
    return { port: bound, close };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * Listens on the loopback interface only.
 *
 * @param port 0 for any free one
 * @throws PortError (as a rejection)
 */
export async function listen(app: RequestListener, port: number): Promise<Listening> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await bindBoth(app, port);
    } catch (error) {
      // A free port of IPv4 may be taken in IPv6: another one will be free in both.
      if (port !== 0 || tries === 10) throw error;
    }
  }
}
