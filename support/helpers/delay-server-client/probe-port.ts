import { http } from "../delay-server/http.ts";
import { IDENTITY, identity } from "../delay-server/identity.ts";

/** What listens on a port: nothing, a server to share, one of ours that can't be shared, or another program. */
export type Found = "nothing" | "ours" | "other scale" | "another program" | "unclear";

const PATIENCE_MS = 2000;

function codeOf(error: Error): unknown {
  return "code" in error ? error.code : undefined;
}

/** Looks at a port of this machine. `unclear`: the connection broke, as it does when a server is about to end. */
export function lookAt(port: number, secondMs: number): Promise<Found> {
  return new Promise((resolve) => {
    const asked = http.get(
      { host: "127.0.0.1", port, path: "/stats", agent: false, timeout: PATIENCE_MS },
      (answer) => {
        answer.resume();
        const server = String(answer.headers.server);
        if (server === identity(secondMs, true)) resolve("ours");
        else resolve(server.startsWith(IDENTITY) ? "other scale" : "another program");
        asked.destroy();
      },
    );
    asked.on("timeout", () => {
      resolve("another program");
      asked.destroy();
    });
    asked.on("error", (error) => {
      if (codeOf(error) === "ECONNREFUSED") resolve("nothing");
      else resolve(codeOf(error) === "ECONNRESET" ? "unclear" : "another program");
    });
  });
}
