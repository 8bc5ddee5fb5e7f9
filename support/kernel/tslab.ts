/** What tslab's `display` finds in the place of tslab's own kernel and compiler: this cell, and this kernel's compiler. */
import { createRequire } from "node:module";
import { currentCell, type MimeBundle } from "./cell.ts";

export const { version }: { version: string } = createRequire(import.meta.url)("typescript-6/package.json");

/** What tslab's `display` passes on. */
interface Shown {
  data: MimeBundle;
  transient?: { display_id?: string };
}

export function lastWriteDisplayData({ data, transient }: Shown): void {
  currentCell()?.display(data, transient?.display_id);
}
