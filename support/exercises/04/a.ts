import {
  concat,
  ignoreElements,
  lastValueFrom,
  type Observable,
  of,
  type Subscription,
  timer,
  toArray,
} from "rxjs";
import { LESSON_SECOND_MS, sleep, whole } from "support";
import { checkOf, type Desk, delayServer, getFrom } from "support/helpers/practice/kit";

type Ask = (text: string, signal?: AbortSignal) => Promise<string>;
type Search = (typed: Observable<string>, ask: Ask) => Observable<string>;

/** How long each answer takes, in lesson seconds. No pause is as long. */
const ANSWER = 2;
const TEXTS = ["p", "pa", "par", "pari", "paris"];

/** Someone types: a letter after each pause, in lesson seconds. */
function typing(pauses: readonly number[]): Observable<string> {
  const letters = pauses.map((pause, at) =>
    concat(timer(pause * LESSON_SECOND_MS).pipe(ignoreElements()), of(TEXTS[at] ?? "")),
  );
  return concat(...letters);
}

const requests = (count: number): string => (count === 1 ? "1 request" : `${count} requests`);

function askFrom(server: Awaited<ReturnType<typeof delayServer>>): Ask {
  const get = getFrom(server);
  return async (text, signal) => {
    await get(ANSWER, signal);
    return `a page on ${text}`;
  };
}

/** Judges what comes out, and what the server did for it. */
async function judge(search: Search, desk: Desk, pauses: number[]): Promise<void> {
  const server = await delayServer();
  await server.reset();
  const { value = [], recording } = await desk.run(`letters after pauses of ${pauses.join(", ")} s`, () =>
    lastValueFrom(search(typing(pauses), askFrom(server)).pipe(toArray())),
  );
  const { started, finished, abortedByClient } = await server.stats();
  desk.expect(
    started === pauses.length,
    `the server got ${requests(started)}; ${pauses.length} letters were typed`,
    value[0] === `a page on ${TEXTS[0]}`
      ? "The newest letter counts, and not the one whose request is under way."
      : "Whether a letter is the last one is not known when it is typed.",
  );
  const pages = pauses.flatMap((_, at) => {
    const next = pauses[at + 1];
    return next === undefined || next > ANSWER ? [`a page on ${TEXTS[at]}`] : [];
  });
  const wanted = pages.length;
  desk.expect(
    value.length <= wanted,
    `${value.length} pages came out: ${value.join(", ")}; ${wanted} ${wanted === 1 ? "is" : "are"} wanted`,
    "An answer is not wanted any more once another letter has been typed.",
  );
  desk.expect(
    value.join() === pages.join(),
    `${value.join(", ") || "nothing"} came out; wanted is ${pages.join(", ")}`,
    "A page is wanted as long as no other letter has been typed, also when it is not the last one.",
  );
  const ideal = pauses.reduce((sum, pause) => sum + pause, 0) + ANSWER;
  const settled = whole(recording.settled);
  desk.expect(
    settled === ideal,
    `the last page came after ${settled} s; ${ideal} s are enough`,
    "A letter waits for the answer to the one before.",
  );
  desk.expect(
    finished === wanted,
    `the server answered ${requests(finished)}, and saw ${abortedByClient} clients leave; ${wanted} ${wanted === 1 ? "answer is" : "answers are"} wanted`,
    "You look away from the older answers. Their requests know nothing of it.",
  );
}

/** Nobody looks at the search any more, in the middle of a request. */
async function judgeLeaving(search: Search, desk: Desk): Promise<void> {
  const server = await delayServer();
  await server.reset();
  await desk.run("a letter after 1 s, and a reader who leaves the page at 2 s", async () => {
    const page: Subscription = search(typing([1]), askFrom(server)).subscribe({ error: () => {} });
    await sleep(ANSWER);
    page.unsubscribe();
  });
  const { abortedByClient } = await server.stats();
  desk.expect(
    abortedByClient === 1,
    `${abortedByClient} clients left the server; ${requests(1)} was under way when nobody listened any more`,
    "To unsubscribe goes back along the pipeline, as far as somebody has written what it means there.",
  );
}

export const check = checkOf<Search>(async (search, desk) => {
  const inputs = desk.inputs(
    [[1, 1, 1]],
    (chance) =>
      chance.one([
        [1, 3, 1],
        [1, 1, 3],
      ]),
    1,
  );
  for (const pauses of inputs) await judge(search, desk, pauses);
  await judgeLeaving(search, desk);
});
