from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance import StanceError
from stance.sampling import choose, priority, queue_quotes
from stance.text import shingles, text_hash

HEADER = "id,quote,stance,probability,accusatory,conciliatory,neutral,review\n"
SURE = "neutral,0.9000,0.0500,0.0500,0.9000,false"
TORN = "neutral,0.5000,0.4500,0.0500,0.5000,true"
LABELLED = (
    f"{HEADER}01,The session opens on Monday.,{SURE}\n"
    f"02,They moved the fence again.,{TORN}\n"
    f"03,They moved the fence again!,{TORN}\n"
    f"04,A vote is due in the spring.,{SURE}\n"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("labelled.csv").write_text(LABELLED)
    return tmp_path


def test_doubt_comes_first() -> None:
    worth = priority(np.array([[0.9, 0.05, 0.05], [0.6, 0.2, 0.2], [0.34, 0.33, 0.33]]))
    assert worth.argsort().tolist() == [0, 1, 2]


def test_of_equal_doubts_that_about_a_rarer_stance_comes_first() -> None:
    common = [[0.0, 0.3, 0.7]] * 8
    torn_about_common, torn_about_rare = [0.0, 0.5, 0.5], [0.5, 0.0, 0.5]
    worth = priority(np.array([*common, torn_about_common, torn_about_rare]))
    assert worth[-1] > worth[-2]


def test_a_stance_nobody_expects_divides_by_nothing() -> None:
    assert np.isfinite(priority(np.array([[0.0, 0.5, 0.5]]))).all()


def test_shingles_of_a_short_quote_are_the_quote() -> None:
    assert shingles("They lied") == {"they lied"}
    assert shingles("They lied again") == {"they lied again"}


def test_near_duplicates_are_passed_over() -> None:
    texts = [
        "They broke every promise that they made to us in March.",
        "And they broke every promise that they made to us in March!",
        "The harbour is to be dredged.",
    ]
    probabilities = np.array([[0.5, 0.0, 0.5], [0.5, 0.0, 0.5], [0.1, 0.0, 0.9]])
    chosen = choose(texts, probabilities, 3)
    assert len(chosen) == 2
    assert chosen[1] == 2


quotes = st.lists(
    st.tuples(
        st.text(alphabet="abc ", min_size=1, max_size=12).filter(str.strip),
        st.sampled_from([(0.2, 0.3, 0.5), (0.4, 0.4, 0.2), (0.9, 0.05, 0.05)]),
    ),
    min_size=1,
    max_size=12,
)


@given(quotes, st.randoms(use_true_random=False), st.integers(1, 12))
def test_the_order_of_the_quotes_does_not_matter(
    rows: list[tuple[str, tuple[float, float, float]]], random: object, n: int
) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    def chosen(given: list[tuple[str, tuple[float, float, float]]]) -> list[str]:
        texts = [text for text, _ in given]
        places = choose(texts, np.array([p for _, p in given]), n)
        return [texts[place] for place in places]

    assert chosen(shuffled) == chosen(rows)


@given(quotes, st.integers(1, 12))
def test_no_quote_is_chosen_twice(
    rows: list[tuple[str, tuple[float, float, float]]], n: int
) -> None:
    texts = [text for text, _ in rows]
    places = choose(texts, np.array([p for _, p in rows]), n)
    hashes = [text_hash(texts[place]) for place in places]
    assert 1 <= len(hashes) <= n
    assert len({*hashes}) == len(hashes)


def test_a_queue_from_a_labelled_file() -> None:
    queue = queue_quotes(["labelled.csv"], 2)
    assert [quote.fields["id"] for quote in queue.quotes] == ["03", "04"]
    first = queue.quotes[0]
    assert (first.text, first.stance, first.probability) == (
        "They moved the fence again!",
        "neutral",
        0.5,
    )
    assert (queue.columns, queue.n_read, queue.n_known) == (["id"], 4, 0)


def test_annotated_quotes_are_left_out() -> None:
    known = {text_hash("they moved the fence again"), text_hash("They moved the fence again!")}
    queue = queue_quotes(["labelled.csv"], 4, known=known)
    assert sorted(quote.fields["id"] for quote in queue.quotes) == ["01", "04"]
    assert queue.n_known == 2


def test_files_with_other_columns_are_joined() -> None:
    Path("more.csv").write_text(
        LABELLED.replace("id,quote", "speaker,text").replace("moved the fence", "shut the port")
    )
    queue = queue_quotes(["labelled.csv", "more.csv"], 2)
    assert queue.columns == ["id", "speaker"]
    assert [quote.fields for quote in queue.quotes] == [
        {"id": "03", "speaker": ""},
        {"id": "", "speaker": "03"},
    ]


def test_a_prefix() -> None:
    named = HEADER.replace("stance,", "m_stance,").replace("probability,", "m_probability,")
    for name in ("accusatory", "conciliatory", "neutral", "review"):
        named = named.replace(name, f"m_{name}")
    Path("p.csv").write_text(LABELLED.replace(HEADER, named))
    assert queue_quotes(["p.csv"], 1, prefix="m_").columns == ["id"]


def test_a_file_without_labels() -> None:
    Path("plain.csv").write_text("text\nThey lied.\n")
    with pytest.raises(StanceError) as raised:
        queue_quotes(["plain.csv"], 1)
    assert str(raised.value) == (
        'plain.csv: has no column "accusatory"; label it first with `stance predict`'
    )
    assert raised.value.exit_code == 2


@pytest.mark.parametrize("spelt", ["high", "", "0.9", "nan", "-0.1"])
def test_numbers_that_are_no_probabilities(spelt: str) -> None:
    Path("bad.csv").write_text(LABELLED + f"05,Rain.,neutral,0.5,{spelt},0.2,0.5,true\n")
    with pytest.raises(StanceError) as raised:
        queue_quotes(["bad.csv"], 1)
    assert str(raised.value) == (
        f"bad.csv:6: its probabilities are '{spelt}', '0.2', '0.5'; "
        "label the file anew with `stance predict`"
    )
    assert raised.value.exit_code == 1


def test_a_row_without_a_quote() -> None:
    Path("bad.csv").write_text(LABELLED + f"05,,{SURE}\n")
    with pytest.raises(StanceError, match=r'^bad\.csv:6: column "quote" is empty'):
        queue_quotes(["bad.csv"], 1)
