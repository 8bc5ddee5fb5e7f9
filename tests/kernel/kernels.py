"""A kernel and a client, for tests that look at single messages."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

ROOT = Path(__file__).resolve().parents[2]
Message = dict[str, Any]
# A type that the compiler works on the longer the greater its number is.
LONG = "type Long<N extends number, A extends 0[] = []> = A['length'] extends N ? A : Long<N, [...A, 0]>;"


@dataclass
class Ran:
    """What came back for one cell."""

    reply: Message
    messages: list[Message] = field(default_factory=list)

    @property
    def status(self) -> str:
        return str(self.reply["content"]["status"])

    def of(self, kind: str) -> list[Message]:
        return [message["content"] for message in self.messages if message["msg_type"] == kind]

    @property
    def text(self) -> str:
        """What was printed."""
        return "".join(content["text"] for content in self.of("stream"))

    @property
    def result(self) -> str | None:
        results = self.of("execute_result")
        return str(results[0]["data"]["text/plain"]) if results else None

    @property
    def traceback(self) -> str:
        return "\n".join(line for content in self.of("error") for line in content["traceback"])


class KernelEndedError(Exception):
    """A kernel's process ended although nobody had asked it to."""


class Kernel:
    """A running kernel. Every message on iopub is kept by the request that it belongs to."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self.manager = manager
        self.client = client
        self.published: dict[str, list[Message]] = {}
        self.replies: dict[str, Message] = {}

    def send(self, code: str, **options: Any) -> str:
        return str(self.client.execute(code, **options))

    def _listen(self, seconds: float) -> None:
        self._keep(self.client.get_iopub_msg(timeout=seconds))

    def _keep(self, message: Message) -> None:
        self.published.setdefault(message["parent_header"].get("msg_id", ""), []).append(message)

    def listen(self, seconds: float) -> None:
        """Reads iopub for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                self._listen(left)
            except Empty:
                return

    def has_begun(self, request: str) -> bool:
        return request in self.published

    def has_ended(self, request: str) -> bool:
        """Whether what was published so far says that the cell has ended."""
        return any(
            message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"
            for message in self.published.get(request, [])
        )

    @property
    def pid(self) -> int | None:
        return self.manager.provisioner.pid if self.manager.provisioner is not None else None

    def kill(self) -> None:
        """Ends the process as `kill -9` does."""
        assert self.pid is not None
        os.kill(self.pid, signal.SIGKILL)

    def wait(self, request: str, seconds: float = 20) -> Ran:
        """Waits for what belongs to a request, at most so long for each message.

        Raises:
            Empty: nothing came
            KernelEndedError: the process has ended, so nothing will come
        """
        while request not in self.replies:
            reply = self._next(self.client.get_shell_msg, seconds)
            self.replies[reply["parent_header"]["msg_id"]] = reply
        while not self.has_ended(request):
            self._keep(self._next(self.client.get_iopub_msg, seconds))
        return Ran(self.replies[request], self.published[request])

    def wait_for(self, request: str, kind: str, seconds: float = 10) -> None:
        """Waits until a message of a kind was published for a request, also after its cell has ended.

        Raises:
            Empty: nothing came
            KernelEndedError: the process has ended, so nothing will come
        """
        while kind not in [message["msg_type"] for message in self.published.get(request, [])]:
            self._keep(self._next(self.client.get_iopub_msg, seconds))

    def _next(self, get: Callable[..., Message], seconds: float) -> Message:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with suppress(Empty):
                return get(timeout=min(1, seconds))
            if not self.manager.is_alive():
                raise KernelEndedError(f"process {self.pid} has ended")
        raise Empty

    def run(self, code: str, **options: Any) -> Ran:
        return self.wait(self.send(code, **options))

    def answer(self, value: str, seconds: float = 10) -> str:
        """Waits for a question and answers it; returns its words."""
        asked = self.client.get_stdin_msg(timeout=seconds)
        assert asked["msg_type"] == "input_request"
        self.client.input(value)
        return str(asked["content"]["prompt"])

    def interrupted(self, code: str, after: float = 0.5) -> Ran:
        """Runs a cell and interrupts it so many seconds after it has begun: before that there is nothing to interrupt."""
        request = self.send(code)
        until = time.monotonic() + 20
        while not self.has_begun(request) and time.monotonic() < until and self.manager.is_alive():
            self.listen(0.05)
        self.listen(after)
        self.interrupt()
        return self.wait(request)

    def interrupt(self) -> None:
        """Interrupts, and waits until that was taken: of a cell that has ended by itself, the next one would be met."""
        self.client.control_channel.send(self.client.session.msg("interrupt_request", {}))
        # Where nothing can be interrupted, nothing answers either.
        with suppress(Empty):
            self.client.get_control_msg(timeout=5)

    def interrupted_while_compiling(self, code: str) -> tuple[str, float]:
        """Interrupts a cell half a second after it was sent; the error that it ended with, and after how many seconds."""
        request = self.send(code)
        self.listen(0.5)
        start = time.monotonic()
        self.manager.interrupt_kernel()
        return self.wait(request).of("error")[0]["ename"], time.monotonic() - start

    def seconds_to_end(self, restart: bool = False) -> float:
        """Asks the kernel to end, and says how long its process took."""
        start = time.monotonic()
        self.client.shutdown(restart=restart)
        while self.manager.is_alive() and time.monotonic() - start < 5:
            time.sleep(0.005)
        return time.monotonic() - start


@contextmanager
def kernel(
    name: str = "tslab",
    folder: Path = ROOT / "notebooks",
    env: dict[str, str] | None = None,
    flags: Sequence[str] = (),
) -> Iterator[Kernel]:
    """A kernel for a test. `flags` are more of Node's own."""
    manager = KernelManager(kernel_name=name)
    assert manager.kernel_spec is not None
    manager.kernel_spec.argv[1:1] = flags
    manager.start_kernel(cwd=str(folder), env=env or dict(os.environ))
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=60)
        yield Kernel(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
