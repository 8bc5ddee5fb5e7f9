import { setTimeout as pause } from "node:timers/promises";
import { onStop } from "../clean-up/stop-all.ts";
import { LESSON_SECOND_MS } from "../clock/scale.ts";
import { ArgumentError } from "../errors/support-error.ts";
import { type DelayServer, newClient, setSeed, warmUpUndici } from "./client.ts";
import { DelayServerError } from "./delay-server-error.ts";
import { type Found, lookAt } from "./probe-port.ts";
import { spawnServer } from "./spawn-server.ts";
import { type Lease, takeLease } from "./take-lease.ts";

const USUAL_PORT = 3000;
const TRIES = 40;

/** The port that a lesson tries first. */
function wantedPort(): number {
  const text = process.env.DELAY_SERVER_PORT ?? "";
  if (text === "") return USUAL_PORT;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new ArgumentError("BAD_PORT", "DELAY_SERVER_PORT", text, "a port, or 0 for any free one");
}

function whyAnother(port: number, found: Found): string {
  const who = found === "other scale" ? "a delay server with other seconds" : "another program";
  return `Port ${port} is taken by ${who}, so this lesson's delay server took port`;
}

/** A hold on a server, and whether that is one which every lesson tries first. */
interface Place {
  lease: Lease;
  isShared: boolean;
}

async function privateLease(): Promise<Place> {
  const port = await spawnServer(0);
  const lease = port === undefined ? undefined : await takeLease(port);
  if (lease !== undefined) return { lease, isShared: false };
  throw new DelayServerError(
    "the delay server went away as soon as it had started. Restart the kernel and try again",
    port,
  );
}

async function elsewhere(port: number, found: Found, say: (line: string) => void): Promise<Place> {
  const place = await privateLease();
  say(`${whyAnother(port, found)} ${new URL(place.lease.url).port}.`);
  return place;
}

/**
 * Shares the server on the wanted port or starts one there. Another lesson may start one at the same moment, and the one
 * that was found may be about to end; then it is tried again.
 */
async function anyLease(port: number, say: (line: string) => void): Promise<Place> {
  if (port === 0) return privateLease();
  for (let tries = 0; tries < TRIES; tries += 1) {
    const found = await lookAt(port, LESSON_SECOND_MS);
    if (found === "another program" || found === "other scale") return elsewhere(port, found, say);
    if (found === "nothing") await spawnServer(port);
    const lease = found === "unclear" ? undefined : await takeLease(port);
    if (lease !== undefined) return { lease, isShared: true };
    await pause(25);
  }
  return elsewhere(port, "another program", say);
}

/** A lesson's hold on a server, and what it can ask of it. */
export interface Connected extends Place {
  server: DelayServer;
  /** The random delays from now on are those of the seed. */
  setSeed(seed: string): Promise<void>;
}

/**
 * Finds or starts a server and takes hold of it.
 *
 * @param say where it is said that another port was taken
 * @throws DelayServerError, ArgumentError (as rejections)
 */
export async function lessonServer(say: (line: string) => void): Promise<Connected> {
  const { lease, isShared } = await anyLease(wantedPort(), say);
  onStop(() => lease.giveBack());
  const server = newClient(lease.url);
  await warmUpUndici(lease.url);
  return { lease, isShared, server, setSeed: (seed) => setSeed(lease.url, seed) };
}
