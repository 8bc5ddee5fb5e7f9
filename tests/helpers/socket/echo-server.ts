/**
 * An echo server in one of five styles, in a process of its own: `echo-server.ts callbacks`. It tells its parent the
 * port, and the CPU time that it has used so far whenever it is asked. Ends with its parent.
 */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { serve } from "../../../support/helpers/socket/serve.ts";

const BYTES = 64 * 1024;

/** Each handles one connection until its end. All wait for a slow reader. */
const nodeStyles: Record<string, (socket: Socket) => unknown> = {
  callbacks(socket) {
    socket.on("data", (piece) => {
      if (socket.write(piece)) return;
      socket.pause();
      socket.once("drain", () => socket.resume());
    });
  },
  pipe: (socket) => socket.pipe(socket),
  async "for await, stream"(socket) {
    try {
      for await (const piece of socket) if (!socket.write(piece)) await once(socket, "drain");
    } catch {
      // The client left.
    }
  },
};

async function start(style: string): Promise<number> {
  if (style === "recv, sendAll") {
    const server = await serve(async (socket) => {
      for (let piece = await socket.recv(BYTES); piece !== null; piece = await socket.recv(BYTES)) {
        await socket.sendAll(piece);
      }
    });
    return server.port;
  }
  if (style === "for await, socket") {
    const server = await serve(async (socket) => {
      for await (const piece of socket) await socket.sendAll(piece);
    });
    return server.port;
  }
  const handle = nodeStyles[style];
  if (handle === undefined) throw new RangeError(`no style ${style}`);
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => {});
    handle(socket);
  });
  server.listen({ port: 0, host: "127.0.0.1", backlog: 65_535 });
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

const port = await start(process.argv[2] ?? "");
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.on("disconnect", () => process.exit());
process.send?.(port);
