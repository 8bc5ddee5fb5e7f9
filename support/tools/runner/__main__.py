"""`python -m runner check|execute|stock [LESSON …]`."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from authoring.catalogue import TODAYS, runs_on_stock
from authoring.errors import AuthoringError
from authoring.notebook import notebook_text

from runner.compare import output_faults, short_diff, too_many_machine_dependent
from runner.faults import Fault
from runner.lessons import all_lessons, changed, name_of, select
from runner.outcome import Outcome, run_lesson
from runner.stock import InCompany
from runner.write import merged, write


async def check_lesson(path: Path) -> Outcome:
    outcome = await run_lesson(path)
    # Outputs of a lesson that went wrong differ because it went wrong.
    if not outcome.faults:
        outcome.faults = output_faults(outcome.committed, outcome.now) or file_faults(outcome)
    return outcome


# What a machine that was busy for a moment can cause: a picture that differs, a timed claim that does not hold, a slow exit.
TIMED = {"output", "stderr", "busy", "slow exit"}
# How often a lesson may run: on a quiet machine chance has one excuse, beside other programs it has two.
RUNS, BUSY_RUNS = 2, 3


def has_excuse(outcome: Outcome, runs: int) -> bool:
    """Whether all that went wrong in the last of so many runs can be the machine's doing, and another one may show it."""
    excused = TIMED | {"timeout"} if outcome.busy else TIMED
    left = (BUSY_RUNS if outcome.busy else RUNS) - runs
    return left > 0 and bool(outcome.faults) and all(fault.kind in excused for fault in outcome.faults)


async def run_again(first: Outcome, once: Callable[[Path], Awaitable[Outcome]]) -> Outcome:
    """Runs a lesson again as long as it has an excuse. It says so."""
    outcome, found, runs = first, list(first.faults), 1
    while has_excuse(outcome, runs):
        outcome = await once(first.path)
        outcome.excused = [] if outcome.faults else list(found)
        found += outcome.faults
        runs += 1
    outcome.faults = outcome.faults and found
    return outcome


def file_faults(outcome: Outcome) -> list[Fault]:
    """Whether `make execute` would change the file although the outputs are the same."""
    old = outcome.before.decode("utf-8", "replace")
    new = notebook_text(merged(outcome.committed, outcome.now))
    return [] if old == new else [Fault("form", None, short_diff(old.splitlines(), new.splitlines()))]


def changed_meanwhile(outcome: Outcome) -> list[Fault]:
    """Whether somebody has saved the lesson while it ran; then it must not be overwritten."""
    same = outcome.path.is_file() and outcome.path.read_bytes() == outcome.before
    return [] if same else [Fault("changed", None, "")]


async def execute_lesson(path: Path) -> Outcome:
    outcome = await run_lesson(path)
    outcome.faults = outcome.faults or changed_meanwhile(outcome)
    if not outcome.faults:
        write(path, merged(outcome.committed, outcome.now))
    return outcome


def report(outcome: Outcome) -> None:
    state = "FAILED" if outcome.faults else "again" if outcome.excused else "ok"
    print(f"{state:6} {name_of(outcome.path)} ({outcome.seconds:.1f} s)", flush=True)
    for fault in [*outcome.excused, *outcome.faults]:
        print("  " + str(fault).replace("\n", "\n  "), flush=True)


def stop_on_signals() -> None:
    """Makes signals cancel the running task, but for those that a shell or nohup has us ignore."""
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)


async def run_all(
    paths: list[Path], jobs: int, once: Callable[[Path], Awaitable[Outcome]], again: bool = False
) -> list[Outcome]:
    """Lessons side by side, up to N at a time; each is reported as it ends.

    Ctrl-C, and a request to end, cancel them all, so that no kernel is left behind.

    Args:
        again: what has an excuse is run again at the end, with no other lesson beside it
    """
    stop_on_signals()
    places = asyncio.Semaphore(jobs)

    async def one(path: Path) -> Outcome:
        async with places:
            outcome = await once(path)
        if again and has_excuse(outcome, 1):
            print(f"later  {name_of(path)} ({outcome.seconds:.1f} s)", flush=True)
        else:
            report(outcome)
        return outcome

    # The longest lessons are the last ones; begun first, none of them runs on alone at the end.
    tasks = [asyncio.ensure_future(one(path)) for path in (paths if jobs == 1 else reversed(paths))]
    try:
        outcomes = list(await asyncio.gather(*tasks))
        for at, outcome in enumerate(outcomes):
            if again and has_excuse(outcome, 1):
                outcomes[at] = await run_again(outcome, once)
                report(outcomes[at])
        return outcomes
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no positive whole number")
    return int(text)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m runner", description="Runs the lessons.")
    parser.add_argument(
        "what", choices=["check", "execute", "stock"], help="compare, write, or run on stock tslab"
    )
    parser.add_argument(
        "lessons", nargs="*", help="such as examples/02 or concepts/01-why-async; all if none"
    )
    parser.add_argument(
        "--jobs",
        type=positive,
        help="how many at a time; one where figures are written, else one a core",
    )
    parser.add_argument(
        "--again", action="store_true", help="check once more what differs; say so if it passes"
    )
    parser.add_argument("--changed", action="store_true", help="only those that differ from the last commit")
    # So that options may stand before the lessons too.
    return parser.parse_intermixed_args()


def jobs_of(args: argparse.Namespace) -> int:
    """How many lessons run at a time. What is written has figures of this machine, and another lesson would show in them."""
    return args.jobs or (1 if args.what == "execute" else os.cpu_count() or 1)


def for_stock(paths: list[Path]) -> list[Path]:
    """The lessons that stock tslab can run; it says how many it can't."""
    known = [path for path in paths if runs_on_stock(name_of(path))]
    if left := len(paths) - len(known):
        lessons = "1 lesson" if left == 1 else f"{left} lessons"
        print(
            f"{lessons} of {' and '.join(TODAYS)} left out: stock tslab's compiler is older than their TypeScript"
        )
    return known


async def run_asked(args: argparse.Namespace, paths: list[Path]) -> list[Outcome]:
    """Does with each lesson what is asked for."""
    jobs = jobs_of(args)
    if args.what == "execute":
        return await run_all(paths, jobs, execute_lesson)
    if args.what == "check":
        return await run_all(paths, jobs, check_lesson, args.again)
    # Those that share a kernel wait for it together, so that how many run at a time is counted by kernels.
    return await run_all(paths, len(paths), InCompany(paths, jobs), args.again)


def main() -> int:
    args = arguments()
    try:
        paths = changed() if args.changed else select(args.lessons)
        if not paths:
            print("no lesson has changed")
            return 0
        if args.what == "stock" and not (paths := for_stock(paths)):
            return 0
        outcomes = asyncio.run(run_asked(args, paths))
    except AuthoringError as error:
        print(f"runner: {error}", file=sys.stderr)
        return 2
    except (asyncio.CancelledError, KeyboardInterrupt):
        print("runner: stopped; no kernel is left running", file=sys.stderr)
        return 130
    failed = sum(1 for outcome in outcomes if outcome.faults)
    loose = None
    if args.what == "check" and len(paths) == len(all_lessons()):
        loose = too_many_machine_dependent([outcome.committed for outcome in outcomes])
    if loose:
        print(f"FAILED {loose}")
    unsteady = sum(1 for outcome in outcomes if outcome.excused)
    said = f", {unsteady} of them not at the first try" if unsteady else ""
    print(f"{len(outcomes) - failed} passed{said}, {failed} failed")
    return 1 if failed or loose else 0


if __name__ == "__main__":
    sys.exit(main())
