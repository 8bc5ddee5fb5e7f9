"""Ticks in one way: `timers.py asyncio.sleep PERIOD_MS TICKS`. Prints how late each tick was, in ms, as a JSON array."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable

from shared import run

Tick = Callable[[], None]


async def by_sleep(period: float, count: int, tick: Tick) -> None:
    for _ in range(count):
        await asyncio.sleep(period)
        tick()


async def by_call_at(period: float, count: int, tick: Tick) -> None:
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    start = loop.time()

    def fire(number: int) -> None:
        tick()
        if number == count:
            done.set_result(None)
        else:
            loop.call_at(start + (number + 1) * period, fire, number + 1)

    loop.call_at(start + period, fire, 1)
    await done


async def by_tornado(period: float, count: int, tick: Tick) -> None:
    from tornado.ioloop import PeriodicCallback

    done = asyncio.Event()
    left = count

    def fire() -> None:
        nonlocal left
        left -= 1
        if left >= 0:
            tick()
        if left == 0:
            done.set()

    periodic = PeriodicCallback(fire, 1000 * period)
    periodic.start()
    await done.wait()
    periodic.stop()


def by_gevent(period: float, count: int, tick: Tick) -> None:
    from gevent import sleep

    for _ in range(count):
        sleep(period)
        tick()


WAYS: dict[str, Callable[[float, int, Tick], object]] = {
    "asyncio.sleep in a loop": lambda *words: run(by_sleep(*words)),
    "asyncio call_at": lambda *words: run(by_call_at(*words)),
    "uvloop call_at": lambda *words: run(by_call_at(*words), uvloop=True),
    "tornado PeriodicCallback": lambda *words: run(by_tornado(*words)),
    "gevent.sleep in a loop": by_gevent,
}


def main(name: str, period_ms: float, count: int) -> None:
    way = WAYS[name]
    way(0.001, 20, lambda: None)
    late: list[float] = []
    start = time.perf_counter()
    way(
        period_ms / 1000,
        count,
        lambda: late.append(1000 * (time.perf_counter() - start) - (len(late) + 1) * period_ms),
    )
    print(json.dumps(late))


main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
