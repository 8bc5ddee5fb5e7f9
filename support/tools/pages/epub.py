"""The course as an EPUB 3: a chapter for each lesson, its pictures as files, contents that lead to every section."""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote_to_bytes

import jinja2

from pages.archive import archive
from pages.book import Chapter
from pages.index import ABOUT, PARTS, TITLE

HERE = Path(__file__).parent / "templates"
MIMETYPE = "application/epub+zip"
CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
PICTURE = re.compile(r'src="data:(image/[a-z+]+)(;base64)?,([^"]*)"')
ENDINGS = {
    "image/svg+xml": "svg",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
}
# Any fixed name space will do: the same course has the same identifier.
COURSES = uuid.UUID("6f9619ff-8b86-4d11-b42d-00c04fc964ff")


class Pictures:
    """The pictures of all chapters as files; one that comes twice is one file."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[str, bytes]] = {}

    def put(self, found: re.Match[str]) -> str:
        kind, coded, data = found[1], found[2], found[3]
        content = base64.b64decode(data) if coded else unquote_to_bytes(data)
        name = f"pictures/{hashlib.sha256(content).hexdigest()[:16]}.{ENDINGS[kind]}"
        self.files[name] = (kind, content)
        return f'src="{name}"'


def file_of(number: int) -> str:
    return f"chapter-{number:02}.xhtml"


def link(number: int, anchor: str) -> str:
    return f"{file_of(number)}#{anchor}"


def epub(chapters: Sequence[Chapter], modified: str) -> bytes:
    """The file's content.

    Args:
        modified: when the newest lesson was written, as in `2026-11-29T12:00:00Z`.
    """
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE), autoescape=True, keep_trailing_newline=True
    )
    pictures = Pictures()
    texts = {}
    for chapter in chapters:
        body = PICTURE.sub(pictures.put, chapter.linked(link))
        texts[file_of(chapter.number)] = templates.get_template("chapter.xhtml.j2").render(
            chapter=chapter, body=body
        )
    parts = [
        (heading, [one for one in chapters if one.lesson.label.split()[0] == part]) for part, heading in PARTS
    ]
    identifier = uuid.uuid5(COURSES, "".join(texts.values()))
    about = {
        "title": TITLE,
        "about": ABOUT,
        "modified": modified,
        "identifier": identifier,
        "chapters": chapters,
        "parts": [(heading, some) for heading, some in parts if some],
        "pictures": pictures.files,
        "file_of": file_of,
        "link": link,
    }
    files: dict[str, str | bytes] = {
        "mimetype": MIMETYPE,
        "META-INF/container.xml": CONTAINER,
        "EPUB/package.opf": templates.get_template("package.opf.j2").render(about),
        "EPUB/nav.xhtml": templates.get_template("nav.xhtml.j2").render(about),
        "EPUB/book.css": (HERE / "book.css").read_text(encoding="utf-8"),
    }
    files |= {f"EPUB/{name}": text for name, text in texts.items()}
    files |= {f"EPUB/{name}": content for name, (_, content) in pictures.files.items()}
    return archive(files, stored=frozenset({"mimetype"}))
