"""Writing labelled quotes, whole or not at all."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from typing import BinaryIO, Final, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stance.errors import StanceError
from stance.files import whole_file
from stance.quotes import cells
from stance.quotes.records import Batch
from stance.quotes.spreadsheet import SheetWriter

Write = Callable[[Batch, pa.Table], None]

LINE_FORMATS: Final = ("csv", "tsv", "jsonl")
DECIMALS = 4
_SCALE = 10**DECIMALS
_N_LABELS = 6


@contextmanager
def create_quotes(
    path: str,
    *,
    format: str,
    columns: Sequence[str],
    delimiter: str = ",",
    for_spreadsheet: bool = False,
) -> Iterator[Write]:
    """Write a quote file, with labels or without.

    The file is written beside its place and moved there when it is whole; whatever goes
    wrong, what stood there before stays.

    Parameters
    ----------
    path : str
        Where to; ``-`` is the standard output. Compressed if it ends in ``.gz``.
    format : str
        One of ``csv tsv jsonl parquet xlsx``.
    columns : sequence of str
        All columns that will be written, labels included.
    delimiter : str, default ","
        What separates fields in csv.
    for_spreadsheet : bool, default False
        Whether csv begins with a byte order mark, by which Excel knows UTF-8.

    Yields
    ------
    callable
        Takes a batch and its labels, a table of the columns to add; it may have none.

    Raises
    ------
    StanceError
        If the place cannot be written to, or the format cannot hold the rows.
    """
    check_names(columns, format)
    with _target(path, compressed=format not in {"parquet", "xlsx"}) as stream:
        if format == "parquet":
            with _parquet(stream, columns, path) as write:
                yield write
        elif format == "xlsx":
            with closing(SheetWriter(columns, path)) as sheet:
                yield lambda batch, labels: sheet.write(
                    _joined_tables(batch.table, _rounded(labels))
                )
                sheet.save(stream)
        else:
            stream.write(spelt_header(columns, format, delimiter, for_spreadsheet=for_spreadsheet))
            yield lambda batch, labels: _write(stream, spelt_rows(batch, labels, format, delimiter))


def check_names(columns: Sequence[str], format: str) -> None:
    """Refuse columns of one name where the format cannot tell them apart."""
    if format in {"jsonl", "parquet"}:
        twice = next((column for column in columns if list(columns).count(column) > 1), None)
        if twice is not None:
            raise StanceError(f'two columns are called "{twice}"; rename one, or write csv')


def spelt_header(
    columns: Sequence[str], format: str, delimiter: str, *, for_spreadsheet: bool
) -> bytes:
    """Spell the beginning of a file of csv, tsv or jsonl, which has none.

    Parameters
    ----------
    columns, format, delimiter, for_spreadsheet
        As for `create_quotes`.

    Returns
    -------
    bytes
        The header row.
    """
    if format == "jsonl":
        return b""
    separator = "\t" if format == "tsv" else delimiter
    header = _csv_rows([pa.array([column]) for column in columns], separator)
    return ("\ufeff" if for_spreadsheet else "").encode() + header


def spelt_rows(batch: Batch, labels: pa.Table, format: str, delimiter: str) -> bytes:
    """Spell labelled rows as csv, tsv or jsonl.

    Parameters
    ----------
    batch : Batch
        The rows.
    labels : pyarrow.Table
        The columns to add; there may be none.
    format, delimiter : str
        As for `create_quotes`.

    Returns
    -------
    bytes
        Whole lines.
    """
    if format == "jsonl":
        return _jsonl_rows(batch, labels)
    separator = "\t" if format == "tsv" else delimiter
    added = [pc.fill_null(column, "") for column in _spelt(labels).values()]
    if added and batch.spelt is not None and batch.spelt.delimiter == separator:
        return _lines([batch.spelt.rows, *_marked(added, separator)], separator)
    columns = [
        cells.plain(column, field)
        for field, column in zip(batch.table.schema, batch.table.itercolumns(), strict=True)
    ]
    return _csv_rows([*columns, *added], separator)


def _write(stream: BinaryIO, content: bytes) -> None:
    stream.write(content)


@contextmanager
def create_lines(
    path: str, *, at: int = 0, keep_part: Callable[[], bool] = lambda: False
) -> Iterator[BinaryIO]:
    """Write a text file, whole or not at all, or go on with one.

    Parameters
    ----------
    path : str
        Where to; ``-`` is the standard output. Compressed if it ends in ``.gz``.
    at : int, default 0
        How many bytes of what stands beside the place are right; they are gone on from.
    keep_part : callable, optional
        As for `stance.files.whole_file`.

    Yields
    ------
    binary file
        What to write to.

    Raises
    ------
    StanceError
        If the place cannot be written to.
    """
    if path == "-":
        if sys.stdout is None:
            raise StanceError("standard output is closed; add --output FILE", usage=True)
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with ExitStack() as stack:
        part = stack.enter_context(whole_file(path, keep_part=keep_part))
        stream: BinaryIO = stack.enter_context(open(part, "r+b" if at else "wb"))
        stream.truncate(at)
        stream.seek(at)
        if path.endswith(".gz"):
            # Neither name nor time, so that the same rows give the same bytes.
            packed = gzip.GzipFile("", "wb", fileobj=stream, mtime=0)
            stream = cast(BinaryIO, stack.enter_context(packed))
        yield stream


@contextmanager
def _target(path: str, *, compressed: bool) -> Iterator[BinaryIO]:
    if compressed or path == "-":
        with create_lines(path) as stream:
            yield stream
        return
    with whole_file(path) as part, open(part, "wb") as stream:
        yield stream


@contextmanager
def _parquet(stream: BinaryIO, columns: Sequence[str], name: str) -> Iterator[Write]:
    writer: pq.ParquetWriter | None = None

    def write(batch: Batch, labels: pa.Table) -> None:
        nonlocal writer
        table = _joined_tables(_native(batch.table), labels)
        writer = writer or pq.ParquetWriter(stream, table.schema, compression="zstd")
        for had, has in zip(writer.schema, table.schema, strict=True):
            if had.type != has.type:
                raise StanceError(
                    f'column "{has.name}" is {had.type} in one file and {has.type} in another; '
                    "label them one at a time",
                    path=name,
                )
        writer.write_table(table)

    try:
        yield write
        if writer is None:
            pq.write_table(
                pa.table({column: pa.array([], pa.string()) for column in columns}), stream
            )
    finally:
        if writer is not None:
            writer.close()


def _native(table: pa.Table) -> pa.Table:
    """Give columns of JSON fragments as texts."""
    for i, field in enumerate(table.schema):
        if cells.is_json(field):
            column = pc.if_else(
                pc.is_valid(table.column(i)), cells.plain(table.column(i), field), None
            )
            table = table.set_column(i, pa.field(field.name, pa.string()), column)
    return table


def _joined_tables(left: pa.Table, right: pa.Table) -> pa.Table:
    return pa.Table.from_arrays(
        [*left.columns, *right.columns],
        schema=pa.schema([*left.schema, *right.schema]),
    )


def _rounded(labels: pa.Table) -> pa.Table:
    """Round probabilities so that the three of a row still sum to 1."""
    ten_thousandths = _ten_thousandths(labels)
    for name, column in ten_thousandths.items():
        i = labels.schema.get_field_index(name)
        labels = labels.set_column(i, name, pa.array(column / _SCALE))
    return labels


def _ten_thousandths(labels: pa.Table) -> dict[str, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    if not labels.num_columns:
        return {}
    # The columns' names may have a prefix; their order is fixed, reasons may follow.
    _, probability, *three, _ = labels.column_names[:_N_LABELS]
    values = np.stack([labels.column(name).to_numpy() for name in three], axis=1)
    scaled = np.rint(values * _SCALE).astype(np.int64)
    top = values.argmax(axis=1) if len(values) else np.zeros(0, dtype=np.int64)
    scaled[np.arange(len(scaled)), top] += _SCALE - scaled.sum(axis=1)
    result = {name: scaled[:, i] for i, name in enumerate(three)}
    return {probability: scaled[np.arange(len(scaled)), top], **result}


@cache
def _spelt_numbers() -> pa.StringArray:
    """Spell every number that a probability can be."""
    return pa.array([f"{i / _SCALE:.{DECIMALS}f}" for i in range(_SCALE + 1)])


def _spelt(labels: pa.Table) -> dict[str, pa.StringArray]:
    """Give labels as JSON and CSV spell them; a stance left open is null."""
    spelt = {
        name: _spelt_numbers().take(pa.array(column))
        for name, column in _ten_thousandths(labels).items()
    }
    if not spelt:
        return {}
    stance, *_, review = labels.column_names[:_N_LABELS]
    reasons = labels.column_names[_N_LABELS:]
    return {
        stance: labels.column(stance).combine_chunks(),
        **spelt,
        review: labels.column(review).combine_chunks().cast(pa.string()),
        **{name: labels.column(name).combine_chunks() for name in reasons},
    }


def _jsonl_rows(batch: Batch, labels: pa.Table) -> bytes:
    lines = batch.lines if batch.lines is not None else _as_json(batch.table)
    if not labels.num_columns:
        return "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")
    names = [json.dumps(name, ensure_ascii=False) for name in labels.column_names]
    spelt = [column.to_pylist() for column in _spelt(labels).values()]
    out = []
    for line, stance, *rest in zip(lines, *spelt, strict=True):
        reasons = [json.dumps(reason, ensure_ascii=False) for reason in rest[_N_LABELS - 1 :]]
        values = ["null" if stance is None else f'"{stance}"', *rest[: _N_LABELS - 1], *reasons]
        added = ", ".join(f"{name}: {value}" for name, value in zip(names, values, strict=True))
        # The record's own text stays as it came, byte for byte.
        out.append(f"{line.rstrip()[:-1].rstrip()}, {added}}}\n")
    return "".join(out).encode("utf-8", "backslashreplace")


def _as_json(table: pa.Table) -> list[str]:
    columns = [
        cells.values(column, field)
        for field, column in zip(table.schema, table.itercolumns(), strict=True)
    ]
    return [
        cells.dumped_object(dict(zip(table.column_names, row, strict=True)))
        for row in zip(*columns, strict=True)
    ]


def _csv_rows(columns: Sequence[pa.StringArray], separator: str) -> bytes:
    """Spell rows as CSV, with marks only around the fields that need them."""
    return _lines(_marked(columns, separator), separator)


def _marked(columns: Sequence[pa.StringArray], separator: str) -> list[pa.StringArray]:
    """Put quotation marks around the fields that need them."""
    needs = f'["\r\n{separator}]' if separator != "|" else '["\r\n|]'
    fields = []
    for column in columns:
        special = pc.match_substring_regex(column, needs)
        # A row of one empty field would otherwise be a blank line.
        if len(columns) == 1:
            special = pc.or_(special, pc.equal(column, ""))
        if pc.any(special).as_py():
            doubled = pc.replace_substring(column, '"', '""')
            column = pc.if_else(special, pc.binary_join_element_wise('"', doubled, '"', ""), column)
        fields.append(column)
    return fields


def _lines(fields: Sequence[pa.Array], separator: str) -> bytes:
    if not len(fields[0]):
        return b""
    rows = pc.binary_join_element_wise(*fields, separator)
    ended = pc.binary_join_element_wise(rows, "", "\n")
    _, offsets, content = ended.buffers()
    first, last = np.frombuffer(offsets, np.int32)[[ended.offset, ended.offset + len(ended)]]
    return bytes(memoryview(content)[first:last])
