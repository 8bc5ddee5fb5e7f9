import fs from "node:fs";
import { StringDecoder } from "node:string_decoder";
import type { Stream } from "./printing.ts";
import { replace } from "./replace.ts";

/** Where text goes that running code prints. */
export type Print = (name: Stream, text: string) => void;

type Written = string | Uint8Array;
type Done = (error?: Error | null) => void;

/** The stream that a file descriptor is. */
export const streamOf = (descriptor: unknown): Stream | undefined =>
  descriptor === 1 ? "stdout" : descriptor === 2 ? "stderr" : undefined;

/**
 * Sends what this process prints to `print` instead of to its own stdout and stderr, also by their numbers. Bytes of a
 * letter that come in two writes are put together.
 */
export function capturePrinting(print: Print): void {
  for (const name of ["stdout", "stderr"] as const) {
    const decoder = new StringDecoder();
    process[name].write = (written: Written, encoding?: BufferEncoding | Done, done?: Done): boolean => {
      const text = typeof written === "string" ? written : decoder.write(Buffer.from(written));
      if (text !== "") print(name, text);
      const finished = typeof encoding === "function" ? encoding : done;
      if (finished) process.nextTick(finished);
      return true;
    };
  }
  replace(fs, "writeSync", (own) => (descriptor, data, ...rest) => {
    const name = streamOf(descriptor);
    const [offset = 0, length] = rest;
    if (name === undefined) return own(descriptor, data, ...rest);
    if (typeof data === "string") process[name].write(data);
    else if (data instanceof Uint8Array && typeof offset === "number") {
      const end = typeof length === "number" ? offset + length : data.length;
      process[name].write(data.subarray(offset, end));
      return end - offset;
    }
    return Buffer.byteLength(String(data));
  });
}
