"""Asks a delay server so many times, up to so many at once: `get-many.py PORT COUNT AT_ONCE SECONDS`.

By aiohttp and a semaphore, as the original of the lessons does. Prints how long it took as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

import aiohttp
from shared import run


async def main(port: int, count: int, at_once: int, delay: float) -> None:
    limit = asyncio.Semaphore(at_once)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def get() -> None:
            async with limit, session.get(f"http://127.0.0.1:{port}/aio?delay={delay:g}") as answer:
                await answer.read()
                answer.raise_for_status()

        start = time.perf_counter()
        await asyncio.gather(*(get() for _ in range(count)))
        print(json.dumps({"seconds": time.perf_counter() - start}))


port, count, at_once = (int(word) for word in sys.argv[1:4])
run(main(port, count, at_once, float(sys.argv[4])))
