import { LESSON_SECOND_MS } from "../clock/scale.ts";
import { meanwhileOutput } from "../display/display.ts";
import { progressHtml } from "../display/progress-bar.ts";
import { figureHtml, figureText } from "../drawing/figure.ts";
import { loadDrawing } from "../drawing/plot.ts";
import { lookOn, type Underway } from "../recording/onlooker.ts";
import { timelineFigure } from "./timeline.ts";

/** Who waits for longer than this (ms) sees the run while it goes on. */
const FIRST_MS = 1000;
/** The least time between two drawings, in ms. */
const REDRAW_MS = 250;
/** At most a twentieth of the thread's time goes into drawing. */
const SHARE = 20;
/** Looking at more tasks than these takes too long while they run; they are only counted. */
const MOST_TASKS = 200;

function drawn({ count, look }: Underway): { html: string; plain: string } {
  const { started, ended } = count();
  const bar = progressHtml("tasks have ended", ended, started);
  if (started > MOST_TASKS) return { html: bar, plain: `${ended} of ${started} tasks have ended` };
  const figure = timelineFigure(look(), { title: "So far" });
  return { html: `${bar}\n${figureHtml(figure)}`, plain: figureText(figure) };
}

/**
 * Draws a recording while it is made, once it takes longer than a second: under its cell, as long as nothing else stands
 * there. The picture that the cell draws in the end comes in its place.
 *
 * It draws when the thread is free. While a task holds the thread the picture stands still, as all else does.
 */
function drawWhileRunning(underway: Underway): () => void {
  const show = meanwhileOutput();
  if (show === undefined) return () => {};
  // Loading it while the tasks run would make them late.
  loadDrawing();
  const draw = (): void => {
    const start = performance.now();
    const { html, plain } = drawn(underway);
    if (!show(html, plain)) return;
    const took = performance.now() - start;
    timer = setTimeout(draw, Math.max(REDRAW_MS, SHARE * took)).unref();
  };
  let timer = setTimeout(draw, Math.max(FIRST_MS, LESSON_SECOND_MS)).unref();
  return () => clearTimeout(timer);
}

/** Shows every recording of a cell that takes long while it is made. */
export function showRecordings(): void {
  lookOn(drawWhileRunning);
}
