"""Files of quotes in, labelled files out."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TextIO

import pyarrow as pa
import pyarrow.compute as pc

from stance.codebook import STANCES
from stance.errors import StanceError
from stance.files import refuse_overwriting, whole_file
from stance.fragments import texts_with_clauses
from stance.model import LABEL_COLUMNS, Model
from stance.quotes import Batch, QuoteFile, Reject, cells, create_quotes, file_format, open_quotes
from stance.quotes.records import FORMATS, ending
from stance.text import as_texts

OnReject = Callable[[Reject], None]
Shown = tuple[str | None, float, bool, str, str]


@dataclass(frozen=True)
class Labelled:
    """What came of labelling.

    Attributes
    ----------
    rows : int
        Quotes labelled.
    by_stance : dict of str to int
        How many got each stance, in the order of `STANCES`; those left open are not counted.
    review : int
        How many wait for review.
    rejected : int
        Rows that could not be labelled.
    """

    rows: int
    by_stance: dict[str, int]
    review: int
    rejected: int

    @property
    def exit_code(self) -> int:
        """0 where all rows were labelled, 4 where some were rejected."""
        return 4 if self.rejected else 0


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
        labels = self.model.predict(text, threshold=self.threshold, abstain=self.abstain)
        if self.explain:
            from stance.reasons import because

            whys = self.model.explain_many(text.to_pylist())
            reasons = pa.array([because(why) for why in whys], pa.string())
            labels = labels.append_column("because", reasons)
        return labels.rename_columns(self.columns)


def output_format(inputs: Sequence[str], output: str, wanted: str | None, given: str | None) -> str:
    """Choose the format of the labelled file.

    Parameters
    ----------
    inputs : sequence of str
        The files read.
    output : str
        The file written; ``-`` is the standard output.
    wanted : str or None
        The format asked for.
    given : str or None
        The format that the inputs were said to have.

    Returns
    -------
    str
        That asked for; else by the ending of the output; else that of the first input, but
        csv where the standard output or plain text cannot hold it.

    Raises
    ------
    StanceError
        If the output's ending is no known format.
    """
    if wanted is not None:
        return wanted
    if output != "-":
        found = file_format(output)
        if found is None or found == "txt":
            known = ", ".join(f".{name}" for name in FORMATS if name != "txt")
            raise StanceError(
                f'labels cannot be written as "{ending(output)}"; end the name with one of '
                f"{known}, or add --output-format",
                path=output,
                usage=True,
            )
        return found
    source = given or file_format(inputs[0]) or "csv"
    return source if source in {"csv", "tsv", "jsonl"} else "csv"


def label_files(
    inputs: Sequence[str],
    output: str,
    labeller: Labeller,
    *,
    format: str | None = None,
    on_reject: OnReject = lambda reject: None,
    on_rows: Callable[[int], None] = lambda rows: None,
) -> Labelled:
    """Label files of quotes into one file.

    Rows that cannot be labelled go to ``OUTPUT.rejects.jsonl``, one JSON object a line with
    file, row, reason and record. Nothing is written unless all of it is.

    Parameters
    ----------
    inputs : sequence of str
        The files; ``-`` is the standard input. They must have the same columns.
    output : str
        The labelled file; ``-`` is the standard output, which has no file of rejects.
    labeller : Labeller
        The model and the settings.
    format : str, optional
        The format of the output; see `output_format`.
    on_reject : callable, optional
        Told of each row that is rejected.
    on_rows : callable, optional
        Told how many more rows have been read.

    Returns
    -------
    Labelled
        What came of it; ``rows + rejected`` is the number of rows read.

    Raises
    ------
    StanceError
        If a file cannot be read or written, or the inputs' columns differ.
    """
    format = output_format(inputs, output, format, labeller.format)
    _check_paths(inputs, output)
    rows = review = rejected = 0
    by_stance = dict.fromkeys(STANCES, 0)
    with ExitStack() as stack:
        write_reject = stack.enter_context(_rejects_file(output))
        columns: list[str] = []
        write = None
        for path in inputs:
            with labeller.open(path, all_columns=format != "jsonl") as file:
                if write is None:
                    columns = file.columns
                    write = stack.enter_context(
                        create_quotes(
                            output,
                            format=format,
                            columns=[*columns, *labeller.columns],
                            delimiter=file.delimiter if file.format == "csv" else ",",
                            for_spreadsheet=file.for_spreadsheet and output != "-",
                        )
                    )
                elif format != "jsonl":
                    _check_columns(file, columns, inputs[0])
                for batch in file.batches:
                    labels = labeller.label(batch)
                    write(batch, labels)
                    for reject in batch.rejects:
                        write_reject(reject)
                        on_reject(reject)
                    rows += labels.num_rows
                    rejected += len(batch.rejects)
                    review += pc.sum(labels.column(labeller.columns[5])).as_py() or 0
                    for stance, count in _counted(labels.column(labeller.columns[0])):
                        by_stance[stance] += count
                    on_rows(labels.num_rows + len(batch.rejects))
    return Labelled(rows, by_stance, review, rejected)


def label_texts(
    texts: Sequence[str], output: str, labeller: Labeller, *, format: str | None = None
) -> None:
    """Label single quotes into one file.

    Parameters
    ----------
    texts : sequence of str
        The quotes.
    output : str
        The labelled file; ``-`` is the standard output.
    labeller : Labeller
        The model and the settings.
    format : str, optional
        The format of the output; see `output_format`.

    Raises
    ------
    StanceError
        If a quote is empty, or the file cannot be written.
    """
    batch = _text_batch(texts)
    labeller = replace(labeller, model=labeller.model.narrowed(texts))
    with create_quotes(
        output,
        format=output_format(["-"], output, format, None),
        columns=["text", *labeller.columns],
    ) as write:
        write(batch, labeller.label(batch))


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
        yield from _rows(_text_batch(texts), labeller, None)
        return
    for path in inputs:
        with labeller.open(path) as file:
            names = [column.strip().lower() for column in file.columns]
            speaker = names.index("speaker") if "speaker" in names else None
            for batch in file.batches:
                for reject in batch.rejects:
                    on_reject(reject)
                yield from _rows(batch, labeller, speaker)


def _text_batch(texts: Sequence[str]) -> Batch:
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


def _counted(column: pa.ChunkedArray) -> Iterator[tuple[str, int]]:
    for entry in pc.value_counts(column.drop_null()).to_pylist():
        yield entry["values"], entry["counts"]


def _check_paths(inputs: Sequence[str], output: str) -> None:
    if inputs.count("-") > 1:
        raise StanceError("the standard input can be read only once", usage=True)
    if output != "-":
        places = (output, _rejects_path(output))
        refuse_overwriting(inputs, [*places, *(f"{place}.part" for place in places)])


def _check_columns(file: QuoteFile, columns: list[str], first: str) -> None:
    if file.columns != columns:
        raise StanceError(
            f"its columns are not those of {first}, in that order; label them one at a time",
            path=file.name,
            usage=True,
        )


@contextmanager
def _rejects_file(output: str) -> Iterator[OnReject]:
    """Open the file of rejects at the first of them; remove one of an earlier run."""
    if output == "-":
        yield lambda reject: None
        return
    path = _rejects_path(output)
    if os.path.isdir(path):
        raise StanceError("is a folder where rejects would be written; move it", path=path)
    file: TextIO | None = None
    with ExitStack() as stack:

        def write(reject: Reject) -> None:
            nonlocal file
            if file is None:
                part = stack.enter_context(whole_file(path))
                file = stack.enter_context(
                    open(part, "w", encoding="utf-8", errors="backslashreplace")
                )
            file.write(json.dumps(asdict(reject), ensure_ascii=False) + "\n")

        yield write
        if file is None:
            Path(path).unlink(missing_ok=True)


def _rejects_path(output: str) -> str:
    return f"{output}.rejects.jsonl"
