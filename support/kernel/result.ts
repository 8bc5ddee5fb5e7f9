import { inspect } from "node:util";
import type { MimeBundle } from "./cell.ts";

/** Objects that know how to be displayed have a method of this name; Deno's kernel knows it too. */
const DISPLAY = Symbol.for("Jupyter.display");

/** What an object's `Symbol.for("Jupyter.display")` gave is no map of MIME types. */
export class DisplayError extends TypeError {
  override readonly name = "DisplayError";
  readonly code = "BAD_DISPLAY";

  constructor(value: unknown) {
    super(
      `Symbol.for("Jupyter.display") gave ${inspect(value)}; give an object such as { "text/plain": "…" }`,
    );
  }
}

function isBundle(value: unknown): value is MimeBundle {
  return (
    typeof value === "object" && value !== null && Object.keys(value).every((name) => name.includes("/"))
  );
}

function isHandle(value: object): boolean {
  return ["Timeout", "Immediate"].includes(value.constructor?.name ?? "") && "hasRef" in value;
}

/**
 * A bundle without foreign code in it: what its getters and `toJSON` give.
 *
 * @throws DisplayError, or what they throw; a TypeError when it has no form in JSON
 */
export function plain(value: unknown): MimeBundle {
  const bundle: unknown = JSON.parse(JSON.stringify(value) ?? "null");
  if (!isBundle(bundle)) throw new DisplayError(value);
  return bundle;
}

/**
 * What a cell's last expression shows. Undefined, and a timer that was just started, show nothing.
 *
 * @throws DisplayError, or what the object's own method threw (as rejections)
 */
export async function resultBundle(value: unknown): Promise<MimeBundle | undefined> {
  if (value === undefined) return undefined;
  if (typeof value === "object" && value !== null) {
    if (isHandle(value)) return undefined;
    if (DISPLAY in value && typeof value[DISPLAY] === "function") {
      return plain(await value[DISPLAY]());
    }
  }
  return { "text/plain": inspect(value) };
}
