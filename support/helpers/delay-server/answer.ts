import type { ServerResponse } from "node:http";

/** Sends JSON that is text already, as it is, and closes the answer. */
export function sendJsonText(answer: ServerResponse, status: number, body: string): void {
  answer.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  answer.end(body);
}

/** Answers with JSON and a new line after it, for terminals, and closes the answer. */
export function sendJson(answer: ServerResponse, status: number, json: unknown): void {
  sendJsonText(answer, status, `${JSON.stringify(json)}\n`);
}

/** Answers with plain text and closes the answer. */
export function sendText(answer: ServerResponse, text: string): void {
  answer.setHeader("content-type", "text/plain; charset=utf-8");
  answer.end(text);
}
