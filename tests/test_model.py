from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance import STANCES, Model, StanceError, load_model
from stance.lexicon import Cue, Lexicon
from stance.model import LABEL_COLUMNS, export_pipeline, softmax

QUOTES = [
    "They broke every promise they ever made to us, and they lie about it.",
    "We welcome the agreement and thank our partners for their patience.",
    "The session will be held at 10 a.m. on Tuesday in the chamber.",
    "Don’t they KNOW? Élan, naïve, “quoted” – and more…",
    "zzzz qqqq",
]


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model()


@pytest.fixture
def tiny() -> Model:
    return Model(
        terms=["lied", "they", "they lied", "welcome", "<accusatory 3>"],
        idf=np.array([1.5, 1.0, 2.0, 1.5, 1.0], dtype=np.float32),
        weights=np.array(
            [[2, -1, -1], [1, 0, -1], [1, -1, 0], [-2, 3, -1], [3, -2, -1]], dtype=np.float32
        ),
        intercepts=np.array([-0.5, -0.5, 1.0]),
        threshold=0.6,
        card={"made": "by hand"},
        lexicon=Lexicon([Cue("no * excuse", "accusatory", 3)], {"we": "{we}"}),
    )


def test_a_prediction_by_hand(tiny: Model) -> None:
    # tf-idf of lied, they, "they lied", divided by its length
    weights = np.array([1.5, 1.0, 2.0]) / np.sqrt(1.5**2 + 1.0**2 + 2.0**2)
    scores = weights @ tiny.weights[:3] + tiny.intercepts
    assert tiny.predict_proba(["They lied."])[0] == pytest.approx(softmax(scores), abs=1e-12)


def test_a_quote_without_known_words_gets_the_baseline(tiny: Model) -> None:
    assert tiny.predict_proba(["?"])[0] == pytest.approx(softmax(tiny.intercepts))


def test_labels_of_a_list(model: Model) -> None:
    labels = model.predict(QUOTES)
    assert labels.column_names == list(LABEL_COLUMNS)
    assert labels["stance"].to_pylist()[:3] == ["accusatory", "conciliatory", "neutral"]
    probabilities = np.stack([labels[stance].to_numpy() for stance in STANCES], axis=1)
    assert probabilities.sum(axis=1) == pytest.approx(1)
    assert labels["probability"].to_numpy() == pytest.approx(probabilities.max(axis=1))
    assert labels["review"].to_pylist() == [
        *(p < model.threshold for p in probabilities.max(axis=1)[:4]),
        True,  # not a word of it is known
    ]


@pytest.mark.parametrize("kind", [pa.table, pa.RecordBatch.from_pydict])
def test_labels_are_added_to_a_table(model: Model, kind: Any) -> None:
    table = kind({"id": [7, 8], "said": QUOTES[:2]})
    labelled = model.predict(table, text_column="said")
    assert labelled.column_names == ["id", "said", *LABEL_COLUMNS]
    assert labelled["id"].to_pylist() == [7, 8]
    assert labelled.select(list(LABEL_COLUMNS)).equals(model.predict(QUOTES[:2]))


def test_each_quote_is_labelled_as_if_alone(model: Model) -> None:
    together = model.predict_proba(QUOTES)
    assert np.array_equal(together, np.concatenate([model.predict_proba([q]) for q in QUOTES]))


@given(st.lists(st.text(max_size=40) | st.sampled_from(QUOTES), min_size=1, max_size=3))
def test_a_narrowed_model_says_the_same(quotes: list[str]) -> None:
    model = load_shipped_once()
    narrowed = model.narrowed(quotes)
    np.testing.assert_allclose(
        narrowed.predict_proba(quotes), model.predict_proba(quotes), rtol=0, atol=1e-12
    )
    assert Counter(c.term for c in narrowed.explain(quotes[0]).contributions) == Counter(
        c.term for c in model.explain(quotes[0]).contributions
    )


def test_no_quotes_give_no_labels(model: Model) -> None:
    assert model.predict([]).num_rows == 0
    assert model.predict([]).column_names == list(LABEL_COLUMNS)


def test_more_quotes_than_are_taken_at_a_time(model: Model) -> None:
    probabilities = model.predict_proba(pa.array(QUOTES * 14_000))
    assert np.array_equal(probabilities[-5:], model.predict_proba(QUOTES))


def test_threshold_and_abstaining(tiny: Model) -> None:
    quotes = ["They lied. They lied.", "nothing known"]
    assert tiny.predict(quotes, threshold=0.0)["review"].to_pylist() == [False, False]
    open_ones = tiny.predict(quotes, threshold=0.7, abstain=True)
    assert open_ones["review"].to_pylist() == [False, True]
    assert tiny.predict(["nothing known"])["review"].to_pylist() == [True]
    assert open_ones["stance"].to_pylist() == ["accusatory", None]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (["quote"], 'no column "text"; there are: quote'),
        (["text", "review"], 'a column "review" is there already; rename it'),
    ],
)
def test_tables_that_do_not_fit(model: Model, columns: list[str], message: str) -> None:
    with pytest.raises(StanceError) as raised:
        model.predict(pa.table({column: ["x"] for column in columns}))
    assert str(raised.value) == message


@given(st.text(max_size=60))
def test_an_explanation_sums_to_the_scores(text: str) -> None:
    model = load_shipped_once()
    why = model.explain(text)
    scores = model.scores(pa.array([text.encode("utf-8", "replace").decode()]))[0]
    assert why.scores == pytest.approx(scores, abs=1e-9)
    assert softmax(why.scores) == pytest.approx(np.array(why.probabilities), abs=1e-9)
    assert why.stance == STANCES[int(np.argmax(why.probabilities))]
    for c in why.contributions:
        assert 0 <= c.start < c.end <= len(text)


@cache
def load_shipped_once() -> Model:
    return load_model()


@cache
def shipped_pipeline() -> Any:
    return load_shipped_once().to_pipeline()


def test_an_explanation_names_the_words(tiny: Model) -> None:
    why = tiny.explain("So they lied!")
    assert why.stance == "accusatory"
    assert why.baseline == (-0.5, -0.5, 1.0)
    assert [(c.term, "So they lied!"[c.start : c.end]) for c in why.contributions] == [
        ("lied", "lied"),
        ("they lied", "they lied"),
        ("they", "they"),
    ]


def test_an_explanation_shows_cues_where_they_stand(tiny: Model) -> None:
    text = "There is no possible excuse."
    cue = tiny.explain(text).contributions[0]
    assert (cue.term, text[cue.start : cue.end]) == ("<accusatory 3>", "no possible excuse")


def test_saving_and_loading_changes_nothing(tiny: Model, tmp_path: Path) -> None:
    tiny.save(tmp_path / "a.parquet")
    loaded = Model.load(tmp_path / "a.parquet")
    assert loaded.terms == tiny.terms
    assert np.array_equal(loaded.weights, tiny.weights)
    assert np.array_equal(loaded.idf, tiny.idf)
    assert np.array_equal(loaded.intercepts, tiny.intercepts)
    assert (loaded.threshold, loaded.card) == (tiny.threshold, tiny.card)
    assert loaded.lexicon == tiny.lexicon
    loaded.save(tmp_path / "b.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_a_model_is_a_table_for_anyone(tiny: Model, tmp_path: Path) -> None:
    tiny.save(tmp_path / "m.parquet")
    table = pq.read_table(tmp_path / "m.parquet")
    assert table.column_names == ["term", "idf", *STANCES, "cue"]
    assert table.sort_by([("accusatory", "descending")])["term"][0].as_py() == "<accusatory 3>"


def test_the_exported_pipeline_is_equal(model: Model, tmp_path: Path) -> None:
    export_pipeline(model, tmp_path / "m.joblib")
    pipeline = joblib.load(tmp_path / "m.joblib")
    assert pipeline.classes_.tolist() == list(STANCES)
    assert np.abs(pipeline.predict_proba(QUOTES) - model.predict_proba(QUOTES)).max() < 1e-6
    again = Model.load(tmp_path / "m.joblib", trust=True)
    assert np.array_equal(again.predict_proba(QUOTES), model.predict_proba(QUOTES))
    assert (again.threshold, again.card) == (model.threshold, model.card)


@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_the_exported_pipeline_is_equal_on_any_text(quotes: list[str]) -> None:
    pipeline, model = shipped_pipeline(), load_shipped_once()
    difference = pipeline.predict_proba(quotes) - model.predict_proba(quotes)
    assert np.abs(difference).max() < 1e-6


def damaged(path: Path, **changes: Any) -> None:
    table = pq.read_table(path)
    metadata = json.loads(table.schema.metadata[b"stance.model"])
    metadata = {key: value for key, value in (metadata | changes).items() if value != "drop"}
    pq.write_table(table.replace_schema_metadata({b"stance.model": json.dumps(metadata)}), path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"classes": 1}, "is a damaged model: its metadata cannot be read"),
        (
            {"format": 99},
            "has model format 99, this version reads 1; upgrade diplomatic-stance or train it anew",
        ),
        ({"threshold": "drop"}, "is a damaged model: its metadata cannot be read"),
        ({"intercepts": ["a"]}, "is a damaged model: its metadata cannot be read"),
        ({"intercepts": [1, 2]}, "is a damaged model: a weight is missing or not finite"),
        ({"threshold": float("nan")}, "is a damaged model: a weight is missing or not finite"),
    ],
)
def test_damaged_models(tiny: Model, tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    path = tmp_path / "m.parquet"
    tiny.save(path)
    damaged(path, **changes)
    with pytest.raises(StanceError) as raised:
        Model.load(path)
    assert str(raised.value) == f"{path}: {message}"


def test_a_model_with_a_missing_weight(tiny: Model, tmp_path: Path) -> None:
    path = tmp_path / "m.parquet"
    tiny.save(path)
    table = pq.read_table(path)
    idf = pa.array([None, 1.0, 1.0, 1.0, 1.0, None], pa.float32())
    pq.write_table(table.set_column(1, table.schema.field(1), idf), path)
    with pytest.raises(StanceError, match="a weight is missing or not finite"):
        Model.load(path)


NO_MODEL = "is no model file; a model is a .parquet table that `stance train` wrote"


@pytest.mark.parametrize("content", [b"", b"PAR1", b"not a table", b"PAR1" + b"\0" * 40 + b"PAR1"])
def test_files_that_are_no_tables(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.parquet"
    path.write_bytes(content)
    with pytest.raises(StanceError) as raised:
        Model.load(path)
    assert str(raised.value) == f"{path}: {NO_MODEL}"


def test_a_table_that_is_no_model(tmp_path: Path) -> None:
    path = tmp_path / "m.parquet"
    pq.write_table(pa.table({"a": [1]}), path)
    with pytest.raises(StanceError, match="is a Parquet table, but no stance model"):
        Model.load(path)


def test_a_missing_model(tmp_path: Path) -> None:
    with pytest.raises(StanceError, match="no such model file") as raised:
        load_model(tmp_path / "none.parquet")
    assert raised.value.exit_code == 2


class Bomb:
    def __reduce__(self) -> tuple[Any, ...]:
        return Path.write_text, (Path("bomb"), "went off")


@pytest.mark.parametrize("name", ["m.joblib", "m.pkl", "m.pickle"])
def test_a_pickle_is_not_touched_without_trust(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    joblib.dump(Bomb(), name)
    with pytest.raises(StanceError) as raised:
        load_model(name)
    assert str(raised.value) == (
        f"{name}: such a file can run any code when it is loaded; "
        "add --trust if you made it yourself, or use a .parquet model"
    )
    assert not Path("bomb").exists()


def test_a_foreign_pickle_is_named_even_with_trust(tmp_path: Path) -> None:
    joblib.dump({"a": 1}, tmp_path / "m.joblib")
    with pytest.raises(StanceError, match="is no pipeline that `stance export` wrote"):
        load_model(tmp_path / "m.joblib", trust=True)


def test_the_shipped_model_is_small() -> None:
    import stance

    shipped = Path(stance.__file__).parent / "shipped" / "model.parquet"
    assert shipped.stat().st_size < 8_000_000
