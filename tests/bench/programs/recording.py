"""Tasks that sleep three times, for `viztracer` to trace or not: `recording.py 10000`. Prints the seconds as JSON."""

from __future__ import annotations

import asyncio
import json
import sys
import time


async def one() -> None:
    for _ in range(3):
        await asyncio.sleep(0.05)


async def main(count: int) -> None:
    await asyncio.gather(*(one() for _ in range(count)))
    start = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(count)))
    print(json.dumps({"seconds": time.perf_counter() - start}))


asyncio.run(main(int(sys.argv[1])))
