"""Workers: parts of the work that do not depend on each other, several at a time.

Belongs here: running them on threads. Must not: what a part is. Results come in the order of the parts, so that the
number of threads changes no figure. NumPy, Polars and LightGBM let other threads run while they compute.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")


def in_parallel(work: Callable[[Part], Result], parts: Iterable[Part], threads: int) -> list[Result]:
    """`work` on each of `parts`, so many at a time; the first error is raised."""
    with ThreadPoolExecutor(max(threads, 1)) as pool:
        return list(pool.map(work, parts))
