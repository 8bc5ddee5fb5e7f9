"""The peers' own environment: made on first use from pinned locks, and again when a lock has changed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import resource
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

from authoring.project import alone_in

from bench.model import BenchError

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAMS = HERE / "programs"
LOCKS = HERE / "peers"
PEERS = ROOT / "build" / "bench"
NPM = ROOT / ".venv/nodejs/lib/node_modules/npm/bin/npm-cli.js"
C_PROGRAMS = ("client", "delay", "echo", "timers")


def node_path() -> str:
    """The project's own node."""
    return str(ROOT / ".venv/nodejs/bin/node")


def peers_python(peers: Path) -> Path:
    return peers / "python" / "bin" / "python"


def deno_path(peers: Path) -> Path | None:
    """Deno's program, where npm has one for this computer."""
    return next(iter(sorted((peers / "node_modules" / "@deno").glob("*/deno"))), None)


def compiler() -> str | None:
    return shutil.which(os.environ.get("CC", "cc"))


def _fingerprint(paths: Sequence[Path], made_by: str) -> str:
    digest = hashlib.sha256(made_by.encode())
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _run(what: str, command: Sequence[str], log: Path) -> None:
    # The peers are not to find what the project's own settings point to.
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "NODE_PATH")}
    with log.open("ab") as out:
        status = subprocess.call(
            command, cwd=PEERS, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
    if status != 0:
        raise BenchError(f"{what} could not be installed: exit status {status}. Details: {log}")


def _install(log: Path) -> None:
    venv.EnvBuilder(clear=True, symlinks=True, with_pip=True).create(PEERS / "python")
    pip = [str(peers_python(PEERS)), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    locked = ["--only-binary", ":all:", "--require-hashes", "-r", str(LOCKS / "requirements.txt")]
    _run("the Python peers", [*pip, *locked], log)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(LOCKS / name, PEERS / name)
    flags = ["--ignore-scripts", "--no-audit", "--no-fund"]
    _run("the Node peers", [node_path(), str(NPM), "ci", *flags], log)


def _compile(cc: str, log: Path) -> None:
    for name in C_PROGRAMS:
        command = [cc, "-O2", "-o", str(PEERS / name), str(PROGRAMS / f"{name}.c")]
        _run(f"{name}.c", command, log)


def prepare(cc: str | None) -> Path:
    """Makes the environment if it is not there, or is another one's than the locks'. Several may ask at once.

    Returns:
        its folder

    Raises:
        BenchError: something could not be installed or compiled
    """
    sources = [PROGRAMS / f"{name}.c" for name in C_PROGRAMS] + [PROGRAMS / "loop.h"]
    locks = [LOCKS / name for name in ("requirements.txt", "package.json", "package-lock.json")]
    steps = {
        "packages": (_fingerprint(locks, sys.version), lambda log: _install(log)),
        "programs": (_fingerprint(sources, cc or "nothing"), lambda log: _compile(cc, log) if cc else None),
    }
    log = PEERS / "install.log"
    with alone_in(PEERS):
        for name, (wanted, make) in steps.items():
            stamp = PEERS / f"{name}.stamp"
            if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
                continue
            print(
                f"bench: making the peers' {name} in {PEERS.relative_to(ROOT)}", file=sys.stderr, flush=True
            )
            stamp.unlink(missing_ok=True)
            make(log)
            stamp.write_text(wanted, encoding="utf-8")
    return PEERS


def go_first() -> None:
    """Lets this process and all that it starts have the processors before other programs.

    Only root may ask for this; for others nothing changes.
    """
    with contextlib.suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, -10)


def allow_many_files() -> int:
    """Lets this process and what it starts have as many files open as the system allows; returns how many."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most
