import { type Chance, checkOf } from "support/helpers/practice/kit";
import { virtualClock } from "./tools.ts";

interface Time {
  now(): number;
  sleep(ms: number): Promise<void>;
}

type RetryFor = (clock: Time, limit: number, call: () => Promise<string>) => Promise<string>;

/** Seconds. */
interface Input {
  limit: number;
  /** When the bank opens, if it does. */
  opens?: number;
  /** What the clock says at the start. */
  begins?: number;
}

const VISIBLE: Input[] = [{ limit: 10 }, { limit: 31 }, { limit: 40, opens: 20 }, { limit: 10, begins: 5 }];

const some = (chance: Chance): Input =>
  chance.one<Input>([
    { limit: chance.whole(2, 60) },
    { limit: 7 },
    { limit: 100, opens: chance.whole(1, 50) },
  ]);

const words = ({ limit, opens, begins }: Input): string =>
  `a limit of ${limit} s${begins === undefined ? "" : `, begun when the clock is at ${begins}`} and a bank that ${opens === undefined ? "never opens" : `opens at ${opens} s`}`;

/** When calls may be made, in seconds: those within the limit, and none after a success. */
function due({ limit, opens = Number.POSITIVE_INFINITY }: Input): number[] {
  const calls: number[] = [];
  for (let at = 0, pause = 1; at <= limit; at += pause, pause *= 2) {
    calls.push(at);
    if (at >= opens) break;
  }
  return calls;
}

export const check = checkOf<RetryFor>(async (retryFor, desk) => {
  for (const input of desk.inputs(VISIBLE, some, 3)) {
    const { limit, opens = Number.POSITIVE_INFINITY, begins = 0 } = input;
    const clock = virtualClock();
    const calls: number[] = [];
    const closed = new RangeError("the bank is closed");
    const pay = async (): Promise<string> => {
      const now = clock.now() / 1000 - begins;
      calls.push(now);
      if (now < opens) throw closed;
      return `paid at ${now} s`;
    };
    const { value: end } = await desk.run(
      words(input),
      () =>
        clock.run(async () => {
          await clock.sleep(begins * 1000);
          return retryFor(clock, limit * 1000, pay);
        }),
      { mayLeave: true },
    );
    const now = clock.now() / 1000 - begins;
    desk.expect(
      end?.kind !== "stuck",
      `at ${now} s it waits for something else than the clock that it was given`,
      "In a test, all that waits has to ask that clock.",
    );
    const expected = due(input);
    const odd = calls.findIndex((at, index) => at !== 2 ** index - 1);
    desk.expect(
      odd < 0,
      `it called at ${calls[odd]} s; its pauses double, and that call was due at ${2 ** odd - 1} s`,
    );
    const late = calls.find((at) => at > limit);
    desk.expect(
      late === undefined,
      `it called at ${late} s; its limit was ${limit} s`,
      "It looks at the limit when the pause is over, or not at this clock.",
    );
    const last = expected.at(-1) ?? 0;
    const [gaveUp, made] = [end?.kind === "error", calls.at(-1) ?? 0];
    desk.expect(
      made >= last,
      `it gave up at ${made} s; a call at ${expected[calls.length]} s was allowed`,
      expected[calls.length] === limit
        ? "A call at the limit is not after it."
        : begins > 0
          ? "The limit counts from its own start, and the clock has run before."
          : undefined,
    );
    if (opens <= last) {
      desk.expect(!gaveUp, `the bank was open at ${last} s, and it gave up all the same`);
      desk.expect(
        end?.kind === "value" && end.value === `paid at ${last} s`,
        "it did not hand on what the call gave",
      );
      continue;
    }
    desk.expect(gaveUp, "it came back without a payment, and did not fail");
    desk.expect(
      now <= last,
      `it gave up at ${now} s; at ${last} s it was known that the next call would be too late`,
      "The pause is known before it is slept.",
    );
    desk.expect(
      end?.kind === "error" && end.error === closed,
      `it gave up with ${end?.kind === "error" ? end.error : "nothing"}; its last call failed with ${closed}`,
      "Who reads the log asks why.",
    );
  }
});
