"""Quotes in DuckDB."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pyarrow as pa

from stance.engines.batches import (
    LABELS,
    check_names,
    engine,
    label_batches,
    no_text,
    packed,
    unpacked,
)
from stance.errors import StanceError
from stance.model import Model
from stance.text import as_texts

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

_TYPES = {"string": "VARCHAR", "double": "DOUBLE", "bool": "BOOLEAN"}
_STRUCT = f"STRUCT({', '.join(f'{field.name} {_TYPES[str(field.type)]}' for field in LABELS)})"


def label(
    relation: DuckDBPyRelation,
    *,
    connection: DuckDBPyConnection | None = None,
    model: Model | None = None,
    text_column: str = "text",
    threshold: float | None = None,
) -> DuckDBPyRelation:
    """Label the quotes of a relation.

    Parameters
    ----------
    relation : duckdb.DuckDBPyRelation
        Rows with a column of quotes.
    connection : duckdb.DuckDBPyConnection, optional
        The connection that the relation comes from; DuckDB's default one where not given.
    model, text_column, threshold
        As for `stance.engines.label_batches`.

    Returns
    -------
    duckdb.DuckDBPyRelation
        The same rows with the columns of labels added; nothing is computed yet.

    Raises
    ------
    StanceError
        If there is no such column or it holds no text, a column of a name to be added is
        there already, or the relation comes from another connection. Capitals make no
        difference, as in SQL.
    """
    duckdb = engine("duckdb", "duckdb")
    check_names(relation.columns, text_column, any_case=True)
    [position] = [i for i, n in enumerate(relation.columns) if n.lower() == text_column.lower()]
    kind = str(relation.types[position])
    if kind != "VARCHAR" and not kind.startswith("ENUM"):
        raise no_text(text_column, kind)
    model = model or unpacked(packed(None))
    # The function keeps its model, so that no other can get the same name here.
    name = f"stance_{id(model)}_{threshold}"
    with suppress(duckdb.NotImplementedException):  # it is there already
        register(connection or duckdb.default_connection(), name, model=model, threshold=threshold)
    try:
        return relation.project(f"*, unnest({_quoted(name)}({_quoted(text_column)}))")
    except duckdb.CatalogException as error:
        raise StanceError(
            "the relation comes from another connection; give that as connection=...", usage=True
        ) from error


def register(
    connection: DuckDBPyConnection,
    name: str = "stance",
    *,
    model: Model | None = None,
    threshold: float | None = None,
) -> None:
    """Make labelling a function of SQL.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Where the function shall be known.
    name : str, default "stance"
        Its name. It takes a text and gives a struct of `stance`, `probability`,
        `accusatory`, `conciliatory`, `neutral` and `review`.
    model, threshold
        As for `stance.engines.label_batches`.

    Raises
    ------
    duckdb.NotImplementedException
        If there is a function of that name; ``connection.remove_function(name)`` removes it.
    """
    engine("duckdb", "duckdb")
    chosen = model or unpacked(packed(None))

    def labels(text: pa.Array | pa.ChunkedArray) -> pa.StructArray:
        batch = pa.record_batch({"text": as_texts(text)})
        [labelled] = label_batches([batch], chosen, threshold=threshold)
        return labelled.select(LABELS.names).to_struct_array()

    connection.create_function(
        name, labels, ["VARCHAR"], _STRUCT, type="arrow", null_handling="special"
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
