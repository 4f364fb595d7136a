"""Finding many numbers among known ones at once, in tables that are built once.

Arrow's `index_in` hashes the known values anew at each call, which is most of what it takes
for a few thousand quotes.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

# Knuth's multiplicative hashing: 2**64 divided by the golden ratio.
_MULTIPLIER: Final = np.uint64(0x9E3779B97F4A7C15)
# So much room that nearly every number stands where it is looked for first.
_ROOM: Final = 4
_EMPTY: Final = -1


class NumberTable:
    """A hash table with open addressing of numbers that are not negative.

    Parameters
    ----------
    known : numpy.ndarray of int64
        Distinct numbers, at least 0; the position of each is what is found.

    Examples
    --------
    >>> NumberTable(np.array([7, 500])).positions(np.array([500, 8, 7])).tolist()
    [1, -1, 0]
    """

    def __init__(self, known: npt.NDArray[np.int64]) -> None:
        bits = max(1, (len(known) * _ROOM).bit_length())
        self._shift = np.uint64(64 - bits)
        # The last places continue those before, so that no search turns back to the start.
        self._numbers = np.full((1 << bits) + len(known), _EMPTY, dtype=np.int64)
        self._positions = np.full(len(self._numbers), -1, dtype=np.int32)
        slots = self._slots(known)
        waiting = np.arange(len(known), dtype=np.int32)
        while len(waiting):
            free = waiting[self._numbers[slots[waiting]] == _EMPTY]
            # Of several for one place the last stays.
            self._numbers[slots[free]] = known[free]
            self._positions[slots[free]] = free
            waiting = waiting[self._positions[slots[waiting]] != waiting]
            slots[waiting] += 1
        self._filled = self._numbers != _EMPTY

    def positions(self, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
        """Give the positions of numbers among the known ones, -1 where absent."""
        slots = self._slots(numbers)
        found = np.full(len(numbers), -1, dtype=np.int32)
        # Most numbers are absent; this much smaller table tells of most of them.
        going = np.flatnonzero(self._filled[slots])
        slots, numbers = slots[going], numbers[going]
        while len(going):
            held = self._numbers[slots]
            here = np.flatnonzero(held == numbers)
            found[going[here]] = self._positions[slots[here]]
            onward = np.flatnonzero((held != numbers) & (held != _EMPTY))
            going, numbers = going[onward], numbers[onward]
            slots = slots[onward] + 1
        return found

    def _slots(self, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        hashed = numbers.view(np.uint64) * _MULTIPLIER
        hashed >>= self._shift
        return hashed.view(np.int64)
