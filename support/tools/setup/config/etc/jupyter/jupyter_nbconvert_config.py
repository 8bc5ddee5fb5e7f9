"""This project's pages, for `make html` and for JupyterLab's own export: both make the same."""

import os
import sys

c = get_config()  # noqa: F821 (traitlets puts it here)

# From .venv/etc/jupyter, where set-up puts this file, to the project's tools.
TOOLS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "support", "tools")
if os.path.isdir(TOOLS):
    sys.path.append(os.path.normpath(TOOLS))

c.HTMLExporter.template_name = "tsasync"
c.HTMLExporter.preprocessors = ["pages.prepare.Prepare"]
c.HTMLExporter.filters = {
    "code": "pages.highlight.highlight",
    "printed": "pages.printed.printed_html",
    "shown": "pages.filters.shown",
    "shown_markdown": "pages.filters.shown_markdown",
    "told": "pages.filters.told",
}
# Other exports are HTML exports too, and keep their own templates.
c.SlidesExporter.template_name = "reveal"
c.WebPDFExporter.template_name = "webpdf"
c.QtExporter.template_name = c.QtPDFExporter.template_name = c.QtPNGExporter.template_name = "lab"
