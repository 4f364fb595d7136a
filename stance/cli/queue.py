"""The command that chooses what to annotate next: queue."""

from __future__ import annotations

import click

from stance.cli import options
from stance.cli.base import examples, say
from stance.cli.group import stance
from stance.formats import TASK_FORMATS


@stance.command(
    epilog=examples(
        "stance queue labelled.csv -n 20 --output tasks.json",
        "stance queue labelled.csv --known annotations.csv --output tasks.xlsx",
    )
)
@click.argument("files", nargs=-1, required=True, metavar="LABELLED...")
@click.option(
    "-n",
    "--number",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    metavar="N",
    help="How many quotes to choose.",
)
@options.output
@options.input_format
@click.option(
    "--output-format",
    type=click.Choice(TASK_FORMATS),
    help="For which tool.  [default: by the output's ending, else csv]",
)
@click.option(
    "--known",
    multiple=True,
    metavar="FILE",
    help="Annotations whose quotes are left out; may be repeated.",
)
@click.option("--blind", is_flag=True, help="Leave out what the model suggests.")
@click.option("--prefix", default="", metavar="TEXT", help="As it was given to stance predict.")
@options.text_column
@options.sheet
@options.quiet
def queue(
    files: tuple[str, ...],
    number: int,
    output: str | None,
    input_format: str | None,
    output_format: str | None,
    known: tuple[str, ...],
    blind: bool,
    prefix: str,
    text_column: str | None,
    sheet: str | None,
    quiet: bool,
) -> None:
    """Choose the quotes to annotate next.

    LABELLED are files that stance predict wrote. Chosen are quotes that the model doubts,
    those that may be of a rarer stance first, and no two with much the same words. They are
    written for Label Studio (.json, with the labelling configuration beside it in .xml),
    doccano, Prodigy, or as a sheet with an empty column label; after annotating, all of
    these can be read as annotations.
    """
    from stance.sampling import queue_quotes
    from stance.tasks import config_path, task_format, write_tasks

    target = output or "-"
    format = task_format(target, output_format)
    chosen = queue_quotes(
        files,
        number,
        known=known_hashes(known),
        prefix=prefix,
        format=input_format,
        text_column=text_column,
        sheet=sheet,
    )
    write_tasks(chosen, target, format=format, inputs=[*files, *known], blind=blind)
    if quiet:
        return
    n = len(chosen.quotes)
    left_out = f", {chosen.n_known:,} of them annotated already" if chosen.n_known else ""
    say(f"{n:,} of {chosen.n_read:,} quotes chosen{left_out}")
    if n < min(number, chosen.n_read - chosen.n_known):
        say("the others have much the same words as these")
    if format == "label-studio" and target != "-":
        say(f"paste {config_path(target)} into Settings > Labeling Interface > Code first")


def known_hashes(paths: tuple[str, ...]) -> frozenset[str]:
    """Name the quotes that are annotated already."""
    from stance.annotations import import_annotations
    from stance.text import text_hashes

    if not paths:
        return frozenset()
    known = import_annotations(paths, skip_bad=True).annotations
    return frozenset(text_hashes([one.text for one in known]))
