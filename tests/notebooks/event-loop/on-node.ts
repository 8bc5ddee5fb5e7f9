import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Program } from "./programs.ts";

/**
 * A program as Node runs it: the same text with `async function` for `function*` and `await` for `yield*`.
 *
 * @returns a function of the kit for Node
 */
export function asAsync(program: Program): (kit: unknown) => Promise<unknown> {
  const text = String(program).replaceAll("function*", "async function").replaceAll("yield*", "await");
  return new Function(`return (${text});`)();
}

/** What the programs use, in Node's own terms; `started` has the tasks that they have started. */
export function nodeKit(
  note: (line: string) => void,
  ask: (text: string, seconds: number) => Socket,
  ms: number,
) {
  const answers = new Map<Socket, AsyncIterator<unknown>>();
  const started: Promise<unknown>[] = [];
  return {
    started,
    note,
    ask,
    pause: () => undefined,
    sleep: (seconds: number) => delay(seconds * ms),
    spawn(task: Promise<unknown>) {
      // An error is for those who join the task, and that may be later.
      task.catch(() => {});
      started.push(task);
      return task;
    },
    join: (task: Promise<unknown>) => task,
    gather: (tasks: Promise<unknown>[]) => Promise.all(tasks),
    async receive(socket: Socket): Promise<string> {
      const chunks = answers.get(socket) ?? socket[Symbol.asyncIterator]();
      answers.set(socket, chunks);
      const { done, value } = await chunks.next();
      return done === true ? "" : String(value);
    },
  };
}

/** A server that is sent `{ text, ms }` and answers the text after so many ms, then ends. */
export async function startSlowServer(): Promise<Server> {
  const server = createServer((socket) => {
    socket.once("data", (data) => {
      const { text, ms }: { text: string; ms: number } = JSON.parse(String(data));
      setTimeout(() => socket.end(text), ms);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

/** A socket to the slow server that has sent its question. */
export function askServer(server: Server, text: string, ms: number): Socket {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server does not listen");
  const socket = connect(address.port, "127.0.0.1");
  socket.write(JSON.stringify({ text, ms }));
  return socket;
}
