import { blockingSleep, sleep } from "support";
import { type Chance, checkOf } from "support/helpers/practice/kit";

interface Asked {
  name: string;
  seconds: number;
  blocks: boolean;
}

/** What such handlers say when they run. */
async function happened(requests: readonly Asked[]): Promise<string[]> {
  const lines: string[] = [];
  const handle = async ({ name, seconds, blocks }: Asked): Promise<void> => {
    lines.push(`${name} begins`);
    if (blocks) blockingSleep(seconds);
    else await sleep(seconds);
    lines.push(`${name} ends`);
  };
  await Promise.all(requests.map(handle));
  return lines;
}

/** When each of the sleepers is due, in lesson seconds. */
function dues(requests: readonly Asked[]): number[] {
  let now = 0;
  return requests.flatMap(({ seconds, blocks }) => {
    if (!blocks) return [now + seconds];
    now += seconds;
    return [];
  });
}

/** Requests whose sleepers are due a second apart at least. */
function some(chance: Chance): Asked[] {
  const requests = ["D", "E", "F", "G"].map((name) => ({
    name,
    seconds: chance.whole(1, 3),
    blocks: chance.whole(0, 2) === 0,
  }));
  const due = dues(requests);
  return due.length > 1 && due.length < 4 && new Set(due).size === due.length ? requests : some(chance);
}

const words = (requests: readonly Asked[]): string =>
  requests
    .map(({ name, seconds, blocks }) => `${name} ${blocks ? "blocks" : "awaits"} ${seconds} s`)
    .join(", ");

const VISIBLE: Asked[] = [
  { name: "A", seconds: 2, blocks: false },
  { name: "B", seconds: 3, blocks: true },
  { name: "C", seconds: 1, blocks: false },
];
const ALSO_VISIBLE: Asked[] = [
  { name: "A", seconds: 3, blocks: false },
  { name: "B", seconds: 1, blocks: false },
];

const saysEnd = (line: string | undefined): boolean => line?.endsWith(" ends") ?? false;

/** Which idea leads to a line that did not come there. */
function idea(told: string | undefined, came: string, requests: readonly Asked[]): string {
  const blocks = (line: string): boolean =>
    requests.some(({ name, blocks }) => blocks && line === `${name} ends`);
  if (blocks(came)) return "While a handler blocks, no other begins.";
  if (!saysEnd(came))
    return told !== undefined && blocks(told)
      ? "A handler that blocks has to begin first."
      : "A handler that awaits leaves the thread to the next one, and its timer waits until the thread is free.";
  const order = requests.filter((one) => !one.blocks).map(({ name }) => `${name} ends`);
  const inListOrder = told !== undefined && order.indexOf(told) < order.indexOf(came);
  return inListOrder && dues(requests).length === requests.length
    ? "The sleepers end in the order in which their times come."
    : "A sleep counts from the moment at which its handler has begun.";
}

export const check = checkOf<(requests: Asked[]) => string[] | Promise<string[]>>(async (linesOf, desk) => {
  for (const requests of desk.inputs([ALSO_VISIBLE, VISIBLE], some, 2)) {
    const { value } = await desk.run(words(requests), () => linesOf(structuredClone(requests)));
    desk.expect(Array.isArray(value), `it gave ${typeof value}; a list of lines is wanted`);
    const told = value ?? [];
    const came = await happened(requests);
    const at = came.findIndex((line, index) => told[index] !== line);
    const was = came[at] ?? "";
    const yours = told[at];
    const seen = yours === undefined ? `line ${at + 1} is missing` : `line ${at + 1} is "${yours}" with you`;
    desk.expect(at < 0, `${seen}; it was "${was}"`, idea(yours, was, requests));
    desk.expect(told.length === came.length, `you have ${told.length} lines; ${came.length} came`);
  }
});
