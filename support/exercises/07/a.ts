import { sleep, task, whole } from "support";
import { checkOf, type Desk } from "support/helpers/practice/kit";
import { mostAtOnce } from "./tools.ts";

interface Gate {
  acquire(): Promise<void>;
  release(): void;
}

type Run = (gate: Gate, work: () => Promise<number>) => Promise<number>;

/** How a piece of work ends, each after one lesson second; `throws` does so before it has a promise. */
type Kind = "gives" | "fails" | "throws";

const HOW = { gives: "gives", fails: "fails", throws: "throws at once" } as const;

interface Input {
  permits: number;
  kinds: Kind[];
}

/** The gate of the lesson: permits by hand. */
function newGate(permits: number): Gate & { free(): number } {
  let free = permits;
  const waiting: (() => void)[] = [];
  return {
    free: () => free,
    async acquire() {
      if (free > 0) free -= 1;
      else await new Promise<void>((enter) => waiting.push(enter));
    },
    release() {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    },
  };
}

function workOf(kind: Kind, at: number): () => Promise<number> {
  const fault = new RangeError(`work ${at + 1} is out of order`);
  return () => {
    if (kind === "throws") throw fault;
    return task(`work ${at + 1}`, async () => {
      await sleep(1);
      if (kind === "fails") throw fault;
      return at + 1;
    });
  };
}

const counted = (count: number): string => (count === 1 ? "1 permit is" : `${count} permits are`);

async function judge(run: Run, desk: Desk, { permits, kinds }: Input): Promise<void> {
  const gate = newGate(permits);
  const what = kinds
    .map((kind, at) => (kind === "gives" ? "" : `, of which work ${at + 1} ${HOW[kind]}`))
    .join("");
  const { value = [], recording } = await desk.run(
    `${permits} permits and ${kinds.length} pieces of work of 1 s${what}`,
    () => Promise.allSettled(kinds.map((kind, at) => run(gate, workOf(kind, at)))),
    { budget: { seconds: kinds.length + 2 } },
  );
  const most = mostAtOnce(recording.tasks);
  desk.expect(
    most <= permits,
    `${most} pieces of work ran at the same time; there are ${permits} permits`,
    "A permit is taken before the work begins, and held until it has ended.",
  );
  kinds.forEach((kind, at) => {
    const end = value[at];
    const name = `work ${at + 1}`;
    if (kind === "gives")
      desk.expect(
        end?.status === "fulfilled" && end.value === at + 1,
        `the caller of ${name} did not get its result`,
      );
    else
      desk.expect(
        end?.status === "rejected" && end.reason instanceof RangeError,
        `${name} ${kind}, and its caller was not told`,
        "An error belongs to the one who has asked for the work.",
      );
  });
  const free = gate.free();
  desk.expect(
    free === permits,
    `${counted(free)} free when all is over; there are ${permits}`,
    free < permits
      ? "Work that ends badly has to give its permit back, too."
      : "A permit was given back more often than it was taken.",
  );
  const rounds = Math.ceil(kinds.filter((kind) => kind !== "throws").length / permits);
  const settled = whole(recording.settled);
  desk.expect(
    settled === rounds,
    `it took ${settled} s; ${rounds} s are enough`,
    "Somebody waits although a permit is free.",
  );
}

export const check = checkOf<Run>(async (run, desk) => {
  const visible: Input[] = [{ permits: 2, kinds: ["gives", "gives", "gives", "gives", "gives"] }];
  const bad: Kind[] = ["fails", "throws"];
  const inputs = desk.inputs(
    visible,
    (): Input => ({ permits: 3, kinds: ["gives", bad.shift() ?? "gives", "gives", "gives", "gives"] }),
    bad.length,
  );
  for (const input of inputs) await judge(run, desk, input);
});
