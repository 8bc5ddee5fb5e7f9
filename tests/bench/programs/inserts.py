"""Inserts rows by asyncpg in one way: `inserts.py "one transaction" COUNT`, into `DATABASE_URL`.

Prints the seconds as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time

import asyncpg
from shared import run


async def main(name: str, count: int) -> None:
    table = f"bench_py_{os.getpid()}"
    most = 10 if name == "ten connections" else 1
    text = f"insert into {table} values ($1)"
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=most, max_size=most) as pool:
        await pool.execute(f"create table {table} (i int)")
        start = time.perf_counter()
        if name == "ten connections":
            source = iter(range(count))

            async def work() -> None:
                for i in source:
                    await pool.execute(text, i)

            await asyncio.gather(*(work() for _ in range(most)))
        else:
            async with pool.acquire() as connection:
                if name == "one transaction":
                    async with connection.transaction():
                        for i in range(count):
                            await connection.execute(text, i)
                else:
                    for i in range(count):
                        await connection.execute(text, i)
        seconds = time.perf_counter() - start
        there = await pool.fetchval(f"select count(*) from {table}")
        if there != count:
            raise RuntimeError(f"{there} of {count} rows are there")
        await pool.execute(f"drop table {table}")
    print(json.dumps({"seconds": seconds}))


run(main(sys.argv[1], int(sys.argv[2])))
