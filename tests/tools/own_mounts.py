"""Disks that are full or can only be read, for one script: what it mounts no other process sees."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def in_own_mounts(script: str, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Runs a script of sh that may mount; skips the test where that is not allowed.

    Args:
        words: what the script has as $2 and so on; $1 is this Python.
    """
    enter = ["unshare", "--user", "--map-root-user", "--mount"]
    if shutil.which("unshare") is None or subprocess.run([*enter, "true"], check=False).returncode != 0:
        pytest.skip("no own mounts here")
    return subprocess.run(
        [*enter, "sh", "-e", "-c", script, "sh", sys.executable, *words],
        check=False,
        cwd=cwd,
        capture_output=True,
        text=True,
    )
