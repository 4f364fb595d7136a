"""Commands that label and explain: predict, extract, explain."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from stance.cli import options
from stance.cli.base import (
    chosen_model,
    examples,
    labelling_progress,
    leave_pandas_out,
    progress,
    results_console,
    say,
)
from stance.cli.group import stance
from stance.cli.options import Probability
from stance.errors import StanceError

if TYPE_CHECKING:
    from stance.quotes import Reject

_ROWS_SHOWN = 50


@stance.command(
    epilog=examples(
        'stance predict --text "We welcome their offer of talks."',
        "stance predict quotes.xlsx --output labelled.xlsx",
    )
)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--text", "texts", multiple=True, help="A quote to label; may be repeated.")
@options.output
@options.input_format
@options.output_format
@options.text_column
@options.sheet
@click.option("--encoding", metavar="NAME", help="Encoding of the input.  [default: detected]")
@click.option("--prefix", default="", metavar="TEXT", help="Put before the names of new columns.")
@click.option(
    "--threshold",
    type=Probability(0, 1),
    metavar="P",
    help="Send to review what is less probable.  [default: the model's]",
)
@click.option("--table", is_flag=True, help="Show a table, as on a terminal without --output.")
@click.option(
    "--article", is_flag=True, help="The FILEs are articles; label the quotations in them."
)
@click.option(
    "--context", is_flag=True, help="Label fragments together with their reporting clause."
)
@click.option("--abstain", is_flag=True, help="Leave the stance empty where review is needed.")
@click.option("--explain", is_flag=True, help="Add a column because: the three strongest terms.")
@options.model
@options.trust
@options.threads
@options.resume
@options.quiet
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
    context: bool,
    abstain: bool,
    explain: bool,
    model_path: str | None,
    trust: bool,
    jobs: int | None,
    resume: bool,
    quiet: bool,
) -> None:
    """Label the quotes in FILEs, or each --text.

    Reads CSV, TSV, JSONL, Parquet, Excel and plain text (a quote a line), text formats also
    gzipped; - is the standard input. Keeps all columns as they came and adds: stance,
    probability, accusatory, conciliatory, neutral, review. Rows that cannot be labelled go
    to OUTPUT.rejects.jsonl. What an interrupted run has finished stays in OUTPUT.part, from
    which --resume goes on.
    """
    leave_pandas_out()
    from stance.labelling import Labeller, label_files, label_texts

    if resume and (texts or output is None):
        raise click.UsageError("--resume goes on with the FILE of --output")
    if table and (output or output_format):
        raise click.UsageError("--table is for reading; give it, or --output, not both")
    if texts and context:
        raise click.UsageError("--context is for articles and what stance extract writes")
    if texts and files:
        raise click.UsageError("give FILEs or --text, not both")
    if not texts and not files:
        if sys.stdin is None or sys.stdin.isatty():
            raise click.UsageError('name a file, or give a quote with --text "..."')
        files = ("-",)
    labeller = Labeller(
        model=chosen_model(model_path, trust),
        format=input_format,
        text_column=text_column,
        sheet=sheet,
        encoding=encoding,
        prefix=prefix,
        threshold=threshold,
        abstain=abstain,
        articles=article,
        explain=explain,
        context=context,
        on_warning=lambda warning: None if quiet else say(warning),
    )
    on_terminal = sys.stdout is not None and sys.stdout.isatty()
    if table or (output is None and output_format is None and on_terminal):
        sys.exit(_show(files, texts, labeller))
    target = output or "-"
    if texts:
        label_texts(texts, target, labeller, format=output_format)
        return
    with labelling_progress(quiet=quiet) as (on_rows, on_share):
        labelled = label_files(
            files,
            target,
            labeller,
            format=output_format,
            n_jobs=jobs,
            resume=resume,
            on_reject=lambda reject: say(str(reject)) if target == "-" else None,
            on_rows=on_rows,
            on_share=on_share,
        )
    if not quiet:
        click.echo(_summary(labelled, output), err=True)
    sys.exit(labelled.exit_code)


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
    results_console().print(labels_table(shown, left_out=n - len(shown)))
    for reject in rejects:
        say(str(reject))
    return 4 if rejects else 0


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
    epilog=examples(
        "stance extract article.txt",
        "stance extract articles --output quotes.csv",
    )
)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@options.output
@options.output_format
@click.option("--indirect", is_flag=True, help='Also take statements without marks: "X said that".')
@click.option("--encoding", metavar="NAME", help="Encoding of the input.  [default: detected]")
@options.jobs
@options.quiet
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
    with progress(len(paths), quiet=quiet) as advance:
        extracted = extract_files(
            paths,
            target,
            format=choose_format(["-"], target, output_format, "csv"),
            indirect=indirect,
            encoding=encoding,
            n_jobs=jobs,
            on_warning=lambda warning: None if quiet else say(warning),
            on_failure=say,
            on_articles=advance,
        )
    if not quiet:
        read = extracted.articles - extracted.failed
        articles = "1 article" if read == 1 else f"{read:,} articles"
        say(f"{extracted.quotations:,} quotations in {articles}")
    sys.exit(extracted.exit_code)


@stance.command(
    epilog=examples(
        'stance explain --text "They broke every promise they made."',
        'stance explain --text "We are ready to talk, but they refuse." --model my.parquet',
    )
)
@click.option("--text", "texts", multiple=True, required=True, help="A quote; may be repeated.")
@options.model
@options.trust
def explain(texts: tuple[str, ...], model_path: str | None, trust: bool) -> None:
    """Show which words decided the stance of a quote.

    Each term adds its weight to the score of each stance; the softmax of the sums gives the
    probabilities. <accusatory 3> is a strong accusatory cue of the lexicon.
    """
    from stance.terminal import explanation_view

    model = chosen_model(model_path, trust).narrowed(texts)
    console = results_console()
    for text in texts:
        if not text.strip():
            raise StanceError("--text is empty", usage=True)
        console.print(explanation_view(model.explain(text)))
