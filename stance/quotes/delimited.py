"""CSV and TSV: records from lines of text."""

from __future__ import annotations

import codecs
import csv
import inspect
import io
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import Any, BinaryIO, TextIO, cast

import pyarrow as pa

from stance.errors import StanceError
from stance.quotes.blocks import Source, next_block, parse_block
from stance.quotes.encoding import is_spreadsheet_encoding, is_undecodable, printable
from stance.quotes.records import TEXT_COLUMNS, Chunk, Parsed, Reject, Spelt, header_place

_SAMPLE_CHARACTERS = 1 << 16
_MOST_TITLE_ROWS = 10
_SEP_LINE = re.compile(r'"?sep=([,;|\t])"?(?=\r|\n)', re.IGNORECASE)


def parse_delimited(
    text: TextIO,
    *,
    name: str,
    encoding: str,
    delimiter: str | None,
    text_column: str | None,
    batch_rows: int,
) -> Parsed:
    """Parse CSV or TSV with a header row; every field is text.

    Parameters
    ----------
    text : TextIO
        The file's characters, line ends as they are.
    name : str
        The file's name, for messages.
    encoding : str
        The encoding it was decoded by.
    delimiter : str or None
        What separates fields; one of ``, ; tab |`` is chosen where None.
    text_column : str or None
        The column that is looked for, which helps to choose.
    batch_rows : int
        The most rows in a chunk.

    Returns
    -------
    Parsed
        Its rows are parsed as they are taken.

    Raises
    ------
    StanceError
        If there is no header row that can be read.
    """
    sample = text.read(_SAMPLE_CHARACTERS)
    if named := _SEP_LINE.match(sample):
        # Excel's own way to say it; the line stays, empty, so that rows keep their numbers.
        delimiter = named.group(1)
        sample = sample[named.end() :]
    delimiter = delimiter or _sniff_delimiter(sample, text_column)
    source = _source(text, encoding)
    if source is not None and named:
        source.peek(named.end())
        source.take(named.end(), 0)
    lines = _lines(sample, text) if source is None else source.lines()
    reader = csv.reader(lines, delimiter=delimiter)
    titles = _n_titles(sample, delimiter, text_column)
    header = _read_header(reader, lines, name, encoding, titles)
    chunks: Iterator[Chunk | Callable[[], Chunk]]
    if source is None:
        records = _records(reader, lines, len(header), name)
        chunks = _chunks(records, header, name, encoding, batch_rows)
    else:
        chunks = _fast_chunks(source, header, delimiter, name, encoding, batch_rows)
    return Parsed(header, chunks, delimiter, is_spreadsheet_encoding(encoding))


def _source(text: TextIO, encoding: str) -> Source | None:
    """Go back to the bytes of a text, if they are UTF-8."""
    if encoding not in {"utf-8", "utf-8-sig", "ascii"}:
        return None
    stream = cast(BinaryIO, cast(io.TextIOWrapper, text).detach())
    stream.seek(len(codecs.BOM_UTF8) if encoding == "utf-8-sig" else 0)
    return Source(stream)


def _chunks(
    records: Iterator[tuple[int, list[str] | Reject]],
    header: list[str],
    name: str,
    encoding: str,
    batch_rows: int,
) -> Iterator[Chunk]:
    while stretch := list(islice(records, batch_rows)):
        yield _chunk(stretch, header, name, encoding)


def _chunk(
    stretch: Sequence[tuple[int, list[str] | Reject]], header: list[str], name: str, encoding: str
) -> Chunk:
    rejects = [record for _, record in stretch if isinstance(record, Reject)]
    good = [(n, fields) for n, fields in stretch if not isinstance(fields, Reject)]
    broken = {n for n, fields in good if is_undecodable("\0".join(fields), encoding)}
    rejects += [
        Reject(name, n, f"holds bytes that are not {encoding}", printable(joined(fields)))
        for n, fields in good
        if n in broken
    ]
    good = [(n, fields) for n, fields in good if n not in broken]
    table = pa.Table.from_arrays(_columns(good, len(header)), names=header)
    return Chunk(table, [n for n, _ in good], None, rejects)


def _fast_chunks(
    source: Source, header: list[str], delimiter: str, name: str, encoding: str, batch_rows: int
) -> Iterator[Chunk | Callable[[], Chunk]]:
    """Cut into blocks; where records are odd, parse a stretch of them one by one."""
    while True:
        after = source.line
        block = next_block(source, delimiter)
        if block is not None:
            yield partial(_block_chunk, block, after, header, delimiter, name, encoding)
            continue
        lines = source.lines()
        reader = csv.reader(lines, delimiter=delimiter)
        records = _records(reader, lines, len(header), name, after=after)
        chunk = next(_chunks(records, header, name, encoding, batch_rows), None)
        if chunk is None:
            return
        yield chunk


def _block_chunk(
    block: bytes, after: int, header: list[str], delimiter: str, name: str, encoding: str
) -> Chunk:
    """Parse a block that follows so many lines."""
    fields = parse_block(block, len(header), delimiter)
    if fields is None:
        lines = Source(io.BytesIO(block)).lines()
        reader = csv.reader(lines, delimiter=delimiter)
        records = _records(reader, lines, len(header), name, after=after)
        return _chunk(list(records), header, name, encoding)
    return Chunk(
        fields.table.rename_columns(header),
        [after + line for line in fields.lines],
        None,
        [],
        spelt=None if fields.spelt is None else Spelt(fields.spelt, delimiter),
    )


def _lines(sample: str, text: TextIO) -> Generator[str, None, None]:
    """The lines of a text of which a sample is read already."""
    # The line that the sample cuts is completed; so is a pair of \r and \n.
    yield from io.StringIO(sample + text.readline(), newline="")
    yield from text


def _sniff_delimiter(sample: str, text_column: str | None) -> str:
    """Choose the delimiter by the header, and by how evenly it splits the first rows."""
    wanted = TEXT_COLUMNS if text_column is None else (text_column.strip().lower(),)

    def merits(delimiter: str) -> tuple[bool, float]:
        try:
            lines = io.StringIO(sample, newline="")
            rows = list(islice(csv.reader(lines, delimiter=delimiter), 50))
        except csv.Error:
            return False, 0.0
        rows = [fields for fields in rows if fields]
        if not rows:
            return False, 0.0
        rows = rows[header_place(rows[:_MOST_TITLE_ROWS], text_column) :]
        named = any(column.strip().lower() in wanted for column in rows[0])
        if len(rows[0]) == 1:
            return named, 0.0
        return named, sum(len(fields) == len(rows[0]) for fields in rows) / len(rows)

    return max(",;\t|", key=merits)


def _n_titles(sample: str, delimiter: str, text_column: str | None) -> int:
    """Count the filled rows above the header."""
    rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    with suppress(csv.Error):
        filled = list(islice((fields for fields in rows if any(fields)), _MOST_TITLE_ROWS))
        return header_place(filled, text_column)
    return 0


def _read_header(
    reader: Any, lines: Generator[str, None, None], name: str, encoding: str, titles: int
) -> list[str]:
    try:
        filled = (fields for fields in reader if any(fields))
        header: list[str] = next(islice(filled, titles, None), [])
    except csv.Error as error:
        raise StanceError(f"its header row cannot be read: {error}", path=name) from error
    if not header:
        raise StanceError("is empty; its first row must name the columns", path=name)
    if _is_left_open(lines):
        raise StanceError("a quotation mark in its header row is left open", path=name)
    if any(is_undecodable(column, encoding) for column in header):
        raise StanceError(
            f"its header row holds bytes that are not {encoding}; say which with --encoding",
            path=name,
        )
    return header


def _is_left_open(lines: Generator[str, None, None]) -> bool:
    """Tell whether the record just read went on beyond the last line."""
    return inspect.getgeneratorstate(lines) == inspect.GEN_CLOSED


def _records(
    reader: Any, lines: Generator[str, None, None], width: int, name: str, *, after: int = 0
) -> Iterator[tuple[int, list[str] | Reject]]:
    """Give the first line of each record, and its fields or why it is rejected."""
    while True:
        line = after + reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error:
            reason = (
                f"a field is longer than {csv.field_size_limit():,} characters "
                f"(up to line {after + reader.line_num}); is a quotation mark left open?"
            )
            yield line, Reject(name, line, reason, "")
            continue
        if _is_left_open(lines):
            reason = (
                f"a quotation mark is left open, up to the last line ({after + reader.line_num})"
            )
            yield line, Reject(name, line, reason, printable(joined(fields)))
        elif len(fields) == width:
            yield line, fields
        elif fields:
            reason = f"has {len(fields)} fields where the header has {width}"
            yield line, Reject(name, line, reason, printable(joined(fields)))


def _columns(good: list[tuple[int, list[str]]], width: int) -> list[pa.Array]:
    columns = list(zip(*(fields for _, fields in good), strict=True)) or [()] * width
    return [pa.array(column, pa.string()) for column in columns]


def joined(fields: Sequence[str]) -> str:
    """Spell fields as a line of CSV, without a line end."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(fields)
    return out.getvalue()
