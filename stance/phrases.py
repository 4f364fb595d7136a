"""Finding many phrases in many texts at once.

A phrase is a sequence of *symbols*: words, classes of words such as ``{we}``, and ``*`` for
any one word. All phrases form a trie; its levels are tables of (node, symbol) pairs, so that
a whole column of texts walks down it together, one level at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from stance.lookup import NumberTable
from stance.text import IntArray, Tokens

ANY: Final = "*"

BoolArray = npt.NDArray[np.bool_]
# Half the width of int64 is half the memory traffic, which is what the time goes into.
Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Matches:
    """Occurrences of phrases, in no particular order.

    Attributes
    ----------
    phrases : numpy.ndarray of int32, shape (n_matches,)
        The number of the phrase.
    positions : numpy.ndarray of int32, shape (n_matches,)
        Where its first word stands among all words.
    lengths : numpy.ndarray of int32, shape (n_matches,)
        How many words it has.
    """

    phrases: Numbers
    positions: Numbers
    lengths: Numbers


@dataclass(frozen=True)
class _Level:
    """The nodes of one depth: pairs of (node above, symbol), and what each spells and opens."""

    keys: NumberTable
    phrases: Numbers
    opens: BoolArray
    opens_class: BoolArray
    opens_any: BoolArray


class PhraseIndex:
    """Finds known phrases in tokenised texts.

    Parameters
    ----------
    phrases : pyarrow.StringArray
        Distinct phrases, symbols joined by single spaces; the position of each is its number.
    classes : mapping of str to str, default {}
        For each word that belongs to one, its class.

    Examples
    --------
    >>> from stance.text import tokenise
    >>> index = PhraseIndex(pa.array(["{we} hope", "no * excuse"]), {"we": "{we}", "i": "{we}"})
    >>> tokens = tokenise(pa.array(["I hope there is no such excuse."]))
    >>> index.find(index.look_up(tokens), tokens.rows).phrases.tolist()
    [0, 1]
    """

    def __init__(self, phrases: pa.StringArray, classes: Mapping[str, str] | None = None) -> None:
        split = pc.split_pattern(phrases, " ")
        members = pa.array(list(classes or {}), pa.string())
        self.symbols = pc.unique(pa.concat_arrays([split.values, members]))
        """Every word and class that a phrase or a class has; a word is looked up once."""
        n_symbols = len(self.symbols)
        # One more than there are symbols, so that -1 makes the key of no pair.
        self._n_keys = n_symbols + 1
        self._any = int(index_in(pa.array([ANY]), self.symbols)[0])
        of_members = index_in(pa.array(list((classes or {}).values()), pa.string()), self.symbols)
        # One more entry at the end, for -1: a word that is no symbol.
        self._class_of = np.full(n_symbols + 1, -1, dtype=np.int32)
        self._class_of[index_in(members, self.symbols)] = of_members
        is_class = np.zeros(n_symbols, dtype=np.bool_)
        is_class[of_members[of_members >= 0]] = True
        every = np.append(np.arange(n_symbols), -1)
        self._levels = self._build(split, is_class)
        self._first = np.full(n_symbols + 1, -1, dtype=np.int32)
        if self._levels:
            self._first = self._levels[0].keys.positions(every)

    def _build(self, split: pa.ListArray, is_class: BoolArray) -> list[_Level]:
        lengths = pc.list_value_length(split).to_numpy(zero_copy_only=False).astype(np.int64)
        flat = index_in(split.values, self.symbols)
        first = np.concatenate(([0], np.cumsum(lengths)))[:-1]
        nodes = np.zeros(len(lengths), dtype=np.int64)
        levels = []
        for length in range(1, int(lengths.max(initial=0)) + 1):
            going = np.flatnonzero(lengths >= length)
            symbols = flat[first[going] + length - 1]
            keys, here = np.unique(nodes[going] * self._n_keys + symbols, return_inverse=True)
            spelt = np.full(len(keys) + 1, -1, dtype=np.int32)
            ends = lengths[going] == length
            spelt[here[ends]] = going[ends]
            nodes[going] = here
            longer = lengths[going] > length
            following = flat[first[going[longer]] + length]
            opens, opens_class, opens_any = np.zeros((3, len(keys) + 1), dtype=np.bool_)
            opens[here[longer]] = True
            opens_class[here[longer][is_class[following]]] = True
            opens_any[here[longer][following == self._any]] = True
            levels.append(_Level(NumberTable(keys), spelt, opens, opens_class, opens_any))
        return levels

    def look_up(self, tokens: Tokens) -> Numbers:
        """Give the number of each word among `symbols`, -1 where it is none."""
        return _positions_in(tokens.forms, self.symbols)

    def find(self, words: Numbers, rows: Numbers) -> Matches:
        """Find every occurrence of every phrase.

        Parameters
        ----------
        words : numpy.ndarray of int32, shape (n_words,)
            The words of the texts, as `look_up` gives them.
        rows : numpy.ndarray of int32, shape (n_words,)
            For each word, the row of its text; a phrase does not reach into the next.

        Returns
        -------
        Matches
            A phrase that matches a place in two ways is found there once.
        """
        if not self._levels or not len(words):
            nothing = np.zeros(0, dtype=np.int32)
            return Matches(nothing, nothing, nothing)
        classes = self._class_of[words]
        in_class = np.flatnonzero(classes >= 0).astype(np.int32)
        level = self._levels[0]
        # Nodes of the first level; -1 picks the last entry, which stands for no node.
        by_word, by_class = self._first[words], self._first[classes[in_class]]
        spelt = level.phrases[by_word]
        known = np.flatnonzero(spelt >= 0).astype(np.int32)
        spelt_by_class = level.phrases[by_class]
        ends = np.flatnonzero(spelt_by_class >= 0)
        found = [(spelt[known], known), (spelt_by_class[ends], in_class[ends])]
        lengths = [np.ones(len(known) + len(ends), dtype=np.int32)]
        followed = np.zeros(len(words), dtype=np.bool_)
        np.equal(rows[1:], rows[:-1], out=followed[:-1])
        going = np.flatnonzero(level.opens[by_word] & followed).astype(np.int32)
        going_by_class = np.flatnonzero(level.opens[by_class] & followed[in_class])
        positions = np.concatenate((going, in_class[going_by_class]))
        nodes = np.concatenate((by_word[going], by_class[going_by_class]))
        for depth, (above, level) in enumerate(pairwise(self._levels), start=1):
            positions, nodes = self._step(words, classes, positions, nodes, above, level, depth)
            spelt = level.phrases[nodes]
            ends = np.flatnonzero(spelt >= 0)
            found.append((spelt[ends], positions[ends]))
            lengths.append(np.full(len(ends), depth + 1, dtype=np.int32))
            last = positions + np.int32(depth + 1)
            onward = np.flatnonzero(level.opens[nodes] & (last < len(rows)))
            onward = onward[rows[last[onward]] == rows[positions[onward]]]
            positions, nodes = positions[onward], nodes[onward]
        phrases, places = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return Matches(phrases, places, np.concatenate(lengths))

    def _step(
        self,
        words: Numbers,
        classes: Numbers,
        positions: Numbers,
        nodes: Numbers,
        above: _Level,
        level: _Level,
        depth: int,
    ) -> tuple[Numbers, Numbers]:
        """Go one word on, by the word itself, by its class and by the symbol for any word."""
        last = positions + np.int32(depth)
        next_words, next_classes = words[last], classes[last]
        by_class = np.flatnonzero(above.opens_class[nodes] & (next_classes >= 0))
        by_any = np.flatnonzero(above.opens_any[nodes])
        symbols = np.concatenate(
            (next_words, next_classes[by_class], np.full(len(by_any), self._any, dtype=np.int32))
        )
        nodes = np.concatenate((nodes, nodes[by_class], nodes[by_any]))
        positions = np.concatenate((positions, positions[by_class], positions[by_any]))
        keys = nodes.astype(np.int64)
        keys *= self._n_keys
        keys += symbols
        reached = level.keys.positions(keys)
        known = np.flatnonzero(reached >= 0)
        return positions[known], reached[known]


def _positions_in(values: pa.Array, known: pa.Array) -> Numbers:
    found: Numbers = pc.fill_null(pc.index_in(values, known), -1).to_numpy()
    return found


def index_in(values: pa.Array, known: pa.Array) -> IntArray:
    """Give the positions of values among the known ones, -1 where absent."""
    return _positions_in(values, known).astype(np.int64)
