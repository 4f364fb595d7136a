"""Excel workbooks: the rows of a sheet, and a workbook of one sheet."""

from __future__ import annotations

import io
import json
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any, BinaryIO

import pyarrow as pa

from stance.errors import StanceError
from stance.quotes import cells
from stance.quotes.records import Chunk, Parsed, Reject, header_place, listed

MOST_ROWS = 1_048_576
LONGEST_CELL = 32_767

_CLOCK = re.compile(rb"(<dcterms:\w+[^>]*>)[^<]*")
_ROWS_AT_ONCE = 1024
_MOST_TITLE_ROWS = 10


def parse_sheet(
    stream: BinaryIO,
    *,
    name: str,
    sheet: str | None,
    text_column: str | None,
    batch_rows: int,
) -> Parsed:
    """Parse a sheet of a workbook, whose first row names the columns, below a title or not.

    Formulas come as the values the workbook holds for them.

    Parameters
    ----------
    stream : seekable binary file
        An .xlsx workbook.
    name : str
        The file's name, for messages.
    sheet : str or None
        The sheet's name; the only one that is not empty where None.
    text_column : str or None
        The column that is looked for, by which the header is known below a title.
    batch_rows : int
        The most rows in a chunk.

    Returns
    -------
    Parsed
        Its rows are parsed as they are taken.

    Raises
    ------
    StanceError
        If it is no workbook, the sheet is empty, or it is not clear which is meant.
    """
    rows = _filled_rows(stream, name, sheet)
    first = list(islice(rows, _MOST_TITLE_ROWS))
    if not first:
        raise StanceError("the sheet is empty; its first row must name the columns", path=name)
    shown = [
        ["" if cell.value is None else cells.sheet_shown(cell) for cell in row] for _, row in first
    ]
    place = header_place(shown, text_column)
    header = first[place][1]
    rows = chain(first[place + 1 :], rows)
    columns = [
        f"column {i}" if cell.value is None else cells.sheet_shown(cell)
        for i, cell in enumerate(header, start=1)
    ]

    def chunks() -> Iterator[Chunk]:
        while stretch := list(islice(rows, batch_rows)):
            good = [(n, row) for n, row in stretch if len(row) <= len(columns)]
            table = cells.sheet_table([_padded(row, len(columns)) for _, row in good], columns)
            rejects = [
                _too_wide(name, n, row, len(columns))
                for n, row in stretch
                if len(row) > len(columns)
            ]
            yield Chunk(table, [n for n, _ in good], None, rejects)

    return Parsed(columns, chunks(), for_spreadsheet=True)


def _filled_rows(stream: BinaryIO, name: str, sheet: str | None) -> Iterator[tuple[int, list[Any]]]:
    """Give the number and the cells of each row that is not empty, up to its last value."""
    numbered: Iterator[tuple[int, Any]] | None = None
    stretch: list[tuple[int, Any]] = []
    while numbered is None or stretch:
        try:
            # openpyxl warns of what it leaves out: styles, lists of allowed values.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                numbered = numbered or enumerate(_sheet_rows(stream, name, sheet), start=1)
                stretch = list(islice(numbered, _ROWS_AT_ONCE))
        except StanceError:
            raise
        # It raises whatever the parts of a damaged workbook make it raise.
        except Exception as error:
            raise StanceError("cannot be read as an Excel workbook (.xlsx)", path=name) from error
        for n, cells_of_row in stretch:
            row = list(cells_of_row)
            while row and row[-1].value is None:
                row.pop()
            if row:
                yield n, row


def _sheet_rows(stream: BinaryIO, name: str, sheet: str | None) -> Iterator[Any]:
    import openpyxl

    book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
    for found in book.worksheets:
        # Some programs write down a smaller size than the sheet has.
        found.reset_dimensions()
    yield from _chosen(book.worksheets, name, sheet).iter_rows()


def _chosen(sheets: list[Any], name: str, wanted: str | None) -> Any:
    if wanted is not None:
        named = [sheet for sheet in sheets if sheet.title == wanted]
        if not named:
            titles = listed([sheet.title for sheet in sheets])
            raise StanceError(f'no sheet "{wanted}"; there are: {titles}', path=name, usage=True)
        return named[0]
    filled = [sheet for sheet in sheets if _is_filled(sheet)]
    if len(filled) > 1:
        titles = listed([sheet.title for sheet in filled])
        raise StanceError(
            f"has several sheets: {titles}; name the one to read with --sheet",
            path=name,
            usage=True,
        )
    return (filled or sheets)[0]


def _is_filled(sheet: Any) -> bool:
    return any(cell.value is not None for row in sheet.iter_rows() for cell in row)


def _padded(row: Sequence[Any], width: int) -> list[Any]:
    from openpyxl.cell.read_only import EMPTY_CELL

    return [*row, *[EMPTY_CELL] * (width - len(row))]


def _too_wide(name: str, n: int, row: Sequence[Any], width: int) -> Reject:
    held = json.dumps([cells.sheet_shown(cell) for cell in row], ensure_ascii=False)
    return Reject(name, n, f"has {len(row)} cells where the header has {width}", held)


class SheetWriter:
    """Writes a workbook of one sheet, row by row.

    Parameters
    ----------
    columns : sequence of str
        The header row.
    name : str
        The file's name, for messages.
    """

    def __init__(self, columns: Sequence[str], name: str) -> None:
        import openpyxl

        self._name = name
        self._book = openpyxl.Workbook(write_only=True)
        self._sheet = self._book.create_sheet("quotes")
        self._sheet.freeze_panes = "A2"
        self._n_rows = 0
        self._append([(column, "General") for column in columns])

    def write(self, table: pa.Table) -> None:
        """Append the rows of a table."""
        columns = [
            cells.sheet_values(column, field)
            for field, column in zip(table.schema, table.itercolumns(), strict=True)
        ]
        for row in zip(*columns, strict=True):
            self._append(row)

    def save(self, stream: BinaryIO) -> None:
        """Write the workbook out; the same rows give the same bytes."""
        made, kept = io.BytesIO(), io.BytesIO()
        self._book.save(made)
        with zipfile.ZipFile(made) as old, zipfile.ZipFile(kept, "w") as new:
            for entry in old.infolist():
                content = old.read(entry)
                if entry.filename == "docProps/core.xml":
                    content = _CLOCK.sub(rb"\g<1>1980-01-01T00:00:00Z", content)
                # Neither the time of writing nor the system it was written on.
                new.writestr(zipfile.ZipInfo(entry.filename), content, zipfile.ZIP_DEFLATED)
        # A pipe would get another layout, which tells the lengths after the contents.
        stream.write(kept.getbuffer())

    def close(self) -> None:
        """End the sheet, whether it was saved or not; openpyxl complains of an open one."""
        if not self._sheet.closed:
            self._sheet.close()

    def _append(self, row: Sequence[tuple[Any, str]]) -> None:
        from openpyxl.cell import WriteOnlyCell

        self._n_rows += 1
        if self._n_rows > MOST_ROWS:
            raise StanceError(
                f"Excel holds no more than {MOST_ROWS:,} rows; write .csv or .parquet",
                path=self._name,
            )
        made = []
        for value, layout in row:
            if isinstance(value, str):
                value = cells.sheet_text(value)
                if len(value) > LONGEST_CELL:
                    raise StanceError(
                        f"a text is longer than the {LONGEST_CELL:,} characters of an Excel cell; "
                        "write .csv or .parquet",
                        path=self._name,
                    )
            cell = WriteOnlyCell(self._sheet, value)
            if isinstance(value, str):
                # Otherwise a text that begins with = would run as a formula.
                cell.data_type = "s"
            cell.number_format = layout
            made.append(cell)
        self._sheet.append(made)
