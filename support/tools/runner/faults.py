"""What can go wrong in a lesson, and the pure part of finding it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Message = dict[str, Any]

# What a reader sees; a `status` after idle is no output.
OUTPUTS = ("stream", "display_data", "update_display_data", "execute_result", "error")
# What stock tslab prints when a rejection or an exception found nobody; ours sends an `error`.
UNHANDLED = ("UnhandledPromiseRejection:", "UncaughtException:")
# How `check` ends a line about a claim that does not hold, and about one that could not be judged.
FALSE = ": this does not hold"
BUSY = ": this computer was busy: run the cell again"
SLOWEST_EXIT = 0.5
# Beside other programs everything takes longer; a kernel that waits for something open takes for ever.
SLOWEST_EXIT_BUSY = 2.5

WHAT_TO_DO = {
    "reply": "the cell failed; show failures through expectError",
    "skipped": "the kernel did not run the cell, because an earlier one failed",
    "late": "something was printed or shown after the cell had ended; await all that a cell starts",
    "unhandled": "a rejection or an exception found nobody; await it, or catch it, in the cell that causes it",
    "stderr": "undeclared text on stderr: a check that does not hold, or tag the cell `stderr`",
    "busy": "other programs kept the lesson from its work, so a claim could not be judged; run it again",
    "slow exit": f"the kernel took over {SLOWEST_EXIT} s to exit; close or unref what the lesson opened",
    "port": "a TCP port was left open; close the server in the cell that opens it",
    "orphan": "a process outlived the kernel; end it in the cell that starts it",
    "timeout": "not finished in time; make it shorter, or give the cell metadata tsasync.timeout (seconds)",
    "dead kernel": "the kernel died; a cell must not end its process",
    "output": "differs from the committed output; run `make execute` if the change is meant",
    "form": "not as a committed lesson has to be; run `make execute`",
    "changed": "the file was changed while it ran, and was left as it is; run the command again",
}


def harmless(text: str) -> str:
    """Text from a lesson in which nothing moves the terminal's cursor or changes its colours."""
    return "".join(char if char.isprintable() or char in "\n\t" else repr(char)[1:-1] for char in text)


@dataclass(frozen=True)
class Fault:
    """One thing that went wrong. `cell` counts code cells from 1, as in `In [1]`; None concerns the whole lesson."""

    kind: str
    cell: int | None
    detail: str

    def __str__(self) -> str:
        where = "the lesson" if self.cell is None else f"In [{self.cell}]"
        return harmless(f"{where}: {self.kind}: {WHAT_TO_DO[self.kind]}\n{self.detail}".rstrip())


@dataclass
class CellRun:
    """What the kernel said of one code cell."""

    number: int
    tags: frozenset[str]
    request: str | None = None
    reply: Message | None = None


@dataclass
class LessonRun:
    """One lesson in one kernel, as plain data."""

    cells: list[CellRun]
    messages: list[Message] = field(default_factory=list)
    exit_seconds: float | None = None
    ports: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    stopped: Fault | None = None


def text_of(message: Message) -> str:
    """What a message would show, shortened."""
    content = message["content"]
    text = content.get("text") or content.get("evalue") or " ".join(content.get("data", {}))
    return str(text).strip()[:500]


def _ends(text: str, *ends: str) -> bool:
    """Whether every line of a text ends in one of these ways."""
    return all(line.endswith(ends) for line in text.splitlines())


def _reply_faults(cells: Iterable[CellRun], stopped: Fault | None) -> list[Fault]:
    found: list[Fault] = []
    failed = stopped is not None
    for cell in cells:
        status = (cell.reply or {}).get("content", {}).get("status")
        if status == "ok":
            continue
        if status is None or (status != "error" and failed):
            # What comes after a stop was never asked for; the stop itself is the fault.
            found += [] if stopped else [Fault("skipped", cell.number, f"  reply: {status}")]
            continue
        failed = True
        kind = "reply" if status == "error" else "skipped"
        found.append(Fault(kind, cell.number, f"  reply: {status}"))
    return found


def _message_faults(run: LessonRun) -> list[Fault]:
    by_request = {cell.request: cell for cell in run.cells}
    failed = {c.number for c in run.cells if c.reply and c.reply["content"].get("status") == "error"}
    idle: set[str] = set()
    found: list[Fault] = []
    for message in run.messages:
        parent = message["parent_header"].get("msg_id")
        cell = by_request.get(parent)
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            idle.add(parent)
        if cell is None or message["msg_type"] not in OUTPUTS:
            continue
        if message["msg_type"] == "error" and parent not in idle and cell.number in failed:
            continue
        text = text_of(message)
        on_stderr = message["msg_type"] == "stream" and message["content"]["name"] == "stderr"
        nobodys = message["msg_type"] == "error" and cell.number not in failed
        if nobodys or (on_stderr and any(sign in text for sign in UNHANDLED)):
            found.append(Fault("unhandled", cell.number, f"  {text}"))
        elif parent in idle:
            found.append(Fault("late", cell.number, f"  {message['msg_type']}: {text}"))
        elif on_stderr and _ends(message["content"]["text"].strip(), BUSY):
            found.append(Fault("busy", cell.number, f"  {text}"))
        elif on_stderr and "stderr" not in cell.tags and cell.number not in failed:
            found.append(Fault("stderr", cell.number, f"  {text}"))
    return found


def without_claims(faults: list[Fault]) -> list[Fault]:
    """The faults but for claims, which only a run at the usual speed can judge."""
    claims = {"busy", "stderr"}
    return [
        fault for fault in faults if fault.kind not in claims or not _ends(fault.detail.strip(), BUSY, FALSE)
    ]


def faults_of(run: LessonRun, busy: bool = False) -> list[Fault]:
    """All faults of a run but for its outputs, in the order a reader would meet them.

    Args:
        busy: other programs were at work beside it
    """
    found = _reply_faults(run.cells, run.stopped) + _message_faults(run)
    found.sort(key=lambda fault: fault.cell or 0)
    if run.stopped is not None:
        found.append(run.stopped)
    if run.exit_seconds is not None and run.exit_seconds > (SLOWEST_EXIT_BUSY if busy else SLOWEST_EXIT):
        found.append(Fault("slow exit", None, f"  {run.exit_seconds:.1f} s"))
    found += [Fault("port", None, f"  {port}") for port in run.ports]
    found += [Fault("orphan", None, f"  {process}") for process in run.orphans]
    return found
