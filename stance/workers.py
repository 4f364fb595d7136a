"""Labelling batches in several threads, in order.

Arrow and NumPy work outside Python's lock. For a million quotes, two processes took 6 s of
processor time more than one (2 s to start, the rest to pass bytes), two threads none.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")

# Enough that no thread waits while the results of another are written.
_WAITING_PER_THREAD: Final = 2
# Each holds a few batches, and they share the lock.
_MOST_UNASKED: Final = 4


def mapped(
    function: Callable[[Given], Made], items: Iterable[Given], *, n_jobs: int
) -> Generator[Made, None, None]:
    """Apply a function to items one after another, or in several threads.

    Parameters
    ----------
    function : callable
        What is applied.
    items : iterable
        Taken by the caller's thread, no further ahead than the others need.
    n_jobs : int
        Threads; 1 is the caller's alone.

    Yields
    ------
    object
        What came of each item, in their order.

    Examples
    --------
    >>> list(mapped(abs, [-3, 2, -1], n_jobs=2))
    [3, 2, 1]
    """
    remaining = iter(items)
    # The first is done alone, so that what all need, as a model's index, is made once.
    for item in remaining:
        yield function(item)
        break
    if n_jobs == 1:
        yield from map(function, remaining)
        return
    pool = ThreadPoolExecutor(n_jobs)
    waiting: deque[Future[Made]] = deque()
    try:
        for item in remaining:
            waiting.append(pool.submit(function, item))
            if len(waiting) > n_jobs * _WAITING_PER_THREAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def threads(wanted: int | None) -> int:
    """Choose how many threads label files.

    Parameters
    ----------
    wanted : int or None
        As the user said.

    Returns
    -------
    int
        What was wanted; else the cores this process may use, but at most 4.
    """
    if wanted is not None:
        return wanted
    # Not every system tells which cores a process may use.
    told = hasattr(os, "sched_getaffinity")
    return min(_MOST_UNASKED, len(os.sched_getaffinity(0)) if told else os.cpu_count() or 1)
