/**
 * The shop of lesson 19: a server that works, and is sick in three places. The lesson finds them from outside; read this file
 * afterwards.
 *
 * The lesson starts it with `fork`. Its first message is its address, on loopback and a port that the system chose. The message
 * `stop` ends it, and so does the end of whoever started it. Started with the word `record` it sends, before it ends, what
 * `record` saw of it. Times are lesson seconds.
 */
import { EventEmitter, once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { compute, LESSON_SECOND_MS, record, sleep, task } from "support";

/** Fulfilled when the shop is to close. It lives as long as the process. */
const closing = new Promise<string>((resolve) => {
  process.on("message", (word) => {
    if (word === "stop") resolve("closed");
  });
});

const rates = new EventEmitter();

async function order(name: string): Promise<string> {
  await sleep(1);
  console.log("the price is known");
  await sleep(name === "1" ? 2 : 1);
  console.log("the order is packed");
  return `order ${name}`;
}

function rankAllPairs(): void {
  compute(3);
}

async function report(): Promise<string> {
  await task("read the rows", () => sleep(1));
  await task("rank", async () => rankAllPairs());
  return "report";
}

async function basket(): Promise<string> {
  const filled = sleep(0.1).then(() => "basket");
  return Promise.race([filled, closing]);
}

function quote(): Promise<string> {
  return new Promise((resolve) => {
    rates.on("changed", (rate: number) => {
      console.log("a new rate");
      resolve(`rate ${rate}`);
    });
  });
}

const routes: Record<string, (name: string) => Promise<string>> = {
  health: async () => "ok",
  order,
  report,
  basket,
  quote,
};

const handler: RequestListener = async (incoming, answer) => {
  const [, route = "", name = ""] = (incoming.url ?? "/").split("/");
  const work = Object.hasOwn(routes, route) ? routes[route] : undefined;
  if (work === undefined) {
    answer.statusCode = 404;
    answer.end("there is no such page");
    return;
  }
  try {
    answer.end(await task(`${route} ${name}`.trim(), () => work(name)));
  } catch {
    answer.statusCode = 500;
    answer.end();
  }
};

async function openUntilClosing(): Promise<void> {
  const server = createServer(handler);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const changing = setInterval(() => rates.emit("changed", 7), LESSON_SECOND_MS / 5);
  const address = server.address();
  process.send?.(`http://127.0.0.1:${typeof address === "object" ? address?.port : address}`);
  await closing;
  clearInterval(changing);
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}

process.once("disconnect", () => process.exit());
if (process.argv.includes("record")) {
  const recording = await record(openUntilClosing);
  process.send?.(recording, () => process.disconnect());
} else {
  await openUntilClosing();
  process.disconnect();
}
