/** The bytes that have arrived and that have not been taken yet, in the pieces they came in. */
export interface Inbox {
  /** How many bytes wait. */
  readonly size: number;
  push(piece: Buffer): void;
  /** The first piece or the first `most` bytes of it; undefined when nothing is there. Copies nothing. */
  take(most: number): Buffer | undefined;
}

/** An empty inbox. */
export function newInbox(): Inbox {
  let pieces: Buffer[] = [];
  // Pieces before the first are taken already; they are dropped now and then, since shift() moves all that follow.
  let first = 0;
  let size = 0;

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

  return {
    get size() {
      return size;
    },
    push(piece) {
      pieces.push(piece);
      size += piece.length;
    },
    take(most) {
      const piece = pieces[first];
      if (piece === undefined) return undefined;
      if (piece.length <= most) {
        size -= piece.length;
        dropFirst();
        return piece;
      }
      size -= most;
      pieces[first] = piece.subarray(most);
      return piece.subarray(0, most);
    },
  };
}
