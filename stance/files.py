"""Files that are whole or not there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike, fspath
from pathlib import Path

from stance.errors import StanceError


@contextmanager
def whole_file(path: str | PathLike[str]) -> Iterator[str]:
    """Write a file beside its place, and move it there when it is whole.

    Parameters
    ----------
    path : str or path-like
        Where the file shall stand.

    Yields
    ------
    str
        Where to write it. If anything goes wrong, what stood at `path` stays.

    Raises
    ------
    StanceError
        If the place cannot be written to.
    """
    if not Path(path).parent.is_dir():
        raise StanceError("its folder does not exist", path=path, usage=True)
    part = fspath(path) + ".part"
    try:
        yield part
        os.replace(part, path)
    except OSError as error:
        raise StanceError(f"cannot be written: {error.strerror or error}", path=path) from error
    finally:
        Path(part).unlink(missing_ok=True)
