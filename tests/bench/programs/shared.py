"""What the Python programs of the bench share. They run in the peers' environment."""

from __future__ import annotations

import asyncio
import os
import re
import resource
import socket
import sys
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

# As the project's own servers have it: a shorter queue makes a crowd of clients wait for a second.
BACKLOG = 65_535


def tell(port: int) -> None:
    """Tells the port to the harness, and ends with it."""
    print(port, flush=True)
    threading.Thread(target=end_with_input, daemon=True).start()


def end_with_input() -> None:
    sys.stdin.read()
    os._exit(0)


def listener() -> socket.socket:
    """A free port of the loopback interface."""
    made = socket.socket()
    made.bind(("127.0.0.1", 0))
    made.listen(BACKLOG)
    made.setblocking(False)
    return made


def run(work: Coroutine[Any, Any, Any], uvloop: bool = False) -> Any:
    """Runs on asyncio's own loop, or on uvloop's."""
    if not uvloop:
        return asyncio.run(work)
    import uvloop as fast

    loop = fast.new_event_loop()
    asyncio.set_event_loop(loop)
    return loop.run_until_complete(work)


def peak_megabytes() -> float:
    """What this process needed at most, in MiB.

    Not by `getrusage`, where Linux has an answer of its own: that one begins with what the process which started this one
    had.
    """
    try:
        found = re.search(r"^VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(), re.MULTILINE)
    except OSError:
        found = None
    return (int(found[1]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024
