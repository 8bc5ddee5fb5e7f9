/** An echo server in one of five styles: `echo.ts callbacks`. Prints its port; ends when its input does. */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { serve } from "../../../support/helpers/socket/serve.ts";
import { listen, tell } from "./server.ts";

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
  return listen(
    createServer({ noDelay: true }, (socket) => {
      socket.on("error", () => {});
      handle(socket);
    }),
  );
}

tell(await start(process.argv[2] ?? ""));
