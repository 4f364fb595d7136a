from __future__ import annotations

import pickle
from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.analyser import CUE_TERMS, Analyser, TermIndex, frequent_terms
from stance.lexicon import Cue, Lexicon, load_lexicon
from stance.text import as_texts

CLASSES = {"we": "{we}", "our": "{we}", "they": "{they}", "not": "{not}", "never": "{not}"}
CLASSES |= {"but": "{but}", "however": "{but}"}
LEXICON = Lexicon(
    [
        Cue("lied", "accusatory", 3),
        Cue("{they} (lied|have lied)", "accusatory", 2),
        Cue("we hope", "conciliatory", 3),
        Cue("{we} * {they}", "neutral", 1),
        Cue("no (such|) hope", "accusatory", 1),
        Cue("not", "neutral", 2),
    ],
    CLASSES,
)
WORDS = [
    "we",
    "our",
    "they",
    "lied",
    "have",
    "hope",
    "not",
    "never",
    "but",
    "however",
    "no",
    "such",
    "x",
]

sentences = st.lists(
    st.lists(st.sampled_from([*WORDS, "?"]), max_size=9).map(" ".join), min_size=1, max_size=8
)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("They hope.", ["they", "hope", "they hope"]),
        ("Hope", ["hope"]),
        ("", []),
        ("Lied!", ["lied", "!", "lied !", "<accusatory 3>"]),
    ],
)
def test_terms(text: str, terms: list[str]) -> None:
    assert Analyser(2, LEXICON)(text) == terms


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("They lied", ["<accusatory 2>", "<accusatory 3>"]),
        ("they have lied", ["<accusatory 2>", "<accusatory 3>"]),
        ("they never lied", ["<not accusatory 3>"]),
        # A negation reaches three words, not four.
        ("never x x lied", ["<not accusatory 3>"]),
        ("never x x x lied", ["<accusatory 3>"]),
        # A negation inside a cue, or the cue itself, does not negate it.
        ("no such hope", ["<accusatory 1>"]),
        ("not", ["<neutral 2>"]),
        ("not not", ["<neutral 2>", "<not neutral 2>"]),
        ("our x they", ["<neutral 1>"]),
        ("we they", []),
        (
            "we hope but lied",
            [
                *("<accusatory 3>", "<accusatory after but>"),
                *("<conciliatory 3>", "<conciliatory before but>"),
            ],
        ),
        # The last turn counts.
        (
            "lied but x however",
            ["<accusatory 3>", "<accusatory before but>"],
        ),
    ],
)
def test_kinds_of_cues(text: str, kinds: list[str]) -> None:
    found = [term for term in Analyser(1, LEXICON)(text) if term.startswith("<")]
    assert sorted(found) == sorted(kinds)


def counted(texts: list[str], terms: list[str], lexicon: Lexicon) -> list[Counter[str]]:
    counts = TermIndex(terms, lexicon).count(as_texts(texts))
    result = []
    for start, end in zip(counts.indptr, counts.indptr[1:], strict=False):
        indices = counts.indices[start:end].tolist()
        assert indices == sorted(indices)
        numbers = counts.counts[start:end].tolist()
        result.append(Counter({terms[i]: n for i, n in zip(indices, numbers, strict=True)}))
    return result


@given(sentences, st.integers(1, 4), st.data())
def test_a_column_is_counted_as_each_text_is(
    texts: list[str], longest: int, data: st.DataObject
) -> None:
    analyser = Analyser(longest, LEXICON)
    every = sorted({term for text in texts for term in analyser(text)} | set(CUE_TERMS))
    terms = data.draw(st.lists(st.sampled_from(every), unique=True))
    expected = [Counter(t for t in analyser(text) if t in set(terms)) for text in texts]
    assert counted(texts, terms, LEXICON) == expected


odd = st.text(st.sampled_from("weWE thynot’'\u00ad é?!ﬁ\n"), max_size=30)


@given(st.lists(odd | st.text(max_size=30), min_size=1, max_size=4))
def test_any_text_is_counted_with_the_shipped_lexicon(texts: list[str]) -> None:
    texts = as_texts(texts).to_pylist()
    analyser = Analyser(2, load_lexicon())
    terms = sorted({term for text in texts for term in analyser(text)})
    assert counted(texts, terms, load_lexicon()) == [Counter(analyser(text)) for text in texts]


@given(sentences)
def test_occurrences_are_the_counted_terms_in_their_places(texts: list[str]) -> None:
    analyser = Analyser(2, LEXICON)
    for text in texts:
        terms = sorted(set(analyser(text)))
        of_text, *found_in = TermIndex(terms, LEXICON).occurrences(["", text])
        assert set(of_text.tolist()) <= {1}
        found = [(terms[i], a, b) for i, a, b in zip(*found_in, strict=True)]
        assert sorted(found) == sorted(tuple(o) for o in analyser.occurrences(text))
        assert all(text[a:b] == term for term, a, b in found if not term.startswith("<"))


def test_terms_do_not_reach_across_texts() -> None:
    assert (
        counted(["as we", "hope so", "not", "lied"], ["we hope", "<not accusatory 3>"], LEXICON)
        == [Counter()] * 4
    )


@given(sentences, st.integers(1, 4), st.integers(1, 3))
def test_frequent_terms_are_those_in_enough_texts(
    texts: list[str], longest: int, min_texts: int
) -> None:
    in_texts = Counter(term for text in texts for term in set(Analyser(longest)(text)))
    expected = sorted(term for term, n in in_texts.items() if n >= min_texts)
    assert frequent_terms(pa.array(texts), longest=longest, min_texts=min_texts) == expected


def test_an_analyser_can_be_pickled() -> None:
    analyser = Analyser(2, LEXICON)
    analyser("they lied")
    assert pickle.loads(pickle.dumps(analyser))("they lied") == analyser("they lied")
