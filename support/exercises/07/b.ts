import { setImmediate as moment } from "node:timers/promises";
import { sleep, task, whole } from "support";
import { checkOf, type Desk } from "support/helpers/practice/kit";
import { mostAtOnce } from "./tools.ts";

interface Account {
  read(): Promise<number>;
  write(money: number): Promise<void>;
}

type Deposit = (account: Account, amount: number) => Promise<void>;

interface Input {
  amounts: number[];
  /** Which of the reads fails, counted from 1. */
  fails?: number;
}

/** An account whose reads take a lesson second, and whose writes a moment. It notes what was done to it. */
function newAccount(fails: number | undefined): {
  account: Account;
  seen: { money: number; reads: number; writes: number };
} {
  const seen = { money: 0, reads: 0, writes: 0 };
  const account: Account = {
    read: () => {
      seen.reads += 1;
      const mine = seen.reads;
      return task(`read ${mine}`, async () => {
        const { money } = seen;
        await sleep(1);
        if (mine === fails) throw new RangeError("this account can't be read now");
        return money;
      });
    },
    write: async (money) => {
      await moment();
      seen.writes += 1;
      seen.money = money;
    },
  };
  return { account, seen };
}

async function judge(deposit: Deposit, desk: Desk, { amounts, fails }: Input): Promise<void> {
  const { account, seen } = newAccount(fails);
  const failing = fails === undefined ? "" : `, and read ${fails} fails`;
  const { value = [], recording } = await desk.run(
    `deposits of ${amounts.join(", ")}, all at the same time${failing}`,
    () => Promise.allSettled(amounts.map((amount) => deposit(account, amount))),
    { budget: { seconds: amounts.length + 3 } },
  );
  const rejected = value.filter(({ status }) => status === "rejected").length;
  const broken = fails === undefined ? 0 : 1;
  desk.expect(
    rejected === broken,
    `${rejected} deposits failed; ${broken} read did`,
    rejected > broken
      ? "A deposit that fails takes the next ones along."
      : "A deposit whose read fails has failed, too.",
  );
  const { length } = amounts;
  desk.expect(
    seen.reads === length,
    `the account was read ${seen.reads} times; ${length} deposits read it ${length} times`,
    "Others may have an eye on the account, too: what you remember of it is not what it holds.",
  );
  const right = amounts
    .filter((_, at) => value[at]?.status === "fulfilled")
    .reduce((sum, amount) => sum + amount, 0);
  const most = mostAtOnce(recording.tasks);
  desk.expect(
    seen.money === right,
    `the account holds ${seen.money}; the deposits that succeeded come to ${right}`,
    most > 1
      ? `${most} of them read it at the same time, and each wrote as if it were alone.`
      : "Another deposit came between a read and its write.",
  );
  const settled = whole(recording.settled);
  desk.expect(
    settled === length,
    `it took ${settled} s; ${length} s are enough`,
    "Something waits although nobody is in its way.",
  );
}

export const check = checkOf<Deposit>(async (deposit, desk) => {
  const visible: Input[] = [{ amounts: [1, 1, 1, 1] }];
  const unseen: ((amounts: number[]) => Input)[] = [
    (amounts) => ({ amounts }),
    (amounts) => ({ amounts, fails: 2 }),
  ];
  const inputs = desk.inputs(
    visible,
    (chance) => unseen.shift()?.(chance.shuffled([2, 3, 5]).map((amount) => amount * 10)) ?? { amounts: [1] },
    unseen.length,
  );
  for (const input of inputs) await judge(deposit, desk, input);
});
