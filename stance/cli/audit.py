"""The command that looks for wrong annotations: audit."""

from __future__ import annotations

import sys

import click

from stance.cli import options
from stance.cli.base import examples, results_console, say
from stance.cli.group import stance
from stance.cli.options import FORMATS

_ROWS_SHOWN = 50


@stance.command(
    epilog=examples(
        "stance audit annotations.csv",
        "stance audit round-1.csv round-2.xlsx --fast --output suspects.csv",
    )
)
@click.argument("annotations", nargs=-1, required=True, metavar="ANNOTATIONS...")
@click.option("--output", "-o", metavar="FILE", help="Where to write.  [default: standard output]")
@options.input_format
@click.option(
    "--output-format",
    type=click.Choice(FORMATS[:-1]),
    help="Format of the output.  [default: by its ending, else csv]",
)
@options.text_column
@options.sheet
@options.stance_column
@options.skip_bad
@click.option(
    "--fast", is_flag=True, help="Do not learn from the annotations themselves, in a few seconds."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the folds.")
@options.quiet
def audit(
    annotations: tuple[str, ...],
    output: str | None,
    input_format: str | None,
    output_format: str | None,
    text_column: str | None,
    sheet: str | None,
    stance_column: str | None,
    skip_bad: bool,
    fast: bool,
    seed: int,
    quiet: bool,
) -> None:
    """Find annotations that look wrong, worst first.

    Models that were not fitted on the quote in question predict it, and confident learning
    says which labels they contradict. Shown are the given and the suggested stance and the
    words that speak for the change. Nothing is changed: a suspect is worth a second look,
    and many are hard cases rather than errors. Takes about half a minute.
    """
    from stance.annotations import read_annotations
    from stance.audit import N_PARTS, find_suspects, write_suspects
    from stance.files import refuse_overwriting
    from stance.labelling import output_format as choose_format
    from stance.terminal import suspects_table

    target = output or "-"
    format = choose_format(["-"], target, output_format, "csv")
    refuse_overwriting(annotations, [target])
    annotated = read_annotations(
        annotations,
        format=input_format,
        text_column=text_column,
        sheet=sheet,
        stance_column=stance_column,
        skip_bad=skip_bad,
    )
    tell = (lambda message: None) if quiet else say
    for problem in annotated.skipped:
        tell(f"left out: {problem}")
    suspects = find_suspects(
        annotated,
        n_parts=1 if fast else N_PARTS,
        random_state=seed,
        on_stage=lambda stage: tell(f"{stage} ..."),
    )
    if output is None and output_format is None and sys.stdout.isatty():
        shown = suspects[:_ROWS_SHOWN]
        results_console().print(suspects_table(shown, left_out=len(suspects) - len(shown)))
    else:
        write_suspects(suspects, target, format=format)
    tell(f"{len(suspects):,} of {len(annotated):,} annotations look wrong")
