import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as turn } from "node:timers/promises";
import { type Chance, checkOf } from "support/helpers/practice/kit";

interface Batch {
  later(job: () => void): void;
  runAll(): void;
}

/** Whose jobs are left, round after round. */
type Input = string[][];

const NAMES = ["A", "B", "C", "D", "E"] as const;

function some(chance: Chance): Input {
  const round = (): string[] => Array.from({ length: chance.whole(2, 5) }, () => chance.one(NAMES));
  return [round(), round()];
}

/** What a job has found, in the two storages, and what its round has left of the runner's context. */
interface Found {
  leftBy: string;
  round: number;
  id: string | undefined;
  user: string | undefined;
}

const RUNNER = "the one who called runAll";
const nameOf = (id: string | undefined): string => id ?? "nobody";

/** Leaves the jobs and has them run, in contexts of which the answer knows nothing. */
async function rounds(batch: Batch, input: Input) {
  const [ids, users] = [new AsyncLocalStorage<string>(), new AsyncLocalStorage<string>()];
  const found: Found[] = [];
  const seen = { early: 0, again: 0, runner: RUNNER as string | undefined };
  for (const [round, names] of input.entries()) {
    const before = found.length;
    const job = (leftBy: string) => (): void => {
      found.push({ leftBy, round, id: ids.getStore(), user: users.getStore() });
    };
    for (const name of names) users.run(`user ${name}`, () => ids.run(name, () => batch.later(job(name))));
    await turn();
    seen.early += found.length - before;
    ids.run(RUNNER, () => {
      batch.runAll();
      seen.runner = ids.getStore();
    });
    await turn();
    seen.again += found.slice(before).filter((one) => one.round !== round).length;
  }
  return { found, ...seen };
}

const count = (jobs: number): string => (jobs === 1 ? "1 job" : `${jobs} jobs`);

export const check = checkOf<() => Batch>(async (batch, desk) => {
  for (const input of desk.inputs([[["A", "B", "C"]]], some, 6)) {
    const given = input.map((names) => `jobs of ${names.join(", ")}`).join("; then ");
    const { value } = await desk.run(given, () => rounds(batch(), input));
    if (value === undefined) continue;
    const { found, early, again, runner } = value;
    desk.expect(
      early === 0,
      `${count(early)} had run before anybody had called runAll`,
      "They are to go out together, when somebody says so.",
    );
    desk.expect(again === 0, `${count(again)} ran again: the jobs of the round before`);
    const left = input.flat();
    desk.expect(found.length === left.length, `${count(found.length)} ran; ${left.length} were left`);
    const order = found.map(({ leftBy }) => leftBy).join(", ");
    desk.expect(
      order === left.join(", "),
      `they ran in the order ${order}; they were left as ${left.join(", ")}`,
    );
    const odd = found.find(({ leftBy, id }) => id !== leftBy);
    desk.expect(
      odd === undefined,
      `the job of ${odd?.leftBy} ran as ${nameOf(odd?.id)}`,
      odd?.id === RUNNER
        ? "Who runs it is known then, and who left it is not any more."
        : "A context is taken along at the moment in which somebody asks for it: here, once for each job.",
    );
    const other = found.find(({ leftBy, user }) => user !== `user ${leftBy}`);
    desk.expect(
      other === undefined,
      `the job of ${other?.leftBy} found ${nameOf(other?.user)} in the second storage`,
    );
    desk.expect(runner === RUNNER, `after runAll its caller was ${nameOf(runner)}`);
  }
});
