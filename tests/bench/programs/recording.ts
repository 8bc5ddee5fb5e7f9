/**
 * The same tasks plain or recorded: `recording.ts recorded sleepers 10000`. Prints how long they took as JSON.
 */
import { request } from "undici";
import { sleep } from "../../../support/helpers/clock/sleep.ts";
import { delayServer } from "../../../support/helpers/delay-server-client/delay-server.ts";
import { record, task } from "../../../support/helpers/recording/record.ts";

type Work = () => Promise<void>;

/** Each makes what one task does. */
const works: Readonly<Record<string, () => Promise<Work>>> = {
  async requests() {
    const { url } = await delayServer();
    return async () => {
      const answer = await request(`${url}/aio?delay=10`);
      await answer.body.text();
    };
  },
  // Little but the recording's own work.
  sleepers: async () => async () => {
    for (let i = 0; i < 3; i += 1) await sleep(0.5);
  },
};

const [how = "", what = "", text = ""] = process.argv.slice(2);
const make = works[what];
if (make === undefined) throw new RangeError(`no work ${what}`);
const one = await make();
const all = (): Promise<unknown> =>
  Promise.all(Array.from({ length: Number(text) }, (_, i) => task(`task ${i}`, one)));
const run = how === "recorded" ? () => record(all) : all;
await run();
const start = performance.now();
await run();
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({ seconds }));
process.exit();
