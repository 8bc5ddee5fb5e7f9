import { whole } from "support";
import { checkOf, delayServer, type Get, getFrom } from "support/helpers/practice/kit";

type Fastest = (get: Get, delays: number[]) => Promise<number>;

/** Some delays, each once, so that one of them is the fastest. */
const ALL = [2, 3, 4, 5, 6, 8] as const;

export const check = checkOf<Fastest>(async (fastest, desk) => {
  const server = await delayServer();
  for (const delays of desk.inputs([[5, 2, 4]], (chance) => chance.shuffled(ALL).slice(0, 4), 2)) {
    await server.reset();
    const { value, recording } = await desk.run(delays, () => fastest(getFrom(server), [...delays]));
    const { length } = recording.tasks;
    const sent = length === 1 ? "1 request was sent" : `${length} requests were sent`;
    desk.expect(length === delays.length, `${sent}; ${delays.length} were asked for`);
    const shortest = Math.min(...delays);
    const settled = whole(recording.settled);
    desk.expect(
      settled === shortest,
      `it ended after ${settled} s; the fastest answer came after ${shortest} s`,
      "It waits for more than the first answer.",
    );
    desk.expect(value === shortest, `it gave ${value}; the fastest answer was ${shortest}`);
    const { finished } = await server.stats();
    desk.expect(
      finished === 1,
      `the server answered ${finished} requests; only 1 was needed`,
      "You gave up on the others, and nobody told them. A promise that is ignored leaves its request running.",
    );
  }
  const failsFirst = getFrom(server, { failing: [1] });
  const mixed = [1, 3, 2];
  await server.reset();
  const given = "[1, 3, 2], where the first fails";
  const { ok, value, error } = await desk.run(given, () => fastest(failsFirst, [...mixed]), {
    mayFail: true,
  });
  desk.expect(
    ok,
    `it failed with ${String(error)}; the first answer came after 2 s`,
    "The first to be settled need not be the first that has an answer.",
  );
  desk.expect(value === 2, `it gave ${value}; the first one that succeeded was 2`);
  const { finished } = await server.stats();
  desk.expect(
    finished === 2,
    `the server answered ${finished} requests; with the one that failed, 2 were needed`,
  );
});
