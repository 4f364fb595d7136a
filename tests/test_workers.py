"""Batches in several threads."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest

from stance.workers import mapped, threads


@pytest.mark.parametrize("n_jobs", [1, 2, 5])
def test_what_is_made_comes_in_the_order_of_the_items(n_jobs: int) -> None:
    assert list(mapped(str, range(100), n_jobs=n_jobs)) == [str(i) for i in range(100)]
    assert not list(mapped(str, [], n_jobs=n_jobs))


def test_two_items_are_worked_on_at_once() -> None:
    both = threading.Barrier(2, timeout=60)

    def work(item: int) -> int:
        # The first item is done alone.
        return item if item == 0 else item + 0 * both.wait()

    assert list(mapped(work, range(5), n_jobs=2)) == [0, 1, 2, 3, 4]


def test_items_are_not_taken_far_ahead() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for i in range(1000):
            taken.append(i)
            yield i

    made = mapped(str, items(), n_jobs=2)
    assert [next(made), next(made)] == ["0", "1"]
    assert len(taken) <= 7
    made.close()
    assert len(taken) <= 7


def test_what_came_before_a_failure_is_given_first() -> None:
    made = mapped(lambda item: 1 // (3 - item), range(6), n_jobs=2)
    assert [next(made) for _ in range(3)] == [0, 0, 1]
    with pytest.raises(ZeroDivisionError):
        next(made)


def test_how_many_threads() -> None:
    assert threads(7) == 7
    assert threads(None) == min(4, len(os.sched_getaffinity(0)))
