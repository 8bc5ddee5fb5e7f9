import type { Agent } from "node:http";
import { PortError } from "./delay-server-errors.ts";
import { http } from "./http.ts";

const REQUESTS = 1000;
/** Each takes two of the files that this process may have open, which can be as few as 256. */
const CONNECTIONS = 50;

function one(port: number, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = http.get({ host: "127.0.0.1", port, path: "/aio?delay=0", agent }, (answer) => {
      answer.resume();
      answer.once("end", resolve);
    });
    asked.once("error", reject);
  });
}

/**
 * Lets a server that has just started answer some requests of its own, so that the first thousand real ones don't wait
 * for code to be compiled. It is none the worse if some of them fail.
 *
 * @throws PortError (as a rejection) when none gets through: nobody else's would
 */
export async function warmUp(port: number): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const ends = await Promise.allSettled(Array.from({ length: REQUESTS }, () => one(port, agent)));
  agent.destroy();
  if (ends.every((end) => end.status === "rejected")) throw new PortError(port, "NO_LOOPBACK");
}
