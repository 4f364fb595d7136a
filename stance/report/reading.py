"""Labelled files, read for the report: the columns it can show."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from stance.codebook import STANCES
from stance.errors import StanceError
from stance.quotes import Batch, QuoteFile, Reject, cells, open_quotes

_DATES: Final = ("date", "day", "published")
_TOPICS: Final = ("topic", "subject", "theme")
_SOURCES: Final = ("source", "outlet", "newspaper", "publisher", "article")
_TRUE: Final = {"true", "1", "yes"}
_FALSE: Final = {"false", "0", "no", ""}


@dataclass(frozen=True)
class Labelled:
    """Labelled quotes, a list of equal length for each column there is.

    Attributes
    ----------
    text : list of str
        The quotes.
    stance : list of str
        One of `STANCES`, or an empty text where it was left open.
    probability : list of float or None
        How probable the stance is, in [0, 1]; all None where the files do not say.
    review : list of bool
        Whether a person should look.
    speaker, topic, source : list of str
        Empty texts where the files do not say.
    date : list of datetime.date or None
        None where there is none, or none that can be read.
    files : list of str
        The files read.
    rejects : list of Reject
        Rows that cannot be shown.
    unread_dates : int
        How many dates are there but cannot be read.
    """

    text: list[str] = field(default_factory=list)
    stance: list[str] = field(default_factory=list)
    probability: list[float | None] = field(default_factory=list)
    review: list[bool] = field(default_factory=list)
    speaker: list[str] = field(default_factory=list)
    topic: list[str] = field(default_factory=list)
    source: list[str] = field(default_factory=list)
    date: list[datetime.date | None] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    unread_dates: int = 0

    def __len__(self) -> int:
        return len(self.text)


def read_labelled(
    inputs: Sequence[str],
    *,
    format: str | None = None,
    text_column: str | None = None,
    sheet: str | None = None,
    prefix: str = "",
) -> Labelled:
    """Read what `stance predict` wrote.

    Parameters
    ----------
    inputs : sequence of str
        The files; ``-`` is the standard input. Their columns may differ.
    format, text_column, sheet : str, optional
        As for `stance.quotes.open_quotes`.
    prefix : str, default ""
        What `stance predict` put before the names of its columns.

    Returns
    -------
    Labelled
        All rows, in order. Only the column of the stances must be there.

    Raises
    ------
    StanceError
        If a file cannot be read, has no column of stances, or holds no stance of ours.
    """
    found = Labelled()
    unread = 0
    for path in inputs:
        with open_quotes(path, format=format, text_column=text_column, sheet=sheet) as file:
            names = [column.strip().lower() for column in file.columns]
            if (prefix + "stance").lower() not in names:
                raise StanceError(
                    f'no column "{prefix}stance"; label it first: '
                    f"stance predict {path} --output labelled.csv",
                    path=file.name,
                )
            found.files.append(file.name)
            for batch in file.batches:
                found.rejects.extend(batch.rejects)
                unread += _take(found, batch, names, prefix.lower(), file)
    return Labelled(**{**vars(found), "unread_dates": unread})


def _take(found: Labelled, batch: Batch, names: list[str], prefix: str, file: QuoteFile) -> int:
    """Append the rows of a batch; give how many dates could not be read."""

    def column(*wanted: str) -> list[str]:
        for name in wanted:
            if name in names:
                i = names.index(name)
                plain = cells.plain(batch.table.column(i), batch.table.schema.field(i))
                return [str(value) for value in plain.to_pylist()]
        return [""] * len(batch.text)

    probabilities = column(prefix + "probability")
    reviews = column(prefix + "review")
    dates = column(*_DATES)
    unread = 0
    given = zip(batch.rows, column(prefix + "stance"), probabilities, reviews, dates, strict=True)
    for row, stance, probability, review, date in given:
        name = stance.strip().lower()
        if name and name not in STANCES:
            raise StanceError(
                f'"{stance[:40]}" is no stance; the column "{prefix}stance" must hold '
                f"{', '.join(STANCES)}, or nothing",
                path=file.name,
                row=row,
            )
        found.stance.append(name)
        found.probability.append(_number(probability, file.name, row))
        if review.strip().lower() not in _TRUE | _FALSE:
            raise StanceError(
                f'"{review[:40]}" is neither true nor false, in column "{prefix}review"',
                path=file.name,
                row=row,
            )
        found.review.append(review.strip().lower() in _TRUE)
        day = read_date(date)
        unread += day is None and bool(date.strip())
        found.date.append(day)
    found.text.extend(batch.text.to_pylist())
    found.speaker.extend(" ".join(value.split()) for value in column("speaker"))
    found.topic.extend(" ".join(value.split()) for value in column(*_TOPICS))
    found.source.extend(" ".join(value.split()) for value in column(*_SOURCES))
    return unread


def _number(value: str, path: str, row: int) -> float | None:
    if not value.strip():
        return None
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise StanceError(
            f'"{value[:40]}" is no probability; it must be from 0 to 1', path=path, row=row
        )
    return number


def read_date(value: str) -> datetime.date | None:
    """Read a date that begins with year and month, as ISO 8601 has it.

    Parameters
    ----------
    value : str
        What the cell holds; a time after the day is left out, a missing day is the first.

    Returns
    -------
    datetime.date or None
        None if it is no such date.

    Examples
    --------
    >>> read_date("2016-10-12T09:30"), read_date("2016-10"), read_date("12 October 2016")
    (datetime.date(2016, 10, 12), datetime.date(2016, 10, 1), None)
    """
    day = value.strip()[:10]
    try:
        return datetime.date.fromisoformat(f"{day}-01" if len(day) == len("2016-10") else day)
    except ValueError:
        return None
