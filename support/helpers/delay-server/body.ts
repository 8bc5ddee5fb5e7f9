import type { IncomingMessage } from "node:http";
import { RequestError } from "./delay-server-errors.ts";

const LARGEST = 256 * 1024;

async function readText(incoming: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of incoming) {
    const bytes = Buffer.from(piece);
    size += bytes.length;
    if (size > LARGEST) {
      throw new RequestError("BodyTooLarge", 413, { expected: `at most ${LARGEST} bytes of JSON` });
    }
    pieces.push(bytes);
  }
  return Buffer.concat(pieces).toString();
}

/**
 * Reads the JSON of a request.
 *
 * @throws RequestError when it is too large, breaks off, or is no JSON
 */
export async function readJson(incoming: IncomingMessage): Promise<unknown> {
  let text = "";
  try {
    text = await readText(incoming);
    return JSON.parse(text);
  } catch (reason) {
    if (reason instanceof RequestError) throw reason;
    throw new RequestError("BadJson", 400, { value: text.slice(0, 200), expected: "JSON" });
  }
}
