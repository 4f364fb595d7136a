from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.text import as_texts, text_hash, tokenise, words

# Letters whose lower case, normal form or place in a word is out of the ordinary.
ODD = "aBé’'ʼ‘“”–…«»\u00a0\u00ad\u200b\u0301ﬁ½⑴İıßẞŉΣςﷺǅЖ中٣_-.,!? \t\n\r\0\u2028😀"
odd_texts = st.text(st.sampled_from(ODD), max_size=14) | st.text(max_size=20)


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        # what must change
        ("We WELCOME it.", ["we", "welcome", "it"]),
        ("Don’t stop", ["don't", "stop"]),
        ("Russia’s ‘rhetoric’", ["russia's", "rhetoric"]),
        ("“What for?” he asked!", ["what", "for", "?", "he", "asked", "!"]),
        ("war—and peace…now", ["war", "and", "peace", "now"]),
        ("a cease-fire, well-meant", ["a", "cease", "fire", "well", "meant"]),
        ("co\u00adoperation", ["cooperation"]),
        ("zero\u200bwidth", ["zerowidth"]),
        ("ﬁnal oﬀer", ["final", "offer"]),
        ("cafe\u0301 CAFÉ", ["café", "café"]),
        ("ΑΣ Straße İ", ["ας", "straße", "i"]),
        ("\tmany \r\n spaces\u00a0", ["many", "spaces"]),
        ("snake_case", ["snake", "case"]),
        ("⑴ first", ["1", "first"]),
        # what must not change
        ("they lied", ["they", "lied"]),
        ("o'clock don't", ["o'clock", "don't"]),
        ("2254 resolutions in 2016", ["2254", "resolutions", "in", "2016"]),
        ("naïve élan", ["naïve", "élan"]),
        ("? ! ?", ["?", "!", "?"]),
        ("мир 和平", ["мир", "和平"]),
        # what is no word
        ("", []),
        ("... -- ''' \"\"", []),
        ("\u00ad\u0301", []),
    ],
)
def test_words(text: str, forms: list[str]) -> None:
    assert [word.form for word in words(text)] == forms


@given(odd_texts)
def test_words_of_words_are_the_same(text: str) -> None:
    forms = [word.form for word in words(text)]
    assert [word.form for word in words(" ".join(forms))] == forms


@given(odd_texts)
def test_spans_are_in_order_and_not_empty(text: str) -> None:
    end = 0
    for word in words(text):
        assert end <= word.start < word.end <= len(text)
        end = word.end


@given(st.lists(st.none() | odd_texts, max_size=6))
def test_a_column_is_tokenised_as_each_text_is(texts: list[str | None]) -> None:
    column = as_texts(texts)
    tokens = tokenise(column)
    assert tokens.n_rows == len(texts)
    found: list[list[str]] = [[] for _ in texts]
    for form, row in zip(tokens.forms.to_pylist(), tokens.rows.tolist(), strict=True):
        found[row].append(form)
    expected = [[w.form for w in words(text or "")] for text in column.to_pylist()]
    assert found == expected


def test_a_sliced_column_is_tokenised_from_its_own_start() -> None:
    column = pa.array(["no", "They lied.", "Élan"]).slice(1)
    assert tokenise(column).forms.to_pylist() == ["they", "lied", "élan"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("We hope.", "we  HOPE"), ("“Don’t”", "don't"), ("a\u00adb", "ab"), ("x\n", " x ")],
)
def test_a_hash_ignores_case_spaces_and_marks(one: str, other: str) -> None:
    assert text_hash(one) == text_hash(other)
    assert text_hash(one) != text_hash(one + " not")


def test_a_hash_never_changes() -> None:
    # Annotations in data/ name their texts by it.
    assert text_hash("We hope the talks will be fruitful.") == "ec2a45ddfe8daec0"


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("one text", "texts must be a sequence of strings, not one string; write [text]"),
        (["a", 1], "texts must be strings, not int"),
        (pa.array([1, 2]), "texts must be strings, not int64"),
    ],
)
def test_what_is_no_text_is_refused(texts: object, message: str) -> None:
    with pytest.raises(TypeError) as raised:
        as_texts(texts)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    "texts",
    [
        ["a", None],
        pa.array(["a", None], pa.large_string()),
        pa.array(["a", None]).dictionary_encode(),
        pa.chunked_array([["a"], [None]], pa.string()),
    ],
)
def test_any_arrow_text_will_do(texts: object) -> None:
    assert as_texts(texts).to_pylist() == ["a", None]


def test_half_a_surrogate_pair_becomes_a_replacement_character() -> None:
    assert as_texts(["a\ud800b"]).to_pylist() == ["a\ufffdb"]
