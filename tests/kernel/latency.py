"""How fast the mended kernel is, beside stock tslab: kernels started in turns, the same cells in turns."""

from __future__ import annotations

import statistics
import time

from kernels import Kernel, kernel

MENDED, STOCK = "tslab", "tslab-stock"
STARTS = 7
ROUNDS = 30
FUNCTION = """\
function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) {
    sum += value;
  }
  return sum / values.length;
}
const sample = Array.from({ length: 100 }, (_, index) => index);
const result = mean(sample);
console.log(result);
"""
CELLS = {
    "one line": 'console.log("x");',
    "a declaration": "const numbers = [1, 2, 3];\nconsole.log(numbers.length);",
    "an await": 'await new Promise((done) => setImmediate(done));\nconsole.log("x");',
    "a function": FUNCTION,
}


def seconds_of(running: Kernel, code: str) -> float:
    start = time.perf_counter()
    running.run(code)
    return time.perf_counter() - start


def spread(values: list[float]) -> str:
    return f"{min(values):.2f} / {statistics.median(values):.2f} / {max(values):.2f}"


def show(what: str, mended: list[float], stock: list[float], unit: float, name: str) -> None:
    ratios = [ours / theirs for ours, theirs in zip(mended, stock, strict=True)]
    print(
        f"  {what}: mended {spread([value * unit for value in mended])} {name}, "
        f"stock {spread([value * unit for value in stock])} {name}; mended ÷ stock {spread(ratios)}",
        flush=True,
    )


def start_to_first_cell(name: str) -> float:
    """Seconds from the process's start to its first cell's answer."""
    start = time.perf_counter()
    with kernel(name) as started:
        started.run("console.log(1);")
        return time.perf_counter() - start


def starts() -> None:
    taken: dict[str, list[float]] = {MENDED: [], STOCK: []}
    for _ in range(STARTS):
        for name, values in taken.items():
            values.append(start_to_first_cell(name))
    show("start to the first cell's answer", taken[MENDED], taken[STOCK], 1, "s")


def cells(mended: Kernel, stock: Kernel) -> None:
    for what, code in CELLS.items():
        pairs = [(seconds_of(mended, code), seconds_of(stock, code)) for _ in range(ROUNDS)]
        show(what, [ours for ours, _ in pairs], [theirs for _, theirs in pairs], 1000, "ms")


if __name__ == "__main__":
    print(f"Kernels, {STARTS} starts and {ROUNDS} rounds of each cell in turns (min / median / max)")
    starts()
    with kernel(MENDED) as mended, kernel(STOCK) as stock:
        cells(mended, stock)
