"""Labelled quotes that people made, read for training and measuring."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stance.annotations.labels import STANCE_COLUMNS, told_at_once
from stance.codebook import match_stance
from stance.errors import StanceError
from stance.quotes import Batch, QuoteFile, cells, open_quotes
from stance.quotes.records import listed


@dataclass(frozen=True)
class Annotations:
    """Quotes and the stance somebody gave each.

    Attributes
    ----------
    texts : list of str
        The quotes.
    stances : list of str
        The stance of each, one of `stance.codebook.STANCES`.
    speakers : list of str
        Who said each; empty where that is not known.
    rounds : list of str
        The annotation round of each; empty where that is not known.
    skipped : list of str
        What was wrong with the rows left out, with file and row.
    """

    texts: list[str]
    stances: list[str]
    speakers: list[str]
    rounds: list[str]
    skipped: list[str]

    def __len__(self) -> int:
        return len(self.texts)


def read_annotations(
    paths: Sequence[str],
    *,
    format: str | None = None,
    text_column: str | None = None,
    sheet: str | None = None,
    stance_column: str | None = None,
    skip_bad: bool = False,
) -> Annotations:
    """Read annotations from quote files with a column of stances.

    Parameters
    ----------
    paths : sequence of str
        The files, of any format that `stance.quotes.open_quotes` reads.
    format, text_column, sheet : str, optional
        As for `stance.quotes.open_quotes`.
    stance_column : str, optional
        The column of stances; ``stance`` or ``label`` where not given.
    skip_bad : bool, default False
        Leave out rows that cannot be used, instead of refusing them all.

    Returns
    -------
    Annotations
        In the order of the files.

    Raises
    ------
    StanceError
        If a file cannot be read, or, without `skip_bad`, a row has no quote or no known
        stance; the message names every such row, up to 20.
    """
    texts: list[str] = []
    stances: list[str] = []
    speakers: list[str] = []
    rounds: list[str] = []
    problems: list[str] = []
    for path in paths:
        with open_quotes(path, format=format, text_column=text_column, sheet=sheet) as file:
            stance_at = _stance_column(file, stance_column)
            column = file.columns[stance_at]
            for batch in file.batches:
                bad = [(reject.row, str(reject)) for reject in batch.rejects]
                labels = _column(batch, stance_at)
                said_by = _column(batch, _named(file, "speaker"))
                in_round = _column(batch, _named(file, "round"))
                for text, label, speaker, round_name, row in zip(
                    batch.text.to_pylist(), labels, said_by, in_round, batch.rows, strict=True
                ):
                    try:
                        stance = match_stance(label)
                    except StanceError as error:
                        what = str(error) if label.strip() else f'column "{column}" is empty'
                        bad.append((row, f"{file.name}:{row}: {what}"))
                        continue
                    texts.append(text)
                    stances.append(stance)
                    speakers.append(speaker)
                    rounds.append(round_name)
                problems += [problem for _, problem in sorted(bad)]
    if problems and not skip_bad:
        raise StanceError(told_at_once(problems, more="more rows"))
    if not texts:
        raise StanceError(f"no annotated quote in {', '.join(paths)}")
    return Annotations(texts, stances, speakers, rounds, problems)


def _named(file: QuoteFile, name: str) -> int | None:
    names = [column.strip().lower() for column in file.columns]
    return names.index(name) if name in names else None


def _stance_column(file: QuoteFile, wanted: str | None) -> int:
    if wanted is not None and wanted in file.columns:
        places = [file.columns.index(wanted)]
    else:
        names = () if wanted is not None else STANCE_COLUMNS
        places = [place for name in names if (place := _named(file, name)) is not None]
    if places:
        column = file.columns[places[0]]
        if file.columns.count(column) > 1:
            raise StanceError(f'two columns are called "{column}"; rename one', path=file.name)
        return places[0]
    asked = " or ".join(STANCE_COLUMNS if wanted is None else (wanted,))
    raise StanceError(
        f"no column {asked}; there are: {listed(file.columns)}; "
        "name the one with the stances with --stance-column",
        path=file.name,
        usage=True,
    )


def _column(batch: Batch, place: int | None) -> Iterator[str]:
    if place is None:
        return iter([""] * batch.table.num_rows)
    column = cells.plain(batch.table.column(place), batch.table.schema.field(place))
    return iter(column.to_pylist())
