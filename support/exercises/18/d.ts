import { LESSON_SECOND_MS, sleep, task } from "support";
import { checkOf } from "support/helpers/practice/kit";
import { type Queue, queueOf } from "./tools.ts";

type Send = (letter: number) => Promise<void>;
type Serve = (queue: Queue, send: Send, places: number, signal: AbortSignal) => Promise<unknown>;

interface Input {
  places: number;
  /** The letter that cannot be sent. */
  bad: number;
  /** At the start of which sending of a letter of the second delivery the abort comes. */
  last: number;
}

/** The first letter of the second delivery, which takes so long that the other places send several meanwhile. */
const LONG = 11;

/** Looks at an empty queue that a worker needs at most which rests between two of them. */
const LOOKS = 200;

const letterOf = (count: number): string => (count === 1 ? "1 letter was" : `${count} letters were`);

const countOf = (list: readonly number[], one: number): number =>
  list.filter((other) => other === one).length;

export const check = checkOf<Serve>(async (serve, desk) => {
  const inputs = desk.inputs(
    [{ places: 2, bad: 3, last: 3 }],
    (chance): Input => {
      const places = chance.whole(2, 4);
      return { places, bad: chance.whole(1, 4), last: places + chance.whole(1, 2) };
    },
    2,
  );
  for (const { places, bad, last } of inputs) {
    const first = [1, 2, 3, 4, 5];
    const second = Array.from({ length: 14 }, (_, at) => LONG + at);
    const { queue, add, seen } = queueOf(first);
    const stop = new AbortController();
    const sent = new Set<number>();
    const calls: number[] = [];
    const early: number[] = [];
    const hand = { now: 0, most: 0 };
    let late = 0;
    let hasWaited = false;
    const secondsOf = (letter: number): number => (letter === bad ? 0.2 : letter === LONG ? 2.5 : 0.5);
    let left = 0;
    let deliveries = 0;

    const watched: Queue = {
      take() {
        if (stop.signal.aborted) late += 1;
        return queue.take();
      },
      done(job) {
        if (!sent.has(job.letter)) early.push(job.letter);
        return queue.done(job);
      },
      fail: (job, why) => queue.fail(job, why),
    };
    const send = (letter: number): Promise<void> =>
      task(`letter ${letter}`, async () => {
        calls.push(letter);
        hand.now += 1;
        hand.most = Math.max(hand.most, hand.now);
        if (letter === second[last - 1]) {
          stop.abort();
          hasWaited = sent.has(LONG);
        }
        await sleep(secondsOf(letter));
        hand.now -= 1;
        if (letter === bad) throw new RangeError("no such address");
        sent.add(letter);
      });
    const given = `${places} places, letter ${bad} fails, 14 letters come later, an abort when letter ${second[last - 1]} is sent`;
    await desk.run(
      given,
      async () => {
        const come = setTimeout(() => {
          deliveries += 1;
          add(second);
        }, 2 * LESSON_SECOND_MS);
        try {
          await serve(watched, send, places, stop.signal);
          left = hand.now;
        } finally {
          clearTimeout(come);
        }
      },
      { budget: { steps: 1_000_000 } },
    );
    const { taken, done, failed, dead, inHand, empty } = seen();
    const [tooEarly] = early;
    desk.expect(
      tooEarly === undefined,
      `letter ${tooEarly} was said to be done${calls.includes(tooEarly ?? 0) && tooEarly === bad ? "; its sending had failed" : " before it was sent"}`,
      "What the queue believes to be done it gives to nobody any more.",
    );
    desk.expect(
      hand.most <= places,
      `${letterOf(hand.most)} in hand at once; there are ${places} places`,
      "A letter is taken when there is a place for it.",
    );
    const often = taken.find((one) => countOf(calls, one) > countOf(taken, one));
    desk.expect(
      often === undefined,
      `letter ${often} was sent ${countOf(calls, often ?? 0)} times for ${countOf(taken, often ?? 0) === 1 ? "one taking" : `${countOf(taken, often ?? 0)} takings`}`,
      "The tries are the queue's to count: it knows of all machines.",
    );
    desk.expect(
      left === 0,
      `it has returned with ${left} of the letters in hand`,
      "Who returns says that all has ended: the process may be ended now.",
    );
    const forgotten = inHand[0];
    desk.expect(
      forgotten === undefined,
      `letter ${forgotten} was taken, and neither done nor given back`,
      "The queue has to wait for its time limit, as for a dead machine.",
    );
    desk.expect(
      stop.signal.aborted,
      `it ended when it had done ${done.length} of the letters, and nobody had asked it to${deliveries === 0 ? "; 14 more were to come" : ""}`,
      "That there is nothing to do now does not mean that nothing will come.",
    );
    desk.expect(
      late === 0,
      `it asked for ${late === 1 ? "1 letter" : `${late} letters`} after the abort`,
      "The signal is to be looked at before each letter.",
    );
    desk.expect(
      hand.most === places,
      `${letterOf(hand.most)} in hand at most; there are ${places} places`,
      "While one letter waits for its answer, another could be sent.",
    );
    desk.expect(
      !hasWaited,
      `letter ${second[last - 1]} had to wait for letter ${LONG}, the long one, while a place was free`,
      "A place that is free has no need to wait for the others.",
    );
    desk.expect(
      empty < LOOKS,
      `it asked an empty queue over ${LOOKS} times`,
      "Each question is a statement for the database, from each place of each machine.",
    );
    desk.expect(
      countOf(failed, bad) === 3 && dead.includes(bad),
      `letter ${bad} was given back ${countOf(failed, bad)} times; after 3 it is with the dead`,
      "A letter that fails is given back, as often as it fails.",
    );
  }
});
