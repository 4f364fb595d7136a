"""The analyser: from the words of quotes to counted terms.

One definition serves training and prediction. `words` states it for a single text;
`tokenise` computes the same over an Arrow column without a Python loop per quote.
A *term* is one word or several words in a row, joined by single spaces.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

IntArray = npt.NDArray[np.int64]

# Soft hyphens, zero-width characters and combining marks occur inside words copied from PDFs.
_INSIDE: Final = "\u00ad\u200b-\u200d\u2060\ufeff\u0300-\u036f"
_WORD: Final = re.compile(rf"[^\W_](?:[^\W_{_INSIDE}]|[{_INSIDE}]|['’](?=[^\W_]))*|[?!]")

_SURROGATE: Final = re.compile("[\ud800-\udfff]")

# Frequent in edited English; mapped here so that such quotes stay on the fast path.
_APOSTROPHE: Final = "’"
_SEPARATORS: Final = "“”‘„–—…«»\u00a0"

_SEPARATE, _WORDLIKE, _SINGLE, _APOSTROPHES = 0, 1, 2, 3
_CLASS: Final = np.zeros(256, dtype=np.uint8)
_CLASS[[*b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", *range(128, 256)]] = (
    _WORDLIKE
)
_CLASS[[*b"?!"]] = _SINGLE
_CLASS[ord("'")] = _APOSTROPHES
_LOWER: Final = np.arange(256, dtype=np.uint8)
_LOWER[ord("A") : ord("Z") + 1] += 32


class Word(NamedTuple):
    """One word of a text: its form in terms, and where it stands."""

    form: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """Split a text into words: the definition of the analyser.

    A word is a run of letters and digits, with apostrophes inside it; its form is in lower
    case and in Unicode normalisation form KC, with straight apostrophes. Question and
    exclamation marks are words of their own; all else separates.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of Word
        In order; ``text[word.start:word.end]`` is the word as it was written.

    Examples
    --------
    >>> [word.form for word in words("Don’t they KNOW?")]
    ["don't", 'they', 'know', '?']
    """
    found = []
    for match in _WORD.finditer(text):
        form = match.group()
        if not form.isascii():
            form = unicodedata.normalize("NFKC", form.replace(_APOSTROPHE, "'")).lower()
            form = unicodedata.normalize("NFKC", form)
            form = "".join(c for c in form if c.isalnum() or c == "'").strip("'")
        if form:
            found.append(Word(form.lower(), *match.span()))
    return found


def text_hash(text: str) -> str:
    """Name a text by its words, so that punctuation, case and spacing do not matter.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The first 16 hexadecimal digits of the SHA-256 of its words joined by spaces.

    Examples
    --------
    >>> text_hash("We hope.") == text_hash("we  HOPE")
    True
    """
    return hashlib.sha256(" ".join(w.form for w in words(text)).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Tokens:
    """The words of a column of texts, end to end.

    Attributes
    ----------
    forms : pyarrow.StringArray
        The forms of all words, in order.
    rows : numpy.ndarray of int64, shape (n_words,)
        For each word, the row of its text.
    n_rows : int
        How many texts there are.
    """

    forms: pa.StringArray
    rows: IntArray
    n_rows: int


def tokenise(texts: pa.Array) -> Tokens:
    """Split a column of texts into words, as `words` does for one text.

    Parameters
    ----------
    texts : pyarrow.StringArray
        The texts; a null counts as an empty text.

    Returns
    -------
    Tokens
        The words and their rows.

    Examples
    --------
    >>> tokenise(pa.array(["We hope.", "They lied!"])).forms.to_pylist()
    ['we', 'hope', 'they', 'lied', '!']
    """
    texts = pc.fill_null(texts.cast(pa.string()), "")
    n_rows = len(texts)
    # A line feed after each text keeps words of neighbouring rows apart in one buffer.
    ended = pc.binary_join_element_wise(_ascii_where_possible(texts), "", "\n")
    data, offsets = _buffers(ended)
    kinds = _CLASS[data]
    wordlike = kinds == _WORDLIKE
    inside = kinds == _APOSTROPHES
    inside[1:] &= wordlike[:-1]
    inside[:-1] &= wordlike[1:]
    inside[:1] = False
    run = wordlike | inside
    single = kinds == _SINGLE
    kept = run | single
    starts = single.copy()
    starts[:1] |= run[:1]
    starts[1:] |= run[1:] & ~run[:-1]
    forms = _strings(_LOWER[data[kept]], np.flatnonzero(starts[kept]))
    per_row = np.diff(np.searchsorted(np.flatnonzero(starts), offsets))
    return Tokens(forms, np.repeat(np.arange(n_rows), per_row), n_rows)


def _ascii_where_possible(texts: pa.StringArray) -> pa.StringArray:
    """Replace typographic marks by ASCII ones, and spell other non-ASCII rows out as words."""
    plain = pc.string_is_ascii(texts)
    if pc.all(plain).as_py() is not False:
        return texts
    odd = texts.filter(pc.invert(plain))
    marked = pc.replace_substring(odd, _APOSTROPHE, "'")
    for mark in _SEPARATORS:
        marked = pc.replace_substring(marked, mark, " ")
    solved = [
        text if text.isascii() else " ".join(word.form for word in words(text))
        for text in marked.to_pylist()
    ]
    return pc.replace_with_mask(texts, pc.invert(plain), pa.array(solved, pa.string()))


def _buffers(strings: pa.StringArray) -> tuple[npt.NDArray[np.uint8], IntArray]:
    """Bytes and offsets of a string array without nulls, the offsets starting at 0."""
    if len(strings) == 0:
        return np.zeros(0, dtype=np.uint8), np.zeros(1, dtype=np.int64)
    _, offset_buffer, data_buffer = strings.buffers()
    offsets = np.frombuffer(offset_buffer, dtype=np.int32, count=len(strings) + 1)
    return np.frombuffer(data_buffer, dtype=np.uint8, count=int(offsets[-1])), offsets.astype(
        np.int64
    )


def _strings(data: npt.NDArray[np.uint8], starts: IntArray) -> pa.StringArray:
    offsets = np.append(starts, len(data)).astype(np.int32)
    return pa.StringArray.from_buffers(len(starts), pa.py_buffer(offsets), pa.py_buffer(data))


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


class Occurrence(NamedTuple):
    """One occurrence of a known term in a text, with its place in characters."""

    term: int
    start: int
    end: int


@dataclass(frozen=True)
class _Level:
    """The grams of one length: key of (shorter gram, word), and the term each spells."""

    keys: pa.Int64Array
    terms: IntArray


class TermIndex:
    """Finds known terms in texts.

    Words are looked up by a hash table, longer terms as pairs of a shorter gram and the
    word after it, so that the cost grows with the text and not with the vocabulary.

    Parameters
    ----------
    terms : sequence of str
        Distinct terms; the position of each is its number.

    Examples
    --------
    >>> index = TermIndex(["hope", "we", "we hope"])
    >>> index.count(pa.array(["We hope, we hope."])).counts.tolist()
    [2, 2, 2]
    """

    def __init__(self, terms: Sequence[str] | pa.Array) -> None:
        column = terms if isinstance(terms, pa.Array) else pa.array(terms, pa.string())
        self.n_terms = len(column)
        split = pc.split_pattern(column.cast(pa.string()), " ")
        self._words = split.values.unique()
        self._n_words = len(self._words)
        lengths = pc.list_value_length(split).to_numpy(zero_copy_only=False)
        flat = pc.index_in(split.values, self._words).to_numpy(zero_copy_only=False)
        first = np.concatenate(([0], np.cumsum(lengths)))[:-1]
        self._word_terms = np.full(self._n_words, -1, dtype=np.int64)
        one = np.flatnonzero(lengths == 1)
        self._word_terms[flat[first[one]]] = one
        self._levels: list[_Level] = []
        grams = flat[first].astype(np.int64) if self.n_terms else np.zeros(0, dtype=np.int64)
        for length in range(2, int(lengths.max(initial=1)) + 1):
            longer = np.flatnonzero(lengths >= length)
            keys, grams_here = np.unique(
                grams[longer] * self._n_words + flat[first[longer] + length - 1],
                return_inverse=True,
            )
            spelt = np.full(len(keys), -1, dtype=np.int64)
            exact = lengths[longer] == length
            spelt[grams_here[exact]] = longer[exact]
            self._levels.append(_Level(pa.array(keys), spelt))
            grams = grams.copy()
            grams[longer] = grams_here

    def _find(self, tokens: Tokens) -> list[tuple[int, IntArray, IntArray]]:
        """Give (length, positions of first words, terms) of all occurrences."""
        if not len(tokens.forms) or not self.n_terms:
            return []
        ids = _index_in(tokens.forms, self._words)
        positions = np.flatnonzero(ids >= 0)
        grams = ids[positions]
        spelt = self._word_terms[grams]
        found = [(1, positions[spelt >= 0], spelt[spelt >= 0])]
        for length, level in enumerate(self._levels, start=2):
            last = positions + length - 1
            inside = last < len(ids)
            positions, grams, last = positions[inside], grams[inside], last[inside]
            same = (ids[last] >= 0) & (tokens.rows[last] == tokens.rows[positions])
            positions, grams, last = positions[same], grams[same], last[same]
            grams = _index_in(pa.array(grams * self._n_words + ids[last]), level.keys)
            known = grams >= 0
            positions, grams = positions[known], grams[known]
            spelt = level.terms[grams]
            found.append((length, positions[spelt >= 0], spelt[spelt >= 0]))
        return found

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
        found = self._find(tokens)
        if not found:
            nothing = np.zeros(0, dtype=np.int64)
            return Counts(np.zeros(tokens.n_rows + 1, dtype=np.int64), nothing, nothing)
        rows = np.concatenate([tokens.rows[positions] for _, positions, _ in found])
        terms = np.concatenate([terms for _, _, terms in found])
        return _counts(rows, terms, tokens.n_rows, self.n_terms)

    def occurrences(self, text: str) -> list[Occurrence]:
        """Find every known term of one text and where it stands.

        Parameters
        ----------
        text : str
            Any text.

        Returns
        -------
        list of Occurrence
            In order of length, then of place.
        """
        spans = words(text)
        tokens = Tokens(
            pa.array([word.form for word in spans], pa.string()),
            np.zeros(len(spans), dtype=np.int64),
            1,
        )
        return [
            Occurrence(int(term), spans[first].start, spans[first + length - 1].end)
            for length, positions, terms in self._find(tokens)
            for first, term in zip(positions.tolist(), terms.tolist(), strict=True)
        ]


def _index_in(values: pa.Array, known: pa.Array) -> IntArray:
    """Positions of values among the known ones, -1 where absent."""
    found: IntArray = pc.fill_null(pc.index_in(values, known), -1).to_numpy().astype(np.int64)
    return found


def _counts(rows: IntArray, terms: IntArray, n_rows: int, n_terms: int) -> Counts:
    keys, counts = np.unique(rows * n_terms + terms, return_counts=True)
    indptr = np.searchsorted(keys, np.arange(n_rows + 1) * n_terms)
    return Counts(indptr, keys % n_terms, counts.astype(np.int64))


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


def as_texts(texts: Iterable[str | None] | pa.Array | pa.ChunkedArray) -> pa.StringArray:
    """Give any sequence of texts as one Arrow string column.

    Parameters
    ----------
    texts : iterable of str, or Arrow array
        The texts; None and null stay null.

    Returns
    -------
    pyarrow.StringArray
        The same texts.

    Raises
    ------
    TypeError
        If `texts` is a single string, or its values are no strings.
    """
    if isinstance(texts, str):
        raise TypeError("texts must be a sequence of strings, not one string; write [text]")
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    if isinstance(texts, pa.Array):
        if pa.types.is_dictionary(texts.type):
            texts = texts.dictionary_decode()
        kind = texts.type
        if not (
            pa.types.is_string(kind)
            or pa.types.is_large_string(kind)
            or pa.types.is_null(kind)
            or pa.types.is_string_view(kind)
        ):
            raise TypeError(f"texts must be strings, not {kind}")
        return texts.cast(pa.string())
    values = list(texts)
    wrong = next((v for v in values if not isinstance(v, str | None)), None)
    if wrong is not None:
        raise TypeError(f"texts must be strings, not {type(wrong).__name__}")
    # An unpaired surrogate has no UTF-8; U+FFFD is what decoders put in its place.
    safe = [v if v is None or v.isascii() else _SURROGATE.sub("\ufffd", v) for v in values]
    return pa.array(safe, pa.string())
