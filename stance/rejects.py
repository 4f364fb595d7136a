"""The file of rows that could not be labelled."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from stance.errors import StanceError
from stance.quotes import Reject
from stance.quotes.writing import create_lines


def rejects_path(output: str) -> str:
    """Name the file of rejects of a labelled file."""
    return f"{output}.rejects.jsonl"


@contextmanager
def create_rejects(
    output: str, *, at: int = 0, keep_part: Callable[[], bool] = lambda: False
) -> Iterator[Callable[[Reject], int]]:
    """Open the file of rejects at the first of them; remove one of an earlier run.

    Parameters
    ----------
    output : str
        The labelled file; ``-``, the standard output, has no file of rejects.
    at, keep_part
        As for `stance.quotes.writing.create_lines`.

    Yields
    ------
    callable
        Takes a reject, gives the bytes written.

    Raises
    ------
    StanceError
        If it cannot be written.
    """
    if output == "-":
        yield lambda reject: 0
        return
    path = rejects_path(output)
    if os.path.isdir(path):
        raise StanceError("is a folder where rejects would be written; move it", path=path)
    stream: BinaryIO | None = None
    with ExitStack() as stack:

        def opened() -> BinaryIO:
            return stack.enter_context(create_lines(path, at=at, keep_part=keep_part))

        def write(reject: Reject) -> int:
            nonlocal stream
            stream = stream or opened()
            line = json.dumps(asdict(reject), ensure_ascii=False) + "\n"
            content = line.encode("utf-8", "backslashreplace")
            stream.write(content)
            stream.flush()
            return len(content)

        if at:
            stream = opened()
        yield write
        if stream is None:
            Path(path).unlink(missing_ok=True)
