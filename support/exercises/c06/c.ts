import { sleep, task, whole } from "support";
import { checkOf } from "support/helpers/practice/kit";

interface Seats {
  next: number;
}
type Book = (name: string, seats: Seats, bank: (name: string) => Promise<void>) => Promise<string>;

/** Who comes, in this order, and how long the bank takes for each. */
type Guests = [name: string, seconds: number][];

const NAMES = ["Ann", "Bob", "Cy", "Dan", "Eve"] as const;

export const check = checkOf<Book>(async (book, desk) => {
  const visible: Guests[] = [
    [
      ["Ann", 2],
      ["Bob", 1],
      ["Cy", 1],
    ],
  ];
  const inputs = desk.inputs<Guests>(
    visible,
    (chance) => {
      const names = chance.shuffled(NAMES).slice(0, 4);
      const seconds = chance.shuffled([3, 2, 1, 1]);
      return names.map((name, at) => [name, seconds[at] ?? 1]);
    },
    2,
  );
  for (const guests of inputs) {
    const seats: Seats = { next: 1 };
    const bank = (name: string): Promise<void> =>
      task(`bank, for ${name}`, () => sleep(guests.find(([one]) => one === name)?.[1] ?? 0));
    const words = guests.map(([name, seconds]) => `${name} (${seconds} s at the bank)`).join(", ");
    const { value, recording } = await desk.run(words, () =>
      Promise.all(guests.map(([name]) => task(name, () => book(name, seats, bank)))),
    );
    const asked = recording.tasks.filter(({ name }) => name.startsWith("bank, for "));
    desk.expect(
      asked.length === guests.length,
      `the bank was asked ${asked.length} times; ${guests.length} have booked`,
      "A seat is given only to somebody for whom the bank has been asked.",
    );
    const given = (value ?? []).map((seat) => Number(String(seat).split(" ").at(-1)));
    const [twice] = given.filter((seat, at) => given.indexOf(seat) < at);
    desk.expect(
      twice === undefined,
      `seat ${twice} was given ${given.filter((seat) => seat === twice).length} times`,
      "Between the look at the next free seat and the note that it is taken lies an await.",
    );
    const wrong = guests.findIndex(([name], at) => value?.[at] !== `${name} ${at + 1}`);
    desk.expect(
      wrong < 0,
      `${guests[wrong]?.[0]} came as number ${wrong + 1} and got “${value?.[wrong]}”`,
      given[wrong] === wrong + 1
        ? "The seat is right. What the stub gives back is the guest's name, a space and the seat."
        : "The seats were given in the order of the bank's answers, and not in that of the guests.",
    );
    const slowest = Math.max(...guests.map(([, seconds]) => seconds));
    const took = whole(recording.settled);
    desk.expect(
      took === slowest,
      `all had their seats after ${took} s; the bank takes ${slowest} s for the slowest`,
      took < slowest ? "Nobody waits for the bank." : "One guest waits for the bank's answer to another.",
    );
    const ends = guests.map(([name]) => whole(recording.tasks.find((one) => one.name === name)?.end ?? 0));
    const late = guests.findIndex(([, seconds], at) => (ends[at] ?? 0) > seconds);
    desk.expect(
      late < 0,
      `${guests[late]?.[0]} had a seat after ${ends[late]} s; the bank took ${guests[late]?.[1]} s for that guest`,
      "One guest waits for the bank's answer to another.",
    );
    desk.expect(
      seats.next === guests.length + 1,
      `the next free seat is said to be ${seats.next}; ${guests.length} are taken`,
      "The next guest gets a seat that somebody has.",
    );
  }
});
