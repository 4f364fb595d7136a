"""Annotations in tables: a row for each, or a column for each annotator."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from stance.annotations.annotation import ABOUT, Entry
from stance.annotations.labels import STANCE_COLUMNS, label_of
from stance.annotations.tools import argilla
from stance.codebook import STANCES
from stance.errors import StanceError
from stance.quotes import cells, open_quotes
from stance.quotes.records import listed

# An item of a list: in quotation marks, else a number; None, null and nan are none.
_ITEM: Final = re.compile(r"""'([^']*)'|"([^"]*)"|([\w.@+-]+)""")


def table_entries(
    path: str,
    *,
    name: str,
    format: str | None,
    text_column: str | None,
    sheet: str | None,
    stance_column: str | None,
    mapping: Mapping[str, str],
) -> tuple[list[Entry], list[tuple[int, str]]]:
    """Read the annotations of a quote file.

    With a column of stances each row is one annotation, by the annotator in the column
    ``annotator`` if there is one. Without, each column of whose filled cells more than half are
    labels belongs to the annotator of its name; an empty cell is a quote not judged.

    Parameters
    ----------
    path : str
        The file.
    name : str
        What messages call it.
    format, text_column, sheet : str, optional
        As for `stance.quotes.open_quotes`.
    stance_column : str, optional
        The column of stances.
    mapping : mapping of str to str
        Stances by other names, in lower case.

    Returns
    -------
    entries : list of Entry
        One for each annotation.
    problems : list of (int, str)
        Rows that cannot be read, and why.

    Raises
    ------
    StanceError
        If the file cannot be read, or has no column of labels.
    """
    with open_quotes(path, name=name, format=format, text_column=text_column, sheet=sheet) as file:
        columns = file.columns
        texts: list[str] = []
        rows: list[int] = []
        values: list[list[str]] = [[] for _ in columns]
        problems: list[tuple[int, str]] = []
        for batch in file.batches:
            problems += [(reject.row, reject.reason) for reject in batch.rejects]
            texts += batch.text.to_pylist()
            rows += batch.rows
            for place, kept in enumerate(values):
                field = batch.table.schema.field(place)
                kept += cells.plain(batch.table.column(place), field).to_pylist()
    named = {column.strip().lower(): place for place, column in reversed([*enumerate(columns)])}
    about: dict[str, list[str]] = {name: values[named[name]] for name in ABOUT if name in named}

    def entry(i: int, label: str, annotator: str) -> Entry:
        said: dict[str, str] = {name: column[i] for name, column in about.items()}
        return Entry(texts[i], label, annotator.strip(), said, rows[i])

    if any(column.endswith(".responses") for column in columns):
        return [
            one
            for i in range(len(texts))
            for one in argilla(_record(columns, [v[i] for v in values], texts[i]), rows[i])
        ], problems
    labels = _stance_place(columns, named, stance_column, name)
    if labels is None and "annotation_id" in named:
        # The CSV export of Label Studio names the column after the project's own control.
        own = [place for place, column in enumerate(values) if _mostly_labels(column, mapping)]
        labels = own[0] if own else None
    if labels is not None:
        people = values[named["annotator"]] if "annotator" in named else [""] * len(texts)
        entries = [entry(i, values[labels][i], people[i]) for i in range(len(texts))]
        return entries, problems
    taken = {*about, "annotator", file.text_column.strip().lower()}
    people_at = [
        place
        for place, column in enumerate(columns)
        if column.strip().lower() not in taken and _mostly_labels(values[place], mapping)
    ]
    if not people_at:
        raise StanceError(
            f"no column {' or '.join(STANCE_COLUMNS)}, and no column with nothing but stances; "
            f"there are: {listed(columns)}; name the one with the stances with --stance-column",
            path=name,
            usage=True,
        )
    return [
        entry(i, values[place][i], columns[place])
        for i in range(len(texts))
        for place in people_at
        if values[place][i].strip()
    ], problems


def _record(columns: list[str], values: list[str], text: str) -> dict[str, Any]:
    """Give a row of a flattened export of Argilla as a record.

    Its lists come as JSON, as Python writes them or as NumPy does, without commas.
    """
    record: dict[str, Any] = dict(zip(columns, values, strict=True))
    for column in columns:
        if ".responses" in column:
            record[column] = [
                None if item[3] in {"None", "null", "nan"} else item[1] or item[2] or item[3]
                for item in _ITEM.finditer(record[column])
            ]
    return {**record, "text": text}


def _stance_place(
    columns: list[str], named: dict[str, int], wanted: str | None, path: str
) -> int | None:
    if wanted is None:
        place = next((named[name] for name in STANCE_COLUMNS if name in named), None)
        if place is not None and columns.count(columns[place]) > 1:
            raise StanceError(f'two columns are called "{columns[place]}"; rename one', path=path)
        return place
    if wanted not in columns:
        raise StanceError(
            f'no column "{wanted}"; there are: {listed(columns)}; '
            "name the one with the stances with --stance-column",
            path=path,
            usage=True,
        )
    return columns.index(wanted)


def _mostly_labels(column: list[str], mapping: Mapping[str, str]) -> bool:
    # A slip of the pen, or a stance by a name of their own, must not hide an annotator.
    filled = Counter(value for value in column if value.strip())
    labels = sum(n for value, n in filled.items() if _is_label(value, mapping))
    return 2 * labels > filled.total()


def _is_label(value: str, mapping: Mapping[str, str]) -> bool:
    try:
        return label_of(value, mapping) in STANCES
    except StanceError:
        return False
