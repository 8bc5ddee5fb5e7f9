"""Kernels: started in turns, the same cells in turns."""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from queue import Empty

import psutil
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from kernel.kernels import Kernel

from bench.environment import ROOT, deno_path
from bench.model import BenchError, Case, Measure, Quantity, Setting, Values
from bench.programs import missing

OURS, STOCK, DENO, PYTHON = "ours", "stock tslab", "Deno", "ipykernel"
# What a first cell imports: our kernels the lessons' helpers; others have none, and import what they would use.
IMPORTS = {
    OURS: 'import { sleep } from "support";',
    STOCK: 'import { sleep } from "support";',
    DENO: 'import { createServer } from "node:http";',
    PYTHON: "import asyncio",
}
READY = "ready, s"
FIRST_IMPORT = "first import, s"
AGAIN = "the same import again, ms"
SMALL = "small cell, ms"
COMPLETION = "completion, ms"
NEW_NAME = "cell with a new name, the last, ms"
MEMORY = "MB after the import"
MEMORY_END = "MB at the end"


def specs(folder: Path, deno: Path | None) -> dict[str, str]:
    """Kernelspecs of all peers in `folder`, by the name that the table has for them."""
    commands = {"python-peer": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]}
    if deno is not None:
        commands["deno-peer"] = [str(deno), "jupyter", "--kernel", "--conn", "{connection_file}"]
    for name, argv in commands.items():
        (folder / "kernels" / name).mkdir(parents=True)
        spec = {"argv": argv, "display_name": name, "language": name}
        (folder / "kernels" / name / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    found = {OURS: "tslab", STOCK: "tslab-stock", PYTHON: "python-peer"}
    return found | ({DENO: "deno-peer"} if deno is not None else {})


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


def median_ms(actions: Iterable[Callable[[], object]]) -> float:
    return 1000 * statistics.median(seconds(action) for action in actions)


def run(running: Kernel, code: str) -> None:
    """Runs a cell.

    Raises:
        BenchError: it failed
    """
    ran = running.run(code, store_history=True)
    if ran.status != "ok":
        raise BenchError(f"a cell failed: {ran.traceback.splitlines()[-1:]}")


def memory(running: Kernel) -> float:
    """MB of the kernel's process and its children."""
    assert running.pid is not None
    process = psutil.Process(running.pid)
    return sum(one.memory_info().rss for one in [process, *process.children(recursive=True)]) / 1e6


def complete(running: Kernel, code: str) -> None:
    running.client.complete(code)
    running.client.get_shell_msg(timeout=30)


def measure(name: str, spec: str, folder: Path, cells: int) -> Values:
    """One start of one kernel: what each column asks."""
    end = "" if name == PYTHON else ";"
    declare = "" if name == PYTHON else "const "
    begin = time.perf_counter()
    try:
        with started(spec, folder) as running:
            running.client.wait_for_ready(timeout=60)
            run(running, f"1 + 1{end}")
            values = {READY: time.perf_counter() - begin}
            values[FIRST_IMPORT] = seconds(lambda: run(running, IMPORTS[name]))
            values[AGAIN] = median_ms([lambda: run(running, IMPORTS[name])] * 5)
            values[MEMORY] = memory(running)
            # Another one each time: our compiler knows a cell that it has compiled.
            values[SMALL] = median_ms(partial(run, running, f"{n} + 2{end}") for n in range(20))
            begun = "str.up" if name == PYTHON else "console.lo"
            values[COMPLETION] = median_ms([lambda: complete(running, begun)] * 5)
            times = [seconds(lambda n=n: run(running, f"{declare}x{n} = {n} * 2{end}")) for n in range(cells)]
            values[NEW_NAME] = 1000 * statistics.median(times[-20:])
            values[MEMORY_END] = memory(running)
            return values
    except (Empty, RuntimeError, psutil.Error) as error:
        raise BenchError(f"no answer: {error!r}") from None


def cases(setting: Setting) -> Iterator[Case]:
    cells = setting.size(200, 3)
    deno = deno_path(setting.peers)

    def sides(stack: contextlib.ExitStack) -> Mapping[str, Measure]:
        del stack
        folder = setting.scratch / "kernelspecs"
        found = specs(folder, deno)
        return {name: partial(measure, name, spec, folder, cells) for name, spec in found.items()}

    names = (READY, FIRST_IMPORT, AGAIN, SMALL, COMPLETION, NEW_NAME, MEMORY, MEMORY_END)
    yield Case(
        key="kernels",
        title="Kernels",
        about=(
            "Ready: from the start of the process to the answer of a first small cell. First import: the lessons' helpers,"
            f" node:http for Deno, asyncio for ipykernel. Then {cells} cells, each with a name of its own."
        ),
        quantities=[Quantity(name, "less") for name in names],
        base=OURS,
        rounds=setting.size(5, 1),
        open=sides,
        absent={name: why for name, why in missing(setting).items() if name == DENO},
    )
