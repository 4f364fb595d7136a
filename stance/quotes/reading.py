"""Opening quote files, whatever their format."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any, BinaryIO, Final, TextIO, TypeVar, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stance.errors import StanceError
from stance.quotes import cells
from stance.quotes.delimited import parse_delimited
from stance.quotes.encoding import (
    detect_encoding,
    is_spreadsheet_encoding,
    is_undecodable,
    named_encoding,
    printable,
    read_text,
)
from stance.quotes.records import (
    FORMATS,
    LONGEST_TEXT,
    TEXT_COLUMNS,
    Batch,
    Chunk,
    Parsed,
    QuoteFile,
    Reject,
    ending,
    file_format,
    listed,
)
from stance.quotes.spreadsheet import parse_sheet

Item = TypeVar("Item")

BATCH_ROWS: Final = 8192

_ADVICE: Final = {
    ".xls": "save it as .xlsx",
    ".ods": "save it as .xlsx",
    ".json": "write one record a line (.jsonl), for instance with: jq -c '.[]'",
    ".docx": "save it as plain text (.txt), a quote a line",
    ".pdf": "save it as plain text (.txt), a quote a line",
    ".parquet.gz": "decompress it",
    ".xlsx.gz": "decompress it",
}


@contextmanager
def open_quotes(
    path: str,
    *,
    name: str | None = None,
    format: str | None = None,
    text_column: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    reserved: Sequence[str] = (),
    all_columns: bool = True,
    batch_rows: int = BATCH_ROWS,
) -> Iterator[QuoteFile]:
    """Open a quote file for reading.

    Parameters
    ----------
    path : str
        The file; ``-`` is the standard input.
    name : str, optional
        What messages call it; its path where not given.
    format : str, optional
        One of `FORMATS`; where not given, by the ending, or of the standard input
        by how it begins: jsonl, parquet, xlsx, else csv.
    text_column : str, optional
        The column of the quotes; where not given, the first of `TEXT_COLUMNS` that there
        is, whatever its case.
    encoding : str, optional
        Of a text format; detected where not given.
    sheet : str, optional
        Of an Excel workbook; the only one that is not empty where not given.
    reserved : sequence of str, default ()
        Columns that will be added, which the file must not have.
    all_columns : bool, default True
        Look through the whole of a JSONL file for its columns; else only at its beginning.
    batch_rows : int, default 8192
        The most rows in a batch.

    Yields
    ------
    QuoteFile
        The file, read as its batches are taken.

    Raises
    ------
    StanceError
        If the file is missing or damaged, its format unknown, it has no column of quotes,
        or a column that is reserved.
    """
    name = name or ("standard input" if path == "-" else path)
    if format is None and path != "-":
        format = file_format(path)
        if format is None:
            raise _unknown_format(path)
    with open_binary(path, name) as stream:
        format = format or _format_of(stream)
        with readable(name, format):
            if format == "parquet":
                parsed = _parse_parquet(_uncompressed(stream, name), name, batch_rows)
            elif format == "xlsx":
                packed = _uncompressed(stream, name)
                parsed = parse_sheet(
                    packed,
                    name=name,
                    sheet=sheet,
                    text_column=text_column,
                    batch_rows=batch_rows,
                )
            else:
                encoding = named_encoding(stream, encoding) if encoding else detect_encoding(stream)
                text = read_text(stream, encoding)
                if format == "txt":
                    parsed = _parse_lines(text, name, encoding, text_column or "text", batch_rows)
                elif format == "jsonl":
                    parsed = _parse_jsonl(text, name, encoding, reserved, all_columns, batch_rows)
                else:
                    parsed = parse_delimited(
                        text,
                        name=name,
                        encoding=encoding,
                        delimiter="\t" if format == "tsv" else None,
                        text_column=text_column,
                        batch_rows=batch_rows,
                    )
        column = _find_text_column(parsed.columns, text_column, name)
        for taken in reserved:
            if taken in parsed.columns:
                raise StanceError(
                    f'has a column "{taken}" already; rename it, or add --prefix model_ '
                    f'to write "model_{taken}"',
                    path=name,
                    usage=True,
                )
        stretches = (
            partial(_screened, chunk, column, name, format)
            for chunk in _guarded(parsed.chunks, name, format)
        )
        yield QuoteFile(
            name=name,
            format=format,
            columns=parsed.columns,
            text_column=column,
            delimiter=parsed.delimiter,
            for_spreadsheet=parsed.for_spreadsheet,
            batches=(stretch() for stretch in stretches),
            stretches=stretches,
            share=lambda: _share(stream),
        )


def _share(stream: BinaryIO) -> float:
    """Tell how much of a file, as it lies on the disk, has been read."""
    file = cast(Any, stream)
    if isinstance(file, gzip.GzipFile):
        file = file.fileobj
    return float(file.tell() / (os.fstat(file.fileno()).st_size or 1))


def _format_of(stream: BinaryIO) -> str:
    """Tell the format of the standard input, which has no ending, from how it begins."""
    start = stream.read(4096)
    stream.seek(0)
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"PK\x03\x04"):
        return "xlsx"
    return "jsonl" if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" else "csv"


def _unknown_format(path: str) -> StanceError:
    if not os.path.exists(path):
        return StanceError("no such file", path=path, usage=True)
    known = ", ".join(f".{known}" for known in FORMATS)
    advice = _ADVICE.get(ending(path), _ADVICE.get(ending(path).removesuffix(".gz")))
    advice = advice or "name its format with --format"
    return StanceError(f'"{ending(path)}" is none of {known}; {advice}', path=path, usage=True)


@contextmanager
def open_binary(path: str, name: str) -> Iterator[BinaryIO]:
    """Open a file or the standard input, decompressed, so that it can be read twice."""
    if path == "-" and sys.stdin is None:
        raise StanceError("standard input is closed; name a file", usage=True)
    if os.path.isdir(path):
        raise StanceError("is a folder; name the files in it", path=path, usage=True)
    with ExitStack() as stack:
        try:
            file = sys.stdin.buffer if path == "-" else stack.enter_context(open(path, "rb"))
            # Not every file can be read twice.
            if path == "-" or not file.seekable():
                spool = cast(BinaryIO, stack.enter_context(tempfile.TemporaryFile()))
                shutil.copyfileobj(file, spool)
                spool.seek(0)
                file = spool
            gzipped = file.read(2) == b"\x1f\x8b"
            file.seek(0)
        except FileNotFoundError:
            raise StanceError("no such file", path=path, usage=True) from None
        except OSError as error:
            raise StanceError(f"cannot be read: {error.strerror}", path=name) from error
        if gzipped:
            file = cast(BinaryIO, stack.enter_context(gzip.GzipFile(fileobj=file)))
        yield file


def _uncompressed(stream: BinaryIO, name: str) -> BinaryIO:
    if isinstance(cast(Any, stream), gzip.GzipFile):
        raise StanceError("is compressed; decompress it", path=name)
    return stream


@contextmanager
def readable(name: str, format: str) -> Iterator[None]:
    """Tell of damaged files in one line."""
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise StanceError("is not whole gzip data; is it cut short?", path=name) from error
    except (OSError, pa.ArrowException) as error:
        # Arrow tells of damage by either.
        if format == "parquet":
            message = "cannot be read as Parquet; is it cut short?"
        else:
            message = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        raise StanceError(message, path=name) from error
    except UnicodeError as error:
        raise StanceError(f"cannot be decoded: {error}", path=name) from error


def _guarded(items: Iterator[Item], name: str, format: str) -> Iterator[Item]:
    while True:
        # What goes wrong with an item once it is given away is not the file's fault.
        with readable(name, format):
            item = next(items, None)
        if item is None:
            return
        yield item


def _find_text_column(columns: list[str], wanted: str | None, name: str) -> str:
    if wanted is not None:
        if wanted not in columns:
            raise StanceError(
                f'no column "{wanted}"; there are: {listed(columns)}', path=name, usage=True
            )
        found = wanted
    else:
        by_name = {column.strip().lower(): column for column in reversed(columns)}
        known = [by_name[column] for column in TEXT_COLUMNS if column in by_name]
        if not known:
            raise StanceError(
                f"no column is called {' or '.join(TEXT_COLUMNS)}; there are: {listed(columns)}; "
                "name the one with the quotes with --text-column"
                + (", or the format with --format" if name == "standard input" else ""),
                path=name,
                usage=True,
            )
        found = known[0]
    if columns.count(found) > 1:
        raise StanceError(f'two columns are called "{found}"; rename one', path=name)
    return found


def _screened(
    chunk: Chunk | Callable[[], Chunk], text_column: str, name: str, format: str
) -> Batch:
    """Take out the rows whose quote cannot be labelled."""
    with readable(name, format):
        if callable(chunk):
            chunk = chunk()
        text, no_texts = cells.texts(
            chunk.table.column(text_column), chunk.table.schema.field(text_column)
        )
        unfit = _blank_or_too_long(text)
    if not unfit:
        return Batch(chunk.table, chunk.rows, chunk.lines, chunk.rejects, text, spelt=chunk.spelt)
    rejects = list(chunk.rejects)
    for i, is_blank in unfit.items():
        if i in no_texts:
            reason = f'column "{text_column}" holds no text'
        elif is_blank:
            reason = f'column "{text_column}" is empty'
        else:
            reason = f'column "{text_column}" is longer than {LONGEST_TEXT:,} characters'
        held = chunk.lines[i] if chunk.lines else cells.record(chunk.table, i)
        rejects.append(Reject(name, chunk.rows[i], reason, held))
    rejects.sort(key=lambda reject: reject.row)
    kept = [i for i in range(len(text)) if i not in unfit]
    places = pa.array(kept, pa.int64())
    lines, spelt = chunk.lines, chunk.spelt
    return Batch(
        chunk.table.take(places),
        [chunk.rows[i] for i in kept],
        [lines[i] for i in kept] if lines else None,
        rejects,
        text.take(places),
        spelt=None if spelt is None else replace(spelt, rows=spelt.rows.take(places)),
    )


def _blank_or_too_long(text: pa.StringArray) -> dict[int, bool]:
    """Give the rows whose quote cannot be labelled, and whether it is blank."""
    # What begins with a letter of ASCII is not blank, and has no more characters than bytes.
    plain = pc.and_(
        pc.match_substring_regex(text, "^[!-~]"),
        pc.less_equal(pc.binary_length(text), LONGEST_TEXT),
    )
    suspects = pc.indices_nonzero(pc.invert(pc.fill_null(plain, False)))
    held = text.take(suspects)
    blank = pc.fill_null(pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(held)), 0), True)
    too_long = pc.fill_null(pc.greater(pc.utf8_length(held), LONGEST_TEXT), False)
    found = zip(suspects.to_pylist(), blank.to_pylist(), too_long.to_pylist(), strict=True)
    return {i: is_blank for i, is_blank, is_long in found if is_blank or is_long}


def _numbered_lines(text: TextIO) -> Iterator[tuple[int, str]]:
    """Give the lines that are not blank."""
    for n, line in enumerate(text, start=1):
        if line.strip():
            yield n, line.rstrip("\r\n")


def _parse_lines(text: TextIO, name: str, encoding: str, column: str, batch_rows: int) -> Parsed:
    lines = _numbered_lines(text)

    def chunks() -> Iterator[Chunk]:
        while stretch := list(islice(lines, batch_rows)):
            broken = [(n, line) for n, line in stretch if is_undecodable(line, encoding)]
            good = [(n, line) for n, line in stretch if not is_undecodable(line, encoding)]
            yield Chunk(
                pa.table({column: pa.array([line for _, line in good], pa.string())}),
                [n for n, _ in good],
                None,
                [_undecodable(name, n, line, encoding) for n, line in broken],
            )

    return Parsed([column], chunks(), for_spreadsheet=is_spreadsheet_encoding(encoding))


def _undecodable(name: str, row: int, line: str, encoding: str) -> Reject:
    return Reject(name, row, f"holds bytes that are not {encoding}", printable(line))


def _parse_jsonl(
    text: TextIO,
    name: str,
    encoding: str,
    reserved: Sequence[str],
    all_columns: bool,
    batch_rows: int,
) -> Parsed:
    # U+2028 and a bare \r may stand inside a JSON text.
    cast(io.TextIOWrapper, text).reconfigure(newline="\n")

    columns: dict[str, None] = {}
    reason = ""
    looked_through = None if all_columns else batch_rows
    for _, _, record in islice(_json_records(text, encoding, ()), looked_through):
        if isinstance(record, str):
            reason = reason or record
        else:
            columns.update(dict.fromkeys(record))
    if not columns:
        what = f"its first line {reason}" if reason else "is empty"
        raise StanceError(f"{what}; each line must be one JSON object", path=name)
    clash = [column for column in columns if column in reserved]
    if clash:
        return Parsed(list(columns), iter(()))
    text.seek(0)
    remaining = _json_records(text, encoding, reserved)

    def chunks() -> Iterator[Chunk]:
        while stretch := list(islice(remaining, batch_rows)):
            good = [(n, line) for n, line, record in stretch if isinstance(record, dict)]
            yield Chunk(
                cells.json_table([line for _, line in good], list(columns)),
                [n for n, _ in good],
                [line for _, line in good],
                [
                    Reject(name, n, record, printable(line))
                    for n, line, record in stretch
                    if isinstance(record, str)
                ],
            )

    return Parsed(list(columns), chunks())


def _json_records(
    text: TextIO, encoding: str, reserved: Sequence[str]
) -> Iterator[tuple[int, str, dict[str, Any] | str]]:
    """Give (line number, line, record), or in the record's place why it is rejected."""
    for n, line in _numbered_lines(text):
        if is_undecodable(line, encoding):
            yield n, line, f"holds bytes that are not {encoding}"
            continue
        try:
            record = cells.parse_json(line)
        except ValueError:
            yield n, line, "is no JSON"
            continue
        except RecursionError:
            yield n, line, "is nested too deeply"
            continue
        if not isinstance(record, dict):
            yield n, line, "is no JSON object"
        elif is_undecodable("\0".join(record), "utf-8"):
            yield n, line, "has a field whose name is no Unicode text"
        elif taken := next((field for field in reserved if field in record), None):
            yield n, line, f'has a field "{taken}" already; rename it, or add --prefix'
        else:
            yield n, line.strip(), record


def _parse_parquet(stream: BinaryIO, name: str, batch_rows: int) -> Parsed:
    file = pq.ParquetFile(stream)

    def chunks() -> Iterator[Chunk]:
        first = 1
        for batch in file.iter_batches(batch_size=batch_rows):
            rows = list(range(first, first + batch.num_rows))
            first += batch.num_rows
            table = _without_views(pa.Table.from_batches([batch]))
            broken = _undecodable_rows(table)
            rejects = [_undecodable(name, rows[i], held, "utf-8") for i, held in broken.items()]
            if broken:
                kept = [i for i in range(len(rows)) if i not in broken]
                table, rows = table.take(kept), [rows[i] for i in kept]
            yield Chunk(table, rows, None, rejects)

    return Parsed(list(file.schema_arrow.names), chunks())


def _without_views(table: pa.Table) -> pa.Table:
    """Give columns of string views, which Arrow cannot filter, as strings."""
    for i, field in enumerate(table.schema):
        if pa.types.is_string_view(field.type):
            table = table.set_column(i, field.with_type(pa.string()), table[i].cast(pa.string()))
    return table


def _undecodable_rows(table: pa.Table) -> dict[int, str]:
    """Give the rows with a text that is no UTF-8, which Parquet does not check, and it."""
    found: dict[int, str] = {}
    for column in table.itercolumns():
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            try:
                column.validate(full=True)
            except pa.ArrowInvalid:
                for i, held in enumerate(column.cast(pa.large_binary()).to_pylist()):
                    text = (held or b"").decode("utf-8", "surrogateescape")
                    if is_undecodable(text, "utf-8"):
                        found.setdefault(i, text)
    return found
