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
    project = Project(parser.parse_args(argv).project.resolve())
    try:
        written, removed = export(project)
    except AuthoringError as error:
        print(error, file=sys.stderr)
        return 1
    for name in removed:
        print(f"{name}: removed, its lesson is gone")
    pages = [name for name in written if name.endswith(".html")]
    print(f"{len(pages)} pages. Open {project.name(project.html / 'index.html')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
