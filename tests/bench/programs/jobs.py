"""Does so many jobs, a hundred at a time, in one way: `jobs.py "asyncio, workers" 1000000`.

Prints how long it took and what the process needed at most, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable

from shared import peak_megabytes, run

CONCURRENCY = 100
Job = Callable[[int], Awaitable[None]]


async def workers(count: int, job: Job) -> None:
    source = iter(range(count))

    async def work() -> None:
        for i in source:
            await job(i)

    await asyncio.gather(*(work() for _ in range(CONCURRENCY)))


async def queue(count: int, job: Job) -> None:
    items: asyncio.Queue[int | None] = asyncio.Queue(CONCURRENCY)

    async def work() -> None:
        while (i := await items.get()) is not None:
            await job(i)

    running = [asyncio.create_task(work()) for _ in range(CONCURRENCY)]
    for i in range(count):
        await items.put(i)
    for _ in range(CONCURRENCY):
        await items.put(None)
    await asyncio.gather(*running)


async def semaphore(count: int, job: Job) -> None:
    limit = asyncio.Semaphore(CONCURRENCY)

    async def limited(i: int) -> None:
        async with limit:
            await job(i)

    await asyncio.gather(*(limited(i) for i in range(count)))


def by_gevent(count: int, work: Callable[[int], None]) -> None:
    from gevent.pool import Pool

    for _ in Pool(CONCURRENCY).imap_unordered(work, range(count), maxsize=CONCURRENCY):
        pass


def main(name: str, count: int) -> None:
    done = 0

    def work(i: int) -> None:
        nonlocal done
        done += i

    async def job(i: int) -> None:
        work(i)

    ways: dict[str, Callable[[], object]] = {
        "asyncio, workers": lambda: run(workers(count, job)),
        "asyncio, queue": lambda: run(queue(count, job)),
        "asyncio, semaphore": lambda: run(semaphore(count, job)),
        "uvloop, queue": lambda: run(queue(count, job), uvloop=True),
        "gevent, pool": lambda: by_gevent(count, work),
    }
    if name == "gevent, pool":
        import gevent.pool  # noqa: F401 (loaded before the clock starts, as the others are)
    start = time.perf_counter()
    ways[name]()
    seconds = time.perf_counter() - start
    if done != count * (count - 1) // 2:
        raise RuntimeError(f"{name} lost jobs: {done}")
    print(json.dumps({"seconds": seconds, "megabytes": peak_megabytes()}))


main(sys.argv[1], int(sys.argv[2]))
