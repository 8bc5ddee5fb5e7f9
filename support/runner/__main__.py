"""`python -m runner check|execute [LESSON …]`."""

from __future__ import annotations

import argparse
import asyncio
import copy
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from authoring.errors import AuthoringError
from nbformat import NotebookNode

from runner.compare import output_faults, too_many_machine_dependent
from runner.execute import execute
from runner.faults import Fault, faults_of
from runner.lessons import all_lessons, changed, name_of, select
from runner.write import merged, write


@dataclass
class Outcome:
    """What became of one lesson."""

    path: Path
    committed: NotebookNode
    now: NotebookNode
    faults: list[Fault]
    seconds: float


async def run_lesson(path: Path) -> Outcome:
    """Runs one lesson; its outputs are not compared yet."""
    start = time.monotonic()
    committed = nbformat.read(path, as_version=4)
    now = copy.deepcopy(committed)
    run = await execute(now, path.parent)
    return Outcome(path, committed, now, faults_of(run), time.monotonic() - start)


async def check_lesson(path: Path) -> Outcome:
    outcome = await run_lesson(path)
    # Outputs of a lesson that went wrong differ because it went wrong.
    if not outcome.faults:
        outcome.faults = output_faults(outcome.committed, outcome.now)
    return outcome


async def execute_lesson(path: Path) -> Outcome:
    outcome = await run_lesson(path)
    if not outcome.faults:
        write(path, merged(outcome.committed, outcome.now))
    return outcome


def report(outcome: Outcome) -> None:
    state = "FAILED" if outcome.faults else "ok"
    print(f"{state:6} {name_of(outcome.path)} ({outcome.seconds:.1f} s)", flush=True)
    for fault in outcome.faults:
        print("  " + str(fault).replace("\n", "\n  "), flush=True)


async def run_all(paths: list[Path], jobs: int, writes: bool) -> list[Outcome]:
    """Lessons side by side, so many at a time; each is reported as it ends."""
    places = asyncio.Semaphore(jobs)

    async def one(path: Path) -> Outcome:
        async with places:
            outcome = await (execute_lesson(path) if writes else check_lesson(path))
        report(outcome)
        return outcome

    return list(await asyncio.gather(*(one(path) for path in paths)))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m runner", description="Runs the lessons.")
    parser.add_argument("what", choices=["check", "execute"], help="compare the outputs, or write them")
    parser.add_argument(
        "lessons", nargs="*", help="such as examples/02 or concepts/01-why-async; all if none"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at a time")
    parser.add_argument("--changed", action="store_true", help="only those that differ from the last commit")
    return parser.parse_args()


def main() -> int:
    args = arguments()
    try:
        paths = changed() if args.changed else select(args.lessons)
    except AuthoringError as error:
        print(f"runner: {error}", file=sys.stderr)
        return 2
    outcomes = asyncio.run(run_all(paths, max(1, args.jobs), args.what == "execute"))
    failed = sum(1 for outcome in outcomes if outcome.faults)
    loose = None
    if args.what == "check" and len(paths) == len(all_lessons()):
        loose = too_many_machine_dependent([outcome.committed for outcome in outcomes])
    if loose:
        print(f"FAILED {loose}")
    print(f"{len(outcomes) - failed} passed, {failed} failed")
    return 1 if failed or loose else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
