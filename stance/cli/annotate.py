"""Commands about annotations: agreement."""

from __future__ import annotations

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
@options.annotation_format
@options.text_column
@options.sheet
@options.stance_column
@options.label_map
@options.skip_bad_annotations
@options.quiet
def agreement(
    annotations: tuple[str, ...],
    annotation_format: str | None,
    text_column: str | None,
    sheet: str | None,
    stance_column: str | None,
    label_map: tuple[str, ...],
    skip_bad: bool,
    quiet: bool,
) -> None:
    """Measure how far annotators agree.

    ANNOTATIONS are exports of Label Studio, doccano, Prodigy or Argilla, or tables with a row
    for each annotation or a column for each annotator. Where no annotator is named, each file
    is one.
    """
    from stance.annotations import agreement as measure
    from stance.annotations import consensus, import_annotations, read_mapping
    from stance.terminal import agreement_view

    imported = import_annotations(
        annotations,
        format=annotation_format,
        text_column=text_column,
        sheet=sheet,
        stance_column=stance_column,
        mapping=read_mapping(label_map),
        skip_bad=skip_bad,
    )
    if not quiet:
        for problem in imported.told:
            say(f"left out: {problem}")
    merged = consensus(imported.annotations)
    results_console().print(agreement_view(measure(imported.annotations), merged))
