import { LESSON_SECOND_MS, task, whole } from "support";
import { checkOf, delayServer, getFrom } from "support/helpers/practice/kit";

type Listens = (signal: AbortSignal) => Promise<unknown>;
type Borrowed = (signal: AbortSignal, work: Listens, giveBack: Listens) => Promise<unknown>;

interface Input {
  /** How long the work takes, and giving back, in lesson seconds. */
  works: number;
  givesBack: number;
  /** When it is cancelled. */
  cancelAt: number;
  /** The work fails in the end. */
  fails?: boolean;
}

/** How long giving back may take. */
const LIMIT = 2;

const words = ({ works, givesBack, cancelAt, fails }: Input): string =>
  `work ${fails ? "that fails after" : "of"} ${works} s, ${cancelAt < works ? `cancelled at ${cancelAt} s` : "not cancelled"}, giving back in ${givesBack} s`;

const VISIBLE: Input[] = [
  { works: 5, givesBack: 1, cancelAt: 2 },
  { works: 5, givesBack: 5, cancelAt: 2 },
  { works: 1, givesBack: 1, cancelAt: 9 },
  { works: 2, givesBack: 1, cancelAt: 9, fails: true },
];

const plainName = (error: unknown): string => (error instanceof Error ? error.name : String(error));

export const check = checkOf<Borrowed>(async (borrowed, desk) => {
  const server = await delayServer();
  const get = getFrom(server);
  const inputs = desk.inputs<Input>(
    VISIBLE,
    (chance) => ({ works: 6, givesBack: chance.one([1, 4]), cancelAt: chance.one([1, 3]) }),
    1,
  );
  for (const input of inputs) {
    const { works, givesBack, cancelAt, fails = false } = input;
    const getForWork = fails ? getFrom(server, { failing: [works] }) : get;
    const { ok, error, recording } = await desk.run(
      words(input),
      () =>
        borrowed(
          AbortSignal.timeout(cancelAt * LESSON_SECOND_MS),
          (signal) => task("work", () => getForWork(works, signal)),
          (signal) => task("giving back", () => get(givesBack, signal)),
        ),
      { mayFail: true },
    );
    const find = (name: string) => recording.tasks.find((one) => one.name === name);
    const [work, back] = [find("work"), find("giving back")];
    const cancelled = cancelAt < works;
    const begins = Math.min(works, cancelAt);
    const worked = whole(work?.end ?? 0);
    desk.expect(work !== undefined, "the work was never begun");
    desk.expect(worked <= begins, `the work went on until ${worked} s; it was cancelled at ${cancelAt} s`);
    desk.expect(
      back !== undefined,
      cancelled
        ? "it was cancelled, and nothing was given back"
        : `the work ${fails ? "failed" : "was done"}, and nothing was given back`,
    );
    const times = recording.tasks.filter(({ name }) => name === "giving back").length;
    desk.expect(times <= 1, `it was given back ${times} times`);
    const [backAt, heard] = [whole(back?.end ?? 0), whole(recording.settled)];
    const due = begins + Math.min(givesBack, LIMIT);
    desk.expect(
      backAt <= due,
      `it went on until ${backAt} s; giving back may take until ${due} s`,
      "Giving back may hang as well.",
    );
    desk.expect(
      givesBack > LIMIT || back?.outcome === "result",
      `nothing was given back: the try ended after ${backAt - begins} s as ${back?.outcome}`,
      "A call that is given a signal which has aborted ends before it begins.",
    );
    desk.expect(
      backAt === due,
      `giving back was tried until ${backAt} s; it may take until ${due} s`,
      "Its time begins when it begins.",
    );
    desk.expect(
      heard >= backAt,
      `the caller heard after ${heard} s, and it was given back after ${backAt} s`,
      "Who is told of an end may rely on it: nothing is open any more.",
    );
    desk.expect(!cancelled || !ok, "it was cancelled, and said nothing of it");
    desk.expect(
      !fails || error instanceof RangeError,
      `the work failed with RangeError, and the caller was told of ${ok ? "nothing" : plainName(error)}`,
    );
    desk.expect(cancelled || fails || ok, "the work was done and given back, and it failed all the same");
  }
});
