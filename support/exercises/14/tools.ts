import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { LESSON_SECOND_MS, toLessonSeconds } from "support";
import { request } from "undici";

/** What a server calls for a request. */
export type Handle = (asked: IncomingMessage, answer: ServerResponse) => Promise<void>;

/** Lends the address of a server on a port of its own, and closes the server afterwards, also after an error. */
export async function serving<T>(handle: RequestListener, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(handle);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  try {
    return await use(`http://127.0.0.1:${typeof address === "object" ? address?.port : address}`);
  } finally {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  }
}

/** What a client got: a status and a text, or why there is none. */
export interface Got {
  status: number | "cut off" | "no answer" | "left";
  text: string;
  /** When that was, in lesson seconds from its start. */
  at: number;
}

/** How a client asks. */
export interface AskOptions {
  /** It leaves after so many lesson seconds. */
  leaves?: number;
  /** It is taken to have no answer after so many; 5 when not given. */
  patience?: number;
}

/** Asks by `POST`, with a form of some bytes, and does not throw. */
export async function ask(url: string, { leaves, patience = 5 }: AskOptions = {}): Promise<Got> {
  const begun = performance.now();
  const signal = AbortSignal.timeout((leaves ?? patience) * LESSON_SECOND_MS);
  const got = (status: Got["status"], text = ""): Got => ({
    status,
    text,
    at: toLessonSeconds(performance.now() - begun),
  });
  try {
    const { statusCode, body } = await request(url, { method: "POST", body: "name=Ada", signal });
    return got(statusCode, await body.text());
  } catch {
    if (!signal.aborted) return got("cut off");
    return got(leaves === undefined ? "no answer" : "left");
  }
}

/** A server's own guard, so that an answer's failure ends nothing: a 500, or an end of the connection. */
export const safely =
  (handle: Handle): RequestListener =>
  (asked, answer) => {
    handle(asked, answer).catch(() => {
      if (answer.headersSent || answer.destroyed) return answer.destroy();
      answer.statusCode = 500;
      return answer.end();
    });
  };
