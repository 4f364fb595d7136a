"""Options that several commands have, spelt once."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from stance.formats import ANNOTATION_FORMATS, QUOTE_FORMATS, TABLE_FORMATS


class Probability(click.FloatRange):
    """A number from 0 to 1."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Take what click takes, but nan."""
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail("nan is not a number.", param, ctx)
        return number


model = click.option(
    "--model",
    "model_path",
    metavar="FILE",
    help="Model to use: a file, or a number that stance models lists.  [default: the current one]",
)
trust = click.option("--trust", is_flag=True, help="Load a .joblib model, which can run any code.")
text_column = click.option(
    "--text-column", metavar="NAME", help="Column of the quotes.  [default: text, quote, ...]"
)
stance_column = click.option(
    "--stance-column", metavar="NAME", help="Column of the stances.  [default: stance, label]"
)
input_format = click.option(
    "--format",
    "input_format",
    type=click.Choice(QUOTE_FORMATS),
    help="Format of the input.  [default: by its ending]",
)
sheet = click.option(
    "--sheet", metavar="NAME", help="Sheet of an Excel input.  [default: the only one filled]"
)
output = click.option(
    "--output", "-o", metavar="FILE", help="Where to write.  [default: standard output]"
)
output_format = click.option(
    "--output-format",
    type=click.Choice(TABLE_FORMATS),
    help="Format of the output.  [default: by its ending, else the input's or csv]",
)
jobs = click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="Processes.  [default: all cores]"
)
quiet = click.option("--quiet", is_flag=True, help="Print nothing but results and errors.")
annotation_format = click.option(
    "--format",
    "annotation_format",
    type=click.Choice(ANNOTATION_FORMATS),
    help="What wrote the annotations, or the table's format.  [default: by what they hold]",
)
label_map = click.option(
    "--map",
    "label_map",
    multiple=True,
    metavar="NAME=STANCE",
    help="A stance by another name; may be repeated.",
)
skip_bad_annotations = click.option(
    "--skip-bad", is_flag=True, help="Leave out annotations that cannot be used."
)


def annotation_reading(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of reading annotations, as ``reading``.

    They are keyword arguments of `stance.annotations.import_annotations`.
    """

    @wraps(command)
    def read(
        annotation_format: str | None,
        text_column: str | None,
        sheet: str | None,
        stance_column: str | None,
        label_map: tuple[str, ...],
        skip_bad: bool,
        **others: Any,
    ) -> None:
        from stance.annotations import read_mapping

        reading = {
            "format": annotation_format,
            "text_column": text_column,
            "sheet": sheet,
            "stance_column": stance_column,
            "mapping": read_mapping(label_map),
            "skip_bad": skip_bad,
        }
        command(reading=reading, **others)

    for option in (
        *(skip_bad_annotations, label_map, stance_column, sheet, text_column),
        annotation_format,
    ):
        read = option(read)
    return read


resume = click.option(
    "--resume", is_flag=True, help="Go on with an interrupted run; see OUTPUT.journal."
)
threads = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Threads; 1 where the cores are busy.  [default: one a core, at most 4]",
)
