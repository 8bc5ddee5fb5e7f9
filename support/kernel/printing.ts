/** One of the two streams that code prints to. */
export type Stream = "stdout" | "stderr";

/** What one owner may print, in bytes of UTF-8: Jupyter's server drops what is over 3 MB in 3 s, anywhere in the text. */
export const PRINT_LIMIT = 2_000_000;

/** How long printed text may wait for more to be sent with it, in ms. */
const WAIT_MS = 25;
/** How much text is sent without waiting any longer, in UTF-16 units. */
const MUCH = 65_536;
/** How many pieces go at once before the next ones wait: they are seen also when their cell then holds the thread. */
const BURST = 10;

/** Puts what is printed together into few messages. */
export interface Printing<Owner> {
  /** Text that `owner` prints, in order with all other text. What is over {@link PRINT_LIMIT} is left out. */
  print(owner: Owner, name: Stream, text: string): void;
  /** Sends what waits: call it before anything else is sent, so that the order is kept. */
  flush(): void;
  /** Says how much of what `owner` printed was left out, if anything was. */
  end(owner: Owner): void;
}

interface Chunk<Owner> {
  owner: Owner;
  name: Stream;
  texts: string[];
  size: number;
}

const inMegabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Gives `send` printed text in pieces of some size, the first few after a pause at once. */
export function createPrinting<Owner extends object>(
  send: (owner: Owner, name: Stream, text: string) => void,
): Printing<Owner> {
  const printed = new WeakMap<Owner, number>();
  const { setTimeout, performance } = globalThis;
  let waiting: Chunk<Owner> | undefined;
  let sent = Number.NEGATIVE_INFINITY;
  let burst = 0;

  function flush(): void {
    if (waiting === undefined) return;
    const { owner, name, texts } = waiting;
    waiting = undefined;
    const now = performance.now();
    burst = now - sent < WAIT_MS ? burst + 1 : 0;
    sent = now;
    send(owner, name, texts.join(""));
  }

  function add(owner: Owner, name: Stream, text: string): void {
    if (waiting !== undefined && (waiting.owner !== owner || waiting.name !== name)) flush();
    if (waiting === undefined) {
      waiting = { owner, name, texts: [], size: 0 };
      setTimeout(flush, WAIT_MS).unref();
    }
    waiting.texts.push(text);
    waiting.size += text.length;
    if (burst < BURST || waiting.size >= MUCH || performance.now() - sent >= WAIT_MS) flush();
  }

  return {
    print(owner, name, text) {
      const before = printed.get(owner) ?? 0;
      const now = before + Buffer.byteLength(text);
      printed.set(owner, now);
      if (now <= PRINT_LIMIT) add(owner, name, text);
      else if (before <= PRINT_LIMIT)
        add(owner, "stderr", `\n… more than ${inMegabytes(PRINT_LIMIT)} printed: the rest is left out\n`);
    },
    flush,
    end(owner) {
      const over = (printed.get(owner) ?? 0) - PRINT_LIMIT;
      if (over > 0) add(owner, "stderr", `… about ${inMegabytes(over)} left out\n`);
      flush();
    },
  };
}
