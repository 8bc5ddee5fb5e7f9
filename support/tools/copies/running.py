"""Whether a JupyterLab is open on a folder: what it shows may have lines that are not saved yet."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

PATIENCE_S = 0.2


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True


def _answers(port: int) -> bool:
    """Whether anybody listens there: a server that was killed has left its file, and its number may be another's now."""
    try:
        socket.create_connection(("127.0.0.1", port), PATIENCE_S).close()
    except (OSError, OverflowError):
        return False
    return True


def is_open(folder: Path, runtime: Path | None) -> bool:
    """Whether a Jupyter server serves this folder.

    Args:
        runtime: where Jupyter notes its servers; None when nobody knows.
    """
    for path in [] if runtime is None else sorted(runtime.glob("jpserver-*.json")):
        try:
            about = json.loads(path.read_bytes())
            root, pid, port = about["root_dir"], about["pid"], about["port"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if not (isinstance(root, str) and isinstance(pid, int) and isinstance(port, int)):
            continue
        if os.path.realpath(root) == os.path.realpath(folder) and _is_alive(pid) and _answers(port):
            return True
    return False
