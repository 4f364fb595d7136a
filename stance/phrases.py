"""Finding many phrases in many texts at once.

A phrase is a sequence of *symbols*: words, classes of words such as ``{we}``, and ``*`` for
any one word. All phrases form a trie; its levels are tables of (node, symbol) pairs, so that
a whole column of texts walks down it together, one level at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from stance.text import IntArray, Tokens

ANY: Final = "*"

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Matches:
    """Occurrences of phrases, in no particular order.

    Attributes
    ----------
    phrases : numpy.ndarray of int64, shape (n_matches,)
        The number of the phrase.
    positions : numpy.ndarray of int64, shape (n_matches,)
        Where its first word stands among all words.
    lengths : numpy.ndarray of int64, shape (n_matches,)
        How many words it has.
    """

    phrases: IntArray
    positions: IntArray
    lengths: IntArray


@dataclass(frozen=True)
class _Level:
    """The nodes of one depth: pairs of (node above, symbol), and what each spells and opens."""

    keys: pa.Int64Array
    phrases: IntArray
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
    >>> index.find(tokenise(pa.array(["I hope there is no such excuse."]))).phrases.tolist()
    [0, 1]
    """

    def __init__(self, phrases: pa.StringArray, classes: Mapping[str, str] | None = None) -> None:
        split = pc.split_pattern(phrases, " ")
        self._symbols = split.values.unique()
        self._n_symbols = len(self._symbols)
        self._class_words = pa.array(list(classes or {}), pa.string())
        self._word_classes = index_in(
            pa.array(list((classes or {}).values()), pa.string()), self._symbols
        )
        self._any = int(index_in(pa.array([ANY]), self._symbols)[0])
        is_class = np.zeros(self._n_symbols, dtype=np.bool_)
        is_class[self._word_classes[self._word_classes >= 0]] = True
        self._levels = self._build(split, is_class)

    def _build(self, split: pa.ListArray, is_class: BoolArray) -> list[_Level]:
        lengths = pc.list_value_length(split).to_numpy(zero_copy_only=False).astype(np.int64)
        flat = index_in(split.values, self._symbols)
        first = np.concatenate(([0], np.cumsum(lengths)))[:-1]
        nodes = np.zeros(len(lengths), dtype=np.int64)
        levels = []
        for length in range(1, int(lengths.max(initial=0)) + 1):
            going = np.flatnonzero(lengths >= length)
            symbols = flat[first[going] + length - 1]
            keys, here = np.unique(nodes[going] * self._n_symbols + symbols, return_inverse=True)
            spelt = np.full(len(keys), -1, dtype=np.int64)
            ends = lengths[going] == length
            spelt[here[ends]] = going[ends]
            nodes[going] = here
            longer = lengths[going] > length
            following = flat[first[going[longer]] + length]
            opens_class, opens_any = np.zeros((2, len(keys)), dtype=np.bool_)
            opens_class[here[longer][is_class[following]]] = True
            opens_any[here[longer][following == self._any]] = True
            levels.append(_Level(pa.array(keys), spelt, opens_class, opens_any))
        return levels

    def find(self, tokens: Tokens) -> Matches:
        """Find every occurrence of every phrase.

        Parameters
        ----------
        tokens : Tokens
            The words of the texts; a phrase does not reach from one text into the next.

        Returns
        -------
        Matches
            A phrase that matches a place in two ways is found there once.
        """
        nothing = np.zeros(0, dtype=np.int64)
        if not self._levels or not len(tokens.forms):
            return Matches(nothing, nothing, nothing)
        words = index_in(tokens.forms, self._symbols)
        classes = self._classes(tokens)
        positions = np.concatenate((np.flatnonzero(words >= 0), np.flatnonzero(classes >= 0)))
        n_plain = int(np.count_nonzero(words >= 0))
        symbols = np.concatenate((words[positions[:n_plain]], classes[positions[n_plain:]]))
        nodes = index_in(pa.array(symbols), self._levels[0].keys)
        found = []
        for length, level in enumerate(self._levels, start=1):
            if length > 1:
                positions, nodes = self._step(
                    *(tokens.rows, words, classes, positions, nodes),
                    *(self._levels[length - 2], level, length - 1),
                )
            positions, nodes = positions[nodes >= 0], nodes[nodes >= 0]
            spelt = level.phrases[nodes]
            ends = spelt >= 0
            found.append((spelt[ends], positions[ends], np.full(int(ends.sum()), length)))
        return Matches(*(np.concatenate(parts) for parts in zip(*found, strict=True)))

    def _classes(self, tokens: Tokens) -> IntArray:
        """For each word the symbol of its class, -1 where it has none."""
        if not len(self._class_words):
            return np.full(len(tokens.forms), -1, dtype=np.int64)
        which = index_in(tokens.forms, self._class_words)
        return np.where(which >= 0, self._word_classes[which], -1)

    def _step(
        self,
        rows: IntArray,
        words: IntArray,
        classes: IntArray,
        positions: IntArray,
        nodes: IntArray,
        above: _Level,
        level: _Level,
        depth: int,
    ) -> tuple[IntArray, IntArray]:
        """Go one word on, by the word itself, by its class and by the symbol for any word."""
        last = positions + depth
        inside = last < len(rows)
        positions, nodes, last = positions[inside], nodes[inside], last[inside]
        same = rows[last] == rows[positions]
        positions, nodes, last = positions[same], nodes[same], last[same]
        by_word = np.flatnonzero(words[last] >= 0)
        by_class = np.flatnonzero(above.opens_class[nodes] & (classes[last] >= 0))
        by_any = np.flatnonzero(above.opens_any[nodes])
        ways = np.concatenate((by_word, by_class, by_any))
        symbols = np.concatenate(
            (words[last[by_word]], classes[last[by_class]], np.full(len(by_any), self._any))
        )
        keys = nodes[ways] * self._n_symbols + symbols
        return positions[ways], index_in(pa.array(keys), level.keys)


def index_in(values: pa.Array, known: pa.Array) -> IntArray:
    """Give the positions of values among the known ones, -1 where absent."""
    found: IntArray = pc.fill_null(pc.index_in(values, known), -1).to_numpy().astype(np.int64)
    return found
