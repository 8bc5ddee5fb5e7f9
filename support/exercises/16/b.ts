import { Writable } from "node:stream";
import { LESSON_SECOND_MS } from "support";
import { checkOf } from "support/helpers/practice/kit";

interface Input {
  count: number;
  room: number;
  /** At which number the sink fails. */
  fails?: number;
}

/** How many are written quickly. */
const QUICK = 3;

/** A sink that notes how many it has written. */
function slowSink({ room, fails }: Input) {
  const seen = { written: 0, most: 0 };
  const sink = new Writable({
    objectMode: true,
    highWaterMark: room,
    write(item: number, _encoding, done) {
      const seconds = seen.written < QUICK ? 0.1 : 0.8;
      setTimeout(() => {
        if (item === fails) return done(new RangeError("the sink is broken"));
        seen.written += 1;
        return done();
      }, seconds * LESSON_SECOND_MS);
    },
  });
  // Who copies may look at its failure or not: it ends no process.
  sink.on("error", () => {});
  return { sink, seen };
}

/** Numbers without a pause. It looks how much is in the sink each time when it is asked for the next one. */
async function* watched(count: number, { sink, seen }: ReturnType<typeof slowSink>): AsyncGenerator<number> {
  for (let item = 1; item <= count; item += 1) {
    yield item;
    seen.most = Math.max(seen.most, sink.writableLength);
  }
}

const words = ({ count, room, fails }: Input): string =>
  fails === undefined
    ? `${count} numbers and a sink with room for ${room}`
    : `${count} numbers and a sink that fails at number ${fails}`;

const VISIBLE: Input[] = [
  { count: 9, room: 4 },
  { count: 8, room: 2, fails: 3 },
];

export const check = checkOf<(items: AsyncIterable<number>, sink: Writable) => Promise<void>>(
  async (copy, desk) => {
    const inputs = desk.inputs<Input>(
      VISIBLE,
      (chance) => ({ count: chance.whole(5, 8), room: chance.whole(2, 4) }),
      1,
    );
    for (const input of inputs) {
      const { count, room, fails } = input;
      const slow = slowSink(input);
      const { sink, seen } = slow;
      const { ok, value } = await desk.run(
        words(input),
        async () => {
          await copy(watched(count, slow), sink);
          return seen.written;
        },
        { mayFail: true, mayLeave: true, budget: { seconds: 10 } },
      );
      desk.expect(
        seen.most <= room,
        `${seen.most} were in the sink; it has room for ${room}`,
        "A write that is not looked at is always let in.",
      );
      if (fails !== undefined) {
        desk.expect(!ok, "the sink failed, and the copy did not say so");
        continue;
      }
      desk.expect(ok, "the copy failed, and nothing was wrong with the sink");
      desk.expect(sink.writableFinished || value !== count, `all was written, and the sink was never ended`);
      desk.expect(
        value === count,
        value === 0 || value === undefined
          ? `${seen.written} of ${count} were written`
          : `it returned when ${value} of ${count} were written`,
        "What lies in the sink is not written yet.",
      );
    }
  },
);
