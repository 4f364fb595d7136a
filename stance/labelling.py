"""Files of quotes in, labelled files out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, fields, replace
from functools import partial
from itertools import islice
from typing import Any, Final

from stance.errors import StanceError
from stance.files import refuse_overwriting
from stance.journal import Done, Journal, fingerprint, identity_of, journal_path
from stance.labeller import Labeller, OnReject, labelled_rows, text_batch
from stance.pieces import Piece, Stretch, Work, given
from stance.quotes import QuoteFile, create_quotes, file_format
from stance.quotes.blocks import BLOCK_BYTES
from stance.quotes.reading import BATCH_ROWS
from stance.quotes.records import FORMATS, ending
from stance.quotes.writing import LINE_FORMATS, Write, check_names, create_lines, spelt_header
from stance.rejects import create_rejects, rejects_path
from stance.workers import mapped, threads

__all__ = [
    "Labelled",
    "Labeller",
    "label_files",
    "label_texts",
    "labelled_rows",
    "output_format",
]

_CHECKPOINT_BYTES: Final = 1 << 26


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
        Threads; where not given, one for each core, but at most 4.
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
    beginning = [identity_of(path) for path in inputs]
    journal = Journal(
        output,
        [output, rejects_path(output)],
        None if obstacle else lambda: _identity(beginning, labeller, format),
        resume=resume,
    )
    try:
        _label(inputs, output, labeller, format, n_jobs, journal, on_reject, on_rows, on_share)
    except (KeyboardInterrupt, StanceError) as error:
        journal.trim()
        if journal.kept is None:
            raise
        n = journal.kept.rows + journal.kept.rejected
        what = "stopped" if isinstance(error, KeyboardInterrupt) else str(error)
        what += "" if what.endswith("?") else ";"
        raise StanceError(
            f"{what} {n:,} rows are kept in {output}.part, go on with --resume"
        ) from error
    journal.remove()
    done = journal.done
    return Labelled(done.rows, done.by_stance, done.review, done.rejected)


def _label(
    inputs: Sequence[str],
    output: str,
    labeller: Labeller,
    format: str,
    n_jobs: int | None,
    journal: Journal,
    on_reject: OnReject,
    on_rows: Callable[[int], None],
    on_share: Callable[[float], None],
) -> None:
    start = journal.done
    with ExitStack() as stack:
        write_reject = stack.enter_context(
            create_rejects(
                output, at=start.rejects_written, keep_part=lambda: journal.kept is not None
            )
        )
        first = stack.enter_context(labeller.open(inputs[0], all_columns=format != "jsonl"))
        columns = [*first.columns, *labeller.columns]
        delimiter = first.delimiter if first.format == "csv" else ","
        check_names(columns, format)
        spelt = format in LINE_FORMATS
        if spelt:
            stream = stack.enter_context(
                create_lines(output, at=start.written, keep_part=lambda: journal.kept is not None)
            )
            if not start.written:
                for_spreadsheet = first.for_spreadsheet and output != "-"
                header = spelt_header(columns, format, delimiter, for_spreadsheet=for_spreadsheet)
                stream.write(header)
                stream.flush()
                journal.done = replace(start, written=len(header))
        else:
            write: Write = stack.enter_context(
                create_quotes(output, format=format, columns=columns, delimiter=delimiter)
            )
        made = mapped(
            Work(labeller, format if spelt else None, delimiter),
            islice(_stretches(first, inputs, labeller, format, on_share), start.batches, None),
            n_jobs=threads(n_jobs),
        )
        stack.enter_context(closing(made))
        try:
            for piece in made:
                if isinstance(piece.content, bytes):
                    stream.write(piece.content)
                    stream.flush()
                else:
                    write(*piece.content)
                rejects_written = sum(map(write_reject, piece.rejects))
                journal.done = _sum(journal.done, piece, rejects_written)
                for reject in piece.rejects:
                    on_reject(reject)
                on_rows(piece.rows + len(piece.rejects))
                if journal.unsaved >= _CHECKPOINT_BYTES:
                    os.fsync(stream.fileno())
                    journal.save()
        except BaseException as error:
            if journal.done.batches and not (isinstance(error, StanceError) and error.usage):
                journal.save_what_is_whole()
            raise


def _sum(done: Done, piece: Piece, rejects_written: int) -> Done:
    return Done(
        batches=done.batches + 1,
        written=done.written + (len(piece.content) if isinstance(piece.content, bytes) else 0),
        rejects_written=done.rejects_written + rejects_written,
        rows=done.rows + piece.rows,
        review=done.review + piece.review,
        rejected=done.rejected + len(piece.rejects),
        by_stance={s: n + piece.by_stance.get(s, 0) for s, n in done.by_stance.items()},
    )


def _identity(inputs: list[dict[str, Any]], labeller: Labeller, format: str) -> dict[str, Any]:
    """Tell what must be the same to go on with an interrupted run."""
    from importlib.metadata import version

    settings = {field.name: getattr(labeller, field.name) for field in fields(labeller)}
    del settings["model"], settings["on_warning"]
    return {
        "version": version("diplomatic-stance"),
        "inputs": inputs,
        "options": {
            **settings,
            "output_format": format,
            "batches": [BATCH_ROWS, BLOCK_BYTES],
        },
        "model": fingerprint(labeller.model),
    }


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


def _stretches(
    first: QuoteFile,
    inputs: Sequence[str],
    labeller: Labeller,
    format: str,
    on_share: Callable[[float], None],
) -> Iterator[Stretch]:
    sizes = [os.path.getsize(path) if os.path.isfile(path) else 0 for path in inputs]
    for i, path in enumerate(inputs):
        with ExitStack() as stack:
            file = first
            if i:
                file = stack.enter_context(labeller.open(path, all_columns=format != "jsonl"))
                if format != "jsonl":
                    _check_columns(file, first.columns, inputs[0])
            for stretch in file.stretches or (partial(given, batch) for batch in file.batches):
                on_share((sum(sizes[:i]) + sizes[i] * file.share()) / (sum(sizes) or 1))
                yield stretch


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
    batch = text_batch(texts)
    labeller = replace(labeller, model=labeller.model.narrowed(texts))
    with create_quotes(
        output,
        format=output_format(["-"], output, format, None),
        columns=["text", *labeller.columns],
    ) as write:
        write(batch, labeller.label(batch))


def _check_paths(inputs: Sequence[str], output: str) -> None:
    if inputs.count("-") > 1:
        raise StanceError("the standard input can be read only once", usage=True)
    if output != "-":
        places = (output, rejects_path(output))
        beside = [f"{place}.part" for place in places]
        refuse_overwriting(inputs, [*places, *beside, journal_path(output)])


def _check_columns(file: QuoteFile, columns: list[str], first: str) -> None:
    if file.columns != columns:
        raise StanceError(
            f"its columns are not those of {first}, in that order; label them one at a time",
            path=file.name,
            usage=True,
        )
