import type { RequestListener, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/**
 * How many requests of one connection may wait for their answers. Node keeps pipelined ones in an array that it empties
 * from the front when the connection closes: 100,000 of them held the thread for 15 s.
 */
const MOST_WAITING = 1000;
/** How long the client may take to read why it was refused, in ms of real time. */
const LAST_WORDS_MS = 200;

const TOO_MANY = {
  error: "TooManyPipelined",
  expected: `at most ${MOST_WAITING} requests that wait on one connection; open another one`,
};

/** Answers a connection, whatever it asked, and closes it. */
export function refuse(socket: Duplex, status: string, json: Readonly<Record<string, unknown>>): void {
  const body = JSON.stringify(json);
  const headers = `content-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close`;
  socket.end(`HTTP/1.1 ${status}\r\n${headers}\r\n\r\n${body}`);
}

/**
 * Asks a client that has ended its side of the connection whether it still listens. One that has gone resets the
 * connection at the first word, which the second word then finds; one that listens passes over both, as HTTP has it.
 */
function askWhetherItListens(answer: ServerResponse): void {
  if (answer.headersSent) return;
  if (answer.req.httpVersion !== "1.1") answer.destroy();
  else for (let word = 0; word < 2; word += 1) answer.writeProcessing();
}

/**
 * Serves what comes in on the connections of a server. A client may end its side after its request and still gets its
 * answer; one that has gone is noticed at once.
 */
export function serveConnections(server: Server, app: RequestListener): void {
  const waiting = new WeakMap<Duplex, Set<ServerResponse>>();
  // Node would close the connection as soon as the client ends its side.
  Object.assign(server, { httpAllowHalfOpen: true });
  server.on("connection", (socket) => {
    const answers = new Set<ServerResponse>();
    waiting.set(socket, answers);
    socket.on("end", () => {
      const [first] = answers;
      if (first !== undefined) askWhetherItListens(first);
    });
  });
  server.on("request", (incoming, answer) => {
    const { socket } = incoming;
    if (!socket.writable) return;
    const answers = waiting.get(socket);
    if (answers !== undefined && answers.size >= MOST_WAITING) {
      refuse(socket, "503 Service Unavailable", TOO_MANY);
      socket.pause();
      setTimeout(() => socket.destroy(), LAST_WORDS_MS);
      return;
    }
    answers?.add(answer);
    answer.on("close", () => answers?.delete(answer));
    app(incoming, answer);
  });
}
