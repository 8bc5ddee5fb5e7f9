import { flag, integer, type Json, text } from "./message.ts";

/** The session that this kernel's history belongs to; there is no other. */
const SESSION = 1;

/** One cell that was run. */
interface Entry {
  line: number;
  input: string;
  output: string | null;
}

/** What was run in this kernel. */
export interface History {
  add(line: number, input: string): void;
  /** Notes the text that a line's last expression showed. */
  result(line: number, output: string): void;
  /** The content of the reply to a history_request. */
  reply(request: Json): Json;
}

/**
 * Whether text matches a pattern with `*` for any text and `?` for any sign. Only the latest `*` is ever tried again:
 * a regular expression takes for ever on many of them.
 */
function matches(pattern: readonly string[], input: readonly string[]): boolean {
  let at = 0;
  let star = -1;
  let from = 0;
  for (let next = 0; next < input.length; ) {
    if (pattern[at] === "*") {
      star = at++;
      from = next;
    } else if (pattern[at] === "?" || pattern[at] === input[next]) {
      at += 1;
      next += 1;
    } else if (star >= 0) {
      at = star + 1;
      next = ++from;
    } else return false;
  }
  return pattern.slice(at).every((sign) => sign === "*");
}

function search(entries: readonly Entry[], request: Json): readonly Entry[] {
  const pattern = [...(text(request, "pattern") || "*")];
  const found = entries.filter(({ input }) => matches(pattern, [...input]));
  if (!flag(request, "unique", false)) return found;
  return found.filter(({ input }, at) => found.findLastIndex((other) => other.input === input) === at);
}

function chosen(entries: readonly Entry[], request: Json): readonly Entry[] {
  const n = integer(request, "n", entries.length);
  const last = (of: readonly Entry[]): readonly Entry[] => (n > 0 ? of.slice(-n) : []);
  switch (text(request, "hist_access_type")) {
    case "tail":
      return last(entries);
    case "search":
      return last(search(entries, request));
    case "range": {
      const session = integer(request, "session", 0);
      if (session > SESSION) return [];
      const start = integer(request, "start", 1);
      const stop = integer(request, "stop", Number.POSITIVE_INFINITY);
      return entries.filter(({ line }) => line >= start && line < stop);
    }
    default:
      return [];
  }
}

/** A history with nothing in it yet. */
export function createHistory(): History {
  const entries: Entry[] = [];
  return {
    add(line, input) {
      entries.push({ line, input, output: null });
    },
    result(line, output) {
      const entry = entries.findLast((one) => one.line === line);
      if (entry) entry.output = output;
    },
    reply(request) {
      const both = flag(request, "output", false);
      const history = chosen(entries, request).map(({ line, input, output }) => [
        SESSION,
        line,
        both ? [input, output] : input,
      ]);
      return { status: "ok", history };
    },
  };
}
