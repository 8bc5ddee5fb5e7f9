import { sleep, task, whole } from "support";
import { type Chance, checkOf } from "support/helpers/practice/kit";
import { ask, type Handle, safely, serving } from "./tools.ts";

type Stopping = (limit: number, job: (signal: AbortSignal) => Promise<string>) => Handle;

interface Input {
  /** How long the job takes, and how long it may, in lesson seconds. */
  seconds: number;
  limit: number;
  /** When its client leaves, if it does. */
  leaves?: number;
  /** Whether it fails in the end. */
  fails?: boolean;
}

function words({ seconds, limit, leaves, fails }: Input): string {
  const job = `a job of ${seconds} s${fails ? " that fails" : ""}, a limit of ${limit} s`;
  return leaves === undefined ? job : `${job}, a client that leaves after ${leaves} s`;
}

const VISIBLE: Input[] = [
  { seconds: 1, limit: 2 },
  { seconds: 5, limit: 3 },
  { seconds: 5, limit: 4, leaves: 1 },
  { seconds: 1, limit: 2, fails: true },
];

function some(chance: Chance): Input {
  const [early, middle] = [chance.whole(1, 2), 3];
  return chance.one<Input>([
    { seconds: middle, limit: early },
    { seconds: middle + 2, limit: middle + 1, leaves: early },
  ]);
}

/** The server has read the form when it calls the handler, and a turn of the loop has gone by. */
const afterTheForm =
  (handle: Handle): Handle =>
  async (asked, answer) => {
    for await (const _ of asked);
    await sleep(0);
    await handle(asked, answer);
  };

async function served({ seconds, limit, leaves, fails }: Input, stopping: Stopping) {
  const job = (signal: AbortSignal): Promise<string> =>
    task("job", async () => {
      await sleep(seconds, { signal });
      if (fails) throw new RangeError("this job fails");
      return `rested for ${seconds} s`;
    });
  const handle = safely(afterTheForm(stopping(limit, job)));
  return serving(handle, async (url) => {
    const got = await ask(url, { patience: 8, ...(leaves === undefined ? {} : { leaves }) });
    // A server that works for nobody is given the time to be seen at it.
    if (got.status === "left") await sleep(1);
    return got;
  });
}

export const check = checkOf<Stopping>(async (stopping, desk) => {
  for (const input of desk.inputs(VISIBLE, some, 2)) {
    const { seconds, limit, leaves, fails } = input;
    const { value: got, recording } = await desk.run(words(input), () => served(input, stopping));
    const [job] = recording.tasks;
    desk.expect(job !== undefined, "the job was never begun");
    if (job === undefined || got === undefined) return;
    const ended = whole(job.end);
    const due = Math.min(seconds, limit, leaves ?? seconds);
    const [stopped, at] = [job.outcome === "cancelled" || job.outcome === "error", whole(got.at)];
    desk.expect(ended >= due, `the job was stopped after ${ended} s, while its client waited for it`);
    if (leaves !== undefined) {
      desk.expect(
        ended === leaves,
        `the client left after ${leaves} s, and the job went on until ${ended} s`,
        "Nobody told the job, or it was told of the end of something else than this client's connection.",
      );
    } else if (fails) {
      desk.expect(
        got.status === 500,
        `a job that failed by itself was answered with ${got.status}`,
        "Not every failure is a time-out.",
      );
    } else if (seconds > limit) {
      const late = `a 504 was to come after ${limit} s`;
      desk.expect(got.status === 504, `the client got ${got.status} after ${at} s; ${late}`);
      desk.expect(at === limit, `the client got its 504 after ${at} s; ${late}`);
      desk.expect(
        ended === limit && stopped,
        `the client had its 504, and the job went on until ${ended} s`,
        "The wait was given up, and the job was not told.",
      );
    } else {
      const whole200 = got.status === 200 && got.text === `rested for ${seconds} s`;
      desk.expect(
        whole200,
        `the client got ${got.status} "${got.text}"; it was to be 200 with the job's text`,
      );
    }
  }
});
