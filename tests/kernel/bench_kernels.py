"""How fast the kernel is beside stock tslab, Deno's kernel and ipykernel: started in turns, the same cells in turns.

`make bench` runs it. Deno's kernel comes from npm into `build/peers` on first use.
"""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from kernels import ROOT, Kernel

PEERS = ROOT / "build" / "peers"
DENO = "2.9.6"
OURS, STOCK, DENOS, PYTHON = "ours", "stock tslab", "Deno", "ipykernel"
# What a first cell imports: our kernels the lessons' helpers; others have none, and import what they would use.
IMPORTS = {
    OURS: 'import { sleep } from "support";',
    STOCK: 'import { sleep } from "support";',
    DENOS: 'import { createServer } from "node:http";',
    PYTHON: "import asyncio",
}


def small(name: str, number: int) -> str:
    return f"x{number} = {number} * 2" if name == PYTHON else f"const x{number} = {number} * 2;"


def same(name: str) -> str:
    return "1 + 1" if name == PYTHON else "1 + 1;"


def install_deno() -> Path:
    """Deno, from npm, into a folder that git ignores."""
    binary = PEERS / "node_modules" / ".bin" / "deno"
    if not binary.exists():
        PEERS.mkdir(parents=True, exist_ok=True)
        npm = ROOT / ".venv/nodejs/lib/node_modules/npm/bin/npm-cli.js"
        command = [
            "node",
            str(npm),
            "install",
            "--prefix",
            str(PEERS),
            "--no-audit",
            "--no-fund",
            f"deno@{DENO}",
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return next((PEERS / "node_modules" / "@deno").glob("*/deno"))


def specs(folder: Path) -> dict[str, str]:
    """Kernelspecs of all peers in `folder`, by the name that the table has for them."""
    deno = [str(install_deno()), "jupyter", "--kernel", "--conn", "{connection_file}"]
    python = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    for name, argv in {"deno-peer": deno, "python-peer": python}.items():
        (folder / "kernels" / name).mkdir(parents=True)
        spec = {"argv": argv, "display_name": name, "language": name}
        (folder / "kernels" / name / "kernel.json").write_text(json.dumps(spec))
    return {OURS: "tslab", STOCK: "tslab-stock", DENOS: "deno-peer", PYTHON: "python-peer"}


@contextlib.contextmanager
def started(spec: str, folder: Path) -> Iterator[Kernel]:
    """A kernel whose process has just been started; nothing has been asked of it yet."""
    manager = KernelManager(kernel_name=spec)
    found = KernelSpecManager()
    found.kernel_dirs.append(str(folder / "kernels"))
    manager.kernel_spec_manager = found
    manager.start_kernel(cwd=str(ROOT / "notebooks"), env=dict(os.environ), stderr=subprocess.DEVNULL)
    client = manager.client()
    try:
        client.start_channels()
        yield Kernel(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def memory(running: Kernel) -> float:
    """MB of the kernel's process and its children."""
    assert running.pid is not None
    process = psutil.Process(running.pid)
    return sum(one.memory_info().rss for one in [process, *process.children(recursive=True)]) / 1e6


def complete(running: Kernel) -> None:
    running.client.complete("console.lo" if "python" not in running.manager.kernel_name else "str.up")
    running.client.get_shell_msg(timeout=30)


def measure(name: str, spec: str, folder: Path, cells: int) -> dict[str, float]:
    """One start of one kernel: what each row of the table asks."""
    row: dict[str, float] = {}
    start = time.perf_counter()
    with started(spec, folder) as running:
        running.client.wait_for_ready(timeout=60)
        row["ready (kernel_info), s"] = time.perf_counter() - start
        running.run(same(name))
        row["ready (first small cell answered), s"] = time.perf_counter() - start
        row["first import, s"] = seconds(lambda: running.run(IMPORTS[name]))
        row["the same import again, ms"] = 1000 * seconds(lambda: running.run(IMPORTS[name]))
        row["memory after it, MB"] = memory(running)
        row["next small cell, ms"] = 1000 * statistics.median(
            seconds(lambda: running.run(same(name))) for _ in range(20)
        )
        row["completion, ms"] = 1000 * statistics.median(seconds(lambda: complete(running)) for _ in range(5))
        if cells > 0:
            times = [seconds(lambda n=n: running.run(small(name, n))) for n in range(cells)]
            row["cell with a new name, the 50th, ms"] = 1000 * statistics.median(times[40:60])
            row[f"cell with a new name, the {cells}th, ms"] = 1000 * statistics.median(times[-20:])
            row["memory at the end, MB"] = memory(running)
    return row


def spread(values: list[float]) -> str:
    digits = 2 if max(values) < 10 else 0
    return " / ".join(
        f"{value:.{digits}f}" for value in (min(values), statistics.median(values), max(values))
    )


def main(rounds: int, cells: int) -> None:
    results: dict[str, list[dict[str, float]]] = {}
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        names = specs(folder)
        for _ in range(rounds):
            for name, spec in names.items():
                results.setdefault(name, []).append(measure(name, spec, folder, cells))
    print(f"Kernels, {rounds} rounds in turns (min / median / max); ratio: ours to Deno's, round by round")
    for what in results[OURS][0]:
        print(f"  {what}")
        for name, rows in results.items():
            print(f"    {name:12} {spread([row[what] for row in rows])}")
        ratios = [a[what] / b[what] for a, b in zip(results[OURS], results[DENOS], strict=True)]
        print(
            f"    {'ratio':12} {' / '.join(f'{r:.2f}' for r in (min(ratios), statistics.median(ratios), max(ratios)))}"
        )


if __name__ == "__main__":
    main(
        rounds=int(sys.argv[1]) if len(sys.argv) > 1 else 5,
        cells=int(sys.argv[2]) if len(sys.argv) > 2 else 500,
    )
