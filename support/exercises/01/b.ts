import { toLessonSeconds, whole } from "support";
import { checkOf } from "support/helpers/practice/kit";
import { type Meeting, meeting, recv } from "./tools.ts";

type Lines = (recv: () => Promise<Buffer | null>) => AsyncIterable<string>;

/** What a client says: then, after a second, something without a line break, and the end. */
interface Input {
  says: string[];
  rest: string;
  most: number;
}

const WORDS = ["one", "欢迎", "天", "exit"] as const;
/** Lines that are easily changed or left out. */
const ODD = [" two words ", ""] as const;

const expectedOf = ({ says }: Input): string[] => says.join("").split("\n").slice(0, -1);

/** Words as lines, said in two pieces that are cut somewhere. */
function cut(words: readonly string[], at: number): string[] {
  const all = words.map((word) => `${word}\n`).join("");
  return [all.slice(0, at), all.slice(at)];
}

function ideaOf(got: string, said: string): string {
  if (got.includes("�")) return "Half a character is none.";
  if (said === "") return "A line may be empty.";
  if (got.trim() === said.trim()) return "A line is all that stands before its line break, and no more.";
  return "A read is not a line: there may be less in it, or more.";
}

async function linesOf({ accept, visit }: Meeting, lines: Lines, { says, rest, most }: Input) {
  const end = [{ say: rest }, { endSending: true as const }, { hear: "the end" as const }];
  const steps = [...says.map((say) => ({ say })), { wait: 1 }, ...end];
  const visiting = visit([{ name: "client", steps }]);
  const socket = await accept();
  const found: { line: string; at: number }[] = [];
  if (socket === null) return found;
  const start = performance.now();
  for await (const line of lines(() => recv(socket, most)))
    found.push({ line: String(line), at: toLessonSeconds(performance.now() - start) });
  socket.end();
  await visiting;
  return found;
}

export const check = checkOf<Lines>(async (lines, desk) => {
  const visible: Input[] = [{ says: ["one\ntwo\n欢", "迎\n"], rest: "a rest", most: 2 }];
  const sizes = [64, 1, 64];
  const inputs = desk.inputs<Input>(
    visible,
    (chance) => ({
      says: cut(chance.shuffled([...ODD, ...chance.shuffled(WORDS).slice(0, 2)]), chance.whole(2, 5)),
      rest: chance.one(["th", "欢"]),
      most: sizes.shift() ?? 64,
    }),
    sizes.length,
  );
  for (const input of inputs) {
    const expected = expectedOf(input);
    const { value = [] } = await meeting((met) =>
      desk.run(`${JSON.stringify(input.says)}, reads of ${input.most}`, () => linesOf(met, lines, input), {
        mayLeave: true,
        budget: { steps: 3000 },
      }),
    );
    const wrong = expected.findIndex((line, at) => value[at]?.line !== line);
    const got = value[wrong];
    desk.expect(
      wrong < 0,
      got === undefined
        ? `${value.length} lines came; ${expected.length} were said`
        : `line ${wrong + 1} is ${JSON.stringify(got.line)}; it was said as ${JSON.stringify(expected[wrong])}`,
      ideaOf(got?.line ?? "", expected[wrong] ?? ""),
    );
    const late = value.slice(0, expected.length).find(({ at }) => whole(at) > 0);
    desk.expect(
      late === undefined,
      `“${late?.line}” came after ${whole(late?.at ?? 0)} s; all of it was there after 0 s`,
      "A line is there when its line break is, and not when the client has ended.",
    );
    const more = value[expected.length];
    desk.expect(
      more === undefined,
      `${JSON.stringify(more?.line)} is no line: its line break never came`,
      "The client may have been cut off in the middle of a line.",
    );
  }
});
