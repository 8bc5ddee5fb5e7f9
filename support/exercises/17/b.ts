import { type Chance, checkOf } from "support/helpers/practice/kit";
import { virtualClock } from "./tools.ts";

type Call = () => Promise<string>;
type HalfOpen = (clock: { now(): number }, call: Call, most: number, pause: number) => Call;

/** Seconds. */
interface Input {
  most: number;
  pause: number;
  clients: number;
}

/** How long the service needs for an answer. */
const ANSWER = 2;

const words = ({ most, pause, clients }: Input): string =>
  `${most === 1 ? "1 failure" : `${most} failures`} in a row, a pause of ${pause} s and ${clients} clients at once`;

/** What became of the clients that came at the same time. */
interface Crowd {
  at: number;
  /** Is it the first one, one while the circuit has tripped, or one when it is healthy again? */
  when: "before" | "tripped" | "after";
  reached: number;
  /** How long the slowest of those waited that did not reach the service. */
  waited: number;
}

const some = (chance: Chance): Input => ({
  most: chance.whole(1, 3),
  pause: chance.whole(10, 40),
  clients: chance.whole(3, 8),
});

/** Healthy until 3 s; then down until the second try; then healthy again. */
async function crowds({ most, pause, clients }: Input, halfOpen: HalfOpen) {
  const clock = virtualClock();
  const seen = { calls: 0, down: false };
  const service: Call = async () => {
    seen.calls += 1;
    const fails = seen.down;
    await clock.sleep(ANSWER * 1000);
    if (fails) throw new RangeError("the service is down");
    return "served";
  };
  const call = halfOpen(clock, service, most, pause * 1000);
  const found: Crowd[] = [];
  const crowd = async (when: Crowd["when"]): Promise<void> => {
    const [before, begun] = [seen.calls, clock.now()];
    const waits = await Promise.all(
      Array.from({ length: clients }, async (_, at) => {
        // Some come while the first one tries.
        if (when === "tripped" && at >= clients / 2) await clock.sleep((ANSWER / 2) * 1000);
        const [own, came] = [seen.calls, clock.now()];
        const asked = call();
        const reached = seen.calls > own;
        await asked.catch(() => {});
        return reached ? 0 : clock.now() - came;
      }),
    );
    const reached = seen.calls - before;
    found.push({ at: begun / 1000, when, reached, waited: Math.max(...waits) / 1000 });
  };
  const end = await clock.run(async () => {
    await crowd("before");
    await clock.sleep(1000);
    seen.down = true;
    for (let failures = 0; failures < most; failures += 1) await call().catch(() => {});
    await clock.sleep((pause + 3) * 1000);
    await crowd("tripped");
    await clock.sleep((pause + 3) * 1000);
    seen.down = false;
    await crowd("tripped");
    await crowd("after");
  });
  return { end, found };
}

const rights: Record<Crowd["when"], (clients: number) => { count: number; words: string }> = {
  before: (clients) => ({ count: clients, words: "it was healthy, and nothing had failed" }),
  tripped: () => ({ count: 1, words: "1 may try" }),
  after: (clients) => ({ count: clients, words: "a try had succeeded, and all may come again" }),
};

function idea({ when, reached }: Crowd, isFirst: boolean): string | undefined {
  if (when === "before") return "The limit of one belongs to the time after the pause.";
  if (when === "after") return "A success closes the circuit.";
  if (reached === 0 && isFirst) return "The pause is over, and the circuit is as open as before.";
  return reached === 0
    ? "The try before has ended, and it still counts as one that goes on."
    : "Nothing tells the second one that the first is trying, or it is told too late.";
}

export const check = checkOf<HalfOpen>(async (halfOpen, desk) => {
  for (const input of desk.inputs([{ most: 1, pause: 30, clients: 10 }], some, 3)) {
    const { value } = await desk.run(words(input), () => crowds(input, halfOpen), { mayLeave: true });
    if (value === undefined) return;
    const { end, found } = value;
    for (const crowd of found) {
      const right = rights[crowd.when](input.clients);
      desk.expect(
        crowd.reached === right.count,
        `${crowd.reached} of ${input.clients} reached the service at ${crowd.at} s; ${right.words}`,
        idea(crowd, crowd === found.find(({ when }) => when === crowd.when)),
      );
      desk.expect(
        crowd.when !== "tripped" || crowd.waited === 0,
        `a client was refused after ${crowd.waited} s; the others are to be refused at once`,
        "Who waits for somebody else's try holds up its own caller.",
      );
    }
    desk.expect(end.kind !== "stuck", "it waits for something else than the clock that it was given");
    desk.expect(end.kind === "value", `it failed: ${end.kind === "error" ? end.error : ""}`);
  }
});
