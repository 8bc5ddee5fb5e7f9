"""Code, tables and pictures that may be wider than a phone.

Lines of code and of text are broken where the screen ends, so that nothing is hidden and no box has to scroll. A table
of words can't be broken: it scrolls in a box of its own, which a keyboard reaches. Only such a box is a tab stop.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

TAG = re.compile(r"<[^>]*>")
# What console.table and the like draw with.
DRAWN = re.compile("[\u2500-\u257f]")
# What the narrowest screen, 320 px wide, has room for: letters of code, and of a table's words with the room beside them.
CODE_COLUMNS = 32
TABLE_COLUMNS = 34
CELL_PADDING = 3

SCROLLS = 'tabindex="0" role="group" aria-label="{}, scrolls sideways"'


def text_of(html: Iterable[str]) -> str:
    """The words of well-formed HTML."""
    return unescape(TAG.sub("", "".join(html)))


def code_box(written: list[str]) -> list[str]:
    """A `pre`, from its tag to its end; one that draws a table keeps its lines and scrolls when they are long."""
    text = text_of(written)
    if not DRAWN.search(text):
        return written
    wide = max(map(len, text.split("\n"))) > CODE_COLUMNS
    about = f" {SCROLLS.format('Printed table')}" if wide else ""
    return [written[0].replace("<pre", f'<pre data-drawn=""{about}', 1), *written[1:]]


def least_columns(rows: Iterable[str]) -> int:
    """How wide a table is at least, in letters: the longest word of each column, one after the other."""
    widest: list[int] = []
    for row in rows:
        for at, cell in enumerate(re.split(r"<t[dh]\b", row)[1:]):
            if at == len(widest):
                widest.append(0)
            words = text_of("<td" + cell).split()
            widest[at] = max(widest[at], max(map(len, words), default=0))
    return sum(widest) + CELL_PADDING * len(widest)


def table_box(written: list[str]) -> list[str]:
    """A `table`, from its tag to its end, in a box that scrolls when a phone may be too narrow for its words."""
    html = "".join(written)
    wide = least_columns(html.split("<tr")[1:]) > TABLE_COLUMNS
    about = f" {SCROLLS.format('Table')}" if wide else ""
    return [f'<div class="wide"{about}>', html, "</div>"]


def picture_box(written: list[str]) -> list[str]:
    """The `div.scroll` of a figure, from its tag to its end: a tab stop, unless something in it is one already."""
    if ' class="scroll"' not in written[0] or any(tag.startswith(("<input", "<a ")) for tag in written):
        return written
    return [written[0].replace("<div", f"<div {SCROLLS.format('Picture')}", 1), *written[1:]]


BOXES = {"pre": code_box, "table": table_box, "div": picture_box}
