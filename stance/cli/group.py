"""The group of all commands."""

from __future__ import annotations

import click

from stance.cli.base import Command, examples


class Group(click.Group):
    """Commands that fail in one line."""

    command_class = Command


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples(
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
