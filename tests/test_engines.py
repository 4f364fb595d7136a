"""What the engines share; the engines themselves are tested by `make test-engines`."""

from __future__ import annotations

import configparser
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from documents import blocks
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import tiny_model

from stance import StanceError, load_model
from stance.engines import duckdb, label_batches, ray, spark
from stance.engines.batches import LABELS, check_names, packed, unpacked
from stance.model import LABEL_COLUMNS

ROOT = Path(__file__).parent.parent
SHIPPED = load_model()
NOTHING = dict.fromkeys(LABEL_COLUMNS)


def test_the_columns_are_those_of_predict() -> None:
    assert LABELS.equals(SHIPPED.predict([]).schema)


@settings(max_examples=30)
@given(
    st.lists(
        st.lists(st.none() | st.text() | st.sampled_from(["They lied.", "We hope"])), max_size=3
    )
)
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
    with pytest.raises(StanceError, match=r'^two columns are called "text"; rename one$'):
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


@pytest.mark.parametrize(("code", "printed"), blocks(""))
def test_batches_do_what_the_document_says(
    code: str,
    printed: str,
    examples: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(examples)
    exec(code, {})
    assert capsys.readouterr().out == printed


def test_each_engine_is_in_the_document() -> None:
    assert [len(blocks(name)) for name in ("", "spark", "ray", "duckdb")] == [1, 2, 1, 2]


def test_ci_tests_the_engines() -> None:
    assert (ROOT / ".ci" / "run").read_text().endswith("\nmake test-engines\n")


@pytest.mark.parametrize("extra", ["spark", "ray", "duckdb"])
def test_the_readme_names_what_an_extra_brings(extra: str) -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for requirement in setup["options.extras_require"][extra].split():
        name, _, bound = requirement.partition(">=")
        assert f"| {name} | {bound} |" in text
