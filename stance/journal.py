"""What is done of a file that is being labelled, so that it can be gone on with."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Final

from stance.codebook import STANCES
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


_NOTHING_DONE: Final = Done(0, 0, 0, 0, 0, 0, dict.fromkeys(STANCES, 0))


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
    return hashlib.sha256(model.to_bytes()).hexdigest()


class Journal:
    """Keeps what an interrupted run has finished, if it can be gone on with.

    Parameters
    ----------
    output : str
        The labelled file; its journal stands beside it.
    places : sequence of str
        The files that are written, labelled rows first, then rejects.
    run : callable or None
        Gives what must be the same to go on, as a JSON object; None where nothing is kept.
    resume : bool, default False
        Go on with what was kept, if there is anything; else it is removed.

    Attributes
    ----------
    done : Done
        How far the run has come.
    kept : Done or None
        How far the journal says it has come; the files beside the places hold that. None if
        they shall not stay, should the run be interrupted.

    Raises
    ------
    StanceError
        If the journal is of another run, or damaged.
    """

    def __init__(
        self,
        output: str,
        places: Sequence[str],
        run: Callable[[], dict[str, Any]] | None,
        *,
        resume: bool = False,
    ) -> None:
        self._path = journal_path(output)
        self._places = places
        # Worked out once, and only if it is needed: to hash a model takes half a second.
        self._run = None if run is None else cache(run)
        found = self._found() if resume else None
        if found is None and run is not None:
            for path in (self._path, *(f"{place}.part" for place in places)):
                with suppress(OSError):
                    os.unlink(path)
        self.done = found or _NOTHING_DONE
        self.kept = found

    @property
    def unsaved(self) -> int:
        """How many bytes have been written since the journal was."""
        saved = self.kept.written if self.kept is not None else 0
        return 0 if self._run is None else self.done.written - saved

    def save(self) -> None:
        """Write down how far the run has come; the journal is never half-written."""
        if self._run is None:
            return
        beside = f"{self._path}.new"
        try:
            with open(beside, "w", encoding="utf-8") as stream:
                json.dump({"run": self._run(), "done": asdict(self.done)}, stream)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(beside, self._path)
        finally:
            with suppress(OSError):
                os.unlink(beside)
        self.kept = self.done

    def save_what_is_whole(self) -> None:
        """Save after a failure, which a full disk may be; what was saved before holds else."""
        if self._run is None:
            return
        with suppress(OSError):
            # Half a batch may fill the disk that the journal needs.
            os.truncate(f"{self._places[0]}.part", self.done.written)
            self.save()

    def trim(self) -> None:
        """Cut what an interrupted run has written, and all is closed, to what is kept."""
        if self.kept is None:
            return
        sizes = (self.kept.written, self.kept.rejects_written)
        for place, size in zip(self._places, sizes, strict=True):
            with suppress(OSError):
                os.truncate(f"{place}.part", size)

    def remove(self) -> None:
        """Remove the journal of a run that is done."""
        if self._run is not None:
            with suppress(OSError):
                os.unlink(self._path)

    def _found(self) -> Done | None:
        if self._run is None:
            return None
        try:
            with open(self._path, encoding="utf-8") as stream:
                held = json.load(stream)
            had, done = held["run"], Done(**held["done"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise StanceError("cannot be read; run without --resume", path=self._path) from error
        run = self._run()
        if had != run:
            other = next(key for key in {**run, **had} if had.get(key) != run.get(key))
            raise StanceError(
                f"was left by a run with other {other}; run without --resume to begin anew",
                path=self._path,
                usage=True,
            )
        sizes = zip(self._places, (done.written, done.rejects_written), strict=True)
        return done if all(_holds(place, size) for place, size in sizes) else None


def _holds(place: str, size: int) -> bool:
    try:
        return os.path.getsize(f"{place}.part") >= size
    except OSError:
        return size == 0
