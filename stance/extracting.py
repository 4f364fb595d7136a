"""Articles in, their quotations out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from operator import attrgetter
from pathlib import Path
from typing import Any

import pyarrow as pa

from stance.article import extract
from stance.errors import StanceError
from stance.files import refuse_overwriting
from stance.quotes import Batch, QuoteFile, Reject, create_quotes, file_format
from stance.quotes.articles import read_article

COLUMNS = (
    *("article", "start", "end", "text"),
    *("speaker", "role", "cue", "kind", "context"),
)
ARTICLE_ENDINGS = (".txt", ".text", ".html", ".htm")

_ARTICLES_AT_A_TIME = 256
_FEWEST_FOR_PROCESSES = 200


@dataclass(frozen=True)
class Extracted:
    """What came of extracting.

    Attributes
    ----------
    articles : int
        Articles read.
    quotations : int
        Quotations found.
    failed : int
        Articles that could not be read.
    """

    articles: int
    quotations: int
    failed: int

    @property
    def exit_code(self) -> int:
        """0 where all articles were read, 4 where some were not."""
        return 4 if self.failed else 0


@dataclass(frozen=True)
class _Found:
    """The quotations of one article, what was odd in it, or why it could not be read."""

    article: str
    rows: tuple[tuple[Any, ...], ...] = ()
    warnings: tuple[str, ...] = ()
    failure: str | None = None


def article_paths(paths: Sequence[str]) -> list[str]:
    """Give the articles among files and folders.

    Parameters
    ----------
    paths : sequence of str
        Files, folders, and ``-`` for the standard input.

    Returns
    -------
    list of str
        The files as given; of a folder, all below it that end in .txt or .html, sorted.

    Raises
    ------
    StanceError
        If a file is missing, or a folder holds no article.
    """
    found = []
    for path in paths:
        if path == "-" or os.path.isfile(path):
            if file_format(path) not in {None, "txt"}:
                raise StanceError(
                    "is a file of quotes, not an article; label it with stance predict",
                    path=path,
                    usage=True,
                )
            found.append(path)
        elif os.path.isdir(path):
            below = sorted(
                str(file)
                for file in Path(path).rglob("*")
                if file.suffix.lower() in ARTICLE_ENDINGS
            )
            if not below:
                raise StanceError("holds no article (.txt or .html)", path=path)
            found += below
        else:
            raise StanceError("no such file", path=path, usage=True)
    return found


_row = attrgetter(*COLUMNS[1:])


def _find(path: str, folder: str, indirect: bool, encoding: str | None) -> _Found:
    # A process of joblib's may have begun in another folder.
    place = path if path == "-" else os.path.join(folder, path)
    name = "standard input" if path == "-" else path
    try:
        text = read_article(place, encoding=encoding, name=path)
    except StanceError as error:
        if error.usage:
            raise
        return _Found(name, failure=str(error).removeprefix(f"{name}: "))
    found = extract(text, indirect=indirect)
    # Plain tuples: processes hand them over in a fraction of the time of objects.
    rows = [(name, *_row(quotation)) for quotation in found.quotations]
    return _Found(name, tuple(rows), found.warnings)


def _found(
    paths: Sequence[str], indirect: bool, encoding: str | None, n_jobs: int | None
) -> Iterator[_Found]:
    """Extract from articles in order, by several processes where there are many."""
    folder = os.getcwd()
    if n_jobs == 1 or len(paths) < _FEWEST_FOR_PROCESSES:
        yield from (_find(path, folder, indirect, encoding) for path in paths)
        return
    from joblib import Parallel, delayed

    yield from Parallel(n_jobs=n_jobs or -1, return_as="generator", batch_size=32)(
        delayed(_find)(path, folder, indirect, encoding) for path in paths
    )


@contextmanager
def open_articles(
    paths: Sequence[str],
    *,
    indirect: bool = False,
    encoding: str | None = None,
    n_jobs: int | None = None,
    on_warning: Callable[[str], None] = lambda warning: None,
    on_articles: Callable[[int], None] = lambda n: None,
) -> Iterator[QuoteFile]:
    """Open articles as one file of quotes: those that are found in them.

    Parameters
    ----------
    paths : sequence of str
        Articles as plain text or HTML pages; ``-`` is the standard input.
    indirect : bool, default False
        Also take statements without marks ("X said that ...").
    encoding : str, optional
        Of plain text; detected where not given.
    n_jobs : int, optional
        Processes; as many as there are cores where not given and articles are many.
    on_warning : callable, optional
        Told of what was odd in an article, with file and line.
    on_articles : callable, optional
        Told how many more articles have been read.

    Yields
    ------
    QuoteFile
        Its columns are `COLUMNS`; start and end count characters of the article's text,
        which for an HTML page is the text without the page around it. Where others can be
        read, an article that cannot is a reject.

    Raises
    ------
    StanceError
        If none of the articles can be read.
    """

    def batches() -> Iterator[Batch]:
        failed = 0
        found = _found(paths, indirect, encoding, n_jobs)
        while some := list(islice(found, _ARTICLES_AT_A_TIME)):
            for article in some:
                for warning in article.warnings:
                    line, _, what = warning.partition(": ")
                    on_warning(f"{article.article}:{line.removeprefix('line ')}: {what}")
            on_articles(len(some))
            batch = _batch(some)
            failed += len(batch.rejects)
            if failed == len(paths):
                raise StanceError(batch.rejects[-1].reason, path=batch.rejects[-1].file)
            yield batch

    yield QuoteFile(
        name=", ".join(paths),
        format="csv",
        columns=list(COLUMNS),
        text_column="text",
        delimiter=",",
        for_spreadsheet=False,
        batches=batches(),
    )


def _batch(found: Sequence[_Found]) -> Batch:
    rows = [row for article in found for row in article.rows]
    columns = zip(*rows, strict=True) if rows else ((),) * len(COLUMNS)
    arrays = {
        name: pa.array(values, pa.int64() if name in ("start", "end") else pa.string())
        for name, values in zip(COLUMNS, columns, strict=True)
    }
    table = pa.table(arrays)
    rejects = [
        Reject(article.article, 1, article.failure, "")
        for article in found
        if article.failure is not None
    ]
    return Batch(table, arrays["start"].to_pylist(), None, rejects, arrays["text"])


def extract_files(
    paths: Sequence[str],
    output: str,
    *,
    format: str,
    indirect: bool = False,
    encoding: str | None = None,
    n_jobs: int | None = None,
    on_warning: Callable[[str], None] = lambda warning: None,
    on_failure: Callable[[str], None] = lambda failure: None,
    on_articles: Callable[[int], None] = lambda n: None,
) -> Extracted:
    """Write the quotations of articles into one file.

    Parameters
    ----------
    paths : sequence of str
        From `article_paths`.
    output : str
        The file; ``-`` is the standard output.
    format : str
        One of ``csv tsv jsonl parquet xlsx``.
    indirect, encoding, n_jobs, on_warning, on_articles
        As for `open_articles`.
    on_failure : callable, optional
        Told of each article that could not be read, and why.

    Returns
    -------
    Extracted
        What came of it.

    Raises
    ------
    StanceError
        If none of the articles can be read, or the output not be written.
    """
    if output != "-":
        refuse_overwriting(paths, [output, f"{output}.part"])
    quotations = 0
    failed = 0
    with open_articles(
        paths,
        indirect=indirect,
        encoding=encoding,
        n_jobs=n_jobs,
        on_warning=on_warning,
        on_articles=on_articles,
    ) as file:
        # What cannot be read is told of before anything is written.
        first = list(islice(file.batches, 1))
        with create_quotes(output, format=format, columns=file.columns) as write:
            for batch in chain(first, file.batches):
                write(batch, pa.table({}))
                quotations += len(batch.text)
                failed += len(batch.rejects)
                for reject in batch.rejects:
                    on_failure(f"{reject.file}: {reject.reason}")
    return Extracted(len(paths), quotations, failed)
