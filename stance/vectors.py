"""Word vectors: which words keep the same company.

Counted from some 64,000 quotes by officials, labelled or not, by ``make vectors``: words that
stand among the same words point the same way. They hold no text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import as_file, files
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Vectors:
    """A direction for each of some words.

    Attributes
    ----------
    words : tuple of str
        The words, in the order of code points.
    values : numpy.ndarray of int8, shape (n_words, n_dimensions)
        Their vectors; only the direction matters.
    """

    words: tuple[str, ...]
    values: npt.NDArray[np.int8]

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over words and values."""
        return hashlib.sha256("\n".join(self.words).encode() + self.values.tobytes()).hexdigest()

    @cached_property
    def directions(self) -> npt.NDArray[np.float64]:
        """The vectors at length 1, shape (n_words, n_dimensions)."""
        values = self.values.astype(np.float64)
        lengths = np.sqrt((values * values).sum(axis=1, keepdims=True))
        result: npt.NDArray[np.float64] = values / np.where(lengths > 0, lengths, 1)
        return result


NONE = Vectors((), np.zeros((0, 0), dtype=np.int8))


@cache
def load_vectors() -> Vectors:
    """Give the word vectors that come with the package.

    Returns
    -------
    Vectors
        Of every word that occurs often enough in the quotes they were counted from.

    Examples
    --------
    >>> vectors = load_vectors()
    >>> similarity = vectors.directions @ vectors.directions[vectors.words.index("peace")]
    >>> vectors.words[int(similarity.argsort()[-2])]
    'stability'
    """
    import pyarrow.parquet as pq

    with as_file(files("stance") / "shipped" / "vectors.parquet") as path:
        table = pq.read_table(path).combine_chunks()
    words = tuple(table["word"].to_pylist())
    values = table["vector"].combine_chunks().flatten().to_numpy().reshape(len(words), -1)
    return Vectors(words, values)


# Of how many terms a string of letters must be part to be one of their features.
LEAST_TERMS = 3
SHORTEST, LONGEST = 3, 5
# How much letters and company weigh beside the term itself: each as long a vector as this.
LETTERS_LENGTH = 1.5
COMPANY_LENGTH = 0.5


def letter_strings(word: str) -> set[str]:
    """Give the strings of 3 to 5 letters in a word, its ends marked, and the word itself.

    Parameters
    ----------
    word : str
        The word.

    Returns
    -------
    set of str
        As in Bojanowski et al., "Enriching Word Vectors with Subword Information" (TACL 2017).

    Examples
    --------
    >>> sorted(letter_strings("war"))
    ['<wa', '<war', '<war>', 'ar>', 'war', 'war>']
    """
    marked = f"<{word}>"
    return {marked} | {
        marked[start : start + length]
        for length in range(SHORTEST, LONGEST + 1)
        for start in range(len(marked) - length + 1)
    }


def word_features(terms: Sequence[str], vectors: Vectors) -> Any:
    """Say what terms have in common, so that a fit can let like ones weigh alike.

    Parameters
    ----------
    terms : sequence of str
        The vocabulary. Only single words have features.
    vectors : Vectors
        The company they keep.

    Returns
    -------
    scipy.sparse.csr_matrix, shape (n_terms, n_features)
        For each word its strings of letters, then its vector.

    Examples
    --------
    >>> word_features(["denied", "denier", "denies", "we deny"], NONE).shape
    (4, 9)
    """
    from scipy.sparse import csr_matrix, diags, hstack

    words = {term: i for i, term in enumerate(terms) if " " not in term and term[0] != "<"}
    strings = {word: sorted(letter_strings(word)) for word in words}
    shared: dict[str, int] = {}
    for parts in strings.values():
        for part in parts:
            shared[part] = shared.get(part, 0) + 1
    place = {
        part: i for i, part in enumerate(sorted(p for p in shared if shared[p] >= LEAST_TERMS))
    }
    pairs = [(words[w], place[part]) for w in words for part in strings[w] if part in place]
    at, columns = zip(*pairs, strict=True) if pairs else ((), ())
    letters = csr_matrix((np.ones(len(pairs)), (at, columns)), shape=(len(terms), len(place)))
    n_strings = np.asarray(letters.sum(axis=1)).ravel()
    letters = diags(LETTERS_LENGTH / np.sqrt(np.maximum(1, n_strings))) @ letters
    known = [(words[word], i) for i, word in enumerate(vectors.words) if word in words]
    company = np.zeros((len(terms), vectors.values.shape[1]))
    if known:
        places, numbers = np.array(known).T
        company[places] = vectors.directions[numbers] * COMPANY_LENGTH
    return hstack([letters, csr_matrix(company)]).tocsr()
