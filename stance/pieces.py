"""What becomes of one stretch of a quote file, in whatever thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from stance.labeller import Labeller
from stance.model import LABEL_COLUMNS
from stance.quotes import Batch, Reject
from stance.quotes.writing import spelt_rows

Stretch = Callable[[], Batch]


@dataclass(frozen=True)
class Piece:
    """A stretch that is labelled.

    Attributes
    ----------
    content : bytes, or tuple of Batch and pyarrow.Table
        The bytes to write, or what to write them from.
    rows, review : int
        Quotes labelled, and those that wait for review.
    by_stance : dict of str to int
        How many got each stance that occurs.
    rejects : list of Reject
        Rows that could not be labelled.
    """

    content: bytes | tuple[Batch, pa.Table]
    rows: int
    review: int
    by_stance: dict[str, int]
    rejects: list[Reject]


@dataclass(frozen=True)
class Work:
    """Parses, labels and spells a stretch.

    Attributes
    ----------
    labeller : Labeller
        How it is labelled.
    format : str or None
        What the rows are spelt as; they are not, where None.
    delimiter : str
        What separates fields in csv.
    """

    labeller: Labeller
    format: str | None
    delimiter: str

    def __call__(self, stretch: Stretch) -> Piece:
        """Do the work."""
        batch = stretch()
        labels = self.labeller.label(batch)
        stance, *_, review = self.labeller.columns[: len(LABEL_COLUMNS)]
        return Piece(
            (batch, labels)
            if self.format is None
            else spelt_rows(batch, labels, self.format, self.delimiter),
            labels.num_rows,
            pc.sum(labels.column(review)).as_py() or 0,
            dict(_counted(labels.column(stance))),
            batch.rejects,
        )


def given(batch: Batch) -> Batch:
    """Give a batch that needs no parsing; `functools.partial` makes a stretch of it."""
    return batch


def _counted(column: pa.ChunkedArray) -> Iterator[tuple[str, int]]:
    for entry in pc.value_counts(column.drop_null()).to_pylist():
        yield entry["values"], entry["counts"]
