import { inspect } from "node:util";
import { whole } from "support";
import { type Chance, checkOf, delayServer, type Get, getFrom } from "support/helpers/practice/kit";

type InTurn = (get: Get, mirrors: number[], patience: number) => Promise<number>;

interface Input {
  mirrors: number[];
  patience: number;
}

/** When each mirror has its answer, if it is asked in its turn. */
const ends = ({ mirrors, patience }: Input): number[] =>
  mirrors.map((seconds, turn) => turn * patience + seconds);

/** Mirrors that take different times, of which one is first by a second, and at no moment in which a turn comes. */
function some(chance: Chance): Input {
  const input = { mirrors: chance.shuffled([1, 3, 5, 7]).slice(0, 3), patience: 2 };
  const sorted = ends(input).sort((a, b) => a - b);
  const [first = 0, second = 0] = sorted;
  return second > first && first % input.patience === 1 && first < 6 ? input : some(chance);
}

const many = (count: number): string => (count === 1 ? "1 mirror was asked" : `${count} mirrors were asked`);

export const check = checkOf<InTurn>(async (inTurn, desk) => {
  const server = await delayServer();
  const visible: Input[] = [
    { mirrors: [5, 1, 6], patience: 2 },
    { mirrors: [3, 4], patience: 2 },
    { mirrors: [1, 3], patience: 2 },
  ];
  for (const input of desk.inputs(visible, some, 2)) {
    const { mirrors, patience } = input;
    await server.reset();
    const what = `mirrors of ${inspect(mirrors)} s and a patience of ${patience} s`;
    const { value, recording } = await desk.run(what, () => inTurn(getFrom(server), mirrors, patience), {
      mayLeave: true,
    });
    const first = Math.min(...ends(input));
    const winner = mirrors[ends(input).indexOf(first)] ?? 0;
    const asked = recording.tasks.filter(({ name }) => name.startsWith("GET "));
    for (const { name, start, end, outcome } of asked) {
      const mirror = mirrors.findIndex((seconds) => name === `GET ${seconds} s`);
      const [turn, begun, ended] = [mirror * patience, whole(start), whole(end)];
      desk.expect(
        begun === turn,
        `mirror ${mirror + 1} was asked after ${begun} s; its turn comes after ${turn} s`,
        begun < turn
          ? "Not all are asked at once."
          : "The wait for one mirror is no wait for the end of another.",
      );
      desk.expect(
        outcome === "result" || ended >= first,
        `the request to mirror ${mirror + 1} was ended after ${ended - begun} s; it might have answered first`,
        "Patience says when the next one is asked, and not when this one is given up.",
      );
    }
    const turns = mirrors.filter((_, turn) => turn * patience < first).length;
    desk.expect(
      asked.length === turns,
      `${many(asked.length)}; the turn of ${turns} had come`,
      asked.length > turns ? "Who waits for his turn has to be told, too, that it is over." : undefined,
    );
    const settled = whole(recording.settled);
    const { finished } = await server.stats();
    desk.expect(
      finished === 1,
      `the server answered ${finished} requests; only 1 was needed`,
      "Nobody told the others to stop.",
    );
    desk.expect(settled === first, `it ended after ${settled} s; the first answer came after ${first} s`);
    desk.expect(value === winner, `it gave ${value}; the first answer was ${winner}`);
    const late = recording.tasks.find(({ end }) => end > recording.settled);
    const who = mirrors.findIndex((seconds) => late?.name === `GET ${seconds} s`);
    desk.expect(
      late === undefined,
      `${who < 0 ? late?.name : `mirror ${who + 1}`} had not ended when it returned`,
      "Telling is not waiting.",
    );
  }
});
