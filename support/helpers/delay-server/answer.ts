import type { ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Drop, Plan } from "./plan.ts";

/** Between the pieces of a body, in ms of real time: long enough that they are read one by one. */
const BETWEEN_CHUNKS_MS = 10;

function jsonHead(body: string): Record<string, string | number> {
  return { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
}

/** Answers with JSON and closes the answer. */
export function sendJson(answer: ServerResponse, status: number, json: unknown): void {
  const body = `${JSON.stringify(json)}\n`;
  answer.writeHead(status, jsonHead(body));
  answer.end(body);
}

/** Answers with plain text and closes the answer. */
export function sendText(answer: ServerResponse, text: string): void {
  answer.setHeader("content-type", "text/plain; charset=utf-8");
  answer.end(text);
}

/** Padded with blanks, which JSON allows, so that every piece holds something. */
function bodyOf(plan: Plan, delay: number): string {
  const json = plan.status === 200 ? { delay } : { error: "RequestedError", status: plan.status, delay };
  return JSON.stringify(json).padEnd(plan.chunks, " ");
}

function written(answer: ServerResponse, piece: string): Promise<void> {
  return new Promise((resolve) => {
    answer.write(piece, () => resolve());
  });
}

/** Breaks the connection off at the wanted place. */
export async function sendBroken(
  answer: ServerResponse,
  drop: Drop,
  plan: Plan,
  delay: number,
): Promise<void> {
  const body = bodyOf(plan, delay);
  if (drop !== "before") {
    answer.writeHead(200, jsonHead(body));
    answer.flushHeaders();
    if (drop === "body") await written(answer, body.slice(0, Math.ceil(body.length / 2)));
    await pause(BETWEEN_CHUNKS_MS);
  }
  answer.destroy();
}

/**
 * Sends the answer to `/aio`, in as many pieces as wanted.
 *
 * @param beforeEnd called when the last piece is about to be sent
 * @param gone true once the client has left; nothing is sent any more then
 */
export async function sendAnswer(
  answer: ServerResponse,
  plan: Plan,
  delay: number,
  beforeEnd: () => void,
  gone: () => boolean,
): Promise<void> {
  const body = bodyOf(plan, delay);
  const size = body.length / plan.chunks;
  const at = (piece: number): number => Math.round(piece * size);
  answer.writeHead(plan.status, jsonHead(body));
  for (let piece = 0; piece < plan.chunks - 1; piece += 1) {
    await written(answer, body.slice(at(piece), at(piece + 1)));
    await pause(BETWEEN_CHUNKS_MS);
    if (gone()) return;
  }
  beforeEnd();
  answer.end(body.slice(at(plan.chunks - 1)));
}
