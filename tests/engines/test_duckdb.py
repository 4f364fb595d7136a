from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from documents import blocks
from tiny import tiny_model

from stance import StanceError
from stance.engines import duckdb as engine
from stance.engines import label_batches
from stance.engines.batches import LABELS, unpacked

if find_spec("duckdb") is None:
    pytest.skip("duckdb is not installed", allow_module_level=True)
else:
    import duckdb


@pytest.fixture
def connection() -> Any:
    return duckdb.connect()


def test_duckdb_says_what_predict_says(
    connection: Any, quotes: pa.Table, expected: list[dict[str, Any]], tmp_path: Path
) -> None:
    pq.write_table(quotes, tmp_path / "quotes.parquet")
    relation = connection.read_parquet(str(tmp_path / "quotes.parquet"))
    labelled = engine.label(relation, connection=connection)
    table = labelled.to_arrow_table()
    assert table.schema.equals(pa.schema([*quotes.schema, *LABELS]))
    assert table.to_pylist() == expected
    # It may be asked again, and for less.
    [(waiting,)] = labelled.filter("review").count("*").fetchall()
    assert waiting == sum(row["review"] or False for row in expected)


def test_duckdb_labels_each_row_once(
    connection: Any, quotes: pa.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def counting(batches: Any, *given: Any, **settings: Any) -> Any:
        [batch] = batches
        seen.append(len(batch))
        return label_batches([batch], *given, **settings)

    monkeypatch.setattr(engine, "label_batches", counting)
    loaded = unpacked.cache_info().misses
    relation = connection.from_arrow(quotes)
    for _ in range(2):
        engine.label(relation, connection=connection).fetchall()
    assert sum(seen) == 2 * len(quotes)
    assert unpacked.cache_info().misses <= loaded + 1


def test_duckdb_takes_a_model_a_column_and_a_threshold(connection: Any) -> None:
    values = 'SELECT * FROM (VALUES (\'We welcome it\'), (\'He lied\')) AS t("a ""quote""")'
    options = {"model": tiny_model(), "text_column": 'A "quote"', "connection": connection}
    for threshold, review in ((0.999, True), (0.0, False), (None, False)):
        labelled = engine.label(connection.sql(values), threshold=threshold, **options)
        assert labelled.project("stance, review").fetchall() == [
            ("conciliatory", review),
            ("accusatory", review),
        ]


def test_duckdb_labels_in_sql(connection: Any) -> None:
    engine.register(connection, model=tiny_model())
    found = connection.sql("SELECT stance('He lied').stance, stance(NULL).stance, stance('')")
    assert found.fetchall() == [("accusatory", None, dict.fromkeys(LABELS.names))]
    with pytest.raises(duckdb.NotImplementedException, match="already created"):
        engine.register(connection, model=tiny_model())
    engine.register(connection, "shipped")
    assert connection.sql("SELECT shipped('They lied.').stance").fetchall() == [("accusatory",)]


def test_duckdb_takes_enums(connection: Any) -> None:
    relation = connection.sql("SELECT 'He lied'::ENUM('He lied', 'x') AS text")
    labelled = engine.label(relation, connection=connection)
    assert labelled.project("stance").fetchall() == [("accusatory",)]


@pytest.mark.parametrize(
    ("query", "text_column", "said"),
    [
        ("SELECT 1 AS id, '' AS quote", "text", 'no column "text"; there are: id, quote'),
        ("SELECT 1 AS id, '' AS text", "id", 'column "id" holds INTEGER, not text; cast it first'),
        (
            "SELECT '' AS text, '' AS Stance",
            "text",
            'a column "stance" is there already; rename it',
        ),
    ],
)
def test_duckdb_refuses(connection: Any, query: str, text_column: str, said: str) -> None:
    with pytest.raises(StanceError) as raised:
        engine.label(connection.sql(query), connection=connection, text_column=text_column)
    assert str(raised.value) == said


def test_duckdb_refuses_a_relation_of_another_connection(connection: Any) -> None:
    with pytest.raises(StanceError) as raised:
        engine.label(connection.sql("SELECT '' AS text"), model=tiny_model())
    assert str(raised.value) == (
        "the relation comes from another connection; give that as connection=..."
    )


@pytest.mark.parametrize(("code", "printed"), blocks("duckdb"))
def test_duckdb_does_what_the_document_says(
    code: str, printed: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(code, {})
    assert capsys.readouterr().out == printed
