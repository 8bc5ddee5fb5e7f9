/** What the servers of the bench share: they print their port, and end when their input does. */
import { once } from "node:events";
import type { Server } from "node:net";

/** As the project's own servers have it: a shorter queue makes a crowd of clients wait for a second. */
export const BACKLOG = 65_535;

/** Tells the port to the harness, and ends with it. */
export function tell(port: number): void {
  console.log(port);
  process.stdin.resume();
  process.stdin.once("end", () => process.exit());
}

/** Listens on a free port of the loopback interface. */
export async function listen(server: Server): Promise<number> {
  server.listen({ port: 0, host: "127.0.0.1", backlog: BACKLOG });
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
