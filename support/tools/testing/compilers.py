"""One compiler for all kernels of a test: each would else start its own, which takes seconds of a processor."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from authoring.project import HOME

# Where kernels look for a compiler that is there already (`support/kernel/compiler-server.ts`); an empty one is none.
NAME = "TSASYNC_COMPILER"
CACHE = str(HOME / ".venv" / "compile-cache")


@contextmanager
def shared_compiler() -> Iterator[str]:
    """A server that compiles for kernels, with the path of its socket. It ends with this, or with this process.

    Raises:
        RuntimeError: it did not start; what it said is on stderr.
    """
    with subprocess.Popen(
        ["node", str(HOME / "support" / "kernel" / "compiler-server.ts")],
        env=os.environ | {"NODE_COMPILE_CACHE": CACHE},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        try:
            if not address:
                raise RuntimeError("the compilers' server did not start")
            yield address
        finally:
            server.stdin.close()
