"""The command line: `python -m pages`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from authoring.errors import AuthoringError
from authoring.project import HOME, Project

from pages.export import export


def main(argv: list[str] | None = None) -> int:
    """Writes the pages. Status 1: a lesson is not as it must be; which, and what to do, is printed."""
    parser = argparse.ArgumentParser(
        prog="pages", description="Executed lessons as pages in html.", allow_abbrev=False
    )
    parser.add_argument("--project", type=Path, default=HOME, metavar="FOLDER", help="the project's folder")
    parser.add_argument("--pages-only", action="store_true", help="no zip, no EPUB, no PDF")
    asked = parser.parse_args(argv)
    project = Project(asked.project.resolve())
    try:
        written = export(project, asked.pages_only)
    except AuthoringError as error:
        print(error, file=sys.stderr)
        return 1
    for name in written.removed:
        print(f"{name}: removed, it is no longer made")
    if written.no_pdf is not None:
        print(f"No PDF was written: {written.no_pdf}")
    pages = [name for name in written.files if name.endswith(".html")]
    whole = [name for name in written.files if name not in pages]
    print(
        f"{len(pages)} pages{''.join(f', {name}' for name in whole)}. Open {project.name(project.html / 'index.html')}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
