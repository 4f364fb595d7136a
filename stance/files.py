"""Files that are whole or not there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from os import PathLike, fspath
from pathlib import Path

from stance.errors import StanceError


@contextmanager
def whole_file(
    path: str | PathLike[str], *, keep_part: Callable[[], bool] = lambda: False
) -> Iterator[str]:
    """Write a file beside its place, and move it there when it is whole.

    Parameters
    ----------
    path : str or path-like
        Where the file shall stand.
    keep_part : callable, optional
        Asked, if anything goes wrong, whether what is written shall stay beside the place.

    Yields
    ------
    str
        Where to write it. If anything goes wrong, what stood at `path` stays.

    Raises
    ------
    StanceError
        If the place cannot be written to.
    """
    if not os.path.isdir(Path(path).parent):
        raise StanceError("its folder does not exist", path=path, usage=True)
    if os.path.isdir(path):
        raise StanceError("is a folder; name a file in it", path=path, usage=True)
    # A pipe or a device would be replaced by a file of its name.
    if os.path.exists(path) and not os.path.isfile(path):
        raise StanceError("is no ordinary file; write to another name", path=path, usage=True)
    part = fspath(path) + ".part"
    try:
        yield part
        os.replace(part, path)
    except OSError as error:
        raise StanceError(f"cannot be written: {error.strerror or error}", path=path) from error
    finally:
        if not keep_part():
            with suppress(OSError):
                os.unlink(part)


def refuse_overwriting(inputs: Sequence[str], outputs: Sequence[str]) -> None:
    """Refuse to write over a file that is read.

    Parameters
    ----------
    inputs : sequence of str
        The files read; ``-`` is the standard input.
    outputs : sequence of str
        The files that will be written or removed.

    Raises
    ------
    StanceError
        If one of them is among the inputs, whatever it is called there.
    """
    for path in inputs:
        if path == "-" or not os.path.exists(path):
            continue
        if any(os.path.exists(other) and os.path.samefile(path, other) for other in outputs):
            raise StanceError(
                "would be written over; give the output another name", path=path, usage=True
            )
