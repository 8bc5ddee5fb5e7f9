"""The course as a PDF, printed by Chromium: contents and links that work, an outline, tags for a screen reader."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import jinja2
import markupsafe

from pages.book import Chapter
from pages.chromium import NoChromiumError
from pages.convert import page_css
from pages.index import ABOUT, HERE, PARTS, TITLE

PATIENCE_S = 300
QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
)


def link(_: int, anchor: str) -> str:
    return f"#{anchor}"


def book_page(chapters: Sequence[Chapter]) -> str:
    """All chapters as one page that is made to be printed."""
    own = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE), autoescape=True, keep_trailing_newline=True
    )
    parts = [
        (heading, [one for one in chapters if one.lesson.label.split()[0] == part]) for part, heading in PARTS
    ]
    return own.get_template("book.html.j2").render(
        title=TITLE,
        about=ABOUT,
        css=markupsafe.Markup(page_css()),
        parts=[(heading, some) for heading, some in parts if some],
        bodies=[(chapter, chapter.linked(link)) for chapter in chapters],
    )


def pdf(chapters: Sequence[Chapter], browser: str) -> bytes:
    """The file's content.

    Raises:
        NoChromiumError: the browser could not print.
    """
    # Chromium's sandbox refuses to run as root, as in a container; any other user keeps it.
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(prefix="course-") as name:
        folder = Path(name)
        page, printed = folder / "course.html", folder / "course.pdf"
        page.write_text(book_page(chapters), encoding="utf-8")
        own = [f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={printed}"]
        try:
            ended = subprocess.run(
                [browser, *QUIET, *root, *own, page.as_uri()],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=PATIENCE_S,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NoChromiumError(f"{browser} could not print: {error}") from error
        if ended.returncode != 0 or not printed.is_file():
            said = ended.stderr.decode(errors="replace").strip().splitlines()
            raise NoChromiumError(f"{browser} could not print: {said[-1] if said else ended.returncode}")
        return printed.read_bytes()
