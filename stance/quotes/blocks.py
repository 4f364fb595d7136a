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
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

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


def next_block(source: Source, width: int, delimiter: str) -> tuple[pa.Table, list[int]] | None:
    """Take a block of well-formed records.

    Parameters
    ----------
    source : Source
        Standing where a record begins.
    width : int
        The fields of a record.
    delimiter : str
        What separates them.

    Returns
    -------
    table : pyarrow.Table
        The fields, all of them texts.
    rows : list of int
        The line on which each record begins, counted from 1.

        None in place of both where the next records are not all well formed, or there are
        none; nothing is taken then.
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
    ends = np.flatnonzero(data == _END)
    if b'"' in block:
        marks = np.flatnonzero(data == _MARK)
        ends_record = np.searchsorted(marks, ends) % 2 == 0
    else:
        marks = np.zeros(0, np.intp)
        ends_record = np.ones(len(ends), bool)
    if is_last:
        size = len(block)
    else:
        closed = np.flatnonzero(ends_record)
        if not len(closed):
            return None
        size = int(ends[closed[-1]]) + 1
        kept = int(closed[-1]) + 1
        ends, ends_record = ends[:kept], ends_record[:kept]
        marks = marks[: np.searchsorted(marks, size)]
    if len(marks) and not _are_sound(marks, data, size, ord(delimiter)):
        return None
    table = _parsed(block[:size], width, delimiter)
    if table is None:
        return None
    rows = _first_lines(data, ends, ends_record, size) + source.line
    if len(rows) != table.num_rows:
        return None
    unended = is_last and block[-1] != _END
    source.take(size, len(ends) + unended)
    return table, rows.tolist()


def _has_lone_return(block: bytes, is_last: bool) -> bool:
    # The block may cut a pair.
    cut = not is_last and block[-1] == _RETURN
    return block.count(b"\r") - cut != block.count(b"\r\n")


def _are_sound(
    marks: npt.NDArray[np.intp], data: npt.NDArray[np.uint8], size: int, delimiter: int
) -> bool:
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
    longest = csv.field_size_limit()
    for column in table.itercolumns():
        for chunk in column.chunks:
            offsets = np.frombuffer(chunk.buffers()[1], np.int32)
            # Python counts characters, of which there are no more than bytes.
            if np.diff(offsets[chunk.offset :][: len(chunk) + 1]).max(initial=0) > longest:
                return None
    return table


def _first_lines(
    data: npt.NDArray[np.uint8],
    ends: npt.NDArray[np.intp],
    ends_record: npt.NDArray[np.bool_],
    size: int,
) -> npt.NDArray[np.intp]:
    """Give the line of each record that is not blank, counted from 1."""
    closed = np.flatnonzero(ends_record)
    starts = np.concatenate([[0], ends[closed] + 1])
    lines = np.concatenate([[0], closed + 1]) + 1
    stops = np.concatenate([ends[closed], [size]])
    here = data[np.minimum(starts, size - 1)]
    blank = (starts >= stops) | ((here == _RETURN) & (starts + 1 == stops))
    found: npt.NDArray[np.intp] = lines[~blank]
    return found
