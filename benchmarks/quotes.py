"""Files of quotes to measure with: made, seeded, and as real ones are in what takes time.

Words follow one another as they do in the shipped training set, which holds counts of terms
and no texts; lengths are drawn from it too. Words it does not know are made of syllables. A
part of the quotes is repeated, as in real archives, near its first place and far from it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from stance.corpus import Corpus, load_shipped_corpus
from stance.quotes import Batch, create_quotes

ROWS_AT_A_TIME: Final = 50_000
COLUMNS: Final = ("id", "date", "speaker", "source", "text")

# Shares and lengths measured on the reference texts: mean 29.5 words and 180 characters.
_UNKNOWN: Final = 0.06
_FOLLOWS: Final = 0.55
_REPEATED: Final = 0.15
_COMMA: Final = 0.07
_QUOTED: Final = 0.03
_MEAN_WORDS: Final = 29.5
_NAMES: Final = 5_000
_SYLLABLES: Final = "ka lo mi ren tas vo du shi bel gar nu pe ost ir zhe al"

IntArray = npt.NDArray[np.int64]


class Language:
    """Which words follow which, in the shipped training set.

    Parameters
    ----------
    corpus : Corpus
        The analysed quotes.
    """

    def __init__(self, corpus: Corpus) -> None:
        spelt = [term for term in corpus.terms if term[0] not in "<?!"]
        total = np.bincount(corpus.counts.indices, corpus.counts.counts, len(corpus.terms))
        frequency = dict(zip(corpus.terms, total.tolist(), strict=True))
        self.words = [term for term in spelt if " " not in term]
        number = {word: i for i, word in enumerate(self.words)}
        counts = np.array([frequency[word] for word in self.words])
        self._frequent = np.cumsum(counts / counts.sum())
        pairs = sorted(
            (number[first], number[second], frequency[pair])
            for pair in spelt
            for first, _, second in [pair.partition(" ")]
            if first in number and second in number
        )
        first = np.array([pair[0] for pair in pairs])
        self._second = np.array([pair[1] for pair in pairs])
        self._weight = np.concatenate(([0.0], np.cumsum([pair[2] for pair in pairs])))
        self._begin = np.searchsorted(first, np.arange(len(self.words)))
        self._end = np.searchsorted(first, np.arange(len(self.words)), side="right")
        single = np.array([" " not in term and term[0] not in "<?!" for term in corpus.terms])
        here = single[corpus.counts.indices]
        lengths = np.bincount(corpus.counts.rows[here], corpus.counts.counts[here])
        self._lengths = np.maximum(1, np.rint(lengths * _MEAN_WORDS / lengths.mean()))

    def lengths(self, n: int, chance: np.random.Generator) -> IntArray:
        """Draw how many words each of n quotes has."""
        return chance.choice(self._lengths, n).astype(np.int64)

    def quotes(self, lengths: IntArray, chance: np.random.Generator) -> IntArray:
        """Draw the words of quotes, end to end; -1 is a word the training set lacks."""
        starts = np.concatenate(([0], np.cumsum(lengths)))[:-1]
        words = np.empty(int(lengths.sum()), dtype=np.int64)
        before = np.full(len(lengths), -1)
        for i in range(int(lengths.max())):
            going = np.flatnonzero(lengths > i)
            drawn = np.searchsorted(self._frequent, chance.random(len(going)))
            last = before[going]
            low, high = self._weight[self._begin[last]], self._weight[self._end[last]]
            follows = (last >= 0) & (high > low) & (chance.random(len(going)) < _FOLLOWS)
            at = np.searchsorted(
                self._weight, low + chance.random(len(going)) * (high - low), side="right"
            )
            drawn[follows] = self._second[at[follows] - 1]
            drawn[chance.random(len(going)) < _UNKNOWN] = -1
            words[starts[going] + i] = before[going] = drawn
        return words


def write_quotes(path: Path, rows: int, *, seed: int = 7) -> None:
    """Write a CSV of made quotes.

    Parameters
    ----------
    path : Path
        Where to.
    rows : int
        How many quotes.
    seed : int, default 7
        The same seed gives the same bytes.
    """
    language = Language(load_shipped_corpus())
    chance = np.random.default_rng(seed)
    names = pa.array([f"{a.title()} {b.title()}" for a, b in zip(*_made(chance, 2), strict=True)])
    kept = pa.array([], pa.string())
    no_labels = pa.table({})
    with create_quotes(str(path), format="csv", columns=COLUMNS) as write:
        for start in range(0, rows, ROWS_AT_A_TIME):
            n = min(ROWS_AT_A_TIME, rows - start)
            texts = _texts(language, n, chance)
            # Half of the repeated quotes come from the same stretch, half from an early one.
            source = chance.integers(0, n, n)
            again = chance.random(n) < _REPEATED
            near = texts.take(pa.array(source))
            far = kept.take(pa.array(source % len(kept))) if len(kept) else near
            one_of = pc.if_else(pa.array(chance.random(n) < 0.5), near, far)
            texts = pc.if_else(pa.array(again), one_of, texts)
            kept = kept if len(kept) else texts
            days = pa.array(chance.integers(12_000, 19_000, n).astype(np.int32), pa.date32())
            numbers = pa.array(np.arange(start, start + n)).cast(pa.string())
            columns = [
                pc.binary_join_element_wise("q", numbers, "-"),
                days.cast(pa.string()),
                names.take(pa.array(chance.integers(0, len(names), n))),
                pc.binary_join_element_wise("https://news.example", numbers, "/"),
                texts,
            ]
            table = pa.table(columns, names=COLUMNS)
            write(Batch(table, list(range(n)), None, [], texts), no_labels)


def _texts(language: Language, n: int, chance: np.random.Generator) -> pa.StringArray:
    lengths = language.lengths(n, chance)
    drawn = language.quotes(lengths, chance)
    unknown = np.flatnonzero(drawn < 0)
    made = pa.array(_made(chance, 1)[0])
    spelt = pa.concat_arrays([pa.array(language.words), made])
    drawn[unknown] = len(language.words) + chance.integers(0, len(made), len(unknown))
    words = spelt.take(pa.array(drawn))
    starts = np.concatenate(([0], np.cumsum(lengths)))
    first = np.zeros(len(drawn), dtype=bool)
    first[starts[:-1]] = True
    words = pc.if_else(pa.array(first), pc.utf8_capitalize(words), words)
    marks = np.where(chance.random(len(drawn)) < _COMMA, 1, 0)
    marks[starts[1:] - 1] = 2 + (chance.random(n) < 0.05) + 2 * (chance.random(n) < 0.03)
    words = pc.binary_join_element_wise(
        words, pa.array(["", ",", ".", "!", "?", "?"]).take(pa.array(marks)), ""
    )
    # A tenth of the quotes holds marks beyond ASCII, a few hold quotation marks.
    texts = pc.binary_join(pa.ListArray.from_arrays(pa.array(starts.astype(np.int32)), words), " ")
    curly = pc.if_else(
        pa.array(chance.random(n) < 0.7),
        pc.replace_substring(texts, "'", "’"),
        pc.binary_join_element_wise(texts, "é —", " "),
    )
    texts = pc.if_else(pa.array(chance.random(n) < 0.11), curly, texts)
    quoted = pc.binary_join_element_wise('"', texts, '", he said', "")
    return pc.if_else(pa.array(chance.random(n) < _QUOTED), quoted, texts)


def _made(chance: np.random.Generator, n: int) -> list[list[str]]:
    syllables = _SYLLABLES.split()
    parts = chance.integers(0, len(syllables), (n, _NAMES, 3))
    return [["".join(syllables[i] for i in row) for row in rows] for rows in parts]
