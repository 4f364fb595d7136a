"""What every command shares: how it fails, and how it speaks."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import click

from stance.errors import StanceError

if TYPE_CHECKING:
    from rich.console import Console

    from stance.model import Model

_FEWEST_WITH_PROGRESS = 100


class Command(click.Command):
    """Shows a StanceError as one line, and exits as it says."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except StanceError as error:
            say(str(error))
            ctx.exit(error.exit_code)
        except OSError as error:
            # A closed pipe is for click, which leaves quietly.
            if error.errno == errno.EPIPE:
                raise
            say(f"{error.filename or 'standard output'}: {error.strerror}")
            # Python would try once more to write what is left, and complain.
            with suppress(OSError, AttributeError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(1)


def say(message: str) -> None:
    """Tell of something outside the results; what files hold cannot steer the terminal."""
    if not message.isprintable():
        from stance.terminal import printable

        message = "\n".join(printable(line) for line in message.split("\n"))
    click.echo(message, err=True)


def examples(*lines: str) -> str:
    """Put example command lines below a help text."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def results_console(**settings: Any) -> Console:
    """Give a console on the standard output, which takes data literally."""
    from rich.console import Console

    # A quote may hold characters that the terminal's encoding lacks.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=False, **settings)


class _NoPandas:
    """Finds no pandas; to be asked first where modules are looked for."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)


def leave_pandas_out() -> None:
    """Keep Arrow from importing pandas, which takes longer than labelling some quotes.

    Arrow looks for it once, at the first array it makes of a list, wherever it is installed;
    and again if anyone asks for a data frame.
    """
    import pyarrow as pa

    sys.meta_path.insert(0, _NoPandas)
    try:
        pa.array([""])
    finally:
        sys.meta_path.remove(_NoPandas)


def chosen_model(path: str | None, trust: bool) -> Model:
    """Load the model a command was told to use; the store's current one where it was not.

    A number is a version of the store, unless a file is called so.
    """
    from stance import store
    from stance.model import load_model

    if path is None:
        return store.load_version(store.current_number())
    if path.isdecimal() and not os.path.exists(path):
        return store.load_version(int(path))
    return load_model(path, trust=trust)


@contextmanager
def progress(n: int, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show on a terminal how many of n articles are read, where that takes a while."""
    if quiet or n < _FEWEST_WITH_PROGRESS or not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("articles", total=n)
        yield lambda done: progress.advance(task, done)


@contextmanager
def labelling_progress(
    *, quiet: bool
) -> Iterator[tuple[Callable[[int], None], Callable[[float], None]]]:
    """Show on a terminal how many quotes are labelled, how fast, and the time left."""
    if quiet or not sys.stderr.isatty():
        yield lambda rows: None, lambda share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("0 quotes", total=1.0)
        n = 0

        def on_rows(rows: int) -> None:
            nonlocal n
            n += rows
            seconds = progress.tasks[0].elapsed or 0.0
            rate = f", {n / seconds:,.0f} a second" if seconds > 1 else ""
            progress.update(task, description=f"{n:,} quotes{rate}")

        yield on_rows, lambda share: progress.update(task, completed=share)
