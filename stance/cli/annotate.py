"""Commands about annotations: agreement."""

from __future__ import annotations

from typing import Any

import click

from stance.cli import options
from stance.cli.base import examples, results_console, say
from stance.cli.group import stance


@stance.command(
    epilog=examples(
        "stance agreement round-1.csv",
        "stance agreement ana.csv ben.csv --map hostile=accusatory",
    )
)
@click.argument("annotations", nargs=-1, required=True, metavar="ANNOTATIONS...")
@options.annotation_reading
@options.quiet
def agreement(
    annotations: tuple[str, ...],
    reading: dict[str, Any],
    quiet: bool,
) -> None:
    """Measure how far annotators agree.

    ANNOTATIONS are exports of Label Studio, doccano, Prodigy or Argilla, or tables with a row
    for each annotation or a column for each annotator. Where no annotator is named, each file
    is one.
    """
    from stance.annotations import agreement as measure
    from stance.annotations import consensus, import_annotations
    from stance.terminal import agreement_view

    imported = import_annotations(
        annotations,
        **reading,
    )
    if not quiet:
        for problem in imported.told:
            say(f"left out: {problem}")
    merged = consensus(imported.annotations)
    results_console().print(agreement_view(measure(imported.annotations), merged))
