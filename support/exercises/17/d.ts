import { semaphore } from "support";
import { type Chance, checkOf } from "support/helpers/practice/kit";
import { type Flaw, inOrders, type Step, scheduler } from "./tools.ts";

interface Account {
  name: string;
  gate: { run(work: () => Promise<void>): Promise<void> };
  balance: number;
}

type Transfer = (from: Account, to: Account, move: () => Promise<void>) => Promise<void>;

const ORDERS = 100;
const EACH = 100;
const NAMES = ["Ann", "Bob", "Cem", "Dan"] as const;
type Name = (typeof NAMES)[number];

/** Who sends how much to whom, all at once. */
type Input = readonly (readonly [from: Name, to: Name, amount: number])[];

const VISIBLE: Input[] = [
  [
    ["Ann", "Bob", 10],
    ["Bob", "Ann", 20],
    ["Cem", "Dan", 5],
    ["Dan", "Cem", 15],
    ["Ann", "Bob", 30],
  ],
];

const words = (input: Input): string =>
  input.map(([from, to, amount]) => `${from} ${amount} to ${to}`).join(", ");

/** What became of one order. */
async function sent(step: Step, input: Input, transfer: Transfer) {
  // To have passed a gate is an event: others may come in between that and what is done behind it.
  const account = (name: Name): Account => {
    const inside = semaphore(1);
    const run = (work: () => Promise<void>): Promise<void> =>
      inside.run(async () => {
        await step(`${name}'s gate is passed`);
        await work();
      });
    return { name, gate: { run }, balance: EACH };
  };
  const accounts = { Ann: account("Ann"), Bob: account("Bob"), Cem: account("Cem"), Dan: account("Dan") };
  const seen = { made: 0, now: 0, most: 0 };
  const send = async ([sender, receiver, amount]: Input[number]): Promise<void> => {
    await step(`${sender} asks`);
    const [from, to] = [accounts[sender], accounts[receiver]];
    await transfer(from, to, async () => {
      seen.now += 1;
      seen.most = Math.max(seen.most, seen.now);
      const before = [from.balance, to.balance] as const;
      await step(`${sender} reads`);
      from.balance = before[0] - amount;
      await step(`${sender} has sent`);
      to.balance = before[1] + amount;
      seen.made += 1;
      seen.now -= 1;
    });
  };
  await Promise.all(input.map(send));
  const balances = NAMES.map((name) => accounts[name].balance);
  return { ...seen, balances };
}

/** What each account has in the end, in the order of the names. */
function right(input: Input): number[] {
  return NAMES.map((name) =>
    input.reduce(
      (balance, [from, to, amount]) => balance + (to === name ? amount : 0) - (from === name ? amount : 0),
      EACH,
    ),
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

interface Found {
  flaws: Flaw[];
  /** How many were at work at the same time, at most, in all orders. */
  most: number;
}

async function flawOf(input: Input, transfer: Transfer, seed: number): Promise<Flaw | number> {
  const { order, run } = scheduler(seed);
  const end = await run((step) => sent(step, input, transfer));
  if (end.kind === "stuck")
    return {
      says: "some wait for ever",
      idea: "Each holds a gate that another one wants, in a circle.",
      order,
    };
  if (end.kind === "error") return { says: `a transfer failed: ${end.error}`, order };
  const { made, balances, most } = end.value;
  if (made !== input.length) return { says: `of ${input.length} transfers ${made} were made`, order };
  const [all, left] = [EACH * NAMES.length, sum(balances)];
  const idea = "Somebody has read a balance that another one was about to write.";
  if (left !== all) return { says: `of ${all} there were ${left} left`, idea, order };
  const wrong = NAMES.findIndex((_, at) => balances[at] !== right(input)[at]);
  if (wrong >= 0)
    return {
      says: `${NAMES[wrong]} has ${balances[wrong]}; it should be ${right(input)[wrong]}`,
      idea,
      order,
    };
  return most;
}

async function flawsOf(input: Input, transfer: Transfer): Promise<Found> {
  const found: Found = { flaws: [], most: 0 };
  for (let seed = 0; seed < ORDERS; seed += 1) {
    const flaw = await flawOf(input, transfer, seed);
    if (typeof flaw === "number") found.most = Math.max(found.most, flaw);
    else found.flaws.push(flaw);
  }
  return found;
}

export const check = checkOf<Transfer>(async (transfer, desk) => {
  const circle = (chance: Chance): Input => {
    const [one, two, three, four] = chance.shuffled(NAMES);
    if (one === undefined || two === undefined || three === undefined || four === undefined) return [];
    return [
      [one, two, chance.whole(1, 20)],
      [two, three, chance.whole(1, 20)],
      [three, four, chance.whole(1, 20)],
      [four, one, chance.whole(1, 20)],
    ];
  };
  for (const input of desk.inputs(VISIBLE, circle, 2)) {
    const { value } = await desk.run(words(input), () => flawsOf(input, transfer), {
      budget: { steps: 200_000 },
    });
    const { flaws, most } = value ?? { flaws: [], most: 0 };
    desk.expect(flaws.length === 0, inOrders(flaws, ORDERS), flaws[0]?.idea);
    desk.expect(
      most >= 2,
      "never were two transfers at work at the same time",
      "Who shares no account with another one need not wait for it.",
    );
  }
});
