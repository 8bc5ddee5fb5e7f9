"""The figures as a page among the lessons' pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import jinja2
import markupsafe
from pages.convert import page_css

from bench import cells, goals
from bench.model import Table

HERE = Path(__file__).resolve().parent


def page(tables: Sequence[Table]) -> str:
    """A whole page that needs nothing else, and no script."""
    own = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE), autoescape=True, keep_trailing_newline=True
    )
    newest = max(tables, key=lambda table: table.day)
    return own.get_template("page.html.j2").render(
        css=markupsafe.Markup(page_css()),
        machine=", ".join(newest.machine.values()),
        versions=", ".join(f"{name} {version}" for name, version in newest.versions.items()),
        goals=[goals.words(verdict) for verdict in goals.verdicts(tables)],
        tables=[
            {
                "key": table.key,
                "title": table.title,
                "about": table.about,
                "day": table.day,
                "others": table.others,
                "quick": table.quick,
                "absent": table.absent,
                "measured": bool(table.sides),
                "parts": list(cells.parts(table)),
            }
            for table in tables
        ],
    )
