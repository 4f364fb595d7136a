"""Where retrained models live: numbered versions, one of them current.

Below the user's data folder (``STANCE_HOME`` names another) stand::

    models/1/model.parquet        the model; its card is inside
    models/1/version.json         parent, fingerprint, scores, what the gate said
    models/1/annotations.parquet  the user's annotations that made it
    current                       the number of the current version
    lock                          held while a version is made or chosen

Version 0 is the shipped model and has no folder. A version is written beside its place and
moved there when it is whole, and ``current`` is replaced in one step, so that whoever reads
finds a whole model at any moment. No version is ever changed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.errors import StanceError

if TYPE_CHECKING:
    import pyarrow as pa

    from stance.model import Model

SHIPPED = 0


@dataclass(frozen=True)
class Version:
    """One model of the store.

    Attributes
    ----------
    number : int
        0 for the shipped model, from 1 for those made here.
    parent : int or None
        The version that was current when this one was made; None for the shipped model.
    record : dict
        What is known of it, as JSON: fingerprint, training, scores, gate.
    made : str
        When it was published, in local time; empty for the shipped model.
    """

    number: int
    parent: int | None
    record: dict[str, Any]
    made: str


def home() -> Path:
    """Give the folder of the store, which need not exist yet."""
    named = os.environ.get("STANCE_HOME")
    if named:
        return Path(named)
    from platformdirs import user_data_dir

    return Path(user_data_dir("diplomatic-stance", appauthor=False))


def current_number() -> int:
    """Tell which version is current.

    Returns
    -------
    int
        Its number; 0, the shipped model, as long as none was chosen.

    Raises
    ------
    StanceError
        If the file that says so is damaged.
    """
    path = home() / "current"
    try:
        written = path.read_text(encoding="ascii")
    except FileNotFoundError:
        return SHIPPED
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged(path) from error
    if not written.strip().isdecimal():
        raise _damaged(path)
    return int(written)


def _damaged(path: Path) -> StanceError:
    return StanceError(
        "does not say which model is current; choose one with `stance models use N`", path=path
    )


def model_path(number: int) -> Path | None:
    """Find the model file of a version.

    Parameters
    ----------
    number : int
        The version.

    Returns
    -------
    Path or None
        The file; None for the shipped model, which `stance.model.load_model` finds.

    Raises
    ------
    StanceError
        If there is no such version.
    """
    if number == SHIPPED:
        return None
    path = _folder(number) / "model.parquet"
    if not path.is_file():
        raise StanceError(
            f"there is no version {number}; `stance models list` shows those there are", usage=True
        )
    return path


def load_version(number: int) -> Model:
    """Load the model of a version."""
    from stance.model import load_model

    return load_model(model_path(number))


def versions() -> list[Version]:
    """List all versions, the shipped one first."""
    with suppress(OSError):
        names = os.listdir(home() / "models")
        return [version(n) for n in sorted({SHIPPED, *(int(n) for n in names if n.isdecimal())})]
    return [version(SHIPPED)]


def version(number: int) -> Version:
    """Describe one version.

    Raises
    ------
    StanceError
        If there is no such version, or its record is damaged.
    """
    path = model_path(number)
    if path is None:
        card = load_version(SHIPPED).card
        record = {"training": card["training"], "scores": card["scores"]}
        return Version(SHIPPED, None, record, "")
    written = path.with_name("version.json")
    try:
        record = json.loads(written.read_text(encoding="utf-8"))
        parent = int(record["parent"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StanceError("is damaged; choose another version", path=written) from error
    made = datetime.fromtimestamp(written.stat().st_mtime, UTC).astimezone()
    return Version(number, parent, record, made.strftime("%Y-%m-%d %H:%M"))


def annotations_of(number: int) -> pa.Table | None:
    """Give the user's annotations that made a version; None for the shipped model."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = model_path(number)
    if path is None:
        return None
    try:
        return pq.read_table(path.with_name("annotations.parquet"))
    except (OSError, pa.ArrowException) as error:
        raise StanceError(
            "is damaged; go back to another version with `stance models use N`",
            path=path.with_name("annotations.parquet"),
        ) from error


@contextmanager
def locked(on_wait: Callable[[], None] | None = None) -> Iterator[None]:
    """Keep all others from making or choosing a version meanwhile.

    The lock is the operating system's: it goes with the process, however that ends.

    Parameters
    ----------
    on_wait : callable, optional
        Told once where another process holds the lock, which is then waited for. Without
        it nobody waits.

    Raises
    ------
    StanceError
        If another process holds the lock and `on_wait` is not given, or the folder cannot be
        written to.
    """
    from filelock import FileLock, Timeout

    path = home() / "lock"
    lock = FileLock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if on_wait is None:
                raise
            on_wait()
            lock.acquire()
    except Timeout as error:
        raise StanceError("another retraining is running; try again when it is done") from error
    except OSError as error:
        raise StanceError(
            f"cannot be written: {error.strerror or error}; STANCE_HOME names another folder",
            path=path,
        ) from error
    try:
        yield
    finally:
        lock.release()


def publish(model: Model, record: dict[str, Any], annotations: pa.Table) -> int:
    """Add a version, a child of the current one, and make it current; call it `locked`.

    Parameters
    ----------
    model : Model
        The model.
    record : dict
        What is to be known of it, as JSON.
    annotations : pyarrow.Table
        The user's annotations that made it.

    Returns
    -------
    int
        The number of the new version.

    Raises
    ------
    StanceError
        If the folder cannot be written to; the current model stays.
    """
    import pyarrow.parquet as pq

    models = home() / "models"
    parent = current_number()
    try:
        models.mkdir(parents=True, exist_ok=True)
        # What a killed process left half-written; nobody else is writing now.
        for left in models.glob("new-*"):
            shutil.rmtree(left)
        number = 1 + max([SHIPPED, *(int(p.name) for p in models.iterdir() if p.name.isdecimal())])
        new = models / f"new-{number}"
        new.mkdir()
        model.save(new / "model.parquet")
        pq.write_table(annotations, new / "annotations.parquet", compression="zstd")
        (new / "version.json").write_text(
            json.dumps({**record, "parent": parent}, indent=1, sort_keys=True) + "\n",
            encoding="utf-8",
        )
        for path in (*new.iterdir(), new):
            _sync(path)
        os.replace(new, _folder(number))
        _sync(models)
    except OSError as error:
        raise StanceError(f"cannot be written: {error.strerror or error}", path=models) from error
    _choose(number)
    return number


def use(number: int) -> None:
    """Make a version current.

    Raises
    ------
    StanceError
        If there is no such version, its model cannot be read, or another process is at it.
    """
    with locked():
        load_version(number)
        _choose(number)


def roll_back() -> tuple[int, int]:
    """Make the parent of the current version current.

    Returns
    -------
    tuple of (int, int)
        The version that was current, and the one that is now.

    Raises
    ------
    StanceError
        If the shipped model is current, or another process is at it.
    """
    with locked():
        was = current_number()
        parent = version(was).parent
        if parent is None:
            raise StanceError("the shipped model is current; there is none before it", usage=True)
        load_version(parent)
        _choose(parent)
    return was, parent


def _choose(number: int) -> None:
    path = home() / "current"
    part = path.with_name("current.part")
    try:
        part.write_text(f"{number}\n", encoding="ascii")
        _sync(part)
        os.replace(part, path)
        _sync(path.parent)
    except OSError as error:
        raise StanceError(f"cannot be written: {error.strerror or error}", path=path) from error


def _folder(number: int) -> Path:
    return home() / "models" / str(number)


def _sync(path: Path) -> None:
    """Have the disk keep a file or the names in a folder, whatever happens to the power."""
    # Windows opens no folders.
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
