"""What a cell printed: claims and the checks of exercises as lists, the rest as it was printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from nbconvert.filters.ansi import ansi2html, strip_ansi

from pages.harmless import harmless

# The signs that `check` and `exercise` begin a line with, and what each says of the line.
SIGNS = {"✓": "holds", "✗": "fails", "☐": "open", "↻": "unsure"}
VERDICT = re.compile(rf"(?:{'|'.join(SIGNS)}) ")


def segments(text: str) -> Iterator[tuple[bool, list[str]]]:
    """The lines, in stretches of verdicts and stretches of other lines."""
    lines = text.removesuffix("\n").split("\n")
    for verdicts, some in groupby(lines, lambda line: VERDICT.match(strip_ansi(line)) is not None):
        yield verdicts, list(some)


def verdict(line: str) -> str:
    words = strip_ansi(line)
    return f'<li class="{SIGNS[words[0]]}">{ansi2html(words)}</li>'


def printed_html(text: str) -> str:
    """Printed text as safe HTML, with its colours."""
    parts = []
    for verdicts, lines in segments(text):
        if verdicts:
            parts.append(f'<ul class="claims">{"".join(map(verdict, lines))}</ul>')
        elif any(lines):
            parts.append(harmless(f"<pre>{ansi2html(chr(10).join(lines))}\n</pre>"))
    return "\n".join(parts)
