/** A delay server of Node's own parts: `delay.ts node:http` or `delay.ts node:net`. Prints its port; ends when its input does. */
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { listen, tell } from "./server.ts";

const servers = {
  "node:http": () =>
    createHttpServer({ requestTimeout: 0 }, (request, answer) => {
      const delay = Number(new URL(request.url ?? "/", "http://localhost").searchParams.get("delay"));
      setTimeout(() => {
        answer.setHeader("content-type", "application/json");
        answer.end(JSON.stringify({ delay }));
      }, 1000 * delay);
    }),
  "node:net": () =>
    createServer({ noDelay: true }, (socket) => {
      socket.on("error", () => {});
      socket.on("data", (request) => {
        const delay = Number(/delay=([\d.]+)/.exec(request.toString("latin1"))?.[1]);
        const body = JSON.stringify({ delay });
        const head = `content-type: application/json\r\ncontent-length: ${body.length}`;
        setTimeout(() => socket.write(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n${body}`), 1000 * delay);
      });
    }),
};

const style = process.argv[2];
if (style !== "node:http" && style !== "node:net") throw new RangeError(`no style ${style}`);
tell(await listen(servers[style]()));
