import { sleep, task, whole } from "support";
import { type Chance, checkOf } from "support/helpers/practice/kit";

type Alone = <T>(account: string, work: () => Promise<T>) => Promise<T>;
type Locks = () => Alone;

/** A piece of work on an account: how long it takes, whether it fails, and when somebody asks for it. */
interface Piece {
  account: string;
  seconds: number;
  fails: boolean;
  comes: number;
}

const piece = (account: string, seconds: number, fails = false): Piece => ({
  account,
  seconds,
  fails,
  comes: 0,
});

const words = (pieces: readonly Piece[]): string =>
  pieces
    .map(({ account, seconds, fails, comes }) => {
      const later = comes > 0 ? `, asked for at ${comes} s` : "";
      return `${account} ${seconds} s${fails ? ", fails" : ""}${later}`;
    })
    .join("; ");

/** The last one is asked for when Ann's first work has ended, and others on the account have not. */
function unseen(chance: Chance): Piece[] {
  const fails = chance.one(["Ann", "Bob"]);
  const together = chance
    .shuffled([1, 1, 2, 1, 1])
    .map((seconds, at) => piece(at % 2 === 0 ? "Ann" : "Bob", seconds))
    .map((one, at) => ({ ...one, fails: one.account === fails && at < 2 }));
  return [...together, { ...piece("Ann", 1), comes: 2.5 }];
}

/** How many times an answer may go on for each piece of work: more is asking again and again. */
const STEPS = 40;

export const check = checkOf<Locks>(async (locks, desk) => {
  const visible = [
    [piece("Ann", 1), piece("Bob", 1), piece("Ann", 1)],
    [piece("Ann", 1, true), piece("Ann", 1)],
  ];
  for (const pieces of desk.inputs(visible, unseen, 1)) {
    const inside = new Map<string, number>();
    const most = { account: "", count: 0 };
    const begun: number[] = [];
    const { value, recording } = await desk.run(
      words(pieces),
      async () => {
        const alone = locks();
        const work = async (one: Piece, at: number): Promise<number> => {
          begun.push(at);
          const now = (inside.get(one.account) ?? 0) + 1;
          inside.set(one.account, now);
          if (now > most.count) Object.assign(most, { account: one.account, count: now });
          await sleep(one.seconds);
          inside.set(one.account, now - 1);
          if (one.fails) throw new RangeError(`piece ${at + 1} failed`);
          return at;
        };
        return Promise.allSettled(
          pieces.map(async (one, at) => {
            if (one.comes > 0) await sleep(one.comes);
            return alone(one.account, () => task(`${one.account} ${at + 1}`, () => work(one, at)));
          }),
        );
      },
      { budget: { steps: STEPS * pieces.length } },
    );
    desk.expect(
      begun.length === pieces.length,
      `${begun.length} of ${pieces.length} pieces of work were begun`,
      pieces.some(({ fails }) => fails) ? "One failed, and those behind it never had their turn." : undefined,
    );
    desk.expect(
      most.count === 1,
      `${most.count} worked on ${most.account}'s account at once; 1 is allowed`,
      "Each begins although the one before it has not ended.",
    );
    const inOrder = ["Ann", "Bob"].every((account) => {
      const own = begun.filter((at) => pieces[at]?.account === account);
      return own.every((at, place) => place === 0 || at > (own[place - 1] ?? 0));
    });
    desk.expect(inOrder, "somebody who came later had their turn earlier");
    const sums = ["Ann", "Bob"].map((account) =>
      pieces.reduce((sum, one) => sum + (one.account === account ? one.seconds : 0), 0),
    );
    const needed = Math.max(...sums);
    const took = whole(recording.settled);
    desk.expect(
      took === needed,
      `it took ${took} s; ${needed} s are needed for one account`,
      took > needed ? "One account waits for another." : "It does not wait for the work.",
    );
    value?.forEach((end, at) => {
      const one = pieces[at];
      const own = `piece ${at + 1} failed`;
      const told = end.status === "rejected" ? String(end.reason?.message) : "";
      desk.expect(
        !one?.fails || told === own,
        `piece ${at + 1} failed, and its caller was not told`,
        "The line must go on after a failure. The caller must hear of it all the same.",
      );
      desk.expect(
        one?.fails === true || end.status === "fulfilled",
        `piece ${at + 1} was done, and its caller was told “${told}”`,
        "A failure belongs to the one who asked for that work.",
      );
      desk.expect(
        one?.fails === true || (end.status === "fulfilled" && end.value === at),
        `the result of piece ${at + 1} did not come back to its caller`,
      );
    });
  }
});
