import { inspect } from "node:util";
import { whole } from "support";
import { checkOf, delayServer, type Get, getFrom } from "support/helpers/practice/kit";

type FetchAll = (get: Get, delays: number[], most: number) => Promise<number[]>;

interface Input {
  delays: number[];
  most: number;
}

/** How long it takes when each sender takes the next request as soon as it is free. */
function shortest({ delays, most }: Input): number {
  const free = Array.from({ length: most }, () => 0);
  for (const delay of delays) {
    free.sort((a, b) => a - b);
    free[0] = (free[0] ?? 0) + delay;
  }
  return Math.max(...free);
}

export const check = checkOf<FetchAll>(async (fetchAll, desk) => {
  const server = await delayServer();
  const visible: Input[] = [{ delays: [1, 3, 1, 1, 1, 1], most: 2 }];
  const inputs = desk.inputs<Input>(
    visible,
    (chance) => ({ delays: chance.shuffled([1, 1, 1, 1, 2, 2, 3]), most: 3 }),
    2,
  );
  for (const input of inputs) {
    const { delays, most } = input;
    await server.reset();
    const { value, recording } = await desk.run(`${inspect(delays)}, ${most} at once`, () =>
      fetchAll(getFrom(server), [...delays], most),
    );
    const { length } = recording.tasks;
    const sent = length === 1 ? "1 request was sent" : `${length} requests were sent`;
    desk.expect(length === delays.length, `${sent}; ${delays.length} were asked for`);
    const { highestInFlight } = await server.stats();
    desk.expect(
      highestInFlight <= most,
      `the server had ${highestInFlight} at once; ${most} are allowed`,
      "A promise is started already when it is put into a list. What has to wait is the call.",
    );
    const needed = shortest(input);
    const took = whole(recording.settled);
    desk.expect(
      took === needed,
      `it took ${took} s; ${needed} s are enough with ${most} at once`,
      took > needed
        ? "Somebody is free and waits, although there is more to send."
        : "It does not wait for all.",
    );
    desk.expect(
      inspect(value) === inspect(delays),
      `it gave ${inspect(value)}; expected is ${inspect(delays)}`,
      "An answer belongs to the place of its request in the list.",
    );
  }
});
