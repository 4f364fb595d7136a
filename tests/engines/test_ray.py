from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from documents import blocks
from tiny import tiny_model

import stance.engines.ray
from stance import StanceError
from stance.engines.batches import unpacked

if find_spec("ray") is None:
    pytest.skip("ray is not installed", allow_module_level=True)

# What Ray itself does that Python warns of.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def ray(folder: Path) -> Iterator[Any]:
    # Else Ray listens on every interface, and reports its use.
    os.environ |= {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_USAGE_STATS_ENABLED": "0"}
    import ray
    import ray.data

    ray.init(
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        logging_level=logging.ERROR,
    )
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.execution_options.preserve_order = True
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    assert [node["NodeManagerAddress"] for node in ray.nodes()] == ["127.0.0.1"]
    yield ray
    ray.shutdown()


def test_ray_says_what_predict_says(
    ray: Any, quotes: pa.Table, expected: list[dict[str, Any]]
) -> None:
    dataset = ray.data.from_arrow([quotes.slice(i, 5_000) for i in range(0, len(quotes), 5_000)])
    labelled = stance.engines.ray.label(dataset)
    assert labelled.take_all() == expected
    made = labelled.schema().base_schema
    assert made.equals(pa.schema([*quotes.schema, *stance.engines.batches.LABELS]))


def test_ray_loads_the_model_once_a_worker(ray: Any, quotes: pa.Table) -> None:
    def loads(table: pa.Table) -> pa.Table:
        """Say what the process that labelled these rows has loaded; fused into the same task."""
        info = unpacked.cache_info()
        return pa.table({"pid": [os.getpid()], "loaded": [info.misses], "again": [info.hits]})

    dataset = ray.data.from_arrow([quotes.slice(i, 1_000) for i in range(0, len(quotes), 1_000)])
    labelled = stance.engines.ray.label(dataset, model=tiny_model())
    counted = labelled.map_batches(loads, batch_format="pyarrow", batch_size=None).take_all()
    by_process: dict[int, list[dict[str, int]]] = {}
    for row in counted:
        by_process.setdefault(row["pid"], []).append(row)
    assert len(counted) == dataset.num_blocks() > 4 * len(by_process)
    assert os.getpid() not in by_process
    for rows in by_process.values():
        # A process of an earlier test has loaded the shipped model too.
        assert len({row["loaded"] for row in rows}) == 1
        assert max(row["loaded"] for row in rows) <= 2
        assert max(row["again"] for row in rows) >= len(rows) - 1


def test_ray_takes_a_model_a_column_a_threshold_and_options(ray: Any) -> None:
    dataset = ray.data.from_items([{"quote": "We welcome it"}, {"quote": "He lied"}])
    labelled = stance.engines.ray.label(
        dataset, model=tiny_model(), text_column="quote", threshold=0.999, num_cpus=2
    )
    assert [(row["stance"], row["review"]) for row in labelled.take_all()] == [
        ("conciliatory", True),
        ("accusatory", True),
    ]


@pytest.mark.parametrize(
    ("columns", "text_column", "said"),
    [
        ({"id": [1], "quote": [""]}, "text", 'no column "text"; there are: id, quote'),
        ({"id": [1], "text": [""]}, "id", 'column "id" holds int64, not text; cast it first'),
        ({"text": [""], "stance": [""]}, "text", 'a column "stance" is there already; rename it'),
    ],
)
def test_ray_refuses(ray: Any, columns: dict[str, Any], text_column: str, said: str) -> None:
    with pytest.raises(StanceError) as raised:
        stance.engines.ray.label(ray.data.from_arrow(pa.table(columns)), text_column=text_column)
    assert str(raised.value) == said


def test_ray_refuses_on_a_worker_what_it_learns_there(ray: Any) -> None:
    dataset = ray.data.range(3).map(lambda row: {"n": row["id"]})
    with pytest.raises(Exception, match='StanceError: no column "text"; there are: n'):
        stance.engines.ray.label(dataset).take_all()


@pytest.mark.parametrize(("code", "printed"), blocks("ray"))
def test_ray_does_what_the_document_says(
    code: str, printed: str, ray: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(code, {})
    assert capsys.readouterr().out == printed
