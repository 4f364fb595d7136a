"""Files of quotes in, labelled files out."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.compute as pc

from stance.codebook import STANCES
from stance.errors import StanceError
from stance.files import refuse_overwriting
from stance.fragments import texts_with_clauses
from stance.journal import (
    Done,
    fingerprint,
    identity_of,
    journal_path,
    load_journal,
    parts_hold,
    remove_journal,
    save_journal,
)
from stance.model import LABEL_COLUMNS, Model
from stance.quotes import Batch, QuoteFile, Reject, cells, create_quotes, file_format, open_quotes
from stance.quotes.blocks import BLOCK_BYTES
from stance.quotes.reading import BATCH_ROWS
from stance.quotes.records import FORMATS, ending
from stance.quotes.writing import (
    LINE_FORMATS,
    Write,
    check_names,
    create_lines,
    spelt_header,
    spelt_rows,
)
from stance.text import as_texts
from stance.workers import mapped, processes

# The start of the processes takes as long as labelling about this much.
_BYTES_FOR_PROCESSES: Final = 1 << 25
_CHECKPOINT_BYTES: Final = 1 << 24
_NOTHING_DONE: Final = Done(0, 0, 0, 0, 0, 0, dict.fromkeys(STANCES, 0))

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
    n_jobs: int | None = None,
    resume: bool = False,
    on_reject: OnReject = lambda reject: None,
    on_rows: Callable[[int], None] = lambda rows: None,
    on_share: Callable[[float], None] = lambda share: None,
) -> Labelled:
    """Label files of quotes into one file.

    Rows that cannot be labelled go to ``OUTPUT.rejects.jsonl``, one JSON object a line with
    file, row, reason and record. Nothing stands at `output` unless all of it does. What an
    interrupted run has finished stays in ``OUTPUT.part``, with ``OUTPUT.journal``.

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
    n_jobs : int, optional
        Processes; where not given, all cores for large files.
    resume : bool, default False
        Go on with an interrupted run of the same files, settings and model, if there is one.
    on_reject : callable, optional
        Told of each row that is rejected.
    on_rows : callable, optional
        Told how many more rows have been read.
    on_share : callable, optional
        Told which share of the inputs has been read, from 0 to 1.

    Returns
    -------
    Labelled
        What came of it; ``rows + rejected`` is the number of rows read.

    Raises
    ------
    StanceError
        If a file cannot be read or written, the inputs' columns differ, or the run cannot
        be gone on with.
    """
    format = output_format(inputs, output, format, labeller.format)
    _check_paths(inputs, output)
    obstacle = _obstacle(inputs, output, format, labeller)
    if resume and obstacle:
        raise StanceError(f"--resume cannot go on with {obstacle}; run without it", usage=True)
    run = _Run([identity_of(path) for path in inputs], output, labeller, format)
    left_over = run.left_over() if resume else None
    if obstacle is None and left_over is None:
        remove_journal(output, [output, _rejects_path(output)])
    start = left_over or _NOTHING_DONE
    kept = left_over is not None
    done = start
    checkpoint = start.written

    def keep() -> None:
        nonlocal kept, checkpoint
        run.save(done)
        kept, checkpoint = True, done.written

    try:
        with ExitStack() as stack:
            write_reject = stack.enter_context(
                _rejects_file(output, start.rejects_written, lambda: kept)
            )
            first = stack.enter_context(labeller.open(inputs[0], all_columns=format != "jsonl"))
            columns = [*first.columns, *labeller.columns]
            delimiter = first.delimiter if first.format == "csv" else ","
            for_spreadsheet = first.for_spreadsheet and output != "-"
            check_names(columns, format)
            if format in LINE_FORMATS:
                stream = stack.enter_context(
                    create_lines(output, at=start.written, keep_part=lambda: kept)
                )
                header = spelt_header(columns, format, delimiter, for_spreadsheet=for_spreadsheet)
                if not start.written:
                    done = replace(done, written=stream.write(header))
                    stream.flush()
                write: Write | None = None
            else:
                write = stack.enter_context(
                    create_quotes(output, format=format, columns=columns, delimiter=delimiter)
                )
            batches = _all_batches(first, inputs, labeller, format, on_share)
            made = mapped(
                _Work(labeller, format if write is None else None, delimiter),
                islice(batches, start.batches, None),
                n_jobs=processes(n_jobs, inputs, from_bytes=_BYTES_FOR_PROCESSES),
            )
            stack.enter_context(closing(made))
            try:
                for piece in made:
                    if isinstance(piece.content, bytes):
                        stream.write(piece.content)
                        stream.flush()
                    elif write is not None:
                        write(*piece.content)
                    rejects_written = done.rejects_written
                    for reject in piece.rejects:
                        rejects_written += write_reject(reject)
                        on_reject(reject)
                    done = _sum(done, piece, rejects_written)
                    on_rows(piece.rows + len(piece.rejects))
                    if obstacle is None and done.written - checkpoint >= _CHECKPOINT_BYTES:
                        os.fsync(stream.fileno())
                        keep()
            except BaseException as error:
                usage = isinstance(error, StanceError) and error.usage
                if obstacle is None and done.batches and not usage:
                    with suppress(OSError):
                        # Half a batch may fill the disk that the journal needs.
                        os.truncate(f"{output}.part", done.written)
                        keep()
                raise
    except (KeyboardInterrupt, StanceError) as error:
        if not kept:
            raise
        n = done.rows + done.rejected
        what = "stopped" if isinstance(error, KeyboardInterrupt) else str(error)
        raise StanceError(
            f"{what}; {n:,} rows are kept in {output}.part, go on with --resume"
        ) from error
    if obstacle is None:
        remove_journal(output)
    return Labelled(done.rows, done.by_stance, done.review, done.rejected)


@dataclass(frozen=True)
class _Piece:
    """A batch that is labelled: the bytes to write, or what to write them from."""

    content: bytes | tuple[Batch, pa.Table]
    rows: int
    review: int
    by_stance: dict[str, int]
    rejects: list[Reject]


@dataclass(frozen=True)
class _Work:
    """What is done with each batch, in whatever process."""

    labeller: Labeller
    format: str | None
    delimiter: str

    def __call__(self, batch: Batch) -> _Piece:
        labels = self.labeller.label(batch)
        stance, *_, review = self.labeller.columns[: len(LABEL_COLUMNS)]
        return _Piece(
            (batch, labels)
            if self.format is None
            else spelt_rows(batch, labels, self.format, self.delimiter),
            labels.num_rows,
            pc.sum(labels.column(review)).as_py() or 0,
            dict(_counted(labels.column(stance))),
            batch.rejects,
        )


@dataclass(frozen=True)
class _Run:
    """What must be the same to go on with an interrupted run."""

    inputs: list[dict[str, Any]]
    output: str
    labeller: Labeller
    format: str

    @cached_property
    def _identity(self) -> dict[str, Any]:
        from importlib.metadata import version

        settings = {f.name: getattr(self.labeller, f.name) for f in fields(self.labeller)}
        del settings["model"], settings["on_warning"]
        return {
            "version": version("diplomatic-stance"),
            "inputs": self.inputs,
            "options": {
                **settings,
                "output_format": self.format,
                "batches": [BATCH_ROWS, BLOCK_BYTES],
            },
            "model": fingerprint(self.labeller.model),
        }

    def left_over(self) -> Done | None:
        """Tell how far an interrupted run came, if it can be gone on with."""
        if not os.path.exists(journal_path(self.output)):
            return None
        done = load_journal(self.output, self._identity)
        if done is None or not parts_hold(done, self.output, _rejects_path(self.output)):
            return None
        return done

    def save(self, done: Done) -> None:
        """Write down how far the run has come."""
        save_journal(self.output, self._identity, done)


def _sum(done: Done, piece: _Piece, rejects_written: int) -> Done:
    return Done(
        batches=done.batches + 1,
        written=done.written + (len(piece.content) if isinstance(piece.content, bytes) else 0),
        rejects_written=rejects_written,
        rows=done.rows + piece.rows,
        review=done.review + piece.review,
        rejected=done.rejected + len(piece.rejects),
        by_stance={s: n + piece.by_stance.get(s, 0) for s, n in done.by_stance.items()},
    )


def _obstacle(inputs: Sequence[str], output: str, format: str, labeller: Labeller) -> str | None:
    """Tell what keeps a run from being gone on with."""
    if output == "-":
        return "the standard output"
    if format not in LINE_FORMATS:
        return f"an output of .{format}"
    if output.endswith(".gz"):
        return "a compressed output"
    if labeller.articles:
        return "articles"
    if not all(os.path.isfile(path) for path in inputs):
        return "an input that is no file"
    return None


def _all_batches(
    first: QuoteFile,
    inputs: Sequence[str],
    labeller: Labeller,
    format: str,
    on_share: Callable[[float], None],
) -> Iterator[Batch]:
    sizes = [os.path.getsize(path) if os.path.isfile(path) else 0 for path in inputs]
    for i, path in enumerate(inputs):
        with ExitStack() as stack:
            file = first
            if i:
                file = stack.enter_context(labeller.open(path, all_columns=format != "jsonl"))
                if format != "jsonl":
                    _check_columns(file, first.columns, inputs[0])
            for batch in file.batches:
                on_share((sum(sizes[:i]) + sizes[i] * file.share()) / (sum(sizes) or 1))
                yield batch


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
        beside = [f"{place}.part" for place in places]
        refuse_overwriting(inputs, [*places, *beside, journal_path(output)])


def _check_columns(file: QuoteFile, columns: list[str], first: str) -> None:
    if file.columns != columns:
        raise StanceError(
            f"its columns are not those of {first}, in that order; label them one at a time",
            path=file.name,
            usage=True,
        )


@contextmanager
def _rejects_file(
    output: str, at: int, keep_part: Callable[[], bool]
) -> Iterator[Callable[[Reject], int]]:
    """Open the file of rejects at the first of them; remove one of an earlier run."""
    if output == "-":
        yield lambda reject: 0
        return
    path = _rejects_path(output)
    if os.path.isdir(path):
        raise StanceError("is a folder where rejects would be written; move it", path=path)
    stream: BinaryIO | None = None
    with ExitStack() as stack:

        def opened() -> BinaryIO:
            return stack.enter_context(create_lines(path, at=at, keep_part=keep_part))

        def write(reject: Reject) -> int:
            nonlocal stream
            stream = stream or opened()
            line = json.dumps(asdict(reject), ensure_ascii=False) + "\n"
            content = line.encode("utf-8", "backslashreplace")
            stream.write(content)
            stream.flush()
            return len(content)

        if at:
            stream = opened()
        yield write
        if stream is None:
            Path(path).unlink(missing_ok=True)


def _rejects_path(output: str) -> str:
    return f"{output}.rejects.jsonl"
