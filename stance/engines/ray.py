"""Quotes in a dataset of Ray Data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from stance.engines.batches import (
    LABELS,
    ROWS_AT_A_TIME,
    check_batch,
    engine,
    label_batches,
    packed,
    unpacked,
)
from stance.model import Model

if TYPE_CHECKING:
    from ray.data import Dataset


def label(
    dataset: Dataset,
    *,
    model: Model | None = None,
    text_column: str = "text",
    threshold: float | None = None,
    **options: Any,
) -> Dataset:
    """Label the quotes of a dataset, on the workers that hold them.

    Parameters
    ----------
    dataset : ray.data.Dataset
        Rows with a column of quotes.
    model, text_column, threshold
        As for `stance.engines.label_batches`. The model is put into the object store, and
        loaded once by each worker process.
    **options
        More options of `Dataset.map_batches`, such as ``concurrency``.

    Returns
    -------
    ray.data.Dataset
        The same rows with the columns of labels added; nothing is computed yet.

    Raises
    ------
    StanceError
        If there is no such column or it holds no text, or a column of a name to be added is
        there already. Where Ray does not know the columns before it runs, the same message
        comes from a worker, in an error of Ray's.
    """
    ray = engine("ray", "ray")
    engine("ray.data", "ray")
    schema = dataset.schema(fetch_if_missing=False)
    if schema is not None and isinstance(schema.base_schema, pa.Schema):
        check_batch(schema.base_schema, text_column)
    settings = {"text_column": text_column, "threshold": threshold}
    return dataset.map_batches(
        _labelled,
        batch_format="pyarrow",
        batch_size=None,
        fn_kwargs={"content": [ray.put(packed(model))], **settings},
        **options,
    )


def _labelled(table: pa.Table, content: list[Any], **settings: Any) -> pa.Table:
    import ray

    check_batch(table.schema, settings["text_column"])
    model = unpacked(ray.get(content[0]))
    labelled = label_batches(table.to_batches(ROWS_AT_A_TIME), model, **settings)
    schema = pa.schema([*table.schema, *LABELS], table.schema.metadata)
    return pa.Table.from_batches(labelled, schema)
