"""Quotes of any kind labelled in one call: lists, Arrow, pandas, polars.

Neither library is imported unless what is given comes from it.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeGuard

import pyarrow as pa

from stance.model import Model, check_columns, load_model


def library(data: object) -> str:
    """Name the library whose Series or DataFrame this is; "" for anything else.

    Examples
    --------
    >>> library(["We hope."])
    ''
    """
    kinds = {(kind.__module__.partition(".")[0], kind.__name__) for kind in type(data).__mro__}
    found = [
        name for name in ("pandas", "polars") if {(name, "Series"), (name, "DataFrame")} & kinds
    ]
    return found[0] if found else ""


def is_table(data: object) -> TypeGuard[Any]:
    """Tell whether this is a DataFrame or an Arrow table."""
    if isinstance(data, pa.Table | pa.RecordBatch):
        return True
    return bool(library(data)) and any(kind.__name__ == "DataFrame" for kind in type(data).__mro__)


def column_to_arrow(texts: Any) -> Any:
    """Give a Series as an Arrow array; other sequences as they are.

    Parameters
    ----------
    texts : pandas.Series, polars.Series, Arrow array or iterable of str
        The texts; what pandas or polars holds for a missing value becomes null.

    Returns
    -------
    pyarrow.Array or iterable of str
        The same texts.

    Raises
    ------
    TypeError
        If a Series holds something other than strings.
    """
    name = library(texts)
    if not name:
        return texts
    try:
        found = pa.array(texts, from_pandas=True) if name == "pandas" else texts.to_arrow()
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise TypeError(f"texts must be strings: {error}") from error
    return found.cast(pa.string()) if pa.types.is_null(found.type) else found


def column_in_kind(values: pa.Array | pa.ChunkedArray, like: Any, *, name: str) -> Any:
    """Give an Arrow column as the kind of column that another is.

    Parameters
    ----------
    values : Arrow array
        The column.
    like : pandas.Series, polars.Series, Arrow array or iterable
        What it shall be like. Of a pandas Series the index is taken over.
    name : str
        The name of a Series.

    Returns
    -------
    Same kind as `like`
        A Series, an Arrow array, or a list.
    """
    kind = library(like)
    if kind == "pandas":
        return values.to_pandas().rename(name).set_axis(like.index)
    if kind == "polars":
        import polars

        return polars.Series(name, values)
    if isinstance(like, pa.Array | pa.ChunkedArray):
        return values
    return values.to_pylist()


def with_columns(table: Any, added: pa.Table) -> Any:
    """Append columns to a DataFrame, which keeps its own columns, types and index.

    Parameters
    ----------
    table : pandas.DataFrame or polars.DataFrame
        The table; it is not changed.
    added : pyarrow.Table
        As many rows.

    Returns
    -------
    Same kind as `table`
        A new table.
    """
    if library(table) == "pandas":
        return table.assign(
            **{name: added[name].to_pandas().set_axis(table.index) for name in added.column_names}
        )
    import polars

    return table.with_columns(polars.Series(name, added[name]) for name in added.column_names)


def predict(quotes: Any, *, model: Model | None = None, text_column: str = "text") -> Any:
    """Label quotes, and give the labels in the kind in which the quotes came.

    Parameters
    ----------
    quotes : sequence of str, pandas or polars Series or DataFrame, Arrow array or table
        The quotes, or a table with a column of them.
    model : Model, optional
        What to label with; the shipped one where not given.
    text_column : str, default "text"
        The column of the quotes, where a table is given.

    Returns
    -------
    Same kind as `quotes`
        Of a sequence the stance of each quote: a list, a Series (of pandas with its index)
        or an Arrow array. Of a table a new one with the columns that `Model.predict` adds.

    Raises
    ------
    StanceError
        If the table has no such column, or has a column of the same name as one added.
    TypeError
        If the quotes are no strings.

    Examples
    --------
    >>> predict(["We thank our partners.", "They lied to the Council."])
    ['conciliatory', 'accusatory']
    """
    model = model or _shipped()
    if not is_table(quotes):
        column = column_to_arrow(quotes)
        return column_in_kind(model.predict(column)["stance"], quotes, name="stance")
    if not library(quotes):
        return model.predict(quotes, text_column=text_column)
    check_columns([str(name) for name in quotes.columns], text_column)
    return with_columns(quotes, model.predict(column_to_arrow(quotes[text_column])))


@cache
def _shipped() -> Model:
    return load_model()
