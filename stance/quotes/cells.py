"""The values in the columns of a quote file, kept as they came.

A table from CSV holds strings, one from Parquet its own types. A table from JSONL or Excel
holds in each cell a fragment of JSON, because one column may mix numbers, texts and dates;
the column's metadata says so.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from stance.text import as_texts

_JSON_CELLS: Final = {b"stance.cells": b"json"}
_GENERAL: Final = "General"


class _Number(str):
    """A JSON number as it was written, so that 1.10 does not become 1.1."""


def parse_json(line: str) -> Any:
    """Read one JSON value, its numbers as they were written.

    Parameters
    ----------
    line : str
        JSON.

    Returns
    -------
    object
        As `json.loads` gives it, but for numbers.

    Raises
    ------
    ValueError
        If it is no JSON.
    RecursionError
        If it is nested too deeply.
    """
    return json.loads(line, parse_float=_Number, parse_int=_Number)


def json_table(records: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> pa.Table:
    """Give records as a table of JSON fragments; a field that is missing is null.

    Parameters
    ----------
    records : sequence of mapping
        From `parse_json`.
    columns : sequence of str
        The fields to take.

    Returns
    -------
    pyarrow.Table
        A row for each record.
    """
    arrays = [
        pa.array(
            [_fragment(record[column]) if column in record else None for record in records],
            pa.string(),
        )
        for column in columns
    ]
    return pa.Table.from_arrays(arrays, schema=_json_schema(columns))


def sheet_table(rows: Sequence[Sequence[Any]], columns: Sequence[str]) -> pa.Table:
    """Give rows of Excel cells as a table of JSON fragments.

    Parameters
    ----------
    rows : sequence of sequence of openpyxl cells
        Each as long as `columns`.
    columns : sequence of str
        The columns' names.

    Returns
    -------
    pyarrow.Table
        A row for each row.
    """
    arrays = [
        pa.array([_sheet_fragment(row[i]) for row in rows], pa.string())
        for i in range(len(columns))
    ]
    return pa.Table.from_arrays(arrays, schema=_json_schema(columns))


def _json_schema(columns: Sequence[str]) -> pa.Schema:
    return pa.schema([pa.field(c, pa.string(), metadata=_JSON_CELLS) for c in columns])


def _fragment(value: Any) -> str:
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, dict | list):
        return json.dumps(_plain_numbers(value))
    return json.dumps(value)


def _plain_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain_numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain_numbers(inner) for inner in value]
    return json.loads(value) if isinstance(value, _Number) else value


def _sheet_fragment(cell: Any) -> str | None:
    value = cell.value
    if value is None:
        return None
    # Only numbers and dates are shown otherwise than they are stored.
    if isinstance(value, str | bool):
        return json.dumps(value)
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return json.dumps({"excel": value.isoformat(), "format": cell.number_format})
    if isinstance(value, datetime.timedelta):
        return json.dumps(str(value))
    if cell.number_format == _GENERAL:
        return json.dumps(value)
    return json.dumps({"excel": value, "format": cell.number_format})


def is_json(field: pa.Field) -> bool:
    """Tell whether a column holds JSON fragments."""
    return (field.metadata or {}).get(b"stance.cells") == b"json"


def texts(column: pa.ChunkedArray, field: pa.Field) -> tuple[pa.StringArray, set[int]]:
    """Give a column as texts.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        The column.
    field : pyarrow.Field
        Its field.

    Returns
    -------
    texts : pyarrow.StringArray
        Null where there is no text.
    no_texts : set of int
        Rows that hold something that is no text.
    """
    column = column.combine_chunks()
    if not is_json(field):
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        kind = column.type
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            return column.cast(pa.string()), set()
        present = pc.indices_nonzero(pc.is_valid(column)).to_pylist()
        return pa.nulls(len(column), pa.string()), set(present)
    found: list[str | None] = []
    no_texts = set()
    for i, fragment in enumerate(column.to_pylist()):
        value = None if fragment is None else json.loads(fragment)
        if value is not None and not isinstance(value, str):
            no_texts.add(i)
            value = None
        found.append(value)
    return as_texts(found), no_texts


def plain(column: pa.ChunkedArray, field: pa.Field) -> pa.StringArray:
    """Give a column as a text file shows it; nothing where there is nothing.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        The column.
    field : pyarrow.Field
        Its field.

    Returns
    -------
    pyarrow.StringArray
        Without nulls.
    """
    column = column.combine_chunks()
    if is_json(field):
        return as_texts([_shown_fragment(fragment) for fragment in column.to_pylist()])
    if not pa.types.is_string(column.type):
        try:
            column = column.cast(pa.string())
        except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
            dumped = [None if v is None else _dumped(v) for v in column.to_pylist()]
            column = pa.array(dumped, pa.string())
    return pc.fill_null(column, "")


def _shown_fragment(fragment: str | None) -> str:
    if fragment is None:
        return ""
    # A number stays as it was written.
    return fragment if fragment[0] in "-0123456789" else shown(json.loads(fragment))


def values(column: pa.ChunkedArray, field: pa.Field) -> list[Any]:
    """Give a column as Python values, for JSON.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        The column.
    field : pyarrow.Field
        Its field.

    Returns
    -------
    list
        Of texts, numbers, truth values, lists and dicts, and None.
    """
    if not is_json(field):
        return list(column.to_pylist())
    return [
        shown(value) if _is_sheet_value(value) else value
        for value in _json_values(column.combine_chunks())
    ]


def sheet_values(column: pa.ChunkedArray, field: pa.Field) -> list[tuple[Any, str]]:
    """Give a column as values and number formats, for Excel.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        The column.
    field : pyarrow.Field
        Its field.

    Returns
    -------
    list of tuple
        Value and format of each cell.
    """
    result: list[tuple[Any, str]] = []
    for value in _sheet_ready(column, field):
        if not _is_sheet_value(value):
            if isinstance(value, dict | list):
                value = _dumped(value)
            result.append((value, _GENERAL))
            continue
        stored = value["excel"]
        if isinstance(stored, str):
            stored = _date(stored)
        result.append((stored, value["format"]))
    return result


def _sheet_ready(column: pa.ChunkedArray, field: pa.Field) -> list[Any]:
    if is_json(field):
        return _json_values(column.combine_chunks())
    kind = field.type
    plain_kind = (
        pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind)
    )
    if plain_kind:
        return list(column.to_pylist())
    return [text or None for text in plain(column, field).to_pylist()]


def _json_values(column: pa.StringArray) -> list[Any]:
    return [None if fragment is None else json.loads(fragment) for fragment in column.to_pylist()]


def _is_sheet_value(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"excel", "format"}


def _date(stored: str) -> datetime.datetime | datetime.time:
    if "T" not in stored and ":" in stored:
        return datetime.time.fromisoformat(stored)
    return datetime.datetime.fromisoformat(stored)


def shown(value: Any) -> str:
    """Spell a value as a text file shows it.

    Parameters
    ----------
    value : object
        A JSON value, or the value of an Excel cell with its format.

    Returns
    -------
    str
        Empty for None.

    Examples
    --------
    >>> shown({"excel": 7, "format": "000"}), shown({"excel": "2016-10-12T00:00:00", "format": ""})
    ('007', '2016-10-12')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if not _is_sheet_value(value):
        return _dumped(value)
    stored, layout = value["excel"], value["format"]
    if isinstance(stored, str):
        return stored.removesuffix("T00:00:00")
    if isinstance(stored, int) and layout.strip("0") == "":
        return str(stored).zfill(len(layout))
    return _dumped(stored)


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def record(table: pa.Table, row: int) -> str:
    """Spell out a row as a JSON object, for the file of rejects.

    Parameters
    ----------
    table : pyarrow.Table
        The table.
    row : int
        Which row of it, from 0.

    Returns
    -------
    str
        JSON.
    """
    one = table.slice(row, 1)
    fields = {
        field.name: values(column, field)[0]
        for field, column in zip(table.schema, one.itercolumns(), strict=True)
    }
    return _dumped(fields)
