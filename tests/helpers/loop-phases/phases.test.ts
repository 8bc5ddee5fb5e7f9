import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { PhaseRecording, PhaseStep } from "../../../support/helpers/loop-phases/phase-recording.ts";
import { phases, phasesFigure } from "../../../support/helpers/loop-phases/phases.ts";
import { shown } from "../drawing/shown.ts";

function aStep(label: string, more: Partial<PhaseStep> = {}): PhaseStep {
  return {
    label,
    phase: "sync",
    type: "FSREQCALLBACK",
    callback: 1,
    visit: 1,
    queuedAfter: 0,
    turn: 0,
    ...more,
  };
}

const some: PhaseRecording = {
  from: "poll",
  steps: [
    aStep("start"),
    aStep("tick", { phase: "nextTick", type: "TickObject" }),
    aStep("timer", { phase: "timers", type: "Timeout", callback: 2, turn: 3 }),
  ],
};

test("the alternative text says where each step ran, in order", () => {
  assert.equal(
    shown(phasesFigure(some)).alt,
    "Phases: called from poll, 3 steps in 2 callbacks of the loop, " +
      "in this order: start (sync), tick (nextTick), timer (timers).",
  );
});

test("the table gives each step with the runtime's own name", () => {
  const { document } = shown(phasesFigure(some, { title: "Mine" }));
  const rows = [...document.querySelectorAll("tbody tr")].map((row) => row.textContent);
  assert.deepEqual(rows, ["1startsyncFSREQCALLBACK1", "2ticknextTickTickObject1", "3timertimersTimeout2"]);
  assert.equal(document.querySelector("strong")?.textContent, "Mine");
});

test("the picture has one column per phase and one row per step, the first one on top", () => {
  const { svg } = shown(phasesFigure(some));
  for (const words of ["sync", "nextTick", "microtasks", "timers", "poll", "check", "Timeout"]) {
    assert.ok(svg.includes(`>${words}<`), words);
  }
  const height = (words: string): number => {
    const found = new RegExp(`translate\\([^,]*,([0-9.]+)\\)[^>]*>${words}<`).exec(svg);
    return Number(found?.[1]);
  };
  assert.ok(height("start") < height("tick") && height("tick") < height("timer"));
});

test("turns of the loop, which differ from run to run, change nothing in the figure", () => {
  const later = { ...some, steps: some.steps.map((step) => ({ ...step, turn: step.turn + 1 })) };
  assert.equal(shown(phasesFigure(later)).html, shown(phasesFigure(some)).html);
});

test("names from outside are shown as text", () => {
  const bold: PhaseRecording = { from: "poll", steps: [aStep("<b>bold</b>\u0000")] };
  const { document, alt, svg } = shown(phasesFigure(bold, { title: "<i>" }));
  assert.equal(document.querySelector("b, i"), null);
  assert.ok(alt.includes("<b>bold</b>\u{fffd}"));
  assert.ok(svg.includes("&lt;b&gt;bold&lt;/b&gt;"));
});

test("no steps and very many steps can be drawn", () => {
  assert.ok(
    shown(phasesFigure({ from: "check", steps: [] })).alt.endsWith("0 steps in 0 callbacks of the loop."),
  );
  const many = Array.from({ length: 100 }, (_, at) => aStep(`step ${at}`));
  const { alt, document } = shown(phasesFigure({ from: "check", steps: many }));
  assert.ok(alt.endsWith("and 60 more."));
  assert.equal(document.querySelectorAll("tbody tr").length, 100);
});

test("outside a notebook the summary is printed", () => {
  const log = mock.method(console, "log", () => {});
  phases(some, { title: "Mine" });
  phases(some);
  log.mock.restore();
  const [titled, plain] = log.mock.calls.map((call) => String(call.arguments[0]));
  assert.ok(titled?.startsWith("Mine: called from poll"));
  assert.ok(plain?.startsWith("called from poll"));
});
