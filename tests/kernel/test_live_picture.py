"""A run is drawn while it goes on, and what was drawn leaves nothing among the outputs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from kernels import Kernel, Ran, kernel


@pytest.fixture(scope="module")
def shared() -> Iterator[Kernel]:
    with kernel() as running:
        running.run('import { record, sleep, task, timeline } from "support";')
        yield running


def shown(ran: Ran) -> list[str]:
    """The kinds of messages in order, each once where it comes several times in a row."""
    kinds = [
        kind for kind in (m["msg_type"] for m in ran.messages) if kind not in ("status", "execute_input")
    ]
    return [kind for at, kind in enumerate(kinds) if at == 0 or kinds[at - 1] != kind]


def run_of(seconds: int, after: str = "") -> str:
    tasks = f'task("short", () => sleep(1)), task("long", () => sleep({seconds}))'
    return f"{{ const run = await record(() => Promise.all([{tasks}])); {after} }}"


def test_a_long_run_is_drawn_while_it_goes_on_and_the_last_picture_comes_in_its_place(shared: Kernel) -> None:
    ran = shared.run(run_of(40, "timeline(run);"))
    assert shown(ran) == ["display_data", "update_display_data", "clear_output", "display_data"]
    first, last = ran.of("display_data")
    assert "So far" in first["data"]["text/html"] and "1 of 2" in first["data"]["text/html"]
    assert "1 still running" in first["data"]["text/html"]
    assert ran.of("clear_output") == [{"wait": True}]
    # No lesson second went into drawing.
    assert "makespan 40 s" in last["data"]["text/plain"]


def test_a_run_that_no_picture_follows_takes_its_own_away(shared: Kernel) -> None:
    ran = shared.run(run_of(40))
    assert shown(ran) == ["display_data", "update_display_data", "clear_output"]
    assert ran.of("clear_output") == [{"wait": False}]


def test_a_short_run_and_one_under_printed_words_are_not_drawn_before_their_end(shared: Kernel) -> None:
    assert shown(shared.run(run_of(5, "timeline(run);"))) == ["display_data"]
    ran = shared.run(f'console.log("first"); {run_of(40, "timeline(run);")}')
    assert shown(ran) == ["stream", "display_data"]


def test_what_a_task_prints_ends_the_picture_and_stays(shared: Kernel) -> None:
    talks = 'await task("talks", async () => { await sleep(40); console.log("here"); await sleep(13); })'
    ran = shared.run(f"await record(async () => {{ {talks}; }});")
    assert shown(ran) == ["display_data", "update_display_data", "clear_output", "stream", "execute_result"]
    assert ran.of("clear_output") == [{"wait": True}]


def test_an_interrupted_run_leaves_its_message_only(shared: Kernel) -> None:
    ran = shared.interrupted(run_of(1000), after=4)
    assert shown(ran)[:2] == ["display_data", "update_display_data"]
    assert ran.of("clear_output") == [{"wait": True}]
    assert "InterruptError" in ran.traceback
    assert shared.run("1 + 1").result == "2"
