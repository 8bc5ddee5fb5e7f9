import { randomUUID } from "node:crypto";
import type { Json } from "./message.ts";

/**
 * What stands under a cell until the cell shows anything else, or ends: a picture of work that is still going on. It leaves
 * no trace among the outputs, so that a saved notebook is the same whether there was time to show it or not.
 */
export interface Meanwhile {
  /** Shows it, or replaces what it showed. False, and nothing is shown, once the cell has shown anything else. */
  show(data: Json): boolean;
  /**
   * Takes it away for good.
   *
   * @param wait until the next output comes, so that this stands in its place at once
   */
  over(wait: boolean): void;
}

/** @param say publishes a message of the cell */
export function createMeanwhile(say: (type: string, content: Json) => void): Meanwhile {
  const transient = { display_id: randomUUID() };
  let state: "nothing yet" | "shown" | "over" = "nothing yet";
  return {
    show(data) {
      if (state === "over") return false;
      const type = state === "shown" ? "update_display_data" : "display_data";
      state = "shown";
      say(type, { data, metadata: {}, transient });
      return true;
    },
    over(wait) {
      const wasShown = state === "shown";
      state = "over";
      if (wasShown) say("clear_output", { wait });
    },
  };
}
