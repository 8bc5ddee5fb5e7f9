/**
 * The one client of all servers where no C compiler is at hand; says the same as `client.c`, and takes the same words:
 * `client.ts echo PORT CONNECTIONS BYTES MS`, `client.ts sleepers PORT COUNT SECONDS`.
 */
import { connect } from "node:net";
import { load } from "../../../support/helpers/socket/echo-load.ts";

/** As in `client.c`: so many connections may be on their way, and come from one address. */
const WINDOW = 256;
const AN_ADDRESS = 2000;
const PATIENCE_MS = 5;
const GRACE_MS = 30_000;

function isWhole(text: string): boolean {
  const [head = "", body] = text.split("\r\n\r\n");
  const length = /content-length: *(\d+)/i.exec(head)?.[1];
  return body !== undefined && length !== undefined && body.length >= Number(length);
}

async function sleepers(port: number, count: number, seconds: number): Promise<string> {
  const request = `GET /aio?delay=${seconds} HTTP/1.1\r\nhost: localhost\r\n\r\n`;
  const start = performance.now();
  let opened = 0;
  let onWay = 0;
  let asked = 0;
  let ended = 0;
  let lost = 0;
  let askedMs = 0;
  await new Promise<void>((resolve) => {
    setTimeout(resolve, 1000 * seconds + GRACE_MS).unref();
    const end = (well: boolean): void => {
      ended += 1;
      if (!well) lost += 1;
      if (ended === count) resolve();
    };
    const open = (number: number): void => {
      const localAddress = `127.0.0.${2 + Math.floor(number / AN_ADDRESS)}`;
      const socket = connect({ port, host: "127.0.0.1", localAddress, noDelay: true });
      let text = "";
      let done = false;
      const settle = (well: boolean): void => {
        if (!done) end(well);
        done = true;
      };
      const again = setTimeout(() => {
        done = true;
        socket.destroy();
        open(number);
      }, PATIENCE_MS);
      socket.once("connect", () => {
        clearTimeout(again);
        onWay -= 1;
        asked += 1;
        if (asked === count) askedMs = performance.now() - start;
        socket.write(request);
        more();
      });
      socket.on("data", (piece) => {
        text += piece.toString("latin1");
        if (isWhole(text)) settle(text.startsWith("HTTP/1.1 200"));
      });
      socket.on("error", () => {
        clearTimeout(again);
        settle(false);
      });
      socket.once("end", () => settle(false));
    };
    const more = (): void => {
      for (; onWay < WINDOW && opened < count; opened += 1) {
        onWay += 1;
        open(opened);
      }
    };
    more();
  });
  return JSON.stringify({ ms: performance.now() - start, lost: lost + count - ended, askedMs });
}

const [kind, ...words] = process.argv.slice(2);
const [port = 0, first = 0, second = 0, third = 0] = words.map(Number);
if (kind === "echo") {
  const { perSecond, handled, clientBusy } = await load(port, {
    connections: first,
    bytes: second,
    ms: third,
  });
  console.log(JSON.stringify({ perSecond, handled, clientBusy }));
} else if (kind === "sleepers") {
  console.log(await sleepers(port, first, second));
} else throw new RangeError(`no client ${kind}`);
process.exit();
