/** Ticks in one way: `timers.ts setInterval PERIOD_MS TICKS`. Prints how late each tick was, in ms, as a JSON array. */
import { setTimeout as pause, setInterval as ticks } from "node:timers/promises";
import { interval, lastValueFrom, take, tap } from "rxjs";
import { LESSON_SECOND_MS } from "../../../support/helpers/clock/scale.ts";
import { sleep } from "../../../support/helpers/clock/sleep.ts";
import { peer } from "./peers.ts";

/** Calls `tick` so many times. */
type Way = (period: number, count: number, tick: () => void) => Promise<unknown>;

interface EffectPackage {
  Effect: {
    sync(work: () => void): unknown;
    schedule(effect: unknown, schedule: unknown): unknown;
    runPromise(effect: unknown): Promise<unknown>;
  };
  Schedule: {
    fixed(period: string): unknown;
    recurs(times: number): unknown;
    max(both: readonly unknown[]): unknown;
  };
}

const ways: Readonly<Record<string, Way>> = {
  setInterval: (period, count, tick) =>
    new Promise<void>((resolve) => {
      let done = 0;
      const timer = setInterval(() => {
        tick();
        done += 1;
        if (done < count) return;
        clearInterval(timer);
        resolve();
      }, period);
    }),
  async "timers/promises"(period, count, tick) {
    let done = 0;
    for await (const _ of ticks(period)) {
      tick();
      done += 1;
      if (done === count) break;
    }
  },
  async "sleep in a loop"(period, count, tick) {
    for (let i = 0; i < count; i += 1) {
      await sleep(period / LESSON_SECOND_MS);
      tick();
    }
  },
  async "until a due time"(period, count, tick) {
    const start = performance.now();
    for (let i = 1; i <= count; i += 1) {
      await pause(Math.max(0, start + i * period - performance.now()));
      tick();
    }
  },
  "RxJS interval": (period, count, tick) => lastValueFrom(interval(period).pipe(take(count), tap(tick))),
  async "Effect Schedule.fixed"(period, count, tick) {
    const { Effect, Schedule } = await peer<EffectPackage>("effect");
    const times = Schedule.max([Schedule.fixed(`${period} millis`), Schedule.recurs(count)]);
    await Effect.runPromise(Effect.schedule(Effect.sync(tick), times));
  },
};

const [name = "", ...words] = process.argv.slice(2);
const [period = 0, count = 0] = words.map(Number);
const way = ways[name];
if (way === undefined) throw new RangeError(`no way ${name}`);
// The first ticks of a process wait for code to be compiled.
await way(1, 20, () => {});
const late: number[] = [];
const start = performance.now();
await way(period, count, () => late.push(performance.now() - start - (late.length + 1) * period));
if (late.length !== count) throw new Error(`${late.length} ticks of ${count}`);
console.log(JSON.stringify(late));
