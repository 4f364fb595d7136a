"""What the engines share; the engines themselves are tested by `make test-engines`."""

from __future__ import annotations

import sys
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny import tiny_model

from stance import StanceError, load_model
from stance.engines import duckdb, label_batches, ray, spark
from stance.engines.batches import LABELS, check_names, packed, unpacked
from stance.model import LABEL_COLUMNS

SHIPPED = load_model()
NOTHING = dict.fromkeys(LABEL_COLUMNS)


def test_the_columns_are_those_of_predict() -> None:
    assert LABELS.equals(SHIPPED.predict([]).schema)


@given(st.lists(st.lists(st.none() | st.text() | st.sampled_from(["They lied.", "We hope"]))))
def test_every_row_comes_back_as_predict_labels_it(parts: list[list[str | None]]) -> None:
    safe = [[t and t.encode("utf-8", "replace").decode() for t in texts] for texts in parts]
    batches = [
        pa.record_batch({"id": pa.array(range(len(texts))), "text": pa.array(texts, pa.string())})
        for texts in safe
    ]
    labelled = list(label_batches(batches))
    assert [batch.select(["id", "text"]) for batch in labelled] == batches
    for batch, made in zip(batches, labelled, strict=True):
        for row, found in zip(SHIPPED.predict(batch).to_pylist(), made.to_pylist(), strict=True):
            assert found == (row if (row["text"] or "").strip() else row | NOTHING)


@pytest.mark.parametrize("text", [None, "", " \n", "\u2003", "x" * 100_001])
def test_rows_without_a_quote_have_no_labels(text: str | None) -> None:
    batch = pa.record_batch({"text": pa.array(["He lied", text, "y" * 100_000], pa.string())})
    [labelled] = label_batches([batch], tiny_model())
    assert [row["stance"] for row in labelled.to_pylist()] == ["accusatory", None, "neutral"]
    assert labelled.slice(1, 1).to_pylist() == [NOTHING | {"text": text}]


@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())],
    ids=str,
)
def test_any_arrow_text_is_text(kind: pa.DataType) -> None:
    batch = pa.record_batch({"text": pa.array(["He lied", None]).cast(kind)})
    [labelled] = label_batches([batch], tiny_model())
    assert labelled["stance"].to_pylist() == ["accusatory", None]
    assert labelled.schema.field("text").type == kind


def test_a_column_and_a_threshold_of_ones_own() -> None:
    batch = pa.record_batch({"quote": ["He lied"]})
    for threshold, review in ((0.999, True), (0.0, False)):
        [made] = label_batches([batch], tiny_model(), text_column="quote", threshold=threshold)
        assert made["review"].to_pylist() == [review]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"id": [1], "quote": [""]}, 'no column "text"; there are: id, quote'),
        ({"text": [1]}, 'column "text" holds int64, not text; cast it first'),
        ({"text": [""], "review": [1]}, 'a column "review" is there already; rename it'),
    ],
)
def test_what_cannot_be_labelled(columns: dict[str, Any], said: str) -> None:
    with pytest.raises(StanceError) as raised:
        next(label_batches([pa.record_batch(columns)]))
    assert str(raised.value) == said
    assert raised.value.exit_code == 2


def test_two_columns_of_one_name() -> None:
    with pytest.raises(StanceError, match='^two columns are called "text"; rename one$'):
        check_names(["text", "TEXT"], "Text", any_case=True)
    check_names(["text", "TEXT", "Stance"], "TEXT")


def test_a_model_is_sent_whole_and_loaded_once() -> None:
    model = tiny_model()
    sent = packed(model)
    came = unpacked(sent)
    assert came is unpacked(bytes(bytearray(sent)))
    assert came.predict(["He lied", "We welcome"]).equals(model.predict(["He lied", "We welcome"]))
    assert pq.read_table(pa.BufferReader(packed(None))).num_rows > 1000


@pytest.mark.parametrize(
    ("label", "package"),
    [(spark.label, "pyspark"), (ray.label, "ray"), (duckdb.label, "duckdb")],
)
def test_a_missing_engine_is_named_with_its_extra(
    label: Any, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    extra = package.removeprefix("py")
    with pytest.raises(StanceError) as raised:
        label(None)
    assert str(raised.value) == (
        f"{package} is not installed; install it: pip install 'diplomatic-stance[{extra}]'"
    )
    assert raised.value.exit_code == 2
