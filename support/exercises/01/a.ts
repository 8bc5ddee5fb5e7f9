import { sleep } from "support";
import { checkOf } from "support/helpers/practice/kit";
import { meeting, recv } from "./tools.ts";

type Sizes = (says: string[], most: number) => unknown;

interface Input {
  says: string[];
  most: number;
}

const WORDS = ["Ada", "欢迎", "Bob!", "再见", "exit", "天"] as const;
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** Says, waits until all is there, and reads it: how many bytes each read gave. */
async function read({ says, most }: Input): Promise<number[]> {
  return meeting(async ({ accept, visit }) => {
    const steps = [
      ...says.map((say) => ({ say })),
      { endSending: true as const },
      { hear: "the end" as const },
    ];
    const visiting = visit([{ name: "client", steps }]);
    const socket = await accept();
    if (socket === null) return [];
    await sleep(1);
    const sizes: number[] = [];
    for (let bytes = await recv(socket, most); bytes !== null; bytes = await recv(socket, most))
      sizes.push(bytes.length);
    socket.end();
    await visiting;
    return sizes;
  });
}

function ideaOf(said: readonly number[], { says, most }: Input, sizes: readonly number[]): string {
  const all = sum(said);
  if (said.includes(0))
    return "A call that finds the end gives no bytes: it gives null, which counts for none.";
  if (said.some((size) => size > most)) return "A read takes no more than it is asked for.";
  if (all < sum(sizes) && all === sum(says.map((word) => [...word].length)))
    return "TCP carries bytes. How many of them has a character?";
  if (all !== sum(sizes)) return "No byte is lost, and none comes from nowhere.";
  return "Where one word ended and the next began is not sent. A read takes what is there.";
}

export const check = checkOf<Sizes>(async (sizesOf, desk) => {
  const visible: Input[] = [{ says: ["Ada", "欢迎"], most: 4 }];
  const inputs = desk.inputs<Input>(
    visible,
    (chance) => ({ says: chance.shuffled(WORDS).slice(0, 4), most: chance.whole(5, 7) }),
    2,
  );
  for (const input of inputs) {
    const { says, most } = input;
    const { value } = await desk.run(`${says.join(", ")}; reads of ${most}`, () => ({
      said: sizesOf([...says], most),
    }));
    const said = value?.said;
    desk.expect(
      Array.isArray(said),
      said instanceof Promise ? "it gave a promise, and no list" : `it gave no list: ${String(said)}`,
    );
    const numbers = Array.isArray(said) ? said.map(Number) : [];
    const sizes = await read(input);
    desk.expect(
      numbers.join() === sizes.join(),
      `it says ${numbers.join(", ") || "nothing"}; the reads gave ${sizes.join(", ")}`,
      ideaOf(numbers, input, sizes),
    );
  }
});
