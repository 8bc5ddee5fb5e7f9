import type { ServerResponse } from "node:http";
import { sendJsonText } from "./answer.ts";
import type { Ending, Scope } from "./counters.ts";
import type { Plan } from "./plan.ts";

/** What became of a request to `/aio`. */
export interface SleeperEnd {
  how: Ending;
  /** Lesson seconds that it was to take. */
  delay: number;
  status: number;
  /** Real ms until it ended. */
  tookMs: number;
}

function bodyOf(status: number, delay: number): string {
  return JSON.stringify(status === 200 ? { delay } : { error: "RequestedError", status, delay });
}

/**
 * Lets a request to `/aio` sleep and then answers it. A client that goes away meanwhile ends its sleep.
 *
 * @param secondMs ms per lesson second
 * @param onEnd called once, however the request ends
 */
export function letSleep(
  answer: ServerResponse,
  plan: Plan,
  scope: Scope,
  secondMs: number,
  onEnd: (end: SleeperEnd) => void,
): void {
  const delay = plan.delay ?? scope.nextDelay();
  const start = performance.now();
  let over = false;
  const count = scope.begin(delay, plan.status);
  const end = (how: Ending): void => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    count(how);
    onEnd({ how, delay, status: plan.status, tookMs: performance.now() - start });
  };
  const wake = (): void => {
    end(plan.status === 200 ? "finished" : "failed");
    sendJsonText(answer, plan.status, bodyOf(plan.status, delay));
  };
  const timer = setTimeout(wake, delay * secondMs);
  answer.on("close", () => end("abortedByClient"));
}
