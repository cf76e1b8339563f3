"""Work cut into processes: the same answers in the same order, however many there are."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TypeVar

Item = TypeVar("Item")
Found = TypeVar("Found")


def processes() -> int:
    """How many processes unless somebody says: a core each, two at most."""
    return min(2, os.cpu_count() or 1)


def spread(work: Callable[[Item], Found], items: Sequence[Item], *, jobs: int) -> Iterator[Found]:
    """What ``work`` finds for each item, in the order of the items, as soon as those before are there.

    With several ``jobs``, work, items and findings have to travel between processes.
    """
    if jobs == 1 or len(items) < 2:
        yield from map(work, items)
        return
    pool = ProcessPoolExecutor(min(jobs, len(items)), mp_context=get_context("spawn"), initializer=_end_with_parent)
    try:
        yield from pool.map(work, items)
    finally:
        pool.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """A process that was killed stops nobody: each of ours watches it and ends by itself."""
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()
