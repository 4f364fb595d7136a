"""The command line: thin commands, one call each."""

from __future__ import annotations

import errno
import io
import math
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

import click

from stance.errors import StanceError

if TYPE_CHECKING:
    from rich.console import Console

    from stance.corpus import Corpus
    from stance.model import Model
    from stance.quotes import Reject

_FORMATS = ("csv", "tsv", "jsonl", "parquet", "xlsx", "txt")
_ROWS_SHOWN = 50
_FEWEST_WITH_PROGRESS = 100

_F = TypeVar("_F", bound=Callable[..., Any])


class _Command(click.Command):
    """Shows a StanceError as one line, and exits as it says."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except StanceError as error:
            _say(str(error))
            ctx.exit(error.exit_code)
        except OSError as error:
            # A closed pipe is for click, which leaves quietly.
            if error.errno == errno.EPIPE:
                raise
            _say(f"{error.filename or 'standard output'}: {error.strerror}")
            # Python would try once more to write what is left, and complain.
            with suppress(OSError, AttributeError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(1)


def _say(message: str) -> None:
    """Tell of something outside the results; what files hold cannot steer the terminal."""
    if not message.isprintable():
        from stance.terminal import printable

        message = "\n".join(printable(line) for line in message.split("\n"))
    click.echo(message, err=True)


class _Probability(click.FloatRange):
    """A number from 0 to 1."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail("nan is not a number.", param, ctx)
        return number


class _Group(click.Group):
    command_class = _Command


def _examples(*lines: str) -> str:
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


_model = click.option(
    "--model", "model_path", metavar="FILE", help="Model to use.  [default: the shipped one]"
)
_trust = click.option("--trust", is_flag=True, help="Load a .joblib model, which can run any code.")
_text_column = click.option(
    "--text-column", metavar="NAME", help="Column of the quotes.  [default: text, quote, ...]"
)
_stance_column = click.option(
    "--stance-column", metavar="NAME", help="Column of the stances.  [default: stance, label]"
)
_format = click.option(
    "--format",
    "input_format",
    type=click.Choice(_FORMATS),
    help="Format of the input.  [default: by its ending]",
)
_sheet = click.option(
    "--sheet", metavar="NAME", help="Sheet of an Excel input.  [default: the only one filled]"
)
_skip_bad = click.option(
    "--skip-bad", is_flag=True, help="Leave out rows without a quote or a known stance."
)
_jobs = click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="Processes.  [default: all cores]"
)
_quiet = click.option("--quiet", is_flag=True, help="Print nothing but results and errors.")


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=_examples(
        'stance predict --text "They broke every promise they made."',
        "stance predict quotes.csv --output labelled.csv",
    ),
)
@click.version_option(package_name="diplomatic-stance", prog_name="stance")
def stance() -> None:
    """Label quotations by officials as accusatory, conciliatory or neutral.

    \b
    Exit codes:
      0  done
      1  bad data: a file is damaged, or rows cannot be used
      2  bad usage: a wrong option, a missing file or column
      3  refused: a retrained model is not good enough
      4  done, but some rows were rejected
    """


@stance.command(
    epilog=_examples(
        'stance predict --text "We welcome their offer of talks."',
        "stance predict quotes.xlsx --output labelled.xlsx",
    )
)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--text", "texts", multiple=True, help="A quote to label; may be repeated.")
@click.option("--output", "-o", metavar="FILE", help="Where to write.  [default: standard output]")
@_format
@click.option(
    "--output-format",
    type=click.Choice(_FORMATS[:-1]),
    help="Format of the output.  [default: by its ending, else as the input]",
)
@_text_column
@_sheet
@click.option("--encoding", metavar="NAME", help="Encoding of the input.  [default: detected]")
@click.option("--prefix", default="", metavar="TEXT", help="Put before the names of new columns.")
@click.option(
    "--threshold",
    type=_Probability(0, 1),
    metavar="P",
    help="Send to review what is less probable.  [default: the model's]",
)
@click.option("--table", is_flag=True, help="Show a table, as on a terminal without --output.")
@click.option(
    "--article", is_flag=True, help="The FILEs are articles; label the quotations in them."
)
@click.option("--abstain", is_flag=True, help="Leave the stance empty where review is needed.")
@_model
@_trust
@_quiet
def predict(
    files: tuple[str, ...],
    texts: tuple[str, ...],
    output: str | None,
    input_format: str | None,
    output_format: str | None,
    text_column: str | None,
    sheet: str | None,
    encoding: str | None,
    prefix: str,
    threshold: float | None,
    table: bool,
    article: bool,
    abstain: bool,
    model_path: str | None,
    trust: bool,
    quiet: bool,
) -> None:
    """Label the quotes in FILEs, or each --text.

    Reads CSV, TSV, JSONL, Parquet, Excel and plain text (a quote a line), text formats also
    gzipped; - is the standard input. Keeps all columns as they came and adds: stance,
    probability, accusatory, conciliatory, neutral, review. Rows that cannot be labelled go
    to OUTPUT.rejects.jsonl.
    """
    from stance.labelling import Labeller, label_files, label_texts

    if table and (output or output_format):
        raise click.UsageError("--table is for reading; give it, or --output, not both")
    if texts and files:
        raise click.UsageError("give FILEs or --text, not both")
    if not texts and not files:
        if sys.stdin is None or sys.stdin.isatty():
            raise click.UsageError('name a file, or give a quote with --text "..."')
        files = ("-",)
    labeller = Labeller(
        model=_load(model_path, trust),
        format=input_format,
        text_column=text_column,
        sheet=sheet,
        encoding=encoding,
        prefix=prefix,
        threshold=threshold,
        abstain=abstain,
        articles=article,
    )
    on_terminal = sys.stdout is not None and sys.stdout.isatty()
    if table or (output is None and output_format is None and on_terminal):
        sys.exit(_show(files, texts, labeller))
    target = output or "-"
    if texts:
        label_texts(texts, target, labeller, format=output_format)
        return
    labelled = label_files(
        files,
        target,
        labeller,
        format=output_format,
        on_reject=lambda reject: _say(str(reject)) if target == "-" else None,
    )
    if not quiet:
        click.echo(_summary(labelled, output), err=True)
    sys.exit(labelled.exit_code)


def _load(path: str | None, trust: bool) -> Model:
    from stance.model import load_model

    return load_model(path, trust=trust)


def _console(**settings: Any) -> Console:
    from rich.console import Console

    # A quote may hold characters that the terminal's encoding lacks.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=False, **settings)


def _show(files: Sequence[str], texts: Sequence[str], labeller: Any) -> int:
    """Show the first labelled quotes as a table; the rest is counted."""
    from stance.labelling import labelled_rows
    from stance.terminal import labels_table

    shown = []
    n = 0
    rejects: list[Reject] = []
    with closing(labelled_rows(files, texts, labeller, on_reject=rejects.append)) as rows:
        for row in rows:
            n += 1
            if n <= _ROWS_SHOWN:
                shown.append(row)
    _console().print(labels_table(shown, left_out=n - len(shown)))
    for reject in rejects:
        _say(str(reject))
    return 4 if rejects else 0


@contextmanager
def _progress(n: int, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show on a terminal how many of n articles are read, where that takes a while."""
    if quiet or n < _FEWEST_WITH_PROGRESS or not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("articles", total=n)
        yield lambda done: progress.advance(task, done)


def _summary(labelled: Any, output: str | None) -> str:
    counts = ", ".join(f"{count:,} {name}" for name, count in labelled.by_stance.items())
    quotes = "1 quote" if labelled.rows == 1 else f"{labelled.rows:,} quotes"
    lines = [f"{quotes} labelled: {counts}; {labelled.review:,} to review"]
    if labelled.rejected:
        where = "see above" if output in {None, "-"} else f"see {output}.rejects.jsonl"
        rows = "1 row" if labelled.rejected == 1 else f"{labelled.rejected:,} rows"
        lines.append(f"{rows} rejected: {where}")
    return "\n".join(lines)


@stance.command(
    epilog=_examples(
        "stance extract article.txt",
        "stance extract articles --output quotes.csv",
    )
)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--output", "-o", metavar="FILE", help="Where to write.  [default: standard output]")
@click.option(
    "--output-format",
    type=click.Choice(_FORMATS[:-1]),
    help="Format of the output.  [default: by its ending, else csv]",
)
@click.option("--indirect", is_flag=True, help='Also take statements without marks: "X said that".')
@click.option("--encoding", metavar="NAME", help="Encoding of the input.  [default: detected]")
@_jobs
@_quiet
def extract(
    files: tuple[str, ...],
    output: str | None,
    output_format: str | None,
    indirect: bool,
    encoding: str | None,
    jobs: int | None,
    quiet: bool,
) -> None:
    """Find the quotations in articles, and who said them.

    FILEs are plain text or HTML pages, or folders of them; - is the standard input. Writes
    article, start, end, text, speaker, role, cue, kind and context, which stance predict
    takes as they are. A speaker the article leaves open stays empty.
    """
    from stance.extracting import article_paths, extract_files
    from stance.labelling import output_format as choose_format

    if not files:
        if sys.stdin is None or sys.stdin.isatty():
            raise click.UsageError("name an article")
        files = ("-",)
    paths = article_paths(files)
    target = output or "-"
    with _progress(len(paths), quiet=quiet) as advance:
        extracted = extract_files(
            paths,
            target,
            format=choose_format(["-"], target, output_format, "csv"),
            indirect=indirect,
            encoding=encoding,
            n_jobs=jobs,
            on_warning=lambda warning: None if quiet else _say(warning),
            on_failure=_say,
            on_articles=advance,
        )
    if not quiet:
        read = extracted.articles - extracted.failed
        articles = "1 article" if read == 1 else f"{read:,} articles"
        _say(f"{extracted.quotations:,} quotations in {articles}")
    sys.exit(extracted.exit_code)


@stance.command(
    epilog=_examples(
        'stance explain --text "They broke every promise they made."',
        'stance explain --text "We are ready to talk, but they refuse." --model my.parquet',
    )
)
@click.option("--text", "texts", multiple=True, required=True, help="A quote; may be repeated.")
@_model
@_trust
def explain(texts: tuple[str, ...], model_path: str | None, trust: bool) -> None:
    """Show which words decided the stance of a quote.

    Each term adds its weight to the score of each stance; the softmax of the sums gives the
    probabilities. <accusatory 3> is a strong accusatory cue of the lexicon.
    """
    from stance.terminal import explanation_view

    model = _load(model_path, trust).narrowed(texts)
    console = _console()
    for text in texts:
        if not text.strip():
            raise StanceError("--text is empty", usage=True)
        console.print(explanation_view(model.explain(text)))


@stance.command(
    epilog=_examples(
        "stance train annotations.csv --output model.parquet",
        "stance train round-1.csv round-2.xlsx --output model.parquet --jobs 2",
    )
)
@click.argument("annotations", nargs=-1, required=True, metavar="ANNOTATIONS...")
@click.option("--output", "-o", required=True, metavar="FILE", help="Where to write the model.")
@_format
@_text_column
@_sheet
@_stance_column
@_skip_bad
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the folds.")
@_jobs
@_quiet
def train(
    annotations: tuple[str, ...],
    output: str,
    input_format: str | None,
    text_column: str | None,
    sheet: str | None,
    stance_column: str | None,
    skip_bad: bool,
    seed: int,
    jobs: int | None,
    quiet: bool,
) -> None:
    """Train a model on annotated quotes, and print how good it is.

    ANNOTATIONS are quote files with a column of stances (and, better, one called speaker:
    scores then come from speakers the model has not seen), or one analysed training set.
    The same annotations and seed give the same bytes.
    """
    from stance.files import refuse_overwriting
    from stance.terminal import scores_table
    from stance.training import fit, load_training

    if not output.endswith(".parquet"):
        raise StanceError(
            "a model is a Parquet table; end its name with .parquet", path=output, usage=True
        )
    refuse_overwriting(annotations, [output])
    corpus, skipped = load_training(
        annotations,
        format=input_format,
        text_column=text_column,
        sheet=sheet,
        stance_column=stance_column,
        skip_bad=skip_bad,
    )

    def say(message: str) -> None:
        if not quiet:
            _say(message)

    for problem in skipped:
        say(f"left out: {problem}")
    fitted = fit(corpus, random_state=seed, n_jobs=jobs, on_stage=lambda stage: say(f"{stage} ..."))
    fitted.model.save(output)
    _console().print(scores_table(fitted.scores))
    say(
        f"These are scores of out-of-fold predictions on {fitted.scores.n:,} of "
        f"{len(corpus):,} quotes, {_grouping(corpus)}; C = {fitted.C:g}. "
        f"The model is in {output}."
    )


def _grouping(corpus: Corpus) -> str:
    if len(set(corpus.groups)) < len(corpus):
        return "grouped by speaker"
    return "not grouped by speaker, because none is known twice"


@stance.command(
    epilog=_examples(
        "stance evaluate annotated.csv",
        "stance evaluate annotated.csv --model model.parquet --stance-column label",
    )
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@_format
@_text_column
@_sheet
@_stance_column
@_skip_bad
@click.option(
    "--threshold",
    type=_Probability(0, 1),
    metavar="P",
    help="Probability below which a quote goes to review.  [default: the model's]",
)
@_model
@_trust
def evaluate(
    files: tuple[str, ...],
    input_format: str | None,
    text_column: str | None,
    sheet: str | None,
    stance_column: str | None,
    skip_bad: bool,
    threshold: float | None,
    model_path: str | None,
    trust: bool,
) -> None:
    """Score a model on annotated quotes that it was not trained on."""
    from stance.annotations import read_annotations
    from stance.evaluation import score
    from stance.terminal import scores_table

    model = _load(model_path, trust)
    annotated = read_annotations(
        files,
        format=input_format,
        text_column=text_column,
        sheet=sheet,
        stance_column=stance_column,
        skip_bad=skip_bad,
    )
    for problem in annotated.skipped:
        _say(f"left out: {problem}")
    scores = score(
        annotated.stances,
        model.predict_proba(annotated.texts),
        threshold=model.threshold if threshold is None else threshold,
    )
    _console().print(scores_table(scores))


@stance.command(
    epilog=_examples(
        "stance export model.joblib",
        "stance export mine.joblib --model mine.parquet",
    )
)
@click.argument("output", metavar="FILE.joblib")
@_model
def export(output: str, model_path: str | None) -> None:
    """Write a model as a scikit-learn Pipeline.

    It gives the same probabilities. Load it with joblib.load, where this package is
    installed; --model takes it with --trust.
    """
    from stance.model import export_pipeline

    export_pipeline(_load(model_path, trust=False), output)
