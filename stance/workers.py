"""Labelling batches in several processes, in order."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import BrokenExecutor, Future
from typing import Any, Final, TypeVar

from stance.errors import StanceError

Given = TypeVar("Given")
Made = TypeVar("Made")

# Enough that no process waits while the results of another are written.
_WAITING_PER_PROCESS: Final = 2


def mapped(
    function: Callable[[Given], Made], items: Iterable[Given], *, n_jobs: int
) -> Generator[Made, None, None]:
    """Apply a function to items one after another, or in several processes.

    Parameters
    ----------
    function : callable
        What is applied; given to each process once, whatever it holds.
    items : iterable
        Taken no further ahead than the processes need.
    n_jobs : int
        Processes; 1 is this one alone.

    Yields
    ------
    object
        What came of each item, in their order.

    Raises
    ------
    StanceError
        If a process ends early.
    """
    if n_jobs == 1:
        yield from map(function, items)
        return
    from joblib.externals.loky import ProcessPoolExecutor

    pool = ProcessPoolExecutor(n_jobs, initializer=_begin, initargs=(function,))
    waiting: deque[Future[Made]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(_apply, item))
            if len(waiting) > n_jobs * _WAITING_PER_PROCESS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenExecutor as error:
        raise StanceError(
            "a process of --jobs ended early; is memory short? Try --jobs 1"
        ) from error
    finally:
        pool.shutdown(wait=True, kill_workers=True)


_held: dict[str, Callable[[Any], Any]] = {}


def _begin(function: Callable[[Any], Any]) -> None:
    _held["function"] = function
    # Ctrl-C reaches the whole group; the parent tells what came of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _apply(item: Any) -> Any:
    return _held["function"](item)


def processes(wanted: int | None, paths: Iterable[str], *, from_bytes: int) -> int:
    """Choose how many processes label files.

    Parameters
    ----------
    wanted : int or None
        As the user said.
    paths : iterable of str
        The files.
    from_bytes : int
        Size from which processes pay for their start.

    Returns
    -------
    int
        What was wanted; else all cores for large files, 1 for small ones.
    """
    if wanted is not None:
        return wanted
    size = sum(os.path.getsize(path) for path in paths if os.path.isfile(path))
    return len(os.sched_getaffinity(0)) if size >= from_bytes else 1
