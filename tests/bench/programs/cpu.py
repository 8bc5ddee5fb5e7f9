"""Equal computations on one worker and on more: `cpu.py processes ROUNDS JOBS MOST`.

Prints how long all jobs took on one worker, on two, and so on, in seconds, as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor


def spin(rounds: int) -> int:
    state = 1
    for _ in range(rounds):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
    return state


def seconds_on(workers: Executor, jobs: int, rounds: int) -> float:
    with workers:
        # So that all have started.
        list(workers.map(spin, [rounds // 10] * jobs))
        start = time.perf_counter()
        list(workers.map(spin, [rounds] * jobs))
        return time.perf_counter() - start


def main(kind: str, rounds: int, jobs: int, most: int) -> None:
    executor = {"processes": ProcessPoolExecutor, "threads": ThreadPoolExecutor}[kind]
    print(json.dumps([seconds_on(executor(count), jobs, rounds) for count in range(1, most + 1)]))


if __name__ == "__main__":
    main(sys.argv[1], *(int(word) for word in sys.argv[2:5]))
