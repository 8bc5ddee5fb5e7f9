import { compute, sleep } from "../../../support/helpers/clock/sleep.ts";
import { task } from "../../../support/helpers/recording/record.ts";

/** Three tasks: one holds the thread for 2 lesson seconds after it has woken the second, and then aborts the third. */
export async function holdsWakesAborts(): Promise<void> {
  const stop = new AbortController();
  const { promise, resolve } = Promise.withResolvers<void>();
  await Promise.allSettled([
    task("holds", async () => {
      await sleep(1);
      resolve();
      compute(2);
      stop.abort();
    }),
    task("woken", async () => promise),
    task("aborted", () => sleep(9, { signal: stop.signal })),
  ]);
}
