from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance import StanceError
from stance.analyser import Analyser
from stance.corpus import (
    build_corpus,
    is_corpus,
    load_corpus,
    load_heldout,
    load_shipped_corpus,
    save_corpus,
)
from stance.lexicon import load_lexicon
from stance.vectors import NONE

TEXTS = [
    "They lied to us again.",
    "We welcome the talks, and we hope.",
    "They lied to the council.",
    "The council meets; the talks go on, we hope.",
]
STANCES = ["accusatory", "conciliatory", "accusatory", "neutral"]


def test_only_shared_terms_are_kept() -> None:
    corpus = build_corpus(TEXTS, STANCES, vectors=NONE)
    assert "welcome" not in corpus.terms
    assert corpus.terms == sorted(corpus.terms)
    assert {"they lied", "the talks", "we hope", "the council"} < set(corpus.terms)


def test_the_order_of_annotations_does_not_matter() -> None:
    one, other = build_corpus(TEXTS, STANCES), build_corpus(TEXTS[::-1], STANCES[::-1])
    assert one.hashes == other.hashes
    assert (one.X != other.X).nnz == 0
    assert one.fingerprint == other.fingerprint


def test_a_quote_that_comes_twice_is_taken_once() -> None:
    twice = build_corpus([*TEXTS, "they LIED to us again"], [*STANCES, "accusatory"])
    assert len(twice) == len(TEXTS)
    disputed = build_corpus([*TEXTS, "they LIED to us again"], [*STANCES, "neutral"])
    assert len(disputed) == len(TEXTS) + 1


def test_a_quote_without_speaker_is_its_own_group() -> None:
    corpus = build_corpus(TEXTS, STANCES, groups=["A", "", "A", ""])
    assert sorted(corpus.groups).count("A") == 2
    assert len(set(corpus.groups)) == 3


def test_the_fingerprint_tells_labels_and_weights_apart() -> None:
    corpus = build_corpus(TEXTS, STANCES)
    relabelled = build_corpus(TEXTS, [*STANCES[:3], "conciliatory"])
    reweighted = build_corpus(TEXTS, STANCES, weights=[1, 1, 1, 2])
    assert len({c.fingerprint for c in (corpus, relabelled, reweighted)}) == 3


def test_saving_and_loading_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "corpus.parquet"
    corpus = build_corpus(
        TEXTS,
        STANCES,
        groups=["A", "", "B", ""],
        rounds=["1"] * 4,
        analyser=Analyser(3, load_lexicon()),
    )
    save_corpus(corpus, path)
    loaded = load_corpus(path)
    assert is_corpus(path)
    assert (loaded.X != corpus.X).nnz == 0
    assert np.array_equal(loaded.y, corpus.y)
    assert np.array_equal(loaded.weights, corpus.weights)
    assert np.array_equal(loaded.unread, corpus.unread)
    for name in ("terms", "groups", "rounds", "hashes", "analyser", "fingerprint"):
        assert getattr(loaded, name) == getattr(corpus, name), name


def test_a_corpus_holds_neither_text_nor_word_order(tmp_path: Path) -> None:
    path = tmp_path / "corpus.parquet"
    save_corpus(build_corpus(TEXTS, STANCES), path)
    table = pq.read_table(path)
    assert table.column_names == [
        *("text_hash", "stance", "weight", "group", "round", "unread", "terms", "counts")
    ]
    for terms in table["terms"].to_pylist():
        assert terms == sorted(terms)
        assert all(term.count(" ") < 2 for term in terms)


@pytest.mark.parametrize("content", [b"", b"text,stance\n"])
def test_files_that_are_no_corpus(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "c.parquet"
    path.write_bytes(content)
    assert not is_corpus(path)
    with pytest.raises(StanceError, match="cannot be read as an analysed training set"):
        load_corpus(path)


def test_a_table_that_is_no_corpus(tmp_path: Path) -> None:
    path = tmp_path / "c.parquet"
    pq.write_table(pa.table({"a": [1]}), path)
    assert not is_corpus(path)
    with pytest.raises(StanceError, match="is no analysed training set"):
        load_corpus(path)


def test_the_shipped_corpus_has_the_annotations_of_the_repository() -> None:
    trained, heldout = load_shipped_corpus(), load_heldout()
    assert not set(trained.hashes) & set(heldout.hashes)
    hashes, stances = trained.hashes + heldout.hashes, trained.stances + heldout.stances
    annotated: dict[str, set[str]] = {}
    for path in (Path(__file__).parent.parent / "data" / "annotations").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                annotated.setdefault(row["text_hash"], set()).add(row["stance"])
    assert set(hashes) <= set(annotated)
    assert len(hashes) > 0.99 * len(annotated)
    assert all(s in annotated[h] for h, s in zip(hashes, stances, strict=True))
    assert len(set(hashes)) == len(hashes)
