"""Training sets: analysed quotes with their labels, without the texts.

A corpus holds for each quote which terms occur in it and how often, in alphabetical order
and only terms that several quotes share. That is all a fit needs, so a training set whose
texts belong to others can travel: it gives back neither text nor word order.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import as_file, files
from os import PathLike
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stance.analyser import CUE_TERMS, Analyser, Counts, TermIndex, frequent_terms
from stance.codebook import STANCES
from stance.errors import StanceError
from stance.lexicon import EMPTY, load_lexicon
from stance.text import text_hash
from stance.vectors import NONE, Vectors, load_vectors, word_features

_SCHEMA = pa.schema(
    [
        pa.field("text_hash", pa.string()),
        pa.field("stance", pa.string()),
        pa.field("weight", pa.float32()),
        pa.field("group", pa.string()),
        pa.field("round", pa.string()),
        pa.field("unread", pa.bool_()),
        pa.field("terms", pa.list_(pa.string())),
        pa.field("counts", pa.list_(pa.int16())),
    ]
)
_SETTINGS_KEY = b"stance.analyser"


@dataclass(frozen=True)
class Corpus:
    """Analysed, labelled quotes.

    Attributes
    ----------
    terms : list of str
        The vocabulary, in the order of code points.
    counts : Counts
        Occurrences of the terms in each quote.
    y : numpy.ndarray of int64, shape (n_quotes,)
        Positions in `STANCES`.
    weights : numpy.ndarray of float64, shape (n_quotes,)
        How much each quote counts in a fit, above 0.
    groups : list of str
        Quotes of one group (a speaker) never stand on both sides of a split.
    rounds : list of str
        The annotation round each label comes from.
    unread : numpy.ndarray of bool, shape (n_quotes,)
        Whether no author of a cue had read the quote. On the others scores look better than
        they are, so that choices and calibration must not rest on them.
    hashes : list of str
        `text_hash` of each quote.
    analyser : Analyser
        What found the terms.
    vectors : Vectors
        The company that words keep. The vocabulary has all of these words: one that no quote
        has is weighed by its kin.
    """

    terms: list[str]
    counts: Counts
    y: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]
    groups: list[str]
    rounds: list[str]
    unread: npt.NDArray[np.bool_]
    hashes: list[str]
    analyser: Analyser
    vectors: Vectors = NONE

    def __len__(self) -> int:
        return len(self.y)

    @property
    def stances(self) -> list[str]:
        """The label of each quote."""
        return [STANCES[code] for code in self.y]

    @property
    def X(self) -> Any:
        """The counts as a ``scipy.sparse.csr_matrix`` of shape (n_quotes, n_terms)."""
        return self.counts.to_scipy(len(self.terms))

    @cached_property
    def features(self) -> Any:
        """What the terms have in common, as `stance.vectors.word_features` gives it."""
        return word_features(self.terms, self.vectors)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over quotes, labels, weights and vocabulary; the order does not matter."""
        lines = sorted(
            f"{name}\t{stance}\t{weight:.6g}"
            for name, stance, weight in zip(self.hashes, self.stances, self.weights, strict=True)
        )
        return hashlib.sha256("\n".join([*lines, "", *self.terms]).encode()).hexdigest()


def build_corpus(
    texts: Sequence[str],
    stances: Sequence[str],
    *,
    groups: Sequence[str] | None = None,
    rounds: Sequence[str] | None = None,
    unread: Sequence[bool] | None = None,
    weights: Sequence[float] | None = None,
    analyser: Analyser | None = None,
    vectors: Vectors | None = None,
    min_texts: int = 2,
) -> Corpus:
    """Analyse labelled quotes.

    A quote that comes twice with the same stance is taken once.

    Parameters
    ----------
    texts : sequence of str
        The quotes.
    stances : sequence of str
        For each, one of `STANCES`.
    groups : sequence of str, optional
        For each, who said it; where empty or not given, each text is its own group.
    rounds : sequence of str, optional
        For each, the annotation round.
    unread : sequence of bool, optional
        For each, whether no author of a cue had read it; all where not given.
    weights : sequence of float, optional
        For each, how much it counts; 1 where not given.
    analyser : Analyser, optional
        What finds the terms; words up to two in a row and the shipped lexicon where not given.
    vectors : Vectors, optional
        The company that words keep; the shipped ones where no analyser is given either.
    min_texts : int, default 2
        How many quotes must share a term.

    Returns
    -------
    Corpus
        In the order of the hashes.

    Examples
    --------
    >>> corpus = build_corpus(
    ...     ["We hope so.", "They lied. We hope not."],
    ...     ["conciliatory", "accusatory"],
    ...     analyser=Analyser(longest=2),
    ... )
    >>> corpus.terms
    ['hope', 'we', 'we hope']
    """
    n = len(texts)
    hashes = [text_hash(text) for text in texts]
    first: dict[tuple[str, str], int] = {}
    for i, key in enumerate(zip(hashes, stances, strict=True)):
        first.setdefault(key, i)
    # One order whatever the order of the input, so that the same annotations give one model.
    chosen = [first[key] for key in sorted(first)]
    column = pa.array([texts[i] for i in chosen], pa.string())
    if vectors is None:
        vectors = NONE if analyser else load_vectors()
    analyser = analyser or Analyser(longest=2, lexicon=load_lexicon())
    terms = _vocabulary(
        frequent_terms(column, longest=analyser.longest, min_texts=min_texts), analyser, vectors
    )
    groups = groups if groups is not None else [""] * n
    rounds = rounds if rounds is not None else [""] * n
    return Corpus(
        terms=terms,
        counts=TermIndex(terms, analyser.lexicon).count(column),
        y=np.array([STANCES.index(stances[i]) for i in chosen], dtype=np.int64),
        weights=np.array(
            [1.0 if weights is None else weights[i] for i in chosen], dtype=np.float64
        ),
        groups=[groups[i] or hashes[i] for i in chosen],
        rounds=[rounds[i] for i in chosen],
        unread=np.array([unread is None or unread[i] for i in chosen], dtype=np.bool_),
        hashes=[hashes[i] for i in chosen],
        analyser=analyser,
        vectors=vectors,
    )


def _vocabulary(found: Iterable[str], analyser: Analyser, vectors: Vectors) -> list[str]:
    return sorted({*found, *(CUE_TERMS if analyser.lexicon.cues else ()), *vectors.words})


def select(corpus: Corpus, chosen: npt.NDArray[Any]) -> Corpus:
    """Take some quotes of a corpus.

    Parameters
    ----------
    corpus : Corpus
        Where from.
    chosen : numpy.ndarray of bool, shape (n_quotes,), or of int64
        Which, as a mask or by position.

    Returns
    -------
    Corpus
        Those, over the same vocabulary.
    """
    at = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
    lengths = np.diff(corpus.counts.indptr)[at]
    indptr = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    entries = np.repeat(corpus.counts.indptr[at] - indptr[:-1], lengths) + np.arange(indptr[-1])
    return replace(
        corpus,
        counts=Counts(indptr, corpus.counts.indices[entries], corpus.counts.counts[entries]),
        y=corpus.y[at],
        weights=corpus.weights[at],
        groups=[corpus.groups[i] for i in at],
        rounds=[corpus.rounds[i] for i in at],
        unread=corpus.unread[at],
        hashes=[corpus.hashes[i] for i in at],
    )


def join(
    base: Corpus, texts: Sequence[str], stances: Sequence[str], groups: Sequence[str]
) -> Corpus:
    """Add labelled quotes to a corpus.

    A quote of the corpus whose text comes anew is replaced. The vocabulary grows by the terms
    that two or more of the new quotes share.

    Parameters
    ----------
    base : Corpus
        What to add to.
    texts, stances, groups : sequence of str
        As for `build_corpus`; the texts distinct by `stance.text.text_hash`.

    Returns
    -------
    Corpus
        The quotes of `base` that stay, then the new ones in the order of their hashes, each
        with weight 1 and called unread.
    """
    new = build_corpus(texts, stances, groups=groups, analyser=base.analyser, vectors=base.vectors)
    terms = sorted({*base.terms, *new.terms})
    by_hash = {text_hash(text): text for text in texts}
    column = pa.array([by_hash[name] for name in new.hashes], pa.string())
    counts = TermIndex(terms, base.analyser.lexicon).count(column)
    old = renumber(select(base, np.array([name not in by_hash for name in base.hashes])), terms)
    return Corpus(
        terms=terms,
        counts=Counts(
            np.concatenate((old.counts.indptr, old.counts.indptr[-1] + counts.indptr[1:])),
            np.concatenate((old.counts.indices, counts.indices)),
            np.concatenate((old.counts.counts, counts.counts)),
        ),
        y=np.concatenate((old.y, new.y)),
        weights=np.concatenate((old.weights, new.weights)),
        groups=[*old.groups, *new.groups],
        rounds=[*old.rounds, *new.rounds],
        unread=np.concatenate((old.unread, new.unread)),
        hashes=[*old.hashes, *new.hashes],
        analyser=base.analyser,
        vectors=base.vectors,
    )


def renumber(corpus: Corpus, terms: Sequence[str]) -> Corpus:
    """Count a corpus by another vocabulary, leaving out terms that are not in it.

    Parameters
    ----------
    corpus : Corpus
        What was counted.
    terms : sequence of str
        The other vocabulary, in the order of code points.

    Returns
    -------
    Corpus
        The same quotes.
    """
    column, others = pa.array(corpus.terms, pa.string()), pa.array(terms, pa.string())
    place = pc.fill_null(pc.index_in(column, others), -1).to_numpy().astype(np.int64)
    indices = place[corpus.counts.indices]
    kept = indices >= 0
    lengths = np.bincount(corpus.counts.rows[kept], minlength=len(corpus))
    counts = Counts(
        np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        indices[kept],
        corpus.counts.counts[kept],
    )
    return replace(corpus, terms=list(terms), counts=counts)


def save_corpus(corpus: Corpus, path: str | PathLike[str]) -> None:
    """Write a corpus as one Parquet table, a row for each quote.

    Parameters
    ----------
    corpus : Corpus
        What to write.
    path : str or path-like
        Where to.
    """
    offsets = pa.array(corpus.counts.indptr.astype(np.int32))
    forms = pa.array(corpus.terms, pa.string()).take(pa.array(corpus.counts.indices))
    counts = pa.array(np.minimum(corpus.counts.counts, np.iinfo(np.int16).max).astype(np.int16))
    table = pa.table(
        {
            "text_hash": pa.array(corpus.hashes, pa.string()),
            "stance": pa.array(corpus.stances, pa.string()),
            "weight": pa.array(corpus.weights.astype(np.float32)),
            "group": pa.array(corpus.groups, pa.string()),
            "round": pa.array(corpus.rounds, pa.string()),
            "unread": pa.array(corpus.unread),
            "terms": pa.ListArray.from_arrays(offsets, forms),
            "counts": pa.ListArray.from_arrays(offsets, counts),
        },
        schema=_SCHEMA.with_metadata(
            {_SETTINGS_KEY: json.dumps(_settings(corpus.analyser, corpus.vectors))}
        ),
    )
    pq.write_table(table, path, compression="zstd", compression_level=19)


def load_corpus(path: str | PathLike[str]) -> Corpus:
    """Read what `save_corpus` wrote.

    Parameters
    ----------
    path : str or path-like
        The Parquet file.

    Returns
    -------
    Corpus
        The quotes in the order of the file.

    Raises
    ------
    StanceError
        If the file is no analysed training set.
    """
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise StanceError("cannot be read as an analysed training set", path=path) from error
    stored = (table.schema.metadata or {}).get(_SETTINGS_KEY)
    if stored is None or not table.schema.equals(_SCHEMA):
        raise StanceError("is no analysed training set; make one with `make corpus`", path=path)
    settings = json.loads(stored)
    lexicon = load_lexicon() if settings["lexicon"] else EMPTY
    analyser = Analyser(settings["longest"], lexicon)
    vectors = load_vectors() if settings.get("vectors") else NONE
    if settings != _settings(analyser, vectors):
        raise StanceError("was analysed with another lexicon; make it anew", path=path)
    table = table.combine_chunks()
    per_row = pc.list_value_length(table["terms"]).to_numpy()
    forms = table["terms"].combine_chunks().flatten()
    # The file's own order of terms is alphabetical by row; the vocabulary is their union.
    vocabulary = _vocabulary(forms.unique().to_pylist(), analyser, vectors)
    return Corpus(
        terms=vocabulary,
        counts=Counts(
            np.concatenate(([0], np.cumsum(per_row))).astype(np.int64),
            pc.index_in(forms, pa.array(vocabulary, pa.string())).to_numpy().astype(np.int64),
            table["counts"].combine_chunks().flatten().to_numpy().astype(np.int64),
        ),
        y=pc.index_in(table["stance"], pa.array(STANCES)).to_numpy().astype(np.int64),
        weights=table["weight"].to_numpy().astype(np.float64),
        groups=table["group"].to_pylist(),
        rounds=table["round"].to_pylist(),
        unread=table["unread"].to_numpy(),
        hashes=table["text_hash"].to_pylist(),
        analyser=analyser,
        vectors=vectors,
    )


def _settings(analyser: Analyser, vectors: Vectors) -> dict[str, Any]:
    lexicon = analyser.lexicon
    return {
        "longest": analyser.longest,
        "lexicon": lexicon.fingerprint if lexicon.cues else None,
        "vectors": vectors.fingerprint if vectors.words else None,
    }


def is_corpus(path: str | PathLike[str]) -> bool:
    """Tell whether a file is an analysed training set, from its schema alone."""
    try:
        return _SETTINGS_KEY in (pq.read_schema(path).metadata or {})
    except (OSError, pa.ArrowException):
        return False


def load_shipped_corpus() -> Corpus:
    """Give the training set of the shipped model."""
    with as_file(files("stance") / "shipped" / "training.parquet") as path:
        return load_corpus(path)


def load_heldout() -> Corpus:
    """Give the quotes on which retrained models are compared; none was ever trained on."""
    with as_file(files("stance") / "shipped" / "heldout.parquet") as path:
        return load_corpus(path)
