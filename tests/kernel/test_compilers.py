"""A compiler that kernels share: what each of them knows is its own, and none needs it."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from compilers.shared import NAME, shared_compiler
from kernels import LONG, Kernel, kernel
from testing.slowness import slowness

# Between functions the compiler looks whether anybody still waits for it.
SLOW = "\n".join(f"function f{n}() {{ let it: Long<{500 + n}> = 5; }}" for n in range(490))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with shared_compiler() as address:
        yield address


def server_of(address: str) -> psutil.Process:
    """The process that listens at a socket in the file system."""
    mine = psutil.Process().children(recursive=True)
    return next(one for one in mine if any(at.laddr == address for at in one.net_connections("unix")))


def sharing(address: str) -> dict[str, str]:
    return os.environ | {NAME: address}


def memory_mb(running: Kernel) -> float:
    return psutil.Process(running.pid).memory_full_info().uss / 1e6


def test_kernels_in_a_folder_see_neither_names_nor_types_of_each_other(address: str, tmp_path: Path) -> None:
    (tmp_path / "beside.ts").write_text("export const beside = 1;\n")
    env = sharing(address)
    with kernel(folder=tmp_path, env=env) as one, kernel(folder=tmp_path, env=env) as other:
        assert one.run("let shared: number = 1; interface Only { a: 1 }").status == "ok"
        assert other.run("let shared: string = 'x';").status == "ok"
        assert (one.run("shared + 1").result, other.run("shared.length").result) == ("2", "1")
        assert "Only" in other.run("const only: Only = { a: 1 };").traceback
        code = 'import { beside } from "./beside";\nconst wrong: string = beside;'
        for each in (one, other):
            assert "not assignable" in each.run(code).traceback
        (tmp_path / "beside.ts").write_text("export const beside = 'now a text';\n")
        for each in (other, one):
            assert each.run(code).status == "ok"


def test_a_kernel_that_shares_needs_much_less_memory(address: str, tmp_path: Path) -> None:
    used = []
    for at in (address, ""):
        with kernel(folder=tmp_path, env=sharing(at)) as running:
            assert running.run("[1, 2].map(String)").status == "ok"
            used.append(memory_mb(running))
    assert used[0] < 0.6 * used[1]


def test_an_interrupt_ends_only_the_compiling_of_its_own_cell(address: str, tmp_path: Path) -> None:
    env = sharing(address)
    with kernel(folder=tmp_path, env=env) as one, kernel(folder=tmp_path, env=env) as other:
        one.run(LONG)
        ename, seconds = one.interrupted_while_compiling(f"const never = 1;\n{SLOW}")
        ended = time.monotonic()
        assert ename == "InterruptError"
        assert seconds < 0.5 * slowness()
        assert other.run("[1, 2].length").result == "2"
        assert seconds + time.monotonic() - ended < 15
        assert "never" in one.run("never").traceback


def test_a_kernel_goes_on_with_a_compiler_of_its_own_when_the_shared_one_is_killed(tmp_path: Path) -> None:
    with shared_compiler() as address, kernel(folder=tmp_path, env=sharing(address)) as running:
        assert running.run("const known = 1;").status == "ok"
        server_of(address).send_signal(signal.SIGKILL)
        assert running.run("2 + 2").status in ("ok", "error")
        assert running.run("const anew = 3;\nanew").result == "3"


@pytest.mark.parametrize("at", ["/nowhere/socket", "", __file__])
def test_a_kernel_that_finds_no_shared_compiler_uses_its_own(at: str, tmp_path: Path) -> None:
    with kernel(folder=tmp_path, env=sharing(at)) as running:
        assert running.run("'found'").result == "'found'"


def test_the_server_refuses_a_kernel_of_other_files(address: str) -> None:
    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(10)
        asking.connect(address)
        asking.sendall(b'{"who":"file:///elsewhere v1","place":{"folder":"/"}}\n')
        assert asking.recv(1) == b""


def test_the_server_ends_with_its_starter_and_leaves_nothing(tmp_path: Path) -> None:
    with shared_compiler() as address:
        server = server_of(address)
        folder = Path(address).parent
        assert folder.stat().st_mode & 0o077 == 0
    assert not server.is_running()
    assert not folder.exists()
