/** A line of a trace and the place of the same line in the other trace, counted from 0; null when it is not there. */
export interface TraceLine {
  text: string;
  partner: number | null;
}

/** Two traces, line by line. */
export interface Comparison {
  left: TraceLine[];
  right: TraceLine[];
  /** The first place at which they differ; null when they are equal. */
  differsAt: number | null;
}

/** Where the lines stand; a text that comes more than once has its places in order. */
function places(lines: readonly string[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  lines.forEach((text, at) => {
    const before = found.get(text);
    if (before === undefined) found.set(text, [at]);
    else before.push(at);
  });
  return found;
}

function partners(lines: readonly string[], others: readonly string[]): TraceLine[] {
  const there = places(others);
  const used = new Map<string, number>();
  return lines.map((text) => {
    const nth = used.get(text) ?? 0;
    used.set(text, nth + 1);
    return { text, partner: there.get(text)?.[nth] ?? null };
  });
}

/** Finds each line's partner in the other trace: the first "tick" belongs to the other's first "tick", and so on. */
export function compare(left: readonly string[], right: readonly string[]): Comparison {
  const length = Math.max(left.length, right.length);
  let differsAt: number | null = null;
  for (let at = 0; at < length && differsAt === null; at += 1) if (left[at] !== right[at]) differsAt = at;
  return { left: partners(left, right), right: partners(right, left), differsAt };
}
