"""Pages beside the lessons': what other tools have put into `build/pages` before the export."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from authoring.project import Project


@dataclass(frozen=True)
class Beside:
    """A whole page, with the title that it has itself."""

    name: str
    title: str
    text: str


def pages_beside(project: Project) -> list[Beside]:
    """The pages that are there, by name; none when nothing has made any."""
    found = []
    for path in sorted((project.root / "build" / "pages").glob("*.html")):
        text = path.read_text(encoding="utf-8")
        title = re.search(r"<title>(.*?)</title>", text, re.DOTALL)
        found.append(Beside(path.name, html.unescape(title[1]) if title else path.stem, text))
    return found
