import { inspect } from "node:util";
import { task } from "support";
import { checkOf, delayServer, getFrom } from "support/helpers/practice/kit";
import { type Coroutine, type Loop, newLoop, newTrace } from "./tools.ts";

type Ask = (heard: (value: string) => void, failed: (error: Error) => void) => void;
type HearOrFail = (loop: Loop, ask: Ask) => Coroutine<string>;

interface Input {
  seconds: number;
  fails: boolean;
}

/** When the second coroutine goes on, in lesson seconds: after each answer, so that it shows who was not woken. */
const TICK = 4;

export const check = checkOf<HearOrFail>(async (hearOrFail, desk) => {
  const get = getFrom(await delayServer(), {});
  const inputs: Input[] = [
    { seconds: 3, fails: true },
    { seconds: 2, fails: false },
  ];
  const unseen = desk.inputs(inputs, (chance) => ({ seconds: chance.whole(1, 2), fails: true }), 1);
  for (const { seconds, fails } of unseen) {
    const trace = newTrace();
    let asked = 0;
    const loop = newLoop();
    const ask: Ask = (heard, failed) => {
      asked += 1;
      const answer = get(seconds);
      // From outside, as a socket would: what is thrown in a callback has nobody to catch it.
      void answer.then(() =>
        setImmediate(fails ? () => failed(new RangeError("no such page")) : () => heard("page")),
      );
    };
    function* asking(): Coroutine<void> {
      try {
        trace.note(`gave ${inspect(yield* hearOrFail(loop, ask))}`);
      } catch (error) {
        trace.note(`failed with ${error instanceof Error ? error.message : inspect(error)}`);
      }
    }
    function* main(): Coroutine<void> {
      const one = loop.spawn(asking());
      yield* loop.sleep(TICK);
      yield* loop.join(one);
    }
    await desk.run(
      `an answer that ${fails ? "fails" : "comes"} after ${seconds} s`,
      () => task("loop", () => loop.run(main())),
      { budget: { seconds: 12 } },
    );
    desk.expect(asked === 1, asked === 0 ? "nothing was asked" : `it was asked ${asked} times`);
    const line = trace.lines[0] ?? "";
    const at = Number.parseInt(line, 10);
    const came = line.split(" s: ")[1] ?? "";
    desk.expect(
      !fails || !came.startsWith("gave"),
      `the request failed, and it ${came}`,
      "An outcome that stands for an error does not return.",
    );
    desk.expect(
      at === seconds,
      `it went on at ${at} s; its ${fails ? "failure" : "answer"} came at ${seconds} s`,
      "Nobody has woken the loop, which was idle until the next timer.",
    );
    const expected = fails ? "failed with no such page" : "gave 'page'";
    desk.expect(
      came === expected,
      `it ${came}; expected is that it ${expected}`,
      came.startsWith("failed with '")
        ? "What comes out is to be the error itself, and not its words."
        : undefined,
    );
    desk.expect(
      loop.host.waiting === 0,
      `when all was over, the loop counted ${loop.host.waiting} waits; expected is 0`,
      "The loop goes by this count when it decides whether to end.",
    );
  }
});
