import { whole } from "support";
import { checkOf, delayServer, getFrom } from "support/helpers/practice/kit";

type What = "flight" | "hotel" | "booking";
type Plan = (ask: (what: What, code?: number) => Promise<number>) => Promise<number>;

/** How long each takes, in lesson seconds. */
type Trip = Record<What, number>;

const WHATS: readonly What[] = ["flight", "hotel", "booking"];
const words = ({ flight, hotel, booking }: Trip): string =>
  `a flight of ${flight} s, a hotel of ${hotel} s, a booking of ${booking} s`;

export const check = checkOf<Plan>(async (plan, desk) => {
  const server = await delayServer();
  const inputs = desk.inputs<Trip>(
    [{ flight: 3, hotel: 2, booking: 1 }],
    (chance) => ({ flight: chance.whole(1, 2), hotel: chance.whole(3, 4), booking: chance.whole(1, 2) }),
    1,
  );
  /** A trip's services: the numbers that they give are of this call only. */
  const services = (trip: Trip, failing: readonly number[]) => {
    const get = getFrom(server, { failing });
    const asked: What[] = [];
    const numbers = { flight: desk.chance.whole(100, 999), hotel: desk.chance.whole(100, 999), booking: 0 };
    numbers.booking = numbers.flight * numbers.hotel;
    const ask = async (what: What, code?: number): Promise<number> => {
      asked.push(what);
      await get(trip[what]);
      if (what === "booking" && code !== numbers.flight + numbers.hotel)
        throw new RangeError(`a booking wants the sum of both answers, and was given ${code}`);
      return numbers[what];
    };
    return { ask, asked, numbers };
  };
  for (const trip of inputs) {
    const { ask, asked, numbers } = services(trip, []);
    const { value, recording } = await desk.run(words(trip), () => plan(ask));
    for (const what of WHATS) {
      const times = asked.filter((one) => one === what).length;
      desk.expect(times === 1, `the ${what} was asked for ${times} times`);
    }
    const needed = Math.max(trip.flight, trip.hotel) + trip.booking;
    const took = whole(recording.settled);
    desk.expect(
      took === needed,
      `it took ${took} s; ${needed} s are enough`,
      took > needed ? "Flight and hotel need nothing from each other." : "It does not wait for the booking.",
    );
    desk.expect(value === numbers.booking, `it gave ${value}; the booking gave ${numbers.booking}`);
  }
  const trip = { flight: 3, hotel: 1, booking: 2 };
  const { ask, asked } = services(trip, [trip.hotel]);
  const { ok, value } = await desk.run(`${words(trip)}, where the hotel fails`, () => plan(ask), {
    mayFail: true,
  });
  desk.expect(!ok, `the hotel failed, and it gave ${value}`, "A failure was taken for an answer.");
  desk.expect(
    !asked.includes("booking"),
    "the hotel failed, and the booking was asked for all the same",
    "A failure was taken for an answer.",
  );
});
