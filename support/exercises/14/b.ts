import { sleep, task, whole } from "support";
import { checkOf } from "support/helpers/practice/kit";
import { ask, type Got, type Handle, serving } from "./tools.ts";

interface Input {
  /** After how many lesson seconds the handler fails; it never does where there is none. */
  fails?: number;
  /** Whether it sends a part of its answer before. */
  sends?: boolean;
}

function words({ fails, sends }: Input): string {
  if (fails === undefined) return "a handler that works";
  return `a handler that fails after ${fails} s${sends ? ", when a part of its answer has been sent" : ""}`;
}

const handler =
  ({ fails, sends }: Input): Handle =>
  (asked, answer) =>
    task("handler", async () => {
      asked.resume();
      if (sends) answer.write("Hello, ");
      await sleep(fails ?? 1);
      answer.end(fails === undefined ? "Hello, Ada" : decodeURIComponent("/100%"));
    });

/** What a client gets from a guarded handler, and what got past the guard. */
async function answered(handle: Handle): Promise<{ got: Got; past: unknown }> {
  let past: unknown;
  const listen = async (...[asked, answer]: Parameters<Handle>): Promise<void> => {
    try {
      await handle(asked, answer);
    } catch (reason) {
      past = reason;
      answer.destroy();
    }
  };
  const got = await serving((asked, answer) => void listen(asked, answer), ask);
  return { got, past };
}

const VISIBLE: Input[] = [{}, { fails: 1 }, { fails: 1, sends: true }];

export const check = checkOf<(handle: Handle) => Handle>(async (withGuard, desk) => {
  const inputs = desk.inputs<Input>(
    VISIBLE,
    (chance) => ({ fails: chance.whole(0, 2), sends: chance.one([true, false]) }),
    2,
  );
  for (const input of inputs) {
    const { value } = await desk.run(words(input), () => answered(withGuard(handler(input))));
    if (value === undefined) return;
    const { past, got } = value;
    const { status, text } = got;
    desk.expect(
      past === undefined,
      `a failure got past the guard: ${past}`,
      "When it came, the thread had left the try, or the guard failed itself.",
    );
    const noAnswer = `the client had no answer after ${whole(got.at)} s`;
    if (input.fails === undefined) {
      desk.expect(
        status !== "no answer",
        `${noAnswer}; a greeting was to come`,
        "The handler is not called.",
      );
      desk.expect(status === 200, `a client whose handler works got ${status}; 200 was to come`);
      desk.expect(text === "Hello, Ada", `the client got the text "${text}"; it was to be "Hello, Ada"`);
    } else if (input.sends) {
      desk.expect(
        status === "cut off",
        status === 200 ? "the client took the first part for the whole answer" : `the client got ${status}`,
        "A status that has been sent can't be changed any more. What does the end of an answer say to a client?",
      );
    } else {
      desk.expect(
        status !== "no answer",
        `${noAnswer}; a 500 was to come`,
        "A failure that is caught and not told leaves the client waiting.",
      );
      desk.expect(
        status === 500,
        `the client ${status === "cut off" ? "was cut off" : `got ${status}`}; a 500 was to come`,
        status === "cut off"
          ? "Nothing had been sent: there was still time to say what happened."
          : undefined,
      );
    }
  }
});
