"""What words have in common."""

import numpy as np
import pytest

from stance.vectors import (
    COMPANY_LENGTH,
    LETTERS_LENGTH,
    NONE,
    Vectors,
    letter_strings,
    load_vectors,
    word_features,
)


@pytest.mark.parametrize(
    ("word", "strings"),
    [
        ("a", {"<a>"}),
        ("", {"<>"}),
        ("us", {"<us", "us>", "<us>"}),
        ("нет", {"<не", "нет", "ет>", "<нет", "нет>", "<нет>"}),
    ],
)
def test_letter_strings(word: str, strings: set[str]) -> None:
    assert letter_strings(word) == strings


def test_words_of_one_stem_share_features_and_others_do_not() -> None:
    terms = ["deny", "denying", "denied", "denies", "talk", "talks", "talked", "we deny"]
    kin = (word_features(terms, NONE) @ word_features(terms, NONE).T).toarray()
    assert kin[0, 1] > 0
    assert kin[0, 2] > 0
    assert kin[0, 4:].tolist() == [0, 0, 0, 0]
    assert kin[4, 5] > 0


def test_cue_kinds_and_words_in_a_row_have_no_features() -> None:
    terms = ["<accusatory 1>", "<accusatory 2>", "<accusatory 3>", "deny it", "denied it"]
    assert word_features(terms, NONE).nnz == 0


def test_lengths() -> None:
    vectors = Vectors(("talk", "talks"), np.array([[3, 4], [0, 0]], dtype=np.int8))
    features = word_features(["talk", "talked", "talks"], vectors)
    letters, company = features[:, :-2].toarray(), features[:, -2:].toarray()
    assert np.sqrt((letters**2).sum(axis=1)) == pytest.approx([LETTERS_LENGTH] * 3)
    assert company[0] == pytest.approx([0.6 * COMPANY_LENGTH, 0.8 * COMPANY_LENGTH])
    assert not company[1:].any()


def test_no_term_at_all() -> None:
    assert word_features([], load_vectors()).shape == (0, load_vectors().values.shape[1])


def test_the_fingerprint_tells_vectors_apart() -> None:
    one = Vectors(("a", "b"), np.array([[1], [2]], dtype=np.int8))
    assert one.fingerprint == Vectors(("a", "b"), one.values.copy()).fingerprint
    assert one.fingerprint != Vectors(("a", "c"), one.values).fingerprint
    assert one.fingerprint != Vectors(("a", "b"), one.values[::-1].copy()).fingerprint


def test_the_shipped_vectors_are_in_order() -> None:
    words = load_vectors().words
    assert list(words) == sorted(set(words))
    assert len(words) == len(load_vectors().values) > 5_000
