"""HTML of lessons and of their outputs as it may stand on a page: rewritten tag by tag, from a list of what is allowed.

Whatever is not on the list stands on the page as the text it was. The result is well-formed, so that it also serves a
book, whose format is XML. A page's policy stops scripts and requests, but neither a refresh nor a style sheet.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser

from pages.allowed import (
    ANYWHERE,
    BY_TAG,
    CAPITALS,
    DRAWING,
    DRAWN_TAGS,
    HEADINGS,
    TEXT_TAGS,
    VOID,
)
from pages.boxes import BOXES, text_of
from pages.styles import confined, harmless_declarations, is_known

Attributes = list[tuple[str, str | None]]

LINK = re.compile(r"(?:https?:|mailto:)|(?![a-z][a-z0-9+.-]*:|[\\/]{2})", re.IGNORECASE)
PICTURE = re.compile(r"data:(?:image/(?:svg\+xml|png|jpeg|gif|webp)[;,]|,)", re.IGNORECASE)
CONTROLS = re.compile(r"[\x00-\x20\x7f]+")
ELSEWHERE = re.compile(r"url\s*\((?!\s*['\"]?#)|\\", re.IGNORECASE)
EVERY_OUTPUT = ".rich"
INPUTS = {"radio", "checkbox"}


def lesson_link(url: str) -> str:
    """A link to another lesson leads to that lesson's page."""
    path = re.split(r"[?#]", url)[0]
    if ":" in path or path.startswith("//") or not path.endswith(".ipynb"):
        return url
    return path.removesuffix(".ipynb") + ".html" + url[len(path) :]


def attribute(tag: str, name: str, value: str, drawn: bool) -> str | None:
    """An attribute's value as it may stand on the page; None when it may not."""
    if name == "style":
        return harmless_declarations(value)
    if name in ANYWHERE or name.startswith("data-"):
        return value
    if tag == "a" and name == "href":
        url = CONTROLS.sub("", value)
        return lesson_link(url) if LINK.match(url) else None
    if tag == "img" and name == "src":
        return value if PICTURE.match(value) else None
    if tag == "use" and name == "href":
        return value if value.startswith("#") else None
    if tag == "input" and name == "type":
        return value.lower() if value.lower() in INPUTS else None
    if name in BY_TAG.get(tag, ()):
        return value
    if drawn and name in DRAWING and not ELSEWHERE.search(value):
        return value
    return None


class Rewriter(HTMLParser):
    """Writes HTML anew from the tags, attributes and text that it meets."""

    def __init__(
        self, drawn: str | None, heading: Callable[[int, str], str] | None, sheets: set[str]
    ) -> None:
        super().__init__(convert_charrefs=True)
        self.tags = TEXT_TAGS | DRAWN_TAGS if drawn else TEXT_TAGS
        self.drawn = drawn
        self.heading = heading
        self.sheets = sheets
        self.written: list[str] = []
        # The tags that are open, and where in `written` each begins.
        self.open: list[str] = []
        self.starts: list[int] = []
        # What a style sheet says so far, while one is open.
        self.sheet: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        self.begin(tag, attrs, closed=False)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        # `/>` closes a tag in a drawing; in HTML it means nothing.
        self.begin(tag, attrs, closed=tag in DRAWN_TAGS)

    def begin(self, tag: str, attrs: Attributes, closed: bool) -> None:
        if tag == "style" and self.drawn and not closed:
            self.sheet = []
            return
        opening = self.opening(tag, attrs) if tag in self.tags else None
        if opening is None:
            self.handle_data(self.get_starttag_text() or "")
            return
        if tag in VOID or closed:
            self.written.append(opening[:-1] + "/>")
            return
        self.open.append(tag)
        self.starts.append(len(self.written))
        self.written.append(opening)

    def opening(self, tag: str, attrs: Attributes) -> str | None:
        """The tag with the attributes that may stand there; None for a picture that may not."""
        kept: dict[str, str] = {}
        for name, value in attrs:
            allowed = attribute(tag, name, value or "", self.drawn is not None)
            if allowed is not None and name not in kept:
                kept[CAPITALS.get(name, name)] = allowed
        if tag == "input":
            kept.setdefault("type", "checkbox")
        if tag == "img" and "src" not in kept:
            return None
        words = "".join(f' {name}="{escape(value)}"' for name, value in kept.items())
        return f"<{CAPITALS.get(tag, tag)}{words}>"

    def handle_endtag(self, tag: str) -> None:
        if tag == "style" and self.sheet is not None:
            self.end_sheet()
        elif tag not in self.tags:
            self.handle_data(f"</{tag}>")
        elif tag in self.open:
            while self.end_last() != tag:
                pass

    def end_last(self) -> str:
        """Closes the tag that was opened last."""
        tag, at = self.open.pop(), self.starts.pop()
        self.written.append(f"</{CAPITALS.get(tag, tag)}>")
        if tag in HEADINGS and self.heading is not None:
            words = " ".join(text_of(self.written[at:]).split())
            self.written[at] = f'<{tag} id="{escape(self.heading(int(tag[1]), words))}">'
        if tag in BOXES:
            self.written[at:] = BOXES[tag](self.written[at:])
        return tag

    def end_sheet(self) -> None:
        sheet = "".join(self.sheet or [])
        known = is_known(sheet)
        text = confined(sheet, EVERY_OUTPUT if known else self.drawn or "")
        self.sheet = None
        if text and text not in self.sheets:
            if known:
                self.sheets.add(text)
            self.written.append(f"<style>{text}</style>")

    def handle_data(self, data: str) -> None:
        if self.sheet is not None:
            self.sheet.append(data)
        else:
            self.written.append(escape(data, quote=False))

    def finish(self) -> str:
        """All that was written, with every tag closed."""
        self.close()
        if self.sheet is not None:
            self.end_sheet()
        while self.open:
            self.end_last()
        return "".join(self.written)


def harmless(
    html: str,
    *,
    drawn: str | None = None,
    heading: Callable[[int, str], str] | None = None,
    sheets: set[str] | None = None,
) -> str:
    """HTML from anywhere as it may stand on a page, well-formed.

    Args:
        drawn: it may hold drawings, choices and a style sheet of its own, as a figure does; the sheet reaches only into
            what this selector matches.
        heading: is told level and words of each heading, and gives its anchor; without it headings keep theirs.
        sheets: the figures' own style sheets that the page has already; a new one is added.
    """
    rewriter = Rewriter(drawn, heading, set() if sheets is None else sheets)
    rewriter.feed(html)
    return rewriter.finish()
