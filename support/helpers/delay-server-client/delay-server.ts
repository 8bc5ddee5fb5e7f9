import type { DelayServer } from "./client.ts";
import type { Connected } from "./connect.ts";

/** How a lesson wants its delay server. */
export interface DelayServerOptions {
  /** Makes the random delays repeatable: the n-th is always the same. */
  seed?: string;
}

let current: Promise<Connected> | undefined;
let latest: Connected | undefined;

/** Where the delay server of this lesson listens, and whether other lessons share it; undefined while it has none. */
export function serverNow(): { port: string; isShared: boolean } | undefined {
  if (latest?.lease.alive() !== true) return undefined;
  return { port: new URL(latest.lease.url).port, isShared: latest.isShared };
}

/**
 * The delay server for a lesson: on port 3000, shared with other lessons, or on another port, which is said then. It runs
 * in a process of its own, on the loopback interface only, and ends with the last lesson that uses it.
 *
 * Calling it again is free. Should the server have gone, the next call starts a new one.
 *
 * @example
 * const server = await delayServer({ seed: "tea" });
 * const answer = await fetch(`${server.url}/aio?delay=2`);
 * @param say where it is said that another port was taken
 * @throws DelayServerError, ArgumentError where DELAY_SERVER_PORT is no port (as rejections)
 */
export async function delayServer(
  options: DelayServerOptions = {},
  say: (line: string) => void = console.log,
): Promise<DelayServer> {
  const last = current;
  // Another call may have replaced it while this one looked.
  if (last !== undefined && !(await isAlive(last)) && current === last) current = undefined;
  current ??= connect(say);
  latest = await current;
  const { server, setSeed } = latest;
  if (options.seed !== undefined) await setSeed(options.seed);
  return server;
}

/** HTTP and undici take a while to load; only lessons that ask for a server wait for them. */
async function connect(say: (line: string) => void): Promise<Connected> {
  const { lessonServer } = await import("./connect.ts");
  return lessonServer(say);
}

async function isAlive(connected: Promise<Connected>): Promise<boolean> {
  try {
    return (await connected).lease.alive();
  } catch {
    return false;
  }
}
