"""Writes so many files of 1 KiB and reads them back in one way: `files.py sync COUNT`. Prints the seconds as JSON."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from shared import run

CONCURRENCY = 100
BYTES = b"a" * 1024
Got = TypeVar("Got")


async def many(work: Callable[[Path], Got], paths: list[Path]) -> list[Got]:
    """Each in a thread, up to a hundred at a time."""
    limit = asyncio.Semaphore(CONCURRENCY)

    async def one(path: Path) -> Got:
        async with limit:
            return await asyncio.to_thread(work, path)

    return await asyncio.gather(*map(one, paths))


async def in_threads(paths: list[Path]) -> int:
    await many(lambda path: path.write_bytes(BYTES), paths)
    return sum(map(len, await many(Path.read_bytes, paths)))


def sync(paths: list[Path]) -> int:
    for path in paths:
        path.write_bytes(BYTES)
    return sum(len(path.read_bytes()) for path in paths)


def by_gevent(paths: list[Path]) -> int:
    from gevent.threadpool import ThreadPool

    pool = ThreadPool(10)
    pool.map(lambda path: path.write_bytes(BYTES), paths)
    return sum(map(len, pool.map(Path.read_bytes, paths)))


WAYS: dict[str, Callable[[list[Path]], int]] = {
    "sync": sync,
    "asyncio.to_thread, semaphore of 100": lambda paths: run(in_threads(paths)),
    "gevent, pool of 10 threads": by_gevent,
}


def main(name: str, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, str(i)) for i in range(count)]
        start = time.perf_counter()
        read = WAYS[name](paths)
        seconds = time.perf_counter() - start
    if read != count * len(BYTES):
        raise RuntimeError(f"only {read} bytes were read")
    print(json.dumps({"seconds": seconds}))


main(sys.argv[1], int(sys.argv[2]))
