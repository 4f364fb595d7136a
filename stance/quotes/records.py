"""What is read from a quote file, and the names of its formats."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyarrow as pa

from stance.formats import QUOTE_FORMATS

FORMATS: Final = QUOTE_FORMATS
TEXT_COLUMNS: Final = ("text", "quote", "quotation", "statement", "content")
LONGEST_TEXT: Final = 100_000

_ENDINGS: Final = {f".{name}": name for name in FORMATS} | {
    ".tab": "tsv",
    ".ndjson": "jsonl",
    ".pq": "parquet",
}
_COMPRESSED: Final = {"parquet", "xlsx"}
_MOST_LISTED: Final = 30
_MOST_SHOWN: Final = 60


@dataclass(frozen=True)
class Reject:
    """A row that could not be labelled.

    Attributes
    ----------
    file : str
        The file's name as it was given.
    row : int
        Its line (text formats) or row (Excel, Parquet), counted from 1.
    reason : str
        Why.
    record : str
        What the row held, as far as it could be read.
    """

    file: str
    row: int
    reason: str
    record: str

    def __str__(self) -> str:
        return f"{self.file}:{self.row}: {self.reason}"


@dataclass(frozen=True)
class Spelt:
    """Records of CSV as they came, where writing them anew would give the same bytes.

    Attributes
    ----------
    rows : pyarrow.StringArray
        The records, without their line ends.
    delimiter : str
        What separates their fields.
    """

    rows: pa.StringArray
    delimiter: str


@dataclass(frozen=True)
class Chunk:
    """Rows as a format gives them, before their quotes are looked at.

    Attributes
    ----------
    table : pyarrow.Table
        The columns as they came, in order.
    rows : list of int
        The line or row of each in its file.
    lines : list of str or None
        The records as they came, where the file is JSONL.
    rejects : list of Reject
        Rows of the same stretch of the file that are not in the table.
    spelt : Spelt or None
        The records as they came, where the file is CSV and they can be copied.
    """

    table: pa.Table
    rows: list[int]
    lines: list[str] | None
    rejects: list[Reject]
    spelt: Spelt | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class Batch(Chunk):
    """Rows of a quote file that can be labelled.

    Attributes
    ----------
    text : pyarrow.StringArray
        The quote of each row; neither null nor blank.
    """

    text: pa.StringArray


@dataclass(frozen=True)
class Parsed:
    """A file as its format gives it.

    Attributes
    ----------
    columns : list of str
        Its columns, in order.
    chunks : iterator
        Its rows, in order: of each stretch of them the chunk, or what gives it when called,
        in this thread or in another.
    delimiter : str
        What separates fields, where the format is csv or tsv.
    for_spreadsheet : bool
        Whether a spreadsheet program seems to have written it.
    """

    columns: list[str]
    chunks: Iterator[Chunk | Callable[[], Chunk]]
    delimiter: str = ","
    for_spreadsheet: bool = False


@dataclass(frozen=True)
class QuoteFile:
    """A quote file being read.

    Attributes
    ----------
    name : str
        As it was given.
    format : str
        One of `FORMATS`.
    columns : list of str
        Its columns, in order.
    text_column : str
        The one that holds the quotes.
    delimiter : str
        What separates fields, where the format is csv or tsv.
    for_spreadsheet : bool
        Whether a spreadsheet program seems to have written it.
    batches : iterator of Batch
        Its rows, in order.
    stretches : iterator of callable, or None
        To be taken in place of `batches`, where it is given: each gives a batch when called,
        in this thread or in another.
    share : callable
        Tells which share of the file has been read, from 0 to 1.
    """

    name: str
    format: str
    columns: list[str]
    text_column: str
    delimiter: str
    for_spreadsheet: bool
    batches: Iterator[Batch]
    stretches: Iterator[Callable[[], Batch]] | None = None
    share: Callable[[], float] = lambda: 0.0


def header_place(rows: Sequence[Sequence[str]], text_column: str | None) -> int:
    """Find the row that names the columns, which may stand below a title.

    It is the first row; unless no quote column is named there and in all rows above the first
    that names one there is at most one filled cell.

    Parameters
    ----------
    rows : sequence of sequence of str
        The first rows of a table, empty where a cell is.
    text_column : str or None
        The column of the quotes, if that is known.

    Returns
    -------
    int
        The position of the header among the rows.

    Examples
    --------
    >>> header_place([["Round 3"], [], ["id", "text"], ["1", "We hope."]], None)
    2
    """
    wanted = TEXT_COLUMNS if text_column is None else (text_column.strip().lower(),)
    for place, row in enumerate(rows):
        names = {cell.strip().lower() for cell in row}
        if not names.isdisjoint(wanted) and sum(1 for cell in row if cell.strip()) > (place > 0):
            return place
        if sum(1 for cell in row if cell.strip()) > 1:
            break
    return 0


def file_format(path: str) -> str | None:
    """Tell the format of a quote file from its ending.

    Parameters
    ----------
    path : str
        The file's name; a further ``.gz`` is looked through, but for the formats that are
        compressed in themselves.

    Returns
    -------
    str or None
        One of `FORMATS`, None if the ending says nothing.

    Examples
    --------
    >>> file_format("archive/quotes.CSV.gz")
    'csv'
    """
    found = _ENDINGS.get(ending(path).removesuffix(".gz"))
    return None if found in _COMPRESSED and ending(path).endswith(".gz") else found


def ending(path: str) -> str:
    """Give the ending of a file's name in small letters, with the one before a ``.gz``.

    Parameters
    ----------
    path : str
        The file's name.

    Returns
    -------
    str
        The ending, or an empty text.

    Examples
    --------
    >>> ending("archive/quotes.JSON.gz")
    '.json.gz'
    """
    plain, packed = (path[:-3], ".gz") if path.lower().endswith(".gz") else (path, "")
    return Path(plain).suffix.lower() + packed


def listed(columns: Sequence[str]) -> str:
    r"""Spell out the names of columns in a message.

    Parameters
    ----------
    columns : sequence of str
        The names.

    Returns
    -------
    str
        One line.

    Examples
    --------
    >>> listed(["id", "two\nlines"])
    '"id", "two\\nlines"'
    """
    names = [json.dumps(column[:_MOST_SHOWN], ensure_ascii=False) for column in columns]
    more = len(names) - _MOST_LISTED
    return ", ".join(names[:_MOST_LISTED]) + (f" and {more:,} more" if more > 0 else "")
