"""Commands for the models that retraining made: list, show, use, rollback, diff."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from stance.cli import options
from stance.cli.base import examples, results_console, say
from stance.cli.group import Group, stance

if TYPE_CHECKING:
    from stance.store import Version

_MOST_SHOWN = 20


@stance.group(
    cls=Group,
    epilog=examples("stance models list", "stance models card --model mine.parquet"),
)
def models() -> None:
    """List, choose, compare and describe models, those that stance retrain made among them.

    Version 0 is the shipped model. They live in your data folder; the environment variable
    STANCE_HOME names another.
    """


@models.command(name="list", epilog=examples("stance models list", "stance models list --json"))
@click.option("--json", "as_json", is_flag=True, help="All that is known, a line of JSON for each.")
def list_(as_json: bool) -> None:
    """List all versions; the current one has a star."""
    from stance import store
    from stance.terminal import versions_table

    versions, current = store.versions(), store.current_number()
    if as_json:
        for version in versions:
            click.echo(json.dumps({"current": version.number == current, **_known(version)}))
    else:
        results_console().print(versions_table(versions, current))


@models.command(epilog=examples("stance models show 0", "stance models show 1"))
@click.argument("number", type=click.IntRange(min=0), metavar="N")
def show(number: int) -> None:
    """Print all that is known of version N, as JSON."""
    from stance import store

    click.echo(json.dumps(_known(store.version(number)), indent=2, ensure_ascii=False))


def _known(version: Version) -> dict[str, object]:
    return {
        "version": version.number,
        "parent": version.parent,
        "made": version.made,
        **version.record,
    }


@models.command(epilog=examples("stance models use 1", "stance models use 0 --quiet"))
@click.argument("number", type=click.IntRange(min=0), metavar="N")
@options.quiet
def use(number: int, quiet: bool) -> None:
    """Make version N current; 0 is the shipped model."""
    from stance import store

    store.use(number)
    if not quiet:
        say(f"version {number} is current")


@models.command(epilog=examples("stance models rollback", "stance models rollback --quiet"))
@options.quiet
def rollback(quiet: bool) -> None:
    """Make the model current that the current one was made from."""
    from stance import store

    was, now = store.roll_back()
    if not quiet:
        say(f"version {now} is current instead of {was}")


@models.command(epilog=examples("stance models diff 0 1", "stance models diff 0 1 quotes.csv"))
@click.argument("a", type=click.IntRange(min=0), metavar="A")
@click.argument("b", type=click.IntRange(min=0), metavar="B")
@click.argument("file", required=False, metavar="[FILE]")
@options.input_format
@options.text_column
@options.sheet
def diff(
    a: int,
    b: int,
    file: str | None,
    input_format: str | None,
    text_column: str | None,
    sheet: str | None,
) -> None:
    """Show which terms moved most from version A to B, and which quotes of FILE change."""
    from stance import store
    from stance.comparing import changed_labels, moved_terms
    from stance.quotes import open_quotes
    from stance.terminal import changes_table, moves_table

    models = store.load_version(a), store.load_version(b)
    console = results_console()
    console.print(moves_table(moved_terms(*models, _MOST_SHOWN)))
    if file is None:
        return
    n, changes = 0, []
    with open_quotes(file, format=input_format, text_column=text_column, sheet=sheet) as quotes:
        for batch in quotes.batches:
            n += len(batch.text)
            changes += changed_labels(*models, batch.text.to_pylist())
    console.print(changes_table(changes[:_MOST_SHOWN], left_out=len(changes) - _MOST_SHOWN))
    say(f"{len(changes):,} of {n:,} quotes change their stance")
