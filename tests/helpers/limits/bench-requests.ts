/**
 * Ten thousand requests of ten lesson seconds through a pool, a thousand in flight: makespan over the ideal, which is ten
 * times ten seconds. Run by hand: `node tests/helpers/limits/bench-requests.ts`.
 */
import { request } from "undici";
import { toLessonSeconds } from "../../../support/helpers/clock/scale.ts";
import { delayServer } from "../../../support/helpers/delay-server-client/delay-server.ts";
import { pool } from "../../../support/helpers/limits/pool.ts";
import { spreadOf, words } from "./spread.ts";

const COUNT = 10_000;
const IN_FLIGHT = 1000;
const DELAY = 10;
const ROUNDS = 3;

function* numbers(count: number): Generator<number> {
  for (let i = 0; i < count; i += 1) yield i;
}

/** One round: the makespan over the ideal. */
async function ratio(): Promise<number> {
  const server = await delayServer();
  await server.reset();
  const get = async (): Promise<void> => {
    const { body } = await request(`${server.url}/aio?delay=${DELAY}`);
    await body.dump();
  };
  const start = performance.now();
  await pool(numbers(COUNT), get, { concurrency: IN_FLIGHT });
  const makespan = toLessonSeconds(performance.now() - start);
  const { finished, highestInFlight } = await server.stats();
  if (finished !== COUNT || highestInFlight !== IN_FLIGHT)
    throw new Error(`the server finished ${finished}, ${highestInFlight} at once`);
  return makespan / ((COUNT / IN_FLIGHT) * DELAY);
}

if (import.meta.main) {
  const ratios: number[] = [];
  for (let i = 0; i < ROUNDS; i += 1) ratios.push(await ratio());
  console.log(
    `${COUNT} requests of ${DELAY} lesson seconds, ${IN_FLIGHT} in flight, ${ROUNDS} rounds (min / median / max)`,
  );
  console.log(`  makespan ÷ ideal ${words(spreadOf(ratios), 3)}; the server counted ${IN_FLIGHT} at once`);
}
