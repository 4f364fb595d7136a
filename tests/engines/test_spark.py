from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from documents import blocks
from tiny import tiny_model

from stance import Model, StanceError
from stance.engines import spark
from stance.engines.batches import unpacked

if find_spec("pyspark") is None:
    pytest.skip("pyspark is not installed", allow_module_level=True)
if shutil.which("java") is None:
    pytest.skip("Spark needs Java, and there is none", allow_module_level=True)

# What Spark itself does that Python or pandas warns of.
pytestmark = [
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def session(folder: Path) -> Iterator[Any]:
    from pyspark.sql import SparkSession

    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    made = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    made.sparkContext.setLogLevel("OFF")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def frame(session: Any, quotes: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> Any:
    import pyarrow.parquet as pq

    path = tmp_path_factory.mktemp("spark") / "quotes.parquet"
    pq.write_table(quotes, path)
    return session.read.parquet(str(path))


def rows_of(frame: Any) -> list[dict[str, Any]]:
    return [row.asDict() for row in frame.collect()]


def test_spark_says_what_predict_says(frame: Any, expected: list[dict[str, Any]]) -> None:
    labelled = spark.label(frame)
    assert labelled.dtypes == [
        ("n", "bigint"),
        ("text", "string"),
        ("stance", "string"),
        ("probability", "double"),
        ("accusatory", "double"),
        ("conciliatory", "double"),
        ("neutral", "double"),
        ("review", "boolean"),
    ]
    assert rows_of(labelled) == expected


def test_spark_loses_no_row_over_partitions(frame: Any, expected: list[dict[str, Any]]) -> None:
    labelled = spark.label(frame.repartition(7))
    assert sorted(rows_of(labelled), key=lambda row: int(row["n"])) == expected
    assert rows_of(spark.label(frame.limit(0))) == []


def recording(path: Path) -> Any:
    """Give `unpacked` as it is, noting on a worker when it loads."""

    def recorded(content: bytes) -> Model:
        loaded = unpacked.cache_info().misses
        model = unpacked(content)
        with path.open("a") as file:
            file.write(f"{os.getpid()} {unpacked.cache_info().misses - loaded}\n")
        return model

    return recorded


def test_spark_loads_the_model_once_a_worker(
    frame: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = tmp_path / "loads.txt"
    # What a worker calls travels with the function that Spark pickles.
    monkeypatch.setattr(spark, "unpacked", recording(record))
    model = tiny_model()
    spread = frame.repartition(8)
    for _ in range(2):
        assert spark.label(spread, model=model).count() == frame.count()
        spark.label(spread, model=model).agg({"probability": "sum"}).collect()
    lines = [line.split() for line in record.read_text().splitlines()]
    tasks = Counter(pid for pid, _ in lines)
    loads = Counter(pid for pid, loaded in lines if loaded == "1")
    assert sum(tasks.values()) >= 16
    assert len(tasks) < sum(tasks.values()) / 2
    assert loads == dict.fromkeys(tasks, 1)
    assert str(os.getpid()) not in tasks


def test_spark_takes_a_model_a_column_and_a_threshold(session: Any) -> None:
    frame = session.createDataFrame([("We welcome it",), ("He lied",)], "`the quote` string")
    labelled = spark.label(frame, model=tiny_model(), text_column="the quote", threshold=0.999)
    assert [(row.stance, row.review) for row in labelled.collect()] == [
        ("conciliatory", True),
        ("accusatory", True),
    ]


@pytest.mark.parametrize(
    ("columns", "text_column", "said"),
    [
        ("id int, quote string", "text", 'no column "text"; there are: id, quote'),
        ("id int, text string", "id", 'column "id" holds int, not text; cast it first'),
        ("text string, Stance string", "text", 'a column "stance" is there already; rename it'),
    ],
)
def test_spark_refuses(session: Any, columns: str, text_column: str, said: str) -> None:
    with pytest.raises(StanceError) as raised:
        spark.label(session.createDataFrame([], columns), text_column=text_column)
    assert str(raised.value) == said


def test_spark_knows_no_capitals(session: Any) -> None:
    frame = session.createDataFrame([("He lied",)], "Text string")
    assert [row.asDict()["Text"] for row in spark.label(frame).collect()] == ["He lied"]


@pytest.mark.parametrize(("code", "printed"), blocks("spark"))
def test_spark_does_what_the_document_says(
    code: str, printed: str, session: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(code, {})
    assert capsys.readouterr().out == printed
