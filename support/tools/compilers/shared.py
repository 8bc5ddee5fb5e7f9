"""One compiler for all kernels that a program starts: each would else start its own, which takes seconds of a processor."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from authoring.project import HOME

# Where kernels look for a compiler that is there already (`support/kernel/compiler-server.ts`); an empty one is none.
NAME = "TSASYNC_COMPILER"
SPEC = Path(sys.prefix, "share", "jupyter", "kernels", "tslab", "kernel.json")


@contextmanager
def shared_compiler() -> Iterator[str]:
    """A server that compiles for kernels, with the path of its socket. It ends with this, or with this process.

    The path is empty when it did not start, which it then says on stderr: kernels compile by themselves then.
    """
    kernel = json.loads(SPEC.read_text())
    with subprocess.Popen(
        [kernel["argv"][0], str(HOME / "support" / "kernel" / "compiler-server.ts")],
        env=os.environ | kernel["env"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.stdin.close()
