"""The values in the columns of a quote file, kept as they came.

A table from CSV holds strings, one from Parquet its own types. A table from JSONL or Excel
holds in each cell a fragment of JSON, because one column may mix numbers, texts and dates;
the column's metadata says so. A fragment from JSONL is what stood in the file; one from
Excel may be an object that holds a value with its number format.
"""

from __future__ import annotations

import datetime
import json
import math
import re
from collections.abc import Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from stance.text import as_texts

_KIND: Final = b"stance.cells"
_GENERAL: Final = "General"
_LONGEST_NUMBER: Final = 15
# As ECMA-376 has it: a character by its number, and an underscore that would begin one.
_ESCAPED: Final = re.compile("_x(?!D[89A-F])([0-9A-F]{4})_", re.IGNORECASE)
_UNSAFE: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-F]{4}_)", re.IGNORECASE)
_DECODER: Final = json.JSONDecoder(parse_float=str, parse_int=str)
_GAP: Final = re.compile(r"[ \t\r\n]*[{:,]?[ \t\r\n]*")


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
    return _DECODER.decode(line)


def _fragments(line: str) -> dict[str, str]:
    """Cut a JSON object into the JSON of its fields, each as it was written."""
    found = {}
    at = _after_gap(line, 0)
    while line[at] != "}":
        name, at = _DECODER.raw_decode(line, at)
        at = _after_gap(line, at)
        _, end = _DECODER.raw_decode(line, at)
        found[name] = line[at:end]
        at = _after_gap(line, end)
    return found


def _after_gap(line: str, at: int) -> int:
    found = _GAP.match(line, at)
    return at if found is None else found.end()


def json_table(lines: Sequence[str], columns: Sequence[str]) -> pa.Table:
    """Give records as a table of JSON fragments; a field that is missing is null.

    Parameters
    ----------
    lines : sequence of str
        JSON objects that `parse_json` can read.
    columns : sequence of str
        The fields to take.

    Returns
    -------
    pyarrow.Table
        A row for each record.
    """
    records = [_fragments(line) for line in lines]
    arrays = [pa.array([record.get(c) for record in records], pa.string()) for c in columns]
    return pa.Table.from_arrays(arrays, schema=_schema(columns, b"json"))


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
    return pa.Table.from_arrays(arrays, schema=_schema(columns, b"sheet"))


def _schema(columns: Sequence[str], kind: bytes) -> pa.Schema:
    return pa.schema([pa.field(c, pa.string(), metadata={_KIND: kind}) for c in columns])


def sheet_text(text: str) -> str:
    r"""Spell a text as Excel does, which cannot hold some control characters as they are.

    Examples
    --------
    >>> sheet_text("a\x00b _x0041_")
    'a_x0000_b _x005F_x0041_'
    """
    return _UNSAFE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def sheet_shown(cell: Any) -> str:
    """Spell the value of an Excel cell as a text file shows it."""
    return _shown_fragment(_sheet_fragment(cell), from_sheet=True)


def _sheet_fragment(cell: Any) -> str | None:
    value = cell.value
    if value is None:
        return None
    if isinstance(value, str):
        value = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)
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
    return _KIND in (field.metadata or {})


def _is_sheet(field: pa.Field) -> bool:
    return (field.metadata or {}).get(_KIND) == b"sheet"


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
        is_text = fragment is not None and fragment[0] == '"'
        if fragment is not None and fragment != "null" and not is_text:
            no_texts.add(i)
        found.append(json.loads(fragment) if is_text else None)
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
        from_sheet = _is_sheet(field)
        return as_texts([_shown_fragment(one, from_sheet) for one in column.to_pylist()])
    if not pa.types.is_string(column.type):
        try:
            column = column.cast(pa.string())
        except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
            dumped = [None if v is None else _dumped(v) for v in _objects(column)]
            column = pa.array(dumped, pa.string())
    return pc.fill_null(column, "")


def _shown_fragment(fragment: str | None, from_sheet: bool) -> str:
    if fragment is None or fragment == "null":
        return ""
    if from_sheet:
        return shown(json.loads(fragment))
    return str(json.loads(fragment)) if fragment[0] == '"' else fragment


def _objects(column: pa.Array) -> list[Any]:
    """Give a column as Python values, or their spelling where Python has no such values."""
    try:
        return list(column.to_pylist())
    # Nanoseconds, years beyond 9999, unknown time zones, bytes that are no UTF-8.
    except (ValueError, OverflowError, KeyError):
        try:
            return list(column.cast(pa.string()).to_pylist())
        except ValueError:
            return [" ".join(column.slice(i, 1).to_string().split()) for i in range(len(column))]


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
        return _objects(column.combine_chunks())
    return [
        shown(value) if _is_sheet(field) and _is_sheet_value(value) else value
        for value in _json_values(column)
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
            result.append((value, _GENERAL))
            continue
        stored = value["excel"]
        if isinstance(stored, str):
            stored = _date(stored)
        result.append((stored, value["format"]))
    return result


def _sheet_ready(column: pa.ChunkedArray, field: pa.Field) -> list[Any]:
    if _is_sheet(field):
        return _json_values(column)
    if is_json(field):
        spelt = plain(column, field).to_pylist()
        return [_for_sheet(*cell) for cell in zip(column.to_pylist(), spelt, strict=True)]
    kind = field.type
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind):
        return list(column.to_pylist())
    if pa.types.is_floating(kind):
        return [v if v is None or math.isfinite(v) else str(v) for v in column.to_pylist()]
    return [text or None for text in plain(column, field).to_pylist()]


def _for_sheet(fragment: str | None, spelt: str) -> Any:
    """Give what a cell of Excel can hold of a JSON fragment; the rest as it is spelt."""
    if fragment is None or fragment == "null":
        return None
    is_number = fragment[0] in "-0123456789" and fragment != "-Infinity"
    # Excel keeps 15 digits.
    if (is_number and len(fragment) <= _LONGEST_NUMBER) or fragment in {"true", "false"}:
        return json.loads(fragment)
    return spelt


def _json_values(column: pa.ChunkedArray) -> list[Any]:
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


def dumped_object(fields: dict[str, Any]) -> str:
    """Spell an object as JSON; what JSON has no numbers for, such as NaN, is null."""
    try:
        return json.dumps(fields, ensure_ascii=False, default=str, allow_nan=False)
    except ValueError:
        return _dumped(json.loads(_dumped(fields), parse_constant=lambda name: None))


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
    return dumped_object(fields)
