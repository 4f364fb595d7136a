"""The command that looks for wrong annotations: audit."""

from __future__ import annotations

import sys
from typing import Any

import click

from stance.cli import options
from stance.cli.base import examples, results_console, say
from stance.cli.group import stance

_ROWS_SHOWN = 50


@stance.command(
    epilog=examples(
        "stance audit annotations.csv",
        "stance audit round-1.csv round-2.xlsx --fast --output suspects.csv",
    )
)
@click.argument("annotations", nargs=-1, required=True, metavar="ANNOTATIONS...")
@options.output
@options.output_format
@options.annotation_reading
@click.option(
    "--fast", is_flag=True, help="Do not learn from the annotations themselves, in a few seconds."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the folds.")
@options.quiet
def audit(
    annotations: tuple[str, ...],
    output: str | None,
    output_format: str | None,
    reading: dict[str, Any],
    fast: bool,
    seed: int,
    quiet: bool,
) -> None:
    """Find annotations that look wrong, worst first.

    Models that were not fitted on the quote in question predict it, and confident learning
    says which labels they contradict. Shown are the given and the suggested stance, the words
    that speak for the change, and file, row and annotator. Nothing is changed: a suspect is
    worth a second look, and many are hard cases rather than errors. Takes about half a minute.
    """
    from stance.annotations import import_annotations
    from stance.audit import N_PARTS, find_suspects, write_suspects
    from stance.files import refuse_overwriting
    from stance.labelling import output_format as choose_format
    from stance.terminal import suspects_table

    target = output or "-"
    format = choose_format(["-"], target, output_format, "csv")
    refuse_overwriting(annotations, [target])
    imported = import_annotations(
        annotations,
        **reading,
    )
    tell = (lambda message: None) if quiet else say
    for problem in imported.told:
        tell(f"left out: {problem}")
    suspects = find_suspects(
        imported.annotations,
        n_parts=1 if fast else N_PARTS,
        random_state=seed,
        on_stage=lambda stage: tell(f"{stage} ..."),
    )
    if output is None and output_format is None and sys.stdout.isatty():
        shown = suspects[:_ROWS_SHOWN]
        results_console().print(suspects_table(shown, left_out=len(suspects) - len(shown)))
    else:
        write_suspects(suspects, target, format=format)
    tell(f"{len(suspects):,} of {len(imported.annotations):,} annotations look wrong")
