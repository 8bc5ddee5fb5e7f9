/** Where the words of a picture stand, as a browser draws them. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { RECORDING_VERSION, type RecordedTask } from "../../support/helpers/recording/recording.ts";
import { timelineFigure } from "../../support/helpers/timeline/timeline.ts";
import { launchChromium } from "./chromium.ts";

const NAMES = [
  "a",
  "GET /aio?delay=2",
  "x".repeat(300),
  "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
  "mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm",
  "漢字かな交じりの名前がとても長く続いてどこまでも終わらない話",
  "שם ארוך מאוד שנכתב מימין לשמאל וממשיך",
  "اسم طويل جدا مكتوب من اليمين إلى اليسار ويستمر",
  "👩‍👩‍👧‍👦 family 🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀",
  "e\u0301e\u0301e\u0301 with marks above it, and then some more",
  "  spaces   and\ttabs\nand lines  ",
  "ﷺﷺﷺ and ＦＵＬＬ ＷＩＤＴＨ ＬＥＴＴＥＲＳ ＴＨＡＴ ＧＯ ＯＮ",
];
const OUTCOMES = ["result", "error", "cancelled", "running"] as const;

/** A generator of numbers below a limit, the same in every run. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function pictureOf(many: number, seed: number): string {
  const roll = dice(seed);
  const name = (): string => NAMES[roll(NAMES.length)] ?? "";
  const tasks = Array.from({ length: many }, (_, at): RecordedTask => {
    const start = roll(20);
    const outcome = OUTCOMES[roll(4)] ?? "result";
    return {
      name: name(),
      parent: at > 0 && roll(4) === 0 ? roll(at) : null,
      start,
      end: start + roll(10),
      outcome,
      error: outcome === "error" ? { name: name(), message: "" } : null,
      cpu: [],
      ready: [],
      line: null,
      waits: [],
      wakes: [],
      ...(outcome === "cancelled" && at > 0 ? { abortedBy: roll(at) } : {}),
    };
  });
  const makespan = tasks.reduce((latest, task) => Math.max(latest, task.end), 0);
  const ended = { value: undefined, error: undefined, ok: true, settled: makespan, makespan };
  const who = { version: RECORDING_VERSION, process: 1, thread: 0, startedAt: 0 };
  const rest = { cpu: [], waits: [], loopDelay: { every: 0.1, looks: [] } };
  return timelineFigure({ ...ended, ...who, tasks, ...rest }).svg;
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

// Runs in the page: the boxes of the words that are drawn, in pixels of the picture, and of the picture itself.
const BOXES = `(() => {
  const box = (one) => { const { left, right, top, bottom } = one.getBoundingClientRect(); return { left, right, top, bottom }; };
  const words = [...document.querySelectorAll("svg text")].filter((one) => one.textContent !== "");
  return [box(document.querySelector("svg")), ...words.map(box)];
})()`;

/** Less than this, in pixels, is how letters lean out of their boxes. */
const LEAN = 1;

function overlap(one: Box, other: Box): boolean {
  return (
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > LEAN &&
    // Rows stand close; the boxes of letters with marks are higher than a row.
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 12
  );
}

let browser: Browser;
let page: Page;
before(async () => {
  browser = await launchChromium();
  page = await browser.newPage();
});
after(() => browser?.close());

for (const many of [1, 2, 7, 20, 50, 51, 200]) {
  test(`no words of ${many} tasks lie over one another or outside the picture, whatever their names`, async () => {
    for (let seed = 1; seed <= 6; seed += 1) {
      await page.setContent(pictureOf(many, seed * 7919 + many));
      const [picture, ...words] = await page.evaluate<Box[]>(BOXES);
      assert.ok(picture && words.length > 1);
      const outside = words.filter(
        ({ left, right }) => left < picture.left - LEAN || right > picture.right + LEAN,
      );
      assert.deepEqual(outside, []);
      const over = words.filter((one, at) => words.some((other, n) => n > at && overlap(one, other)));
      assert.deepEqual(over, [], `seed ${seed}`);
    }
  });
}
