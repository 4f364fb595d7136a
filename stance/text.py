"""The words of quotes.

One definition serves training and prediction. `words` states it for a single text;
`tokenise` computes the same over an Arrow column without a Python loop per quote.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

IntArray = npt.NDArray[np.int64]

# Soft hyphens, zero-width characters and combining marks occur inside words copied from PDFs.
_INSIDE: Final = "\u00ad\u200b-\u200d\u2060\ufeff\u0300-\u036f"
_WORD: Final = re.compile(rf"[^\W_](?:[^\W_{_INSIDE}]|[{_INSIDE}]|['’](?=[^\W_]))*|[?!]")

# No word reaches over a space of ASCII, so that the rest of the text needs no look.
_ODD: Final = re.compile(r"\S*[^\x00-\x7f]\S*", re.ASCII)

SHINGLE_WORDS: Final = 3

_SURROGATE: Final = re.compile("[\ud800-\udfff]")

# Frequent in edited English; mapped here so that such quotes stay on the fast path.
_APOSTROPHE: Final = "’"
_SEPARATORS: Final = "“”‘„–—…«»\u00a0"

_WORDLIKE: Final = np.zeros(256, dtype=np.bool_)
_WORDLIKE[
    [*b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", *range(128, 256)]
] = True
_SINGLES: Final = b"?!"
_QUOTE: Final = ord("'")
_SPACE: Final = ord(" ")
_LOWER: Final = bytes(range(256)).lower()
_DROPPED: Final = bytes(
    byte for byte in range(256) if not _WORDLIKE[byte] and byte not in (_QUOTE, *_SINGLES)
)


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
        form = _form(match.group())
        if form:
            found.append(Word(form, *match.span()))
    return found


def _form(word: str) -> str:
    """Give the form of a word; some words in other scripts have none."""
    if not word.isascii():
        word = unicodedata.normalize("NFKC", word.replace(_APOSTROPHE, "'")).lower()
        word = unicodedata.normalize("NFKC", word)
        word = "".join(c for c in word if c.isalnum() or c == "'").strip("'")
    return word.lower()


def shingles(text: str) -> set[str]:
    """Give the runs of three words of a text; of a shorter one, all of it.

    Parameters
    ----------
    text : str
        A quote.

    Returns
    -------
    set of str
        At least one.

    Examples
    --------
    >>> sorted(shingles("We hope for peace"))
    ['hope for peace', 'we hope for']
    """
    forms = [word.form for word in words(text)]
    last = max(len(forms) - SHINGLE_WORDS, 0)
    return {" ".join(forms[i : i + SHINGLE_WORDS]) for i in range(last + 1)}


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


def text_hashes(texts: Sequence[str]) -> list[str]:
    """Name many texts, as `text_hash` does one, in a fraction of the time.

    Parameters
    ----------
    texts : sequence of str
        Any texts.

    Returns
    -------
    list of str
        The name of each.

    Examples
    --------
    >>> text_hashes(["We hope.", "They lied!"]) == [text_hash("we hope"), text_hash("They lied!")]
    True
    """
    tokens = tokenise(as_texts(texts))
    ends = np.cumsum(np.bincount(tokens.rows, minlength=tokens.n_rows))
    offsets = pa.array(np.concatenate([[0], ends]), pa.int32())
    joined = pc.binary_join(pa.ListArray.from_arrays(offsets, tokens.forms), " ")
    return [hashlib.sha256(form.encode()).hexdigest()[:16] for form in joined.to_pylist()]


@dataclass(frozen=True)
class Tokens:
    """The words of a column of texts, end to end.

    Attributes
    ----------
    forms : pyarrow.StringArray
        The forms of all words, in order.
    rows : numpy.ndarray of int32, shape (n_words,)
        For each word, the row of its text.
    n_rows : int
        How many texts there are.
    """

    forms: pa.StringArray
    rows: npt.NDArray[np.int32]
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
    if n_rows == 0:
        return Tokens(pa.array([], pa.string()), np.zeros(0, dtype=np.int32), 0)
    # A line feed after each text keeps words of neighbouring rows apart in one buffer.
    ended = pc.binary_join_element_wise(_ascii_where_possible(texts), "", "\n")
    data, offsets = _buffers(ended)
    run = np.frombuffer(bytearray(data).translate(_WORDLIKE.tobytes()), dtype=np.bool_)
    quotes = np.flatnonzero(data == _QUOTE)
    # The last byte is a line feed; the first has no letter before it.
    inside = run[np.maximum(quotes - 1, 0)] & run[np.minimum(quotes + 1, len(run) - 1)]
    inside &= quotes > 0
    run[quotes[inside]] = True
    data = data.copy()
    data[quotes[~inside]] = _SPACE
    starts, ends = np.zeros((2, len(data) + 1), dtype=np.bool_)
    np.greater(run[1:], run[:-1], out=starts[1:-1])
    starts[:1] = run[:1]
    np.less(run[1:], run[:-1], out=ends[1:-1])
    for mark in _SINGLES:
        single = np.flatnonzero(data == mark)
        starts[single] = True
        ends[single + 1] = True
    first = np.flatnonzero(starts)
    lengths = np.flatnonzero(ends) - first
    forms = _strings(data.tobytes().translate(_LOWER, _DROPPED), lengths)
    per_row = np.diff(np.searchsorted(first, offsets))
    return Tokens(forms, np.repeat(np.arange(n_rows, dtype=np.int32), per_row), n_rows)


def _ascii_where_possible(texts: pa.StringArray) -> pa.StringArray:
    """Replace typographic marks by ASCII ones, and spell other non-ASCII rows out as words."""
    plain = pc.string_is_ascii(texts)
    if pc.all(plain).as_py() is not False:
        return texts
    odd = texts.filter(pc.invert(plain))
    marked = pc.replace_substring(odd, _APOSTROPHE, "'")
    for mark in _SEPARATORS:
        marked = pc.replace_substring(marked, mark, " ")
    solved = [text if text.isascii() else _ODD.sub(_spelt_out, text) for text in marked.to_pylist()]
    return pc.replace_with_mask(texts, pc.invert(plain), pa.array(solved, pa.string()))


def _spelt_out(match: re.Match[str]) -> str:
    return " ".join(filter(None, map(_form, _WORD.findall(match.group()))))


def _buffers(strings: pa.StringArray) -> tuple[npt.NDArray[np.uint8], IntArray]:
    """Bytes and offsets of a string array without nulls, the offsets starting at 0."""
    if len(strings) == 0:
        return np.zeros(0, dtype=np.uint8), np.zeros(1, dtype=np.int64)
    _, offset_buffer, data_buffer = strings.buffers()
    offsets = np.frombuffer(offset_buffer, dtype=np.int32, count=len(strings) + 1)
    return np.frombuffer(data_buffer, dtype=np.uint8, count=int(offsets[-1])), offsets.astype(
        np.int64
    )


def _strings(data: bytes, lengths: IntArray) -> pa.StringArray:
    offsets = np.zeros(len(lengths) + 1, dtype=np.int32)
    np.cumsum(lengths, out=offsets[1:])
    return pa.StringArray.from_buffers(len(lengths), pa.py_buffer(offsets), pa.py_buffer(data))


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
