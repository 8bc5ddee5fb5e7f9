import { StringDecoder } from "node:string_decoder";
import type { Stream } from "./printing.ts";

/** Where text goes that running code prints. */
export type Print = (name: Stream, text: string) => void;

type Written = string | Uint8Array;
type Done = (error?: Error | null) => void;

/**
 * Sends what this process prints to `print` instead of to its own stdout and stderr. Bytes of a letter that come in
 * two writes are put together.
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
}
