/** The ways to a compiler: a thread of this process, which kernels may share, or a server that has one (`compiler-server.ts`). */
import { connect, type Socket } from "node:net";
import { Worker } from "node:worker_threads";
import type { Place } from "./compiler.ts";
import type { Answer, FromThread, Question, ToThread } from "./compiler-thread.ts";

/** A way to a compiler that has begun for one kernel. */
export interface Line {
  ask(question: Question): void;
  /** Nobody waits any more for what was asked up to this number; what is being compiled is given up. */
  stop(id: number): void;
  end(): void;
}

/** What comes back. */
export interface Heard {
  answered(answer: Answer): void;
  /** The compiler is gone, and all that it knew of cells with it. */
  lost(why: Error): void;
}

/** A thread that compiles for any number of kernels. */
export interface Thread {
  begin(place: Place, answered: Heard["answered"]): Line;
  end(): void;
}

/** A number that no question has. */
const LAST = 2 ** 31 - 1;

export function startThread(lost: Heard["lost"]): Thread {
  const worker = new Worker(new URL("compiler-thread.ts", import.meta.url), { execArgv: [] });
  const open = new Map<number, Heard["answered"]>();
  let count = 0;
  worker.unref();
  worker.on("message", ({ kernel, answer }: FromThread) => open.get(kernel)?.(answer));
  // Out of memory, for one.
  worker.once("error", lost);
  const tell = (message: ToThread): void => worker.postMessage(message);
  return {
    begin(place, answered) {
      count += 1;
      const kernel = count;
      const stopped = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
      open.set(kernel, answered);
      tell({ kernel, told: { place, stopped } });
      return {
        ask: (question) => tell({ kernel, told: question }),
        stop: (id) => void Atomics.store(stopped, 0, id),
        end() {
          open.delete(kernel);
          Atomics.store(stopped, 0, LAST);
          tell({ kernel, told: undefined });
        },
      };
    },
    end: () => void worker.terminate(),
  };
}

/** A line to a thread of one's own. */
export function lineToThread(place: Place, heard: Heard): Line {
  const thread = startThread(heard.lost);
  return { ...thread.begin(place, heard.answered), end: thread.end };
}

/** What goes to a server: who asks, then questions and the numbers of those that nobody waits for. */
export type ToServer = { who: string; place: Place } | Question | { stop: number };

/** Whose questions a server answers: kernels of the same files and the same Node. */
export const WHO = `${import.meta.url} ${process.version}`;

/** A line to the server at `address`, a socket in the file system. One that refuses, or is not there, is lost at once. */
export function lineToServer(address: string, place: Place, heard: Heard): Line {
  const socket = connect(address);
  let why = new Error("the compilers' server has ended");
  const send = (message: ToServer): void => void socket.write(`${JSON.stringify(message)}\n`);
  socket.unref();
  socket.on("error", (error) => {
    why = error;
  });
  socket.on("close", () => heard.lost(why));
  onLines(socket, (line) => {
    const answer: Answer = JSON.parse(line);
    heard.answered(answer);
  });
  send({ who: WHO, place });
  return {
    ask: send,
    stop: (id) => send({ stop: id }),
    end() {
      socket.removeAllListeners("close");
      socket.destroy();
    },
  };
}

/** Calls with each whole line that a socket brings; one that comes in many pieces is put together once. */
export function onLines(socket: Socket, use: (line: string) => void): void {
  const begun: string[] = [];
  socket.setEncoding("utf8");
  socket.on("data", (text) => {
    const [first = "", ...more] = String(text).split("\n");
    begun.push(first);
    for (const next of more) {
      use(begun.splice(0).join(""));
      begun.push(next);
    }
  });
}
