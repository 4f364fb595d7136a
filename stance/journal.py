"""What is done of a file that is being labelled, so that it can be gone on with."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from stance.errors import StanceError
from stance.model import Model

_HEAD_BYTES: Final = 1 << 16


@dataclass(frozen=True)
class Done:
    """How far the labelling of files has come.

    Attributes
    ----------
    batches : int
        Batches of the inputs that are labelled and written.
    written, rejects_written : int
        Bytes of the labelled file and of the file of rejects that hold them.
    rows, review, rejected : int
        As in `stance.labelling.Labelled`.
    by_stance : dict of str to int
        Likewise.
    """

    batches: int
    written: int
    rejects_written: int
    rows: int
    review: int
    rejected: int
    by_stance: dict[str, int]


def journal_path(output: str) -> str:
    """Name the journal of a labelled file."""
    return f"{output}.journal"


def identity_of(path: str) -> dict[str, Any]:
    """Tell a file from others, and from itself once it is changed.

    Parameters
    ----------
    path : str
        The file.

    Returns
    -------
    dict
        Its path, size, time of change and a hash of its beginning; of a file that cannot be
        read, the path alone.
    """
    found: dict[str, Any] = {"path": path}
    with suppress(OSError), open(path, "rb") as stream:
        about = os.fstat(stream.fileno())
        found |= {"size": about.st_size, "mtime_ns": about.st_mtime_ns}
        found["head"] = hashlib.sha256(stream.read(_HEAD_BYTES)).hexdigest()
    return found


def fingerprint(model: Model) -> str:
    """Hash a model as it would be saved."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.parquet")
        model.save(path)
        return hashlib.sha256(path.read_bytes()).hexdigest()


def save_journal(output: str, run: dict[str, Any], done: Done) -> None:
    """Write down how far a run has come; the journal is never half-written.

    Parameters
    ----------
    output : str
        The labelled file.
    run : dict
        What must be the same to go on: a JSON object of the inputs, the options, the model.
    done : Done
        How far it has come.
    """
    path = journal_path(output)
    beside = f"{path}.new"
    try:
        with open(beside, "w", encoding="utf-8") as stream:
            json.dump({"run": run, "done": asdict(done)}, stream)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, path)
    finally:
        with suppress(OSError):
            os.unlink(beside)


def load_journal(output: str, run: dict[str, Any]) -> Done | None:
    """Read how far an interrupted run came.

    Parameters
    ----------
    output : str
        The labelled file.
    run : dict
        What the journal must say of inputs, options and model.

    Returns
    -------
    Done or None
        None where there is nothing to go on with.

    Raises
    ------
    StanceError
        If the journal is of another run, or damaged.
    """
    path = journal_path(output)
    try:
        with open(path, encoding="utf-8") as stream:
            held = json.load(stream)
        had, done = held["run"], Done(**held["done"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise StanceError("cannot be read; run without --resume", path=path) from error
    if had != run:
        other = next(key for key in {**run, **had} if had.get(key) != run.get(key))
        raise StanceError(
            f"was left by a run with other {other}; run without --resume to begin anew",
            path=path,
            usage=True,
        )
    return done


def parts_hold(done: Done, output: str, rejects: str) -> bool:
    """Tell whether the files beside an output still hold what its journal says."""
    return _holds(output, done.written) and _holds(rejects, done.rejects_written)


def _holds(path: str, size: int) -> bool:
    try:
        return os.path.getsize(f"{path}.part") >= size
    except OSError:
        return size == 0


def remove_journal(output: str, places: Sequence[str] = ()) -> None:
    """Remove the journal of a labelled file, and what was written beside these places."""
    for path in (journal_path(output), *(f"{place}.part" for place in places)):
        with suppress(OSError):
            os.unlink(path)
