"""Where an installed Chromium or Chrome is: where the browser's tests look too (tests/browser/chromium.ts)."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from authoring.errors import ToolError
from authoring.project import node_command

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
ASK = "process.stdout.write(require('playwright-core').chromium.executablePath())"


class NoChromiumError(ToolError):
    """No Chromium or Chrome was found where one is looked for."""


def playwrights_own() -> str | None:
    """Where Playwright puts its own; None when that can't be told."""
    node, tool = node_command("playwright-core/cli.js")
    asked = subprocess.run(
        [node, "-e", ASK], cwd=Path(tool).parent, capture_output=True, check=False, text=True, timeout=30
    )
    return asked.stdout or None


def places(env: Mapping[str, str]) -> Iterator[str]:
    """Where a browser may be, best first: the one named in CHROMIUM_PATH is the only one when it is set."""
    named = env.get("CHROMIUM_PATH")
    if named:
        yield named
        return
    yield from (found for command in COMMANDS if (found := shutil.which(command, path=env.get("PATH"))))
    yield from MAC_APPS
    if own := playwrights_own():
        yield own


def find_chromium(env: Mapping[str, str] = os.environ) -> str:
    """The path of a browser.

    Raises:
        NoChromiumError: there is none.
    """
    for place in places(env):
        if os.path.isfile(place) and os.access(place, os.X_OK):
            return place
    named = env.get("CHROMIUM_PATH")
    where = f"at {named}, which CHROMIUM_PATH names" if named else "here"
    raise NoChromiumError(
        f"there is no Chromium or Chrome {where}. Install one, or name yours: CHROMIUM_PATH=… make html"
    )
