"""CSV by blocks: what is well formed is parsed by Arrow, the rest is left to Python's csv.

Python's csv module takes whatever people call CSV, a field at a time. Most of a large file
needs none of that: marks stand only where a field begins and ends, or are doubled. A block
of such records is told by its bytes alone, and Arrow reads it as Python would.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Generator
from dataclasses import dataclass
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.intp]

BLOCK_BYTES: Final = 1 << 21

_LINE: Final = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)")
_MARK, _END, _RETURN = b'"\n\r'


class Source:
    """The bytes of a file from where it stands, taken by lines or by blocks.

    Parameters
    ----------
    stream : binary file
        Read forwards only.

    Attributes
    ----------
    line : int
        How many lines have been taken; a lone carriage return ends one too.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._held = b""
        self._at = 0
        self._ended = False
        self.line = 0

    def lines(self) -> Generator[str, None, None]:
        """Take line after line, as text from `stance.quotes.encoding.read_text`."""
        while (line := self._next_line()) is not None:
            self.line += 1
            yield line.decode("utf-8", "surrogateescape")

    def peek(self, size: int) -> bytes:
        """Give the next bytes without taking them; fewer only at the end of the file."""
        while len(self._held) - self._at < size and not self._ended:
            more = self._stream.read(max(size, BLOCK_BYTES))
            self._ended = not more
            self._held = self._held[self._at :] + more
            self._at = 0
        return self._held[self._at : self._at + size]

    def take(self, size: int, lines: int) -> None:
        """Count bytes that were looked at, and their lines, as taken."""
        self._at += size
        self.line += lines

    def _next_line(self) -> bytes | None:
        wanted = BLOCK_BYTES
        while True:
            found = _LINE.match(self._held, self._at)
            # What follows a carriage return may belong to it.
            if found is not None and (found.end() < len(self._held) or self._ended):
                self._at = found.end()
                return found[0]
            if self._ended:
                rest = self._held[self._at :]
                self._at = len(self._held)
                return rest or None
            wanted += len(self._held) - self._at
            self.peek(wanted)


@dataclass(frozen=True)
class Fields:
    """The records of a block.

    Attributes
    ----------
    table : pyarrow.Table
        Their fields, all of them texts.
    lines : list of int
        The line of the block on which each begins, counted from 1.
    spelt : pyarrow.StringArray or None
        The records as they came, without line ends; only where marks stand around no field
        but those that need them.
    """

    table: pa.Table
    lines: list[int]
    spelt: pa.StringArray | None


def next_block(source: Source, delimiter: str) -> bytes | None:
    """Take a block of records whose bounds are beyond doubt.

    Parameters
    ----------
    source : Source
        Standing where a record begins.
    delimiter : str
        What separates fields.

    Returns
    -------
    bytes or None
        Whole records. None where the next ones are not well formed, or there are none;
        nothing is taken then.
    """
    block = source.peek(BLOCK_BYTES)
    is_last = len(block) < BLOCK_BYTES
    # Arrow drops a byte order mark wherever it begins to read.
    if not block or block.startswith(codecs.BOM_UTF8):
        return None
    # A lone carriage return is a line end to Python, but not to Arrow.
    if b"\0" in block or (b"\r" in block and _has_lone_return(block, is_last)):
        return None
    data = np.frombuffer(block, np.uint8)
    marks, ends, closing = _marks_and_ends(data)
    closed = ends[closing]
    if is_last:
        size = len(block)
    elif len(closed):
        size = int(closed[-1]) + 1
        marks = marks[: np.searchsorted(marks, size)]
        ends = ends[: np.searchsorted(ends, size)]
    else:
        return None
    if len(marks) and not _are_sound(marks, data, size, ord(delimiter)):
        return None
    # Python refuses long fields, and loses its way after one.
    if np.diff(closed, prepend=-1, append=size).max() > csv.field_size_limit():
        return None
    source.take(size, len(ends) + (is_last and block[-1] != _END))
    return block[:size]


def parse_block(block: bytes, width: int, delimiter: str) -> Fields | None:
    """Parse what `next_block` took.

    Parameters
    ----------
    block : bytes
        Whole records.
    width : int
        The fields of a record.
    delimiter : str
        What separates them.

    Returns
    -------
    Fields or None
        None where a record has other fields, or bytes are no UTF-8.
    """
    table = _parsed(block, width, delimiter)
    if table is None:
        return None
    if block[-1] != _END:
        block += b"\n"
    data = np.frombuffer(block, np.uint8)
    marks, ends, closing = _marks_and_ends(data)
    closed = np.flatnonzero(closing)
    stops = ends[closed]
    starts = np.concatenate([[0], stops[:-1] + 1])
    blank = (starts == stops) | ((data[starts] == _RETURN) & (starts + 1 == stops))
    lines = np.concatenate([[0], closed[:-1] + 1])[~blank] + 1
    if len(lines) != table.num_rows:
        return None
    spelt = None
    if width > 1 and not blank.any() and _are_needed(marks, data, ends, ord(delimiter)):
        spelt = _records(block, starts, data[stops - 1] == _RETURN)
    return Fields(table, lines.tolist(), spelt)


def _marks_and_ends(data: Bytes) -> tuple[Places, Places, npt.NDArray[np.bool_]]:
    """Give the places of quotation marks and line feeds, and which of these end a record."""
    ends = np.flatnonzero(data == _END)
    marks = np.flatnonzero(data == _MARK)
    return marks, ends, np.searchsorted(marks, ends) % 2 == 0


def _are_needed(marks: Places, data: Bytes, ends: Places, delimiter: int) -> bool:
    """Tell whether each field within marks holds a mark, a delimiter or a line end."""
    if not len(marks):
        return True
    doubled = marks[1:-1:2] + 1 == marks[2::2]
    first = np.flatnonzero(np.concatenate([[True], ~doubled]))
    opening, closing = marks[0::2][first], marks[1::2][np.append(first[1:] - 1, -1)]
    delimiters = np.flatnonzero(data == delimiter)
    needed = np.diff(first, append=len(marks) // 2) > 1
    for places in (delimiters, ends):
        needed |= np.searchsorted(places, opening) < np.searchsorted(places, closing)
    return bool(needed.all())


def _records(block: bytes, starts: Places, returns: npt.NDArray[np.bool_]) -> pa.StringArray | None:
    if returns.any() and not returns.all():
        return None
    offsets = np.append(starts, len(block)).astype(np.int32)
    whole = pa.BinaryArray.from_buffers(
        pa.binary(), len(starts), [None, pa.py_buffer(offsets), pa.py_buffer(block)]
    )
    # Arrow has found every field to be UTF-8.
    return pc.binary_slice(whole, 0, -2 if returns.any() else -1).view(pa.string())


def _has_lone_return(block: bytes, is_last: bool) -> bool:
    # The block may cut a pair.
    cut = not is_last and block[-1] == _RETURN
    return block.count(b"\r") - cut != block.count(b"\r\n")


def _are_sound(marks: Places, data: Bytes, size: int, delimiter: int) -> bool:
    """Tell whether quotation marks stand only around fields, or doubled within them."""
    if len(marks) % 2:
        return False
    opening, closing = marks[0::2], marks[1::2]
    doubled = closing[:-1] + 1 == opening[1:]
    before = data[np.maximum(opening - 1, 0)]
    begins = (before == delimiter) | (before == _END) | (opening == 0)
    after = data[np.minimum(closing + 1, size - 1)]
    ends = (after == delimiter) | (after == _END) | (after == _RETURN) | (closing == size - 1)
    begins[1:] |= doubled
    ends[:-1] |= doubled
    return bool(begins.all() and ends.all())


def _parsed(block: bytes, width: int, delimiter: str) -> pa.Table | None:
    from pyarrow.csv import ConvertOptions, ParseOptions, ReadOptions, read_csv

    names = [str(i) for i in range(width)]
    try:
        table = read_csv(
            io.BytesIO(block),
            ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=names),
            ParseOptions(delimiter=delimiter, newlines_in_values=True),
            ConvertOptions(column_types=dict.fromkeys(names, pa.string()), check_utf8=True),
        )
    except pa.ArrowInvalid:
        return None
    return table
