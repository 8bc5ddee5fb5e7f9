"""What the page's template asks for, cell by cell; each filter gives HTML that may stand there."""

from __future__ import annotations

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters.ansi import ansi2html
from nbformat import NotebookNode

from pages.harmless import harmless
from pages.prepare import markdown_html


@pass_context
def shown(context: Context, html: str) -> str:
    """HTML that a cell showed, in a box of its own, beyond which its style sheet does not reach."""
    resources = context["resources"]
    name = f"shown-{next(resources['numbers'])}"
    inside = harmless(html, drawn=f".{name}", sheets=resources["style_sheets"])
    return f'<div class="rich {name}">{inside}</div>'


def shown_markdown(source: str) -> str:
    """Markdown that a cell showed."""
    return harmless(markdown_html(NotebookNode(source=source)))


def told(text: str) -> str:
    """An error, or a result as plain text."""
    return harmless(f"<pre>{ansi2html(text)}</pre>")
