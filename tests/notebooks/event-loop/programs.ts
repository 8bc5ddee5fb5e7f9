import type { Socket } from "node:net";
import type { Coroutine, Task } from "./lesson-loop.ts";

/** What a program can use. On Node each of these gives something to `await`. */
export interface Kit {
  note(line: string): void;
  pause(): Coroutine<void>;
  sleep(seconds: number): Coroutine<void>;
  spawn<T>(coroutine: Coroutine<T>): Task<T>;
  join<T>(task: Task<T>): Coroutine<T>;
  gather<T>(coroutines: Coroutine<T>[]): Coroutine<T[]>;
  /** A socket to a server that answers `text` after so many seconds, and ends. */
  ask(text: string, seconds: number): Socket;
  receive(socket: Socket): Coroutine<string>;
}

export type Program = (kit: Kit) => Coroutine<unknown>;

/**
 * Programs that are run on the lesson's loop as they stand, and on Node with `async function` for `function*` and
 * `await` for `yield*`. So they must use nothing but what is inside them. Things that don't depend on each other are a
 * lesson second apart, or are started in an order that both loops keep.
 */
export const PROGRAMS: Readonly<Record<string, Program>> = {
  "runs a coroutine to its end": function* (kit) {
    function* part(): Coroutine<string> {
      yield* kit.pause();
      return "two";
    }
    kit.note("one");
    kit.note(yield* part());
    return "three";
  },

  "lets two coroutines take turns": function* (kit) {
    function* count(name: string, to: number): Coroutine<void> {
      for (let n = 1; n <= to; n += 1) {
        kit.note(`${name} ${n}`);
        yield* kit.pause();
      }
      kit.note(`${name} ends`);
    }
    yield* kit.gather([count("a", 3), count("b", 3)]);
  },

  "lets five coroutines of other lengths take turns": function* (kit) {
    function* count(name: string, to: number): Coroutine<void> {
      for (let n = 1; n <= to; n += 1) {
        yield* kit.pause();
        kit.note(`${name} ${n}`);
      }
    }
    for (const [name, to] of [
      ["a", 4],
      ["b", 1],
      ["c", 0],
      ["d", 6],
      ["e", 2],
    ] as const) {
      kit.spawn(count(name, to));
    }
    yield* kit.sleep(1);
    kit.note("end");
  },

  "wakes sleepers in the order of their timers": function* (kit) {
    function* sleeper(seconds: number): Coroutine<void> {
      yield* kit.sleep(seconds);
      kit.note(`woke after ${seconds}`);
    }
    yield* kit.gather([4, 1, 3, 2].map(sleeper));
  },

  "wakes sleepers of one length in the order in which they lay down": function* (kit) {
    function* sleeper(name: string): Coroutine<void> {
      yield* kit.sleep(1);
      kit.note(name);
    }
    yield* kit.gather(["a", "b", "c", "d", "e", "f"].map(sleeper));
  },

  "empties the ready queue after each timer": function* (kit) {
    function* sleeper(name: string): Coroutine<void> {
      yield* kit.sleep(1);
      kit.note(`${name} wakes`);
      for (let n = 1; n <= 3; n += 1) {
        yield* kit.pause();
        kit.note(`${name} ${n}`);
      }
    }
    yield* kit.gather(["a", "b", "c"].map(sleeper));
  },

  "adds up the sleeps of nested coroutines": function* (kit) {
    function* inner(): Coroutine<string> {
      yield* kit.sleep(1);
      kit.note("inner");
      return "value";
    }
    function* middle(): Coroutine<string> {
      const value = yield* inner();
      yield* kit.sleep(1);
      kit.note("middle");
      return `${value} of inner`;
    }
    function* clock(): Coroutine<void> {
      yield* kit.sleep(3);
      kit.note("clock");
    }
    const clockTask = kit.spawn(clock());
    kit.note(yield* middle());
    yield* kit.join(clockTask);
  },

  "gathers values in the order that was asked for": function* (kit) {
    function* work(seconds: number): Coroutine<number> {
      yield* kit.sleep(seconds);
      kit.note(`${seconds} is done`);
      return seconds;
    }
    return yield* kit.gather([work(3), work(1), work(2)]);
  },

  "starts tasks while others run, and joins a task that is done": function* (kit) {
    function* work(name: string, seconds: number): Coroutine<string> {
      kit.note(`${name} starts`);
      yield* kit.sleep(seconds);
      kit.note(`${name} ends`);
      return name;
    }
    const early = kit.spawn(work("early", 1));
    const long = kit.spawn(work("long", 4));
    yield* kit.sleep(2);
    const late = kit.spawn(work("late", 1));
    kit.note(`joined ${yield* kit.join(early)}`);
    kit.note(`joined ${yield* kit.join(late)}`);
    kit.note(`joined ${yield* kit.join(long)}`);
  },

  "wakes all who wait for one task": function* (kit) {
    function* slow(): Coroutine<string> {
      yield* kit.sleep(2);
      return "done";
    }
    const task = kit.spawn(slow());
    function* waiter(name: string): Coroutine<void> {
      kit.note(`${name}: ${yield* kit.join(task)}`);
    }
    yield* kit.gather(["a", "b", "c"].map(waiter));
  },

  "carries an error to where it is caught, and runs finally on the way": function* (kit) {
    function* fails(): Coroutine<void> {
      yield* kit.sleep(1);
      throw new RangeError("no tea");
    }
    function* passes(): Coroutine<void> {
      try {
        yield* fails();
      } finally {
        kit.note("finally");
      }
    }
    try {
      yield* passes();
      kit.note("never");
    } catch (error) {
      kit.note(String(error));
    }
    yield* kit.sleep(1);
    kit.note("and goes on");
  },

  "keeps the error of a task until it is joined, and lets others go on": function* (kit) {
    function* fails(): Coroutine<void> {
      kit.note("fails after a turn");
      yield* kit.pause();
      throw new Error("broken");
    }
    function* lives(): Coroutine<void> {
      yield* kit.sleep(2);
      kit.note("lives");
    }
    const broken = kit.spawn(fails());
    const other = kit.spawn(lives());
    yield* kit.sleep(1);
    try {
      yield* kit.join(broken);
    } catch (error) {
      kit.note(String(error));
    }
    yield* kit.join(other);
  },

  "fails as main fails, and still ends what it has started": function* (kit) {
    function* lives(): Coroutine<void> {
      yield* kit.sleep(2);
      kit.note("lives");
    }
    kit.spawn(lives());
    yield* kit.sleep(1);
    throw new TypeError("main is broken");
  },

  "waits for a socket while a timer goes on": function* (kit) {
    function* client(): Coroutine<void> {
      const socket = kit.ask("hello", 3);
      kit.note("asked");
      kit.note(`answer: ${yield* kit.receive(socket)}`);
      kit.note(`end: "${yield* kit.receive(socket)}"`);
    }
    function* ticks(): Coroutine<void> {
      for (let n = 1; n <= 2; n += 1) {
        yield* kit.sleep(2);
        kit.note(`tick ${n}`);
      }
    }
    yield* kit.gather([client(), ticks()]);
  },

  "waits for several sockets, and for nothing else": function* (kit) {
    function* client(text: string, seconds: number): Coroutine<string> {
      const answer = yield* kit.receive(kit.ask(text, seconds));
      kit.note(answer);
      return answer;
    }
    return yield* kit.gather([client("slow", 5), client("fast", 1), client("middle", 3)]);
  },
};
