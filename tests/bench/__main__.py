"""The command line: `python -m bench [--only KIND[:CASE]] [--quick] [--against FILE] …`."""

from __future__ import annotations

import argparse
import dataclasses
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from authoring.project import replace_file

from bench import environment, kinds, terminal
from bench.figures import merged, read, to_json
from bench.machine import machine, versions
from bench.model import BenchError, Case, Setting, Table
from bench.page import page
from bench.rounds import measure

# Of the last run; and those that the README and the page quote.
LAST = environment.ROOT / "build" / "bench" / "figures.json"
KEPT = environment.HERE / "figures.json"


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__, allow_abbrev=False)
    parser.add_argument(
        "--only", action="append", default=[], metavar="KIND[:CASE]", help="as in echo, or delay:1000x1"
    )
    parser.add_argument(
        "--quick", action="store_true", help="the least of everything; the figures mean nothing"
    )
    parser.add_argument("--rounds", type=int, metavar="N", help="so many rounds instead of a case's own")
    parser.add_argument(
        "--out", type=Path, default=LAST, metavar="FILE", help="where the figures go, as JSON"
    )
    parser.add_argument("--keep", action="store_true", help=f"into {KEPT.relative_to(environment.ROOT)}")
    parser.add_argument("--against", type=Path, metavar="FILE", help="compare with figures of another run")
    parser.add_argument("--list", action="store_true", help="name the cases and measure nothing")
    parser.add_argument("--show", action="store_true", help="print the kept figures and measure nothing")
    parser.add_argument("--page", type=Path, metavar="FILE", help="write the kept figures as a page")
    return parser


def chosen(cases: Sequence[Case], only: Sequence[str]) -> list[Case]:
    """The cases that were asked for; all when none was.

    Raises:
        BenchError: there is no such case
    """
    words = [word for each in only for word in each.split()]
    for word in words:
        if not any(_is_asked(case.key, word) for case in cases):
            raise BenchError(f"no case is called {word}; there are {', '.join(case.key for case in cases)}")
    return [case for case in cases if not words or any(_is_asked(case.key, word) for word in words)]


def _is_asked(key: str, word: str) -> bool:
    return key == word or key.startswith(f"{word}:")


def say(lines: Iterator[str]) -> None:
    """Prints lines, if there are any, and an empty one behind them."""
    if text := "\n".join(lines):
        print(text, end="\n\n", flush=True)


def run(asked: argparse.Namespace, scratch: Path) -> None:
    """Measures what was asked for, prints each table as soon as it is there, and writes the figures."""
    cc = environment.compiler()
    peers = environment.PEERS if asked.list else environment.prepare(cc)
    setting = Setting(quick=asked.quick, peers=peers, compiler=cc, scratch=scratch)
    every = list(kinds.cases(setting))
    cases = chosen(every, asked.only)
    if asked.list:
        print("\n".join(case.key for case in cases))
        return
    if not asked.quick:
        environment.go_first()
    old = read(asked.against) if asked.against else []
    out = KEPT if asked.keep else asked.out
    known = versions(peers, cc)
    say(terminal.setting_text(machine(), known))
    new: list[Table] = []
    for case in cases:
        rounds = max(1, asked.rounds or case.rounds)
        new.append(measure(dataclasses.replace(case, rounds=rounds), known, asked.quick))
        say(terminal.table_text(new[-1]))
        before = read(out) if out.exists() else []
        replace_file(out, to_json(merged(before, new, [one.key for one in every])))
    say(terminal.goals_text(new))
    compare(new, old)
    print(f"written: {out}")


def compare(new: Sequence[Table], old: Sequence[Table]) -> None:
    then = {table.key: table for table in old}
    for table in new:
        if table.key in then:
            say(terminal.against_text(table, then[table.key]))


def show(tables: Sequence[Table]) -> None:
    for table in tables:
        say(terminal.table_text(table))
    say(terminal.goals_text(tables))


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command. Status 1: it could not be done, and one line says why."""
    asked = arguments().parse_args(argv)
    # So that what was started is ended, whoever stops this.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        if asked.page:
            replace_file(asked.page, page(read(KEPT)))
        elif asked.show:
            show(read(KEPT))
        else:
            with tempfile.TemporaryDirectory(prefix="tsasync-bench-") as scratch:
                run(asked, Path(scratch))
    except BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("bench: stopped", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
