import type { AwaitableSocket } from "../../../support/helpers/socket/socket.ts";

const NEWLINE = 0x0a;

/** A line that is longer than its reader allows. */
class LineTooLongError extends Error {
  readonly code = "LINE_TOO_LONG";
}

/** Reads one line of UTF-8 without its end, a byte at a time; null when the other side sends no more. */
export async function readLine(socket: AwaitableSocket, limit = 64): Promise<string | null> {
  const bytes: number[] = [];
  for (;;) {
    const [byte] = (await socket.recv(1)) ?? [];
    if (byte === undefined && bytes.length === 0) return null;
    if (byte === undefined || byte === NEWLINE) {
      return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes));
    }
    if (bytes.length === limit) throw new LineTooLongError();
    bytes.push(byte);
  }
}
