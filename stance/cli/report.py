"""The command that makes a page to look at: report."""

from __future__ import annotations

import sys

import click

from stance.cli import options
from stance.cli.base import chosen_model, examples, say
from stance.cli.group import stance


@stance.command(
    epilog=examples(
        "stance report labelled.csv --output report.html",
        'stance report labelled.csv more.jsonl --output report.html --title "The border talks"',
    )
)
@click.argument("labelled", nargs=-1, required=True, metavar="LABELLED...")
@click.option("--output", "-o", required=True, metavar="FILE", help="Where to write the page.")
@click.option(
    "--title", default="Stances of quotes", show_default=True, metavar="TEXT", help="Its heading."
)
@options.input_format
@options.text_column
@options.sheet
@click.option("--prefix", default="", metavar="TEXT", help="As given to stance predict.")
@options.model
@options.trust
@options.quiet
def report(
    labelled: tuple[str, ...],
    output: str,
    title: str,
    input_format: str | None,
    text_column: str | None,
    sheet: str | None,
    prefix: str,
    model_path: str | None,
    trust: bool,
    quiet: bool,
) -> None:
    """Make one HTML page of LABELLED files, to look at and to search.

    LABELLED is what stance predict wrote, in any format; - is the standard input. Columns
    called speaker, date, topic and source are shown where they are there. The page needs
    no network. --model names the model that labelled the quotes: it says which words
    decided.
    """
    from stance.errors import StanceError
    from stance.files import refuse_overwriting
    from stance.report import read_labelled, write_report

    if not output.lower().endswith((".html", ".htm")):
        raise StanceError("a report is a page; end its name with .html", path=output, usage=True)
    refuse_overwriting(labelled, [output, f"{output}.part"])
    quotes = read_labelled(
        labelled, format=input_format, text_column=text_column, sheet=sheet, prefix=prefix
    )
    done = write_report(quotes, output, chosen_model(model_path, trust), title=title)
    for reject in quotes.rejects:
        say(str(reject))
    if not quiet:
        shown = "1 quote" if done.quotes == 1 else f"{done.quotes:,} quotes"
        say(f"{shown} in {output}")
        if done.differing:
            say(
                f"{done.differing:,} of the labels are not this model's; "
                "if another model made them, name it with --model"
            )
    sys.exit(done.exit_code)
