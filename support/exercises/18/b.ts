import { setImmediate as moment } from "node:timers/promises";
import { checkOf } from "support/helpers/practice/kit";
import { type Ledger, ledger } from "./tools.ts";

type Pay = (db: Ledger, order: number, cents: number) => Promise<unknown>;

interface Input {
  order: number;
  cents: number;
  /** How often it comes at the same moment. */
  together: number;
}

const timesOf = (count: number): string => (count === 1 ? "once" : `${count} times`);

export const check = checkOf<Pay>(async (pay, desk) => {
  const inputs = desk.inputs(
    [{ order: 2, cents: 500, together: 8 }],
    (chance): Input => ({
      order: chance.whole(2, 5),
      cents: chance.whole(100, 900),
      together: chance.whole(2, 9),
    }),
    4,
  );
  for (const { order, cents, together } of inputs) {
    const other = order + 10;
    const { db, booked, lost } = ledger(other);
    const times = (number: number): number => booked().filter((one) => one.order === number).length;
    const twice = async (from: Promise<unknown>[]): Promise<PromiseSettledResult<unknown>[]> => {
      const first = await Promise.allSettled(from);
      await moment();
      return [...first, ...(await Promise.allSettled([pay(db, order, cents)]))];
    };

    const given = `order ${order} of ${cents} cents, ${together} times at once, and once more`;
    const all = await desk.run(given, () =>
      twice(Array.from({ length: together }, () => pay(db, order, cents))),
    );
    const again = all.value?.find((one) => one.status === "rejected");
    desk.expect(
      again === undefined,
      `an order that came again failed: ${again?.reason}`,
      "It has been paid; for the one that asks, all is well.",
    );
    desk.expect(
      times(order) === 1,
      `order ${order} is booked ${timesOf(times(order))}`,
      times(order) > 1
        ? "Between a look and a booking another machine may look, too."
        : "What this process remembers is not what is booked.",
    );
    const wrong = booked().find((one) => one.order === order && one.cents !== cents);
    desk.expect(wrong === undefined, `${wrong?.cents} cents are booked; the order is of ${cents}`);

    const free = order + 20;
    const refused = await desk.run(`order ${free} of 0 cents`, () => pay(db, free, 0), { mayFail: true });
    desk.expect(
      !refused.ok,
      `order ${free} of 0 cents ended well, and nothing was booked`,
      "The queue learns by the error that the job is not done.",
    );
    await desk.run(`order ${free} again, of ${cents} cents`, () => pay(db, free, cents), { mayFail: true });
    desk.expect(
      times(free) === 1,
      `order ${free} is booked ${timesOf(times(free))}; its booking had failed, and the key was kept`,
      "What a failed booking leaves behind keeps the next one away.",
    );

    const cut = await desk.run(
      `order ${other}, over a connection that is lost`,
      () => pay(db, other, cents),
      {
        mayFail: true,
      },
    );
    desk.expect(
      !cut.ok || !lost() || times(other) === 1,
      `order ${other} ended well, and nothing was booked`,
    );
    await desk.run(`order ${other} again`, () => pay(db, other, cents), { mayFail: true });
    desk.expect(times(other) === 1, `order ${other} is booked ${timesOf(times(other))}`);
  }
});
