import { checkOf } from "support/helpers/practice/kit";
import { type Disk, diskFor } from "./tools.ts";

type SaveAll = (disk: Disk, texts: Record<string, string>) => Promise<string[]>;

/** Which of eight texts are longer than the disk takes. */
const VISIBLE = { long: [0, 1, 3, 4, 5], most: 10 };

const listed = (names: readonly string[]): string => (names.length === 0 ? "nothing" : names.join(", "));

/** Why what is said may differ from what was taken. */
function ideaOf(said: readonly string[], took: readonly string[]): string {
  return said.length > took.length
    ? "What is noted in a finally, or before the write has ended, is noted for the refused ones too."
    : "Each text that the disk has taken counts as saved.";
}

export const check = checkOf<SaveAll>(async (saveAll, desk) => {
  const unseen = desk.inputs(
    [VISIBLE],
    (chance) => ({
      long: chance.shuffled([0, 1, 2, 3, 4, 5, 6, 7]).slice(0, chance.whole(1, 6)),
      most: chance.whole(5, 40),
    }),
    3,
  );
  for (const { long, most } of unseen) {
    const disk = diskFor(4, most);
    const texts = Object.fromEntries(
      [..."abcdefgh"].map((name, at) => [name, "x".repeat(most + (long.includes(at) ? 1 : -1))]),
    );
    const given = `8 texts, of which the disk refuses ${long.length}`;
    const { value } = await desk.run(given, () => saveAll(disk.disk, { ...texts }), { mayFail: true });
    const seen = disk.seen();
    desk.expect(
      seen.refused === 0,
      `the disk refused to open ${seen.refused} ${seen.refused === 1 ? "file" : "files"}: 4 were open`,
      "Which files are open at that moment, and what was to close them?",
    );
    const { length } = seen.opened;
    desk.expect(
      length === 8,
      `it opened ${length} ${length === 1 ? "file" : "files"} for 8 texts`,
      seen.opened[0] === "a"
        ? "An error leaves the loop, and with it all that was still to come."
        : "Only the disk knows what it takes.",
    );
    const left = `${seen.open} files are open at its end`;
    desk.expect(seen.open < 2, left, "There are several ways out, and not each of them leads past a close.");
    desk.expect(
      seen.mostOpen === 1,
      `${seen.mostOpen} files were open at the same time; they are saved one after another`,
      "A close takes a moment, too.",
    );
    desk.expect(
      seen.open === 0,
      "a file is open at its end",
      "There are several ways out, and not each of them leads past a close.",
    );
    const wanted = Object.keys(texts).filter((_, at) => !long.includes(at));
    desk.expect(
      seen.took.join() === wanted.join(),
      `it saved ${listed(seen.took)}; the disk took no more, and ${listed(wanted)} are short enough`,
      "A file can be written to while it is open.",
    );
    const said = Array.isArray(value) ? value.map(String) : [];
    desk.expect(
      said.join() === wanted.join(),
      `it says that it saved ${listed(said)}; the disk took ${listed(seen.took)}`,
      ideaOf(said, seen.took),
    );
  }
});
