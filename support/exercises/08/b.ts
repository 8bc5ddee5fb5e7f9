import { whole } from "support";
import { checkOf, delayServer, type Get, getFrom } from "support/helpers/practice/kit";

type FirstFew = (get: Get, delays: number[], few: number) => Promise<number[]>;

interface Input {
  delays: number[];
  few: number;
}

export const check = checkOf<FirstFew>(async (firstFew, desk) => {
  const server = await delayServer();
  const visible: Input[] = [
    { delays: [5, 2, 4, 1, 3], few: 2 },
    { delays: [2, 1], few: 3 },
  ];
  const inputs = desk.inputs(visible, (chance) => ({ delays: chance.shuffled([1, 2, 3, 5, 6]), few: 3 }), 1);
  for (const { delays, few } of inputs) {
    await server.reset();
    const { value, recording } = await desk.run(`delays of ${delays.join(", ")} s, the first ${few}`, () =>
      firstFew(getFrom(server), [...delays], few),
    );
    const firstEnd = Math.min(...recording.tasks.map((one) => one.end));
    const underWay = recording.tasks.filter((one) => one.start < firstEnd).length;
    const requests = underWay === 1 ? "1 request was" : `${underWay} requests were`;
    desk.expect(
      underWay === delays.length,
      `${requests} under way when the first answer came; ${delays.length} servers were to be asked at once`,
      "A server that is asked late can't be among the first.",
    );
    const first = delays.toSorted((a, b) => a - b).slice(0, few);
    const needed = first.at(-1) ?? 0;
    const settled = whole(recording.settled);
    desk.expect(
      settled === needed,
      `it ended after ${settled} s; the ${first.length} answers were there after ${needed} s`,
      settled < needed
        ? "It does not wait for its answers."
        : "It waits until the last request has come to its own end.",
    );
    desk.expect(
      value?.join() === first.join(),
      `it gave ${value?.join(", ")}; the first answers were ${first.join(", ")}`,
      "The order of a list is not the order in which its answers come.",
    );
    const { finished } = await server.stats();
    desk.expect(
      finished === first.length,
      `the server answered ${finished} requests; ${first.length} were enough`,
      "You stopped waiting for the others. Nobody told them.",
    );
  }
});
