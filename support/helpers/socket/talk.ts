import { setTimeout as pause } from "node:timers/promises";
import { LESSON_SECOND_MS, toLessonSeconds } from "../clock/scale.ts";
import { record, task } from "../recording/record.ts";
import type { RecordingOf } from "../recording/recording.ts";
import { connect } from "./connect.ts";
import type { AwaitableSocket } from "./socket.ts";
import { ConnectionLostError } from "./socket-errors.ts";

/** One step of a client. A client whose steps are done closes its connection. */
export type Step =
  /** Sends this text. */
  | { say: string }
  /** Waits for so many bytes, or for as many as this text has, whatever they are; or for all until the server ends. */
  | { hear: number | string | "the end" }
  /** Does nothing, and reads nothing, for so many lesson seconds. */
  | { wait: number }
  /** Sends no more; the server sees the end of the input. */
  | { endSending: true }
  /** Vanishes: the connection is reset, as when a computer loses power and comes back. */
  | { vanish: true };

/** A client: a name for its bar in the timeline, and what it does. */
export interface Client {
  name: string;
  steps: readonly Step[];
}

/** What a client heard in one step. */
export interface Heard {
  /** When all of it was there, in lesson seconds from the start. */
  at: number;
  /** As UTF-8; only the first 100 bytes of it. */
  text: string;
  bytes: number;
}

/** How a client's conversation went. */
export interface Conversation {
  name: string;
  heard: Heard[];
  /** Who ended it: the client when its steps were done, or the server, by an end or by a break. */
  end: "client" | "server" | "break";
}

/** The clients' recording, and what each of them heard. */
export type Talk = RecordingOf<Conversation[]> & { ok: true; value: Conversation[] };

const SHOWN = 100;

async function hear(socket: AwaitableSocket, most: number): Promise<{ first: Buffer; bytes: number }> {
  const first: Buffer[] = [];
  let bytes = 0;
  while (bytes < most) {
    const piece = await socket.recv(Math.min(most - bytes, 64 * 1024));
    if (piece === null) break;
    if (bytes < SHOWN) first.push(piece);
    bytes += piece.length;
  }
  return { first: Buffer.concat(first).subarray(0, SHOWN), bytes };
}

function bytesOf(what: number | string): number {
  if (what === "the end") return Number.MAX_SAFE_INTEGER;
  return typeof what === "number" ? what : Buffer.byteLength(what);
}

/** Does one step. Returns who ended the conversation with it; undefined when it goes on. */
async function take(
  socket: AwaitableSocket,
  step: Step,
  heard: Heard[],
  now: () => number,
  signal?: AbortSignal,
): Promise<Conversation["end"] | undefined> {
  if ("say" in step) await socket.sendAll(step.say);
  else if ("wait" in step) await pause(step.wait * LESSON_SECOND_MS, undefined, signal && { signal });
  else if ("endSending" in step) await socket.endSending();
  else if ("vanish" in step) {
    await socket.breakOff();
    return "client";
  } else {
    const wanted = bytesOf(step.hear);
    const { first, bytes } = await hear(socket, wanted);
    if (bytes > 0) heard.push({ at: now(), text: first.toString(), bytes });
    if (bytes < wanted) return "server";
  }
  return undefined;
}

async function converse(port: number, client: Client, now: () => number, signal?: AbortSignal) {
  const heard: Heard[] = [];
  let end: Conversation["end"] = "client";
  const socket = await connect(port, signal && { signal });
  const stop = (): void => void socket.close();
  signal?.addEventListener("abort", stop);
  try {
    signal?.throwIfAborted();
    for (const step of client.steps) {
      const over = await take(socket, step, heard, now, signal);
      if (over === undefined) continue;
      end = over;
      break;
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof ConnectionLostError)) throw error;
    end = "break";
  } finally {
    signal?.removeEventListener("abort", stop);
    await socket.close();
  }
  return { name: client.name, heard, end } satisfies Conversation;
}

/**
 * Lets clients talk with a server, all at once, and records them: one bar per client.
 *
 * Cancellation: an abort closes all connections; the call rejects with the signal's reason.
 *
 * @throws ConnectError (as a rejection)
 */
export async function talk(port: number, clients: readonly Client[], signal?: AbortSignal): Promise<Talk> {
  const start = performance.now();
  const now = (): number => toLessonSeconds(performance.now() - start);
  const recording = await record(() =>
    Promise.all(clients.map((client) => task(client.name, () => converse(port, client, now, signal)))),
  );
  if (!recording.ok) throw recording.error;
  return recording;
}
