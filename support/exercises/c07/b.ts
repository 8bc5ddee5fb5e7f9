import { sleep, task, whole } from "support";
import { checkOf } from "support/helpers/practice/kit";

interface Door {
  open: boolean;
}
type Visit = (door: Door, read: () => Promise<string>) => Promise<string>;

interface Input {
  letter: string;
  seconds: number;
}

const LETTERS = ["a bill", "a card", "a map"] as const;

export const check = checkOf<Visit>(async (visit, desk) => {
  const inputs = desk.inputs<Input>(
    [{ letter: "a letter", seconds: 1 }],
    (chance) => ({ letter: chance.one(LETTERS), seconds: chance.whole(1, 2) }),
    2,
  );
  for (const { letter, seconds } of inputs) {
    const door: Door = { open: false };
    const read = (): Promise<string> =>
      task("reads", async () => {
        await sleep(seconds);
        return door.open ? letter : "nothing: the door is shut";
      });
    const { value, recording } = await desk.run(`“${letter}”, read in ${seconds} s`, () => visit(door, read));
    const { length } = recording.tasks;
    desk.expect(length === 1, `the inside was read ${length} times`);
    desk.expect(
      value === letter,
      `it found “${value}”; inside was “${letter}”`,
      "Something shuts the door when the reading has begun, and not when it has ended.",
    );
    desk.expect(!door.open, "the door stands open afterwards");
    const took = whole(recording.settled);
    desk.expect(took === seconds, `the visit took ${took} s; the reading takes ${seconds} s`);
  }
  const door: Door = { open: false };
  const failing = async (): Promise<string> => {
    await sleep(1);
    throw new RangeError("it is dark");
  };
  const dark = "an inside where reading fails";
  const { ok, value, error } = await desk.run(dark, () => visit(door, failing), { mayFail: true });
  desk.expect(
    !ok && error instanceof RangeError,
    `the reading failed, and the visit gave “${value}”`,
    "The caller has to hear of the failure.",
  );
  desk.expect(
    !door.open,
    "the door stands open afterwards",
    "A failure left the function before it came to the last line.",
  );
});
