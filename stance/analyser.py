"""The analyser: from texts to counted terms. Training and prediction share it.

A *term* is one of two things. A word, or several words in a row joined by single spaces; or,
in angle brackets, the kind of a cue of the lexicon: ``<accusatory 3>`` for a strong
accusatory one, ``<not accusatory 3>`` if a negation stands within the three words before it,
and in a quote with a turn such as "but" also ``<accusatory before but>`` or ``<accusatory
after but>``. `Analyser` states this for a single text; `TermIndex` computes the same over a
column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stance.codebook import STANCES
from stance.lexicon import EMPTY, STRENGTHS, Lexicon
from stance.phrases import ANY, Numbers, PhraseIndex, index_in
from stance.text import IntArray, Tokens, tokenise, words

NEGATION: Final = "{not}"
TURN: Final = "{but}"
NEGATION_REACH: Final = 3

CUE_TERMS: Final = tuple(
    [f"<{stance} {strength}>" for stance in STANCES for strength in STRENGTHS]
    + [f"<not {stance} {strength}>" for stance in STANCES for strength in STRENGTHS]
    + [f"<{stance} {place} but>" for stance in STANCES for place in ("before", "after")]
)
_N_KINDS: Final = len(STANCES) * len(STRENGTHS)


class Occurrence(NamedTuple):
    """One occurrence of a term in a text, with its place in characters."""

    term: str
    start: int
    end: int


@dataclass(frozen=True)
class Analyser:
    """What the terms of a text are; the plain statement of the analyser.

    Attributes
    ----------
    longest : int
        The most words in a term.
    lexicon : Lexicon
        The cues to look for.

    Examples
    --------
    >>> Analyser(longest=2)("They lied.")
    ['they', 'lied', 'they lied']
    """

    longest: int
    lexicon: Lexicon = EMPTY

    def __call__(self, text: str) -> list[str]:
        """Give the terms of a text, known or not, each as often as it occurs."""
        return [occurrence.term for occurrence in self.occurrences(text)]

    def occurrences(self, text: str) -> list[Occurrence]:
        """Find every term of a text.

        Parameters
        ----------
        text : str
            Any text.

        Returns
        -------
        list of Occurrence
            Words by length and place, then cues by place and length.
        """
        spans = words(text)
        forms = [word.form for word in spans]
        found = [
            Occurrence(" ".join(forms[i : i + length]), spans[i].start, spans[i + length - 1].end)
            for length in range(1, self.longest + 1)
            for i in range(len(forms) - length + 1)
        ]
        classes = [self.lexicon.classes.get(form) for form in forms]
        turn = max((i for i, name in enumerate(classes) if name == TURN), default=None)
        for first, length, cue in self._cues(forms, classes):
            stance, strength = self.lexicon.cues[cue].stance, self.lexicon.cues[cue].strength
            negated = NEGATION in classes[max(0, first - NEGATION_REACH) : first]
            place = spans[first].start, spans[first + length - 1].end
            found.append(Occurrence(f"<{'not ' * negated}{stance} {strength}>", *place))
            if turn is not None:
                side = "after" if first > turn else "before"
                found.append(Occurrence(f"<{stance} {side} but>", *place))
        return found

    def _cues(self, forms: list[str], classes: list[str | None]) -> list[tuple[int, int, int]]:
        """Give (first word, number of words, entry) of every cue."""
        found = []
        for first in range(len(forms)):
            nodes = [self._trie]
            for length, (form, name) in enumerate(
                zip(forms[first:], classes[first:], strict=True), start=1
            ):
                ways = {form, ANY} | ({name} if name else set())
                nodes = [node[way] for node in nodes for way in ways if way in node]
                found += [(first, length, node[None]) for node in nodes if None in node]
                if not nodes:
                    break
        return found

    @cached_property
    def _trie(self) -> dict[str | None, Any]:
        """A tree of symbols; the key None holds the entry that ends there."""
        root: dict[str | None, Any] = {}
        for phrase, cue in self.lexicon.phrases().items():
            node = root
            for symbol in phrase.split(" "):
                node = node.setdefault(symbol, {})
            node[None] = cue
        return root


@dataclass(frozen=True)
class Counts:
    """How often each term occurs in each text: a sparse matrix in CSR form.

    Attributes
    ----------
    indptr : numpy.ndarray of int64, shape (n_rows + 1,)
        Row ``i`` is ``indices[indptr[i]:indptr[i + 1]]``.
    indices : numpy.ndarray of int64
        Positions of terms, ascending within a row.
    counts : numpy.ndarray of int64
        Occurrences, at least 1.
    """

    indptr: IntArray
    indices: IntArray
    counts: IntArray

    @property
    def n_rows(self) -> int:
        """How many texts there are."""
        return len(self.indptr) - 1

    @property
    def rows(self) -> IntArray:
        """The row of every entry."""
        return np.repeat(np.arange(self.n_rows), np.diff(self.indptr))

    def to_scipy(self, n_terms: int) -> Any:
        """Give the same as a ``scipy.sparse.csr_matrix`` of shape (n_rows, n_terms)."""
        from scipy.sparse import csr_matrix

        return csr_matrix(
            (self.counts.astype(np.float64), self.indices, self.indptr),
            shape=(self.n_rows, n_terms),
        )


class TermIndex:
    """Finds known terms in a column of texts, as `Analyser` defines them.

    Parameters
    ----------
    terms : sequence of str
        Distinct terms; the position of each is its number.
    lexicon : Lexicon
        The cues to look for.

    Examples
    --------
    >>> index = TermIndex(["hope", "we", "we hope"])
    >>> index.count(pa.array(["We hope, we hope."])).counts.tolist()
    [2, 2, 2]
    """

    def __init__(self, terms: Sequence[str], lexicon: Lexicon = EMPTY) -> None:
        self.n_terms = len(terms)
        column = pa.array(terms, pa.string())
        cues = lexicon.phrases()
        spelt = pa.array(list(cues), pa.string())
        phrases = pc.unique(pa.concat_arrays([column, spelt]))
        self._index = PhraseIndex(phrases, lexicon.classes)
        # Of each phrase: its number as a term, and the kind of cue it is.
        self._terms = index_in(phrases, column)
        entry = index_in(phrases, spelt)
        of_cue = [
            STANCES.index(cue.stance) * len(STRENGTHS) + cue.strength - 1 for cue in lexicon.cues
        ]
        kinds = np.array(of_cue, dtype=np.int64)[list(cues.values())] if cues else entry
        self._kinds = np.where(entry >= 0, kinds[entry], -1) if cues else entry
        self._cue_terms = index_in(pa.array(CUE_TERMS), column)
        # One more entry at the end, for words that are no symbol.
        of_symbols = [lexicon.classes.get(symbol) for symbol in self._index.symbols.to_pylist()]
        self._is_negation = np.array([name == NEGATION for name in of_symbols] + [False])
        self._is_turn = np.array([name == TURN for name in of_symbols] + [False])

    def count(self, texts: pa.Array) -> Counts:
        """Count the known terms in each text.

        Parameters
        ----------
        texts : pyarrow.StringArray
            The texts; a null counts as an empty text.

        Returns
        -------
        Counts
            One row for each text.
        """
        tokens = tokenise(texts)
        terms, positions, _ = self._find(tokens)
        # One number for row and term; narrow ones are sorted in half the time.
        bits = max(1, self.n_terms).bit_length()
        keys = tokens.rows[positions].astype(np.int64)
        keys <<= bits
        keys |= terms
        if tokens.n_rows < 1 << (31 - bits):
            keys = np.sort(keys.astype(np.int32)).astype(np.int64)
        else:
            keys = np.sort(keys)
        new = np.ones(len(keys), dtype=np.bool_)
        np.not_equal(keys[1:], keys[:-1], out=new[1:])
        first = np.flatnonzero(new)
        counts = np.diff(np.append(first, len(keys)))
        keys = keys[first]
        indptr = np.searchsorted(keys, np.arange(tokens.n_rows + 1) << bits)
        return Counts(indptr, keys & ((1 << bits) - 1), counts)

    def occurrences(self, texts: Sequence[str]) -> tuple[IntArray, IntArray, IntArray, IntArray]:
        """Find the known terms of texts and where they stand.

        Parameters
        ----------
        texts : sequence of str
            Any texts.

        Returns
        -------
        tuple of numpy.ndarray of int64, each of shape (n_occurrences,)
            Number of the text, ascending; number of the term; its start and end in
            characters.
        """
        spans = [words(text) for text in texts]
        forms = pa.array([word.form for found in spans for word in found], pa.string())
        lengths_of = [len(found) for found in spans]
        rows = np.repeat(np.arange(len(texts), dtype=np.int32), lengths_of)
        starts = np.array([word.start for found in spans for word in found], dtype=np.int64)
        ends = np.array([word.end for found in spans for word in found], dtype=np.int64)
        terms, first, lengths = self._find(Tokens(forms, rows, len(texts)))
        in_order = np.argsort(rows[first], kind="stable")
        terms, first, lengths = terms[in_order], first[in_order], lengths[in_order]
        return rows[first].astype(np.int64), terms, starts[first], ends[first + lengths - 1]

    def _find(self, tokens: Tokens) -> tuple[IntArray, IntArray, IntArray]:
        """Give term, position of the first word, and number of words of all occurrences."""
        symbols = self._index.look_up(tokens)
        matches = self._index.find(symbols, tokens.rows)
        terms = self._terms[matches.phrases]
        known = np.flatnonzero(terms >= 0)
        found = [(terms[known], matches.positions[known], matches.lengths[known])]
        kinds = self._kinds[matches.phrases]
        cues = np.flatnonzero(kinds >= 0)
        if len(cues):
            found += self._cues(
                tokens, symbols, kinds[cues], matches.positions[cues], matches.lengths[cues]
            )
        terms, positions, lengths = (np.concatenate(part) for part in zip(*found, strict=True))
        return terms, positions, lengths

    def _cues(
        self,
        tokens: Tokens,
        symbols: Numbers,
        kinds: IntArray,
        positions: Numbers,
        lengths: Numbers,
    ) -> list[tuple[IntArray, Numbers, Numbers]]:
        negated = self._negated(tokens, symbols, positions)
        turn = np.full(tokens.n_rows, -1, dtype=np.int64)
        turns = np.flatnonzero(self._is_turn[symbols])
        # Of several the last stays.
        turn[tokens.rows[turns]] = turns
        turn_here = turn[tokens.rows[positions]]
        turned = np.flatnonzero(turn_here >= 0)
        sides = kinds // len(STRENGTHS) * 2 + (positions > turn_here)
        found = [
            (self._cue_terms[kinds + _N_KINDS * negated], positions, lengths),
            (self._cue_terms[2 * _N_KINDS + sides[turned]], positions[turned], lengths[turned]),
        ]
        return [
            (terms[known], places[known], sizes[known])
            for terms, places, sizes in found
            for known in [np.flatnonzero(terms >= 0)]
        ]

    def _negated(self, tokens: Tokens, symbols: Numbers, positions: Numbers) -> IntArray:
        """1 for each position that has a negation shortly before it in its text, else 0."""
        is_negation = self._is_negation[symbols]
        negated = np.zeros(len(positions), dtype=np.int64)
        rows = tokens.rows[positions]
        for back in range(1, NEGATION_REACH + 1):
            before = np.maximum(positions - back, 0)
            inside = (positions >= back) & (tokens.rows[before] == rows)
            negated |= is_negation[before] & inside
        return negated


def frequent_terms(texts: pa.Array, *, longest: int = 2, min_texts: int = 2) -> list[str]:
    """Find the terms that enough texts share.

    Parameters
    ----------
    texts : pyarrow.StringArray
        The texts.
    longest : int, default 2
        The most words in a term.
    min_texts : int, default 2
        How many texts must contain a term.

    Returns
    -------
    list of str
        In the order of their code points.

    Examples
    --------
    >>> frequent_terms(pa.array(["We hope so", "we hope", "we fear"]))
    ['hope', 'we', 'we hope']
    """
    tokens = tokenise(texts)
    encoded = tokens.forms.dictionary_encode()
    ids = encoded.indices.to_numpy().astype(np.int64)
    n_words = max(1, len(encoded.dictionary))
    forms = np.array(encoded.dictionary.to_pylist(), dtype=object)
    positions = np.arange(len(ids))
    grams, spelling = ids, forms
    kept: list[str] = []
    for length in range(1, longest + 1):
        if length > 1:
            last = positions + length - 1
            inside = last < len(ids)
            positions, grams, last = positions[inside], grams[inside], last[inside]
            same = tokens.rows[last] == tokens.rows[positions]
            positions, grams, last = positions[same], grams[same], last[same]
            keys, grams = np.unique(grams * n_words + ids[last], return_inverse=True)
            spelling = spelling[keys // n_words] + " " + forms[keys % n_words]
        if not len(grams):
            break
        pairs = np.unique(grams * tokens.n_rows + tokens.rows[positions])
        in_texts = np.bincount(pairs // tokens.n_rows, minlength=len(spelling))
        kept += spelling[in_texts >= min_texts].tolist()
        # A longer term cannot be more frequent than its beginning.
        frequent = in_texts[grams] >= min_texts
        positions, grams = positions[frequent], grams[frequent]
    return sorted(kept)
