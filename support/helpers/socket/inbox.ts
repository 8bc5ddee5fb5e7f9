import { LineTooLongError, NotTextError } from "./socket-errors.ts";

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** The bytes that have arrived and that nobody has taken yet, in the pieces they came in. */
export interface Inbox {
  /** How many bytes wait. */
  readonly size: number;
  push(piece: Buffer): void;
  /** The first piece or the first `most` bytes of it; undefined when nothing is there. Copies nothing. */
  take(most: number): Buffer | undefined;
  /**
   * The text up to the next end of line (`\n` or `\r\n`), which is taken too and left out; undefined when there is no
   * end of line yet. However the line is split into pieces, each byte is looked at once.
   *
   * @param limit how many bytes a line may have, its end not counted
   * @throws LineTooLongError, NotTextError
   */
  takeLine(limit: number): string | undefined;
  /** Everything that is left, as the last line, which has no end. Undefined when nothing is there. Throws as above. */
  takeRest(limit: number): string | undefined;
}

function decode(line: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line);
  } catch {
    throw new NotTextError(line);
  }
}

/** An empty inbox. */
export function newInbox(): Inbox {
  let pieces: Buffer[] = [];
  // Pieces before the first are taken already; they are dropped now and then, since shift() moves all that follow.
  let first = 0;
  let size = 0;
  // The first piece, and the bytes up to it, that takeLine has not looked at yet.
  let looked = 0;
  let lookedBytes = 0;

  function dropFirst(): void {
    first += 1;
    if (first === pieces.length) {
      pieces = [];
      first = 0;
    } else if (first >= 1024) {
      pieces = pieces.slice(first);
      first = 0;
    }
  }

  function take(most: number): Buffer | undefined {
    const piece = pieces[first];
    if (piece === undefined) return undefined;
    looked = 0;
    lookedBytes = 0;
    if (piece.length <= most) {
      size -= piece.length;
      dropFirst();
      return piece;
    }
    size -= most;
    pieces[first] = piece.subarray(most);
    return piece.subarray(0, most);
  }

  function takeBytes(count: number): Buffer {
    const parts: Buffer[] = [];
    for (let left = count; left > 0; ) {
      const part = take(left);
      if (part === undefined) break;
      parts.push(part);
      left -= part.length;
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  }

  /** Where the next end of line is, counted in bytes; undefined when there is none yet. */
  function findEnd(): number | undefined {
    for (; first + looked < pieces.length; looked += 1) {
      const piece = pieces[first + looked];
      const at = piece?.indexOf(NEWLINE) ?? -1;
      if (at >= 0) return lookedBytes + at;
      lookedBytes += piece?.length ?? 0;
    }
    return undefined;
  }

  return {
    get size() {
      return size;
    },
    push(piece) {
      pieces.push(piece);
      size += piece.length;
    },
    take,
    takeLine(limit) {
      const end = findEnd();
      // One more than the limit may be there: the first half of `\r\n`.
      if (end === undefined && size > limit + 1) throw new LineTooLongError(limit);
      if (end === undefined) return undefined;
      if (end > limit + 1) throw new LineTooLongError(limit);
      const line = takeBytes(end + 1);
      const text = line.subarray(0, line[end - 1] === RETURN ? end - 1 : end);
      if (text.length > limit) throw new LineTooLongError(limit);
      return decode(text);
    },
    takeRest(limit) {
      if (size === 0) return undefined;
      if (size > limit) throw new LineTooLongError(limit);
      return decode(takeBytes(size));
    },
  };
}
