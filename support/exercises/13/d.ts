import { open, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sleep, whole } from "support";
import { checkOf, type Desk } from "support/helpers/practice/kit";
import { inFolder } from "./tools.ts";

type Content = (signal: AbortSignal) => AsyncIterable<string>;
type WriteWhole = (file: string, content: Content, limit: number) => Promise<void>;

const OLD = "old text";

interface Input {
  pieces: string[];
  /** Lesson seconds between a piece and the next one. */
  gap: number;
}

/** A source fails in the middle. */
class SourceError extends Error {
  override readonly name = "SourceError";
}

/** The pieces, a gap apart; with `fails` it ends in a failure instead of its last piece. */
const contentOf = ({ pieces, gap }: Input, fails = false): Content =>
  async function* content(signal) {
    for (const [at, piece] of pieces.entries()) {
      if (at > 0) await sleep(gap, { signal });
      if (fails && at === pieces.length - 1) throw new SourceError("the source has ended too early");
      yield piece;
    }
  };

/** Whether an error is one that an aborted signal leads to, by way of what listens to it or by itself. */
const isOfSignal = (error: unknown): boolean =>
  error instanceof Error && ["AbortError", "TimeoutError"].includes(error.name);

const held = (text: string | undefined): string => {
  if (text === undefined) return "the file is not there";
  return text === OLD ? "the file holds the old text" : `the file holds "${text}"`;
};

/** The text of a file; undefined when there is none. */
const textOf = (file: string): Promise<string | undefined> => readFile(file, "utf8").catch(() => undefined);

async function expectAlone(desk: Desk, folder: string): Promise<void> {
  const other = (await readdir(folder)).filter((name) => name !== "report");
  const what = other.length === 1 ? "another file is" : `${other.length} other files are`;
  desk.expect(other.length === 0, `${what} left in the folder`, "Not each way out of it tidies up.");
}

async function expectOld(desk: Desk, file: string): Promise<void> {
  const text = await textOf(file);
  desk.expect(
    text !== undefined,
    "the file is not there, and the old text is gone",
    "What it held before is lost as soon as it is opened for writing.",
  );
  desk.expect(
    text === OLD,
    `${held(text)}; the old text is expected`,
    "Somebody who reads it takes it for complete.",
  );
}

/** It is given up, or its source fails: the old text stays. */
async function judgeFailure(desk: Desk, file: string, write: WriteWhole, input: Input): Promise<void> {
  for (const fails of [false, true]) {
    await writeFile(file, OLD);
    const limit = fails ? 9 : 1;
    const given = `${input.pieces.length} pieces, ${input.gap} s apart, and a limit of ${limit} s`;
    const what = fails ? `${given}, where the source fails` : given;
    const run = await desk.run(what, () => write(file, contentOf(input, fails), limit), { mayFail: true });
    const took = whole(run.recording.settled);
    desk.expect(!run.ok, "it ended without an error", "The caller takes the file for written.");
    desk.expect(
      fails || took === 1,
      `it ended after ${took} s; its limit was 1 s`,
      "Nobody has told the source.",
    );
    await expectOld(desk, file);
    const isOwn = fails ? run.error instanceof SourceError : isOfSignal(run.error);
    desk.expect(isOwn, `it failed: ${String(run.error)}`, "The error that led there is another one.");
    await expectAlone(desk, join(file, ".."));
  }
}

/** In time: all is there, and who reads the old file reads on. */
async function judgeSuccess(desk: Desk, file: string, write: WriteWhole, input: Input): Promise<void> {
  await writeFile(file, OLD);
  const reader = await open(file);
  try {
    const given = `${input.pieces.length} pieces, ${input.gap} s apart, and a limit of 9 s`;
    await desk.run(given, () => write(file, contentOf(input), 9));
    const text = await textOf(file);
    const wanted = input.pieces.join("");
    desk.expect(text === wanted, `${held(text)}; "${wanted}" is expected`);
    const read = await reader.readFile("utf8");
    desk.expect(
      read === OLD,
      `who had the old file open read "${read}": it was written in place`,
      "A kill in the middle of that leaves a part of it.",
    );
  } finally {
    await reader.close();
  }
  await expectAlone(desk, join(file, ".."));
}

/** Two at once: one of them wins, and neither fails. */
async function judgeTwo(desk: Desk, file: string, write: WriteWhole, input: Input): Promise<void> {
  await writeFile(file, OLD);
  const shouted = { ...input, pieces: input.pieces.map((piece) => piece.toUpperCase()) };
  const { value } = await desk.run("two that write the same file at once", () =>
    Promise.allSettled([input, shouted].map((one) => write(file, contentOf(one), 9))),
  );
  const failed = value?.find((end) => end.status === "rejected");
  const shared = "Two writers have the same other file, if not the same file.";
  desk.expect(failed === undefined, `one of two failed: ${String(failed?.reason?.code)}`, shared);
  const text = await textOf(file);
  const isOne = [input, shouted].some(({ pieces }) => pieces.join("") === text);
  desk.expect(isOne, `${held(text)}, which is the text of neither`, shared);
  await expectAlone(desk, join(file, ".."));
}

export const check = checkOf<WriteWhole>((write, desk) =>
  inFolder(async (folder) => {
    const file = join(folder, "report");
    const visible: Input[] = [{ pieces: ["first half, ", "second half"], gap: 2 }];
    const unseen = desk.inputs(
      visible,
      (chance) => ({ pieces: chance.shuffled(["north ", "east ", "south "]).slice(0, 2), gap: 2 }),
      1,
    );
    for (const input of unseen) {
      await judgeFailure(desk, file, write, input);
      await judgeSuccess(desk, file, write, input);
      await judgeTwo(desk, file, write, input);
    }
  }),
);
