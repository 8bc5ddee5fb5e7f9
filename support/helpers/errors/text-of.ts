import { inspect } from "node:util";

/**
 * Anything as text, as `String` gives it. An object that has no text of its own, or one that throws when it is asked for
 * it, is described instead: what is said of an error must not become another error.
 */
export function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return described(value);
  }
}

function described(value: unknown): string {
  try {
    return inspect(value, { depth: 0, customInspect: false });
  } catch {
    return `a value of type ${typeof value}`;
  }
}
