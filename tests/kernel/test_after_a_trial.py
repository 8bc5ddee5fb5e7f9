"""What a cell does after a trial is its own: it may hold the thread for as long as it wants."""

from __future__ import annotations

from kernels import kernel

TRIAL_THEN_HOLD = """
import { runWithin } from "support/helpers/practice/budget";
const spent = await runWithin({ seconds: 9, holdMs: 100, steps: 9 }, false, async () => "tried");
const until = performance.now() + 700;
while (performance.now() < until);
console.log("went on", spent.end.ok);
"""


def test_who_holds_the_thread_right_after_a_trial_is_not_ended_with_it() -> None:
    with kernel() as running:
        for _ in range(3):
            ran = running.run(TRIAL_THEN_HOLD)
            assert ran.status == "ok", ran.traceback
            assert ran.text.strip() == "went on true"
