import type { Header } from "./message.ts";

/** One of the two streams that code prints to. */
export type Stream = "stdout" | "stderr";

/** What a cell may print, in bytes of UTF-8: Jupyter's server drops what is over 3 MB in 3 s, anywhere in the text. */
export const PRINT_LIMIT = 2_000_000;

/** How long printed text waits for more to be sent with it, in ms. */
const WAIT_MS = 20;
/** How much text is sent without waiting any longer, in UTF-16 units. */
const MUCH = 65_536;

/** Puts what is printed together into few messages. */
export interface Batch {
  /** Text that the cell of a request prints, in order with all other text. */
  print(cell: Header, name: Stream, text: string): void;
  /** Sends what waits: call it before anything else is sent, so that the order is kept. */
  flush(): void;
}

/** Gives `send` printed text in pieces of some size. */
export function createBatch(send: (cell: Header, name: Stream, text: string) => void): Batch {
  let waiting: { cell: Header; name: Stream; texts: string[]; size: number } | undefined;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const due = waiting;
    waiting = undefined;
    if (due) send(due.cell, due.name, due.texts.join(""));
  }

  return {
    print(cell, name, text) {
      if (waiting && (waiting.cell.msg_id !== cell.msg_id || waiting.name !== name)) flush();
      waiting ??= { cell, name, texts: [], size: 0 };
      timer ??= setTimeout(flush, WAIT_MS);
      waiting.texts.push(text);
      waiting.size += text.length;
      if (waiting.size >= MUCH) flush();
    },
    flush,
  };
}

const inMegabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** What one cell may print. */
export interface Allowance {
  /** As much of a text as may still be printed, with a word at the end when that is not all. */
  part(text: string): string;
  /** Says how much was left out, when the cell ends; empty when nothing was. */
  leftOut(): string;
}

export function createAllowance(): Allowance {
  let printed = 0;
  return {
    part(text) {
      const left = PRINT_LIMIT - printed;
      printed += Buffer.byteLength(text);
      if (printed <= PRINT_LIMIT) return text;
      if (left <= 0) return "";
      const { read } = new TextEncoder().encodeInto(text, new Uint8Array(left));
      return `${text.slice(0, read)}\n… more than ${inMegabytes(PRINT_LIMIT)}: the rest of what this cell prints is left out\n`;
    },
    leftOut: () => (printed > PRINT_LIMIT ? `… ${inMegabytes(printed - PRINT_LIMIT)} left out\n` : ""),
  };
}
