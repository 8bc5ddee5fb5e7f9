"""One lesson in one kernel: the only part that starts anything. Returns plain data."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
import uuid
from dataclasses import replace
from pathlib import Path
from queue import Empty
from typing import IO, Any

import psutil
from authoring.errors import AuthoringError
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from runner.compare import joined
from runner.faults import CellRun, Fault, LessonRun, Message
from runner.lessons import code_cells
from runner.processes import MARK, end_orphans, family, go_first, listening, waited_seconds

KERNEL = "tslab"
STOCK = "tslab-stock"
CELL_SECONDS = 30
LESSON_SECONDS = 120
START_SECONDS = 60
# Jupyter chooses a kernel's ports before it starts. One that another program has taken meanwhile ends the kernel at once.
STARTS = 3
# How long an exit is looked at, and at most, should others have the processor.
EXIT_SECONDS = 3
LONGEST_EXIT = 20
# How long after the last cell a message may still be on its way.
DRAIN = 0.3
PORTS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")


# Outputs must not depend on who runs the lesson, or where. Node colours what it prints for a terminal.
FIXED = {
    "DELAY_SERVER_PORT": "0",
    "TZ": "UTC",
    "LANG": "en_US.UTF-8",
    "LC_ALL": "en_US.UTF-8",
    "NODE_DISABLE_COLORS": "1",
}
DROPPED = ("FORCE_COLOR", "NO_COLOR", "NODE_DEBUG", "NODE_V8_COVERAGE")


class KernelMissingError(AuthoringError):
    """The tslab kernel is not installed in this Python environment."""


def own_limit(node: NotebookNode, usual: int) -> float:
    """How many seconds a cell or a lesson may take: as its metadata say, or as is usual."""
    return float(node.metadata.get("tsasync", {}).get("timeout", usual))


def _bad_limit(node: NotebookNode) -> str | None:
    value = node.metadata.get("tsasync", {}).get("timeout", 1)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < float("inf"):
        return None
    return f"  metadata.tsasync.timeout is {value!r}; give a positive number of seconds"


def limit_faults(notebook: NotebookNode) -> list[Fault]:
    """Limits in the metadata that are no number of seconds."""
    places = [(None, notebook), *enumerate((cell for _, cell in code_cells(notebook)), 1)]
    return [Fault("form", number, bad) for number, node in places if (bad := _bad_limit(node))]


def _environment(mark: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in DROPPED}
    return kept | FIXED | {MARK: mark}


class _Client(NotebookClient):
    """nbclient, which keeps the outputs of a cell, with an ear on everything that the kernel publishes.

    nbclient itself drops what arrives after a cell has ended, and takes any reply but `error` for success.
    """

    def __init__(self, notebook: NotebookNode, run: LessonRun, folder: Path, kernel: str) -> None:
        super().__init__(
            notebook,
            kernel_name=kernel,
            allow_errors=True,
            record_timing=False,
            startup_timeout=START_SECONDS,
            resources={"metadata": {"path": str(folder)}},
            timeout_func=lambda cell: own_limit(cell, CELL_SECONDS),
        )
        self._run = run
        self._numbers = {at: n for n, (at, _) in enumerate(code_cells(notebook))}
        self.on_cell_executed = self._keep_reply
        self.family: set[psutil.Process] = set()

    def _keep_reply(self, cell: NotebookNode, cell_index: int, execute_reply: Message) -> None:
        kept = self._run.cells[self._numbers[cell_index]]
        kept.reply = execute_reply
        kept.request = execute_reply["parent_header"]["msg_id"]

    def know_family(self) -> None:
        """Notes the processes below the kernel: once it has gone, nothing says whose those without the mark were."""
        provisioner = self.km and self.km.provisioner
        if provisioner is not None and provisioner.pid is not None:
            self.family |= family(provisioner.pid)

    def listen(self) -> None:
        """Keeps a copy of every message on iopub, also of those that nbclient reads."""
        read = self.kc.iopub_channel.get_msg

        async def read_and_keep(*args: Any, **kwargs: Any) -> Message:
            message = await read(*args, **kwargs)
            self._run.messages.append(message)
            return message

        self.kc.iopub_channel.get_msg = read_and_keep

    async def drain(self) -> None:
        """Reads what comes after the last cell."""
        until = time.monotonic() + DRAIN
        while (left := until - time.monotonic()) > 0:
            try:
                await asyncio.wait_for(self.kc.iopub_channel.get_msg(timeout=left), left)
            except (Empty, asyncio.TimeoutError):
                return


async def _exit(client: _Client) -> float:
    """Asks the kernel to shut down and measures how long its process takes to exit, at most some 3 s, without the time for which
    it was ready to and others had its processor."""
    pid = client.km.provisioner.pid
    start, before = time.monotonic(), waited_seconds(pid)
    took = waited = 0.0
    client.kc.shutdown()
    while await client.km.is_alive() and took - waited < EXIT_SECONDS and took < LONGEST_EXIT:
        # It says nothing any more when it has gone.
        waited = max(waited, waited_seconds(pid) - before)
        await asyncio.sleep(0.01)
        took = time.monotonic() - start
    return took - waited


async def _run_cells(client: _Client, notebook: NotebookNode) -> None:
    for at, cell in code_cells(notebook):
        await client.async_execute_cell(cell, at)
    await client.drain()


def _stop(kind: str, run: LessonRun, detail: str) -> Fault:
    done = sum(1 for cell in run.cells if cell.reply is not None)
    return Fault(kind, min(done + 1, len(run.cells)) or None, f"  {detail}")


async def _within(limit: float, work: asyncio.Task[None]) -> bool:
    """Whether the work ended in time. nbclient takes a cancelled cell for a dead kernel, so the work is waited for."""
    done, _ = await asyncio.wait({work}, timeout=limit)
    if done:
        await work
        return True
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    return False


async def _attend(client: _Client, notebook: NotebookNode, run: LessonRun) -> None:
    limit = own_limit(notebook, LESSON_SECONDS)
    work = asyncio.create_task(_run_cells(client, notebook))
    try:
        if not await _within(limit, work):
            run.stopped = Fault("timeout", None, f"  the lesson is over its {limit:g} s")
            return
    except CellTimeoutError:
        run.stopped = _stop("timeout", run, "the cell is over its time")
        return
    except DeadKernelError:
        run.stopped = _stop("dead kernel", run, "in or after this cell")
        return
    finally:
        work.cancel()
        # Waited for, so that what nbclient makes of a cancelled cell is not reported as an error nobody awaited.
        await asyncio.gather(work, return_exceptions=True)
        client.know_family()
    ports = frozenset(getattr(client.km, name) for name in PORTS)
    run.ports = listening(client.km.provisioner.pid, ports)
    run.exit_seconds = await _exit(client)


async def _start(client: _Client, folder: Path, mark: str, own_output: IO[bytes]) -> None:
    """Starts the kernel. Its process writes to a file, not to our terminal, for which Node would use colours.

    Raises:
        RuntimeError: it ended or said nothing, `STARTS` times one after another
    """
    for left in reversed(range(STARTS)):
        client.create_kernel_manager()
        try:
            await client.async_start_new_kernel(
                cwd=str(folder), env=_environment(mark), stdout=own_output, stderr=own_output
            )
            await client.async_start_new_kernel_client()
            return
        except RuntimeError:
            # nbclient has ended the kernel, and let go of its manager.
            if not left:
                raise


def _end_of(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")[-1000:].strip()


async def execute(notebook: NotebookNode, folder: Path, kernel: str = KERNEL) -> LessonRun:
    """Runs the code cells of a notebook in a kernel of their own and puts their outputs into it.

    The kernel gets a delay server to itself (`DELAY_SERVER_PORT=0`). It and all that it started are gone on return, also
    when this is cancelled.

    Raises:
        KernelMissingError: there is no tslab kernel here.
    """
    cells = [
        CellRun(n, frozenset(cell.metadata.get("tags", [])))
        for n, (_, cell) in enumerate(code_cells(notebook), 1)
    ]
    run = LessonRun(cells)
    for _, cell in code_cells(notebook):
        cell.outputs = []
        cell.execution_count = None
    mark = uuid.uuid4().hex
    client = _Client(notebook, run, folder, kernel)
    own_output = tempfile.TemporaryFile()  # noqa: SIM115 (closed below, after the kernel that writes to it)
    try:
        await _start(client, folder, mark, own_output)
        client.listen()
        if kernel == KERNEL:
            # Where claims are judged and figures taken. On stock tslab they are not, and others may be at work.
            go_first(client.km.provisioner.pid)
        await _attend(client, notebook, run)
    except NoSuchKernel as error:
        raise KernelMissingError(f"the {kernel} kernel is not installed here. Run: make test") from error
    except RuntimeError as error:
        run.stopped = Fault("dead kernel", None, f"  it did not start: {error}")
    finally:
        client.know_family()
        if client.kc is not None:
            client.kc.stop_channels()
        if client.km is not None:
            await client.km.shutdown_kernel(now=True)
        run.orphans = await end_orphans(mark, client.family)
        said = _end_of(own_output)
        own_output.close()
    for _, cell in code_cells(notebook):
        cell.outputs = joined(cell.outputs)
    if run.stopped is not None and run.stopped.kind == "dead kernel" and said:
        run.stopped = replace(run.stopped, detail=f"{run.stopped.detail}\n{said}")
    if run.stopped is not None:
        # The kernel was killed: what it left behind is the killing's doing.
        run.orphans = []
    return run
