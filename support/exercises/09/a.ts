import type { Socket } from "node:net";
import { sleep, task } from "support";
import { checkOf, openPlace, visit } from "support/helpers/practice/kit";

type Orderly = (socket: Socket, answer: (word: string) => Promise<string>) => void;

interface Input {
  /** Each word is the number of seconds that its answer takes. */
  words: string[];
  endsSending: boolean;
}

const PATIENCE = 9;

export const check = checkOf<Orderly>(async (orderly, desk) => {
  const visible: Input[] = [
    { words: ["3", "1"], endsSending: false },
    { words: ["2", "1"], endsSending: true },
  ];
  const inputs = desk.inputs(
    visible,
    (chance) => ({ words: chance.shuffled(["2", "3", "1"]), endsSending: true }),
    1,
  );
  for (const { words, endsSending } of inputs) {
    const asked: string[] = [];
    const what = `the words ${words.join(", ")}, half a second apart${endsSending ? ", and then the end" : ""}`;
    const { value } = await desk.run(what, async () => {
      const answer = (word: string): Promise<string> => {
        asked.push(word);
        return task(`answer ${word}`, async () => {
          await sleep(Number(word));
          return word;
        });
      };
      const place = await openPlace((socket) => orderly(socket, answer));
      try {
        const says = words.map((text, i) => ({ at: i / 2, text }));
        const ends = endsSending ? { endsAt: (words.length - 1) / 2 } : { enough: words.length };
        return await visit(place.port, { says, patience: PATIENCE, ...ends });
      } finally {
        place.close();
      }
    });
    const { pieces = [], end } = value ?? {};
    const heard = [...pieces.map((one) => one.text).join("")];
    const times = asked.length === 1 ? "once" : `${asked.length} times`;
    desk.expect(
      asked.length === words.length || heard.length < words.length,
      `answer was called ${times}; ${words.length} words were said`,
      "What goes back is not what answer gives.",
    );
    desk.expect(
      heard.length === words.length,
      `of the ${words.length} answers it heard ${heard.length === 0 ? "none" : `only ${heard.join(", ")}`}`,
      endsSending
        ? "A client that sends no more still listens."
        : "A word came while another was being answered.",
    );
    desk.expect(
      heard.join() === words.join(),
      `the answers came as ${heard.join(", ")}`,
      "Each word began its own work, and nothing made the quick one wait.",
    );
    desk.expect(
      !endsSending || end === "server",
      `all answers came, but ${PATIENCE} s later the connection is still open`,
      "The server ends its side, too.",
    );
  }
});
