"""Which machine, which versions, which day."""

from __future__ import annotations

import datetime
import json
import os
import platform
import subprocess
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from bench.environment import ROOT, node_path, peers_python

PYTHON_PEERS = ("aiohttp", "asyncpg", "gevent", "tornado", "uvloop")
NODE_PEERS = ("deno", "effect", "p-limit", "p-map", "p-queue", "rxjs")
OWN_NODE = ("piscina", "postgres", "tslab", "undici")


def day() -> str:
    return datetime.date.today().isoformat()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _memory() -> str:
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return f"{pages * size / 2**30:.0f} GiB"


def machine() -> dict[str, str]:
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": _memory(),
        "system": f"{platform.system()} {platform.release()}",
    }


def _first_line(command: Sequence[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return (done.stdout or done.stderr).splitlines()[0].strip()


def _package(folder: Path, name: str) -> str:
    try:
        told = json.loads((folder / "node_modules" / name / "package.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "not installed"
    return str(told.get("version", "unknown"))


def versions(peers: Path, compiler: str | None) -> dict[str, str]:
    """The version of everything that is measured."""
    ask = "from importlib import metadata; import sys; print(*map(metadata.version, sys.argv[1:]), sep='\\n')"
    told = subprocess.run(
        [str(peers_python(peers)), "-c", ask, *PYTHON_PEERS], capture_output=True, text=True, check=False
    ).stdout.split()
    python = dict(zip(PYTHON_PEERS, told, strict=False))
    return {
        "node": _first_line([node_path(), "--version"]).removeprefix("v"),
        "python": platform.python_version(),
        "C compiler": _first_line([compiler, "--version"]) if compiler else "none",
        **python,
        **{name: _package(peers, name) for name in NODE_PEERS},
        **{name: _package(ROOT, name) for name in OWN_NODE},
        "ipykernel": metadata.version("ipykernel"),
    }
