"""Which quotes a person should annotate next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stance.codebook import STANCES
from stance.errors import StanceError
from stance.quotes import Batch, cells, open_quotes
from stance.text import shingles, text_hash

FloatArray = npt.NDArray[np.float64]

MOST_SHARED = 0.4
_LEAST_SHARE = 0.001
_LABELS = ("stance", "probability", *STANCES, "review")


@dataclass(frozen=True)
class Queued:
    """A quote to be annotated.

    Attributes
    ----------
    text : str
        The quote.
    probabilities : tuple of float
        What the model thinks, in the order of `STANCES`.
    fields : dict of str to str
        The other columns of its row, labels left out.
    """

    text: str
    probabilities: tuple[float, float, float]
    fields: dict[str, str]

    @property
    def stance(self) -> str:
        """The most probable stance."""
        return STANCES[int(np.argmax(self.probabilities))]

    @property
    def probability(self) -> float:
        """How probable it is."""
        return max(self.probabilities)


@dataclass(frozen=True)
class Queue:
    """The quotes to annotate next.

    Attributes
    ----------
    quotes : list of Queued
        The most telling first.
    columns : list of str
        The other columns of the files, in order; each quote has them all.
    n_read : int
        How many quotes there were to choose from.
    n_known : int
        How many of them had been annotated already.
    """

    quotes: list[Queued]
    columns: list[str]
    n_read: int
    n_known: int


def priority(probabilities: FloatArray) -> FloatArray:
    """Say how much would be learnt from the label of each quote.

    Parameters
    ----------
    probabilities : numpy.ndarray, shape (n_quotes, 3)
        Predicted probabilities, rows summing to 1.

    Returns
    -------
    numpy.ndarray, shape (n_quotes,)
        Doubt times expected rarity; at least 0.

    Notes
    -----
    Doubt is 1 less the margin of the most probable stance over the next (Scheffer, Decomain
    and Wrobel, "Active Hidden Markov Models for Information Extraction", IDA 2001). The
    rarity of a stance is one over the square root of its expected share in these quotes;
    that of a quote, the mean rarity of the stances it may have. Entropy and Gini impurity
    in the place of the margin did no better than a random choice. ``benchmarks/sampling.py``
    measures this one.

    Examples
    --------
    >>> sure, torn = [0.98, 0.01, 0.01], [0.5, 0.0, 0.5]
    >>> bool(np.diff(priority(np.array([sure, torn])))[0] > 0)
    True
    """
    if not len(probabilities):
        return np.zeros(0)
    ranked = np.sort(probabilities, axis=1)
    doubt = 1 - (ranked[:, -1] - ranked[:, -2])
    share = np.maximum(probabilities.mean(axis=0), _LEAST_SHARE)
    result: FloatArray = doubt * (probabilities / np.sqrt(share)).sum(axis=1)
    return result


def choose(texts: Sequence[str], probabilities: FloatArray, n: int) -> list[int]:
    """Choose the quotes to annotate next.

    Those of highest `priority` come first. One that shares two fifths of its runs of three
    words (Jaccard index) with one chosen before is passed over. The choice depends neither
    on chance nor on the order of the quotes.

    Parameters
    ----------
    texts : sequence of str
        The quotes.
    probabilities : numpy.ndarray, shape (n_quotes, 3)
        Their predicted probabilities, columns in the order of `STANCES`.
    n : int
        How many to choose.

    Returns
    -------
    list of int
        Positions in `texts`, best first; fewer than `n` where no more differ enough.

    Examples
    --------
    >>> texts = ["They may lie.", "They may lie!", "It may rain."]
    >>> choose(texts, np.full((3, 3), 1 / 3), 2)
    [2, 1]
    """
    # Rounded, so that the last digits of a sum do not decide.
    worth = np.round(priority(probabilities), 6)
    table = pa.table({"worth": -worth, "text": pa.array(texts, pa.string())})
    table = table.append_column("row", pa.array(range(len(texts)), pa.int64()))
    order = table.sort_by([(name, "ascending") for name in ("worth", "text", "row")])["row"]
    chosen: list[int] = []
    sizes: list[int] = []
    holders: dict[str, list[int]] = defaultdict(list)
    for i in order.to_pylist():
        if len(chosen) >= n:
            break
        own = shingles(texts[i])
        shared: dict[int, int] = defaultdict(int)
        for shingle in own:
            for holder in holders.get(shingle, ()):
                shared[holder] += 1
        if any(
            both >= MOST_SHARED * (len(own) + sizes[holder] - both)
            for holder, both in shared.items()
        ):
            continue
        for shingle in own:
            holders[shingle].append(len(chosen))
        sizes.append(len(own))
        chosen.append(i)
    return chosen


def queue_quotes(
    paths: Sequence[str],
    n: int,
    *,
    known: Collection[str] = (),
    prefix: str = "",
    format: str | None = None,
    text_column: str | None = None,
    sheet: str | None = None,
) -> Queue:
    """Choose the quotes to annotate next from labelled files.

    Parameters
    ----------
    paths : sequence of str
        Files that `stance predict` wrote.
    n : int
        How many to choose.
    known : collection of str, default ()
        `text_hash` of quotes annotated already.
    prefix : str, default ""
        What stands before the names of the labels' columns.
    format, text_column, sheet : str, optional
        As for `stance.quotes.open_quotes`.

    Returns
    -------
    Queue
        The quotes, and the columns they have.

    Raises
    ------
    StanceError
        If a file cannot be read, is not labelled, or a row has no quote or no probabilities.
    """
    labels = [prefix + name for name in _LABELS]
    texts: list[str] = []
    parts: list[FloatArray] = []
    batches: list[Batch] = []
    columns: list[str] = []
    skipped: list[int] = []
    for path in paths:
        with open_quotes(path, format=format, text_column=text_column, sheet=sheet) as file:
            missing = [prefix + name for name in STANCES if prefix + name not in file.columns]
            if missing:
                raise StanceError(
                    f'has no column "{missing[0]}"; label it first with `stance predict`',
                    path=file.name,
                    usage=True,
                )
            text_at = file.columns.index(file.text_column)
            others = [name for name in file.columns if name not in {*labels, file.text_column}]
            columns += [name for name in others if name not in columns]
            for batch in file.batches:
                if batch.rejects:
                    raise StanceError(str(batch.rejects[0]))
                texts += batch.text.to_pylist()
                parts.append(_probabilities(batch, file.name, prefix))
                batches.append(batch)
                skipped.append(text_at)
    probabilities = np.concatenate([np.zeros((0, 3)), *parts])
    unknown = [i for i, text in enumerate(texts) if not known or text_hash(text) not in known]
    places = choose([texts[i] for i in unknown], probabilities[unknown], n)
    starts = np.cumsum([0, *(len(batch.text) for batch in batches)])
    quotes = []
    for i in (unknown[place] for place in places):
        which = int(np.searchsorted(starts, i, side="right")) - 1
        row = _row(batches[which], int(i - starts[which]), {*labels}, skipped[which])
        a, c, u = (float(p) for p in probabilities[i])
        quotes.append(Queued(texts[i], (a, c, u), dict.fromkeys(columns, "") | row))
    return Queue(quotes, columns, len(texts), len(texts) - len(unknown))


def _probabilities(batch: Batch, name: str, prefix: str) -> FloatArray:
    columns = []
    for stance in STANCES:
        at = batch.table.column_names.index(prefix + stance)
        cells_of = cells.plain(batch.table.column(at), batch.table.schema.field(at)).to_pylist()
        columns.append(cells_of)
    result = np.empty((len(batch.rows), len(STANCES)))
    for i, (row, spelt) in enumerate(zip(batch.rows, zip(*columns, strict=True), strict=True)):
        try:
            result[i] = [float(number) for number in spelt]
        except ValueError:
            result[i] = np.nan
        # A file rounds them to four places.
        if not (np.all(result[i] >= 0) and abs(result[i].sum() - 1) < 0.01):
            raise StanceError(
                f"its probabilities are {', '.join(map(repr, spelt))}; "
                "label the file anew with `stance predict`",
                path=name,
                row=row,
            )
    return result


def _row(batch: Batch, place: int, labels: set[str], text_at: int) -> dict[str, str]:
    table = batch.table.slice(place, 1)
    return {
        field.name: cells.plain(table.column(at), field)[0].as_py()
        for at, field in enumerate(table.schema)
        if at != text_at and field.name not in labels
    }
