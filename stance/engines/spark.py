"""Quotes in a Spark DataFrame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from stance.engines.batches import (
    LABELS,
    check_names,
    engine,
    label_batches,
    no_text,
    packed,
    unpacked,
)
from stance.model import Model

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

_TYPES = {"string": "StringType", "double": "DoubleType", "bool": "BooleanType"}


def label(
    frame: DataFrame,
    *,
    model: Model | None = None,
    text_column: str = "text",
    threshold: float | None = None,
) -> DataFrame:
    """Label the quotes of a DataFrame, on the workers that hold them.

    Parameters
    ----------
    frame : pyspark.sql.DataFrame
        Rows with a column of quotes.
    model, text_column, threshold
        As for `stance.engines.label_batches`. The model is broadcast, and loaded once by
        each Python worker.

    Returns
    -------
    pyspark.sql.DataFrame
        The same rows with the columns of labels added; nothing is computed yet.

    Raises
    ------
    StanceError
        If there is no such column or it holds no text, or a column of a name to be added is
        there already. Capitals make no difference, as in Spark.
    """
    types = engine("pyspark.sql.types", "spark")
    check_names(frame.columns, text_column, any_case=True)
    [field] = [field for field in frame.schema if field.name.lower() == text_column.lower()]
    if not isinstance(field.dataType, types.StringType | types.NullType):
        raise no_text(text_column, field.dataType.simpleString())
    schema = types.StructType(list(frame.schema))
    for added in LABELS:
        schema = schema.add(added.name, getattr(types, _TYPES[str(added.type)])())
    content = _broadcast(frame, packed(model))

    def labelled(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return label_batches(
            batches, unpacked(content.value), text_column=field.name, threshold=threshold
        )

    return frame.mapInArrow(labelled, schema)


def _broadcast(frame: DataFrame, content: bytes) -> Any:
    """Send bytes to every worker once; a client of Spark Connect can only send them along."""
    if type(frame).__module__.startswith("pyspark.sql.connect."):
        return SimpleNamespace(value=content)
    return frame.sparkSession.sparkContext.broadcast(content)
