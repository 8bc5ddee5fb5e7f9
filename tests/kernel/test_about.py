"""What the kernel tells of a run, for the head of a lesson: in metadata, which a notebook never keeps."""

from __future__ import annotations

import os
import re
from typing import Any

from kernels import Kernel, Message, kernel


def told(message: Message) -> dict[str, str]:
    return dict(message["metadata"]["tsasync"])


def info(running: Kernel) -> dict[str, str]:
    request = running.client.kernel_info()
    while (reply := running.client.get_shell_msg(timeout=20))["parent_header"]["msg_id"] != request:
        pass
    return told(reply)


def idle(messages: list[Message]) -> Message:
    (last,) = [one for one in messages if one["content"].get("execution_state") == "idle"]
    return last


def environment(**more: str) -> dict[str, Any]:
    return os.environ | {"DELAY_SERVER_PORT": "0"} | more


def test_a_new_kernel_tells_its_versions_and_how_long_a_lesson_second_is_before_any_cell_has_run() -> None:
    with kernel(env=environment(LESSON_SECOND_MS="250")) as running:
        facts = info(running)
    assert list(facts) == ["Kernel", "Lesson second", "Delay server"]
    assert re.fullmatch(r"tsasync, TypeScript 6\.\d+\.\d+, Node 24\.\d+\.\d+", facts["Kernel"])
    assert (facts["Lesson second"], facts["Delay server"]) == ("250 ms", "none so far")


def test_each_cell_ends_with_what_is_running_now_and_none_of_it_is_an_output() -> None:
    with kernel(env=environment()) as running:
        ran = running.run('import { delayServer } from "support";\nawait delayServer();\nvoid 0;')
        facts = told(idle(ran.messages))
        assert re.fullmatch(r"this lesson's own, port \d+", facts["Delay server"])
        assert {message["msg_type"] for message in ran.messages} == {"status", "execute_input"}


def test_a_length_that_is_none_is_told_and_the_kernel_runs_cells_all_the_same() -> None:
    with kernel(env=environment(LESSON_SECOND_MS="soon")) as running:
        facts = info(running)
        assert "LESSON_SECOND_MS" in facts["Error"] and "soon" in facts["Error"]
        assert running.run("6 * 7").result == "42"
