import { randomBytes } from "node:crypto";
import { http } from "../delay-server/http.ts";

/** A lesson's hold on the delay server. */
export interface Lease {
  /** Base URL of the lesson's own scope. */
  url: string;
  /** False once the server has gone. */
  alive(): boolean;
  giveBack(): void;
}

/** Takes a lease at the server on a port; undefined when the server went away meanwhile. */
export function takeLease(port: number): Promise<Lease | undefined> {
  const lesson = randomBytes(4).toString("hex");
  return new Promise((resolve) => {
    let alive = true;
    const ended = (): void => {
      alive = false;
      resolve(undefined);
    };
    const path = `/lesson/${lesson}/lease`;
    const asked = http.get({ host: "127.0.0.1", port, path, agent: false }, (answer) => {
      answer.on("close", ended);
      answer.on("error", ended);
      answer.resume();
      if (answer.statusCode !== 200) {
        asked.destroy();
        return;
      }
      // The lease lasts as long as this process, and must not make the process last.
      answer.socket.unref();
      resolve({
        url: `http://localhost:${port}/lesson/${lesson}`,
        alive: () => alive,
        giveBack() {
          // At once, and not when the connection has gone: a call in between must not be given this server.
          alive = false;
          asked.destroy();
        },
      });
    });
    asked.on("error", ended);
  });
}
