"""Quotes to labels: a file's, a batch's, single ones."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pyarrow as pa

from stance.errors import StanceError
from stance.fragments import texts_with_clauses
from stance.model import LABEL_COLUMNS, Model
from stance.quotes import Batch, QuoteFile, Reject, cells, open_quotes
from stance.text import as_texts

OnReject = Callable[[Reject], None]
Shown = tuple[str | None, float, bool, str, str]


@dataclass(frozen=True)
class Labeller:
    """How quotes are read and labelled.

    Attributes
    ----------
    model : Model
        The model.
    format, text_column, encoding, sheet : str or None
        As for `stance.quotes.open_quotes`.
    prefix : str
        Put before the names of the added columns.
    threshold : float or None
        Probability below which a quote goes to review; the model's own where None.
    abstain : bool
        Whether the stance stays open there.
    articles : bool
        Whether the files are articles, whose quotations are the quotes.
    explain : bool
        Whether a column `because` names the strongest terms.
    context : bool
        Whether fragments are labelled with their reporting clause; see `stance.fragments`.
    on_warning : callable
        Told of what was odd in an article, with file and line.
    """

    model: Model
    format: str | None = None
    text_column: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    prefix: str = ""
    threshold: float | None = None
    abstain: bool = False
    articles: bool = False
    explain: bool = False
    context: bool = False
    on_warning: Callable[[str], None] = lambda warning: None

    @property
    def columns(self) -> list[str]:
        """The names of the added columns."""
        added = [*LABEL_COLUMNS, "because"] if self.explain else LABEL_COLUMNS
        return [self.prefix + name for name in added]

    @contextmanager
    def open(self, path: str, *, all_columns: bool = True) -> Iterator[QuoteFile]:
        """Open a file whose quotes are to be labelled; see `stance.quotes.open_quotes`."""
        if self.articles:
            from stance.extracting import article_paths, open_articles

            with open_articles(
                article_paths([path]), encoding=self.encoding, on_warning=self.on_warning
            ) as file:
                yield file
            return
        with open_quotes(
            path,
            format=self.format,
            text_column=self.text_column,
            encoding=self.encoding,
            sheet=self.sheet,
            reserved=self.columns,
            all_columns=all_columns or self.context,
        ) as file:
            yield file

    def label(self, batch: Batch) -> pa.Table:
        """Label one batch.

        Parameters
        ----------
        batch : Batch
            Its rows.

        Returns
        -------
        pyarrow.Table
            The added columns, a row for each row.
        """
        text = texts_with_clauses(batch) if self.context else batch.text
        encoded = text.dictionary_encode()
        repeated = len(encoded.dictionary) * 10 <= len(encoded) * 9
        labels = self._labelled(encoded.dictionary if repeated else text)
        if repeated:
            labels = labels.take(encoded.indices)
        return labels.rename_columns(self.columns)

    def _labelled(self, text: pa.StringArray) -> pa.Table:
        labels = self.model.predict(text, threshold=self.threshold, abstain=self.abstain)
        if self.explain:
            from stance.reasons import because

            whys = self.model.explain_many(text.to_pylist())
            reasons = pa.array([because(why) for why in whys], pa.string())
            labels = labels.append_column("because", reasons)
        return labels


def labelled_rows(
    inputs: Sequence[str],
    texts: Sequence[str],
    labeller: Labeller,
    *,
    on_reject: OnReject,
) -> Generator[Shown, None, None]:
    """Label files or single quotes, for showing them.

    Parameters
    ----------
    inputs : sequence of str
        The files; read if there are no `texts`.
    texts : sequence of str
        Single quotes.
    labeller : Labeller
        The model and the settings.
    on_reject : callable
        Told of each row that is rejected.

    Yields
    ------
    tuple
        Stance, probability, review, speaker (or an empty text) and text.
    """
    if texts:
        labeller = replace(labeller, model=labeller.model.narrowed(texts))
        yield from _rows(text_batch(texts), labeller, None)
        return
    for path in inputs:
        with labeller.open(path) as file:
            names = [column.strip().lower() for column in file.columns]
            speaker = names.index("speaker") if "speaker" in names else None
            for batch in file.batches:
                for reject in batch.rejects:
                    on_reject(reject)
                yield from _rows(batch, labeller, speaker)


def text_batch(texts: Sequence[str]) -> Batch:
    """Give single quotes as a batch.

    Parameters
    ----------
    texts : sequence of str
        The quotes.

    Returns
    -------
    Batch
        With one column, text.

    Raises
    ------
    StanceError
        If a quote is empty.
    """
    if not all(text.strip() for text in texts):
        raise StanceError("--text is empty", usage=True)
    column = as_texts(texts)
    rows = list(range(1, len(texts) + 1))
    return Batch(pa.table({"text": column}), rows, None, [], column)


def _rows(batch: Batch, labeller: Labeller, speaker: int | None) -> Iterator[Shown]:
    labels = labeller.label(batch)
    stance, probability, *_, review = labeller.columns[: len(LABEL_COLUMNS)]
    if speaker is None:
        speakers = [""] * len(batch.text)
    else:
        field = batch.table.schema.field(speaker)
        speakers = cells.plain(batch.table.column(speaker), field).to_pylist()
    return zip(
        labels.column(stance).to_pylist(),
        labels.column(probability).to_pylist(),
        labels.column(review).to_pylist(),
        speakers,
        batch.text.to_pylist(),
        strict=True,
    )
