import { type Chance, checkOf } from "support/helpers/practice/kit";

type InTurn = (generators: Generator<string, string>[]) => string[];

/** Words of unlike lengths, no letter twice; one of them yields nothing. */
function others(chance: Chance): string[] {
  return chance.shuffled(["", "ox", "fig", "plum"]);
}

/** The letters that all words yield when each has one step in each round. */
function expectedOf(words: readonly string[]): string {
  const longest = Math.max(...words.map((word) => word.length));
  return Array.from({ length: longest }, (_, at) => words.map((word) => word.charAt(at)).join("")).join("");
}

function* letters(word: string, made: string[]): Generator<string, string> {
  for (const letter of word) {
    made.push(letter);
    yield letter;
  }
  return ".";
}

/** Which idea leads to another result; `moved` are the letters in the order in which they were made. */
function ideaOf(given: string, moved: string, words: readonly string[]): string | undefined {
  if (moved === words.join("")) return "Each is moved to its end before the next one has a turn.";
  if (moved.length < words.join("").length) return "It ends while some generators are not done.";
  if (given.includes(".")) return "What a generator returns at its end is not one of its values.";
  if (moved !== expectedOf(words)) return "In some round a generator had no turn, or had two.";
  return undefined;
}

const joined = (given: unknown): string => (Array.isArray(given) ? given.join("") : String(given));

export const check = checkOf<InTurn>(async (inTurn, desk) => {
  for (const words of desk.inputs([["ace", "b", "df"]], others, 2)) {
    const made: string[] = [];
    const told = words.map((word) => (word === "" ? "nothing" : word)).join(", ");
    const { value } = await desk.run(`generators that yield ${told}`, () =>
      joined(inTurn(words.map((word) => letters(word, made)))),
    );
    const expected = expectedOf(words);
    const moved = made.join("");
    desk.expect(
      value === expected,
      `it gave ${value}; expected is ${expected}`,
      ideaOf(value ?? "", moved, words),
    );
    desk.expect(
      moved === expected,
      `it gave ${value}, and ${moved === "" ? "no generator was moved" : `the generators were moved in the order ${moved}`}`,
      "The result tells of turns that there were not.",
    );
  }
});
