from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from tiny import tiny_model

from stance import StanceError, load_model, store

ANNOTATIONS = pa.table({"text": ["They lied."]})
RECORD = {"training": {"fingerprint": "abc"}, "scores": {"macro_f1": 0.5}}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STANCE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def publish(threshold: float = 0.6) -> int:
    with store.locked():
        return store.publish(replace(tiny_model(), threshold=threshold), RECORD, ANNOTATIONS)


def current_threshold() -> float:
    return store.load_version(store.current_number()).threshold


def test_an_empty_store_gives_the_shipped_model(home: Path) -> None:
    assert store.current_number() == 0
    assert store.model_path(0) is None
    assert current_threshold() == load_model().threshold
    assert [v.number for v in store.versions()] == [0]
    assert store.annotations_of(0) is None
    assert not home.exists()


def test_a_published_version_is_current() -> None:
    assert (publish(0.61), publish(0.62)) == (1, 2)
    assert current_threshold() == 0.62
    assert [(v.number, v.parent) for v in store.versions()] == [(0, None), (1, 0), (2, 1)]
    assert store.version(1).record == {"parent": 0, **RECORD}
    assert store.annotations_of(1) == ANNOTATIONS


def test_roll_back_goes_to_the_parent() -> None:
    publish(0.61)
    publish(0.62)
    store.use(1)
    assert publish(0.63) == 3
    assert store.roll_back() == (3, 1)
    assert current_threshold() == 0.61
    assert store.roll_back() == (1, 0)
    assert current_threshold() == load_model().threshold
    with pytest.raises(StanceError) as raised:
        store.roll_back()
    assert str(raised.value) == "the shipped model is current; there is none before it"


def test_the_model_of_a_version_is_the_one_published(tmp_path: Path) -> None:
    publish(0.61)
    replace(tiny_model(), threshold=0.61).save(tmp_path / "same.parquet")
    path = store.model_path(1)
    assert path is not None
    assert path.read_bytes() == (tmp_path / "same.parquet").read_bytes()


def test_no_such_version() -> None:
    for act in (store.use, store.load_version, store.version):
        with pytest.raises(StanceError) as raised:
            act(7)
        assert str(raised.value) == (
            "there is no version 7; `stance models list` shows those there are"
        )
        assert raised.value.exit_code == 2


def test_a_damaged_model_is_not_chosen(home: Path) -> None:
    publish()
    publish(0.7)
    (home / "models" / "1" / "model.parquet").write_bytes(b"PAR1")
    with pytest.raises(StanceError, match="is no model file"):
        store.use(1)
    assert current_threshold() == 0.7


def test_a_damaged_current(home: Path) -> None:
    publish()
    (home / "current").write_text("one\n")
    with pytest.raises(StanceError) as raised:
        store.current_number()
    assert str(raised.value) == (
        f"{home / 'current'}: does not say which model is current; choose one with "
        "`stance models use N`"
    )
    store.use(1)
    assert store.current_number() == 1


@pytest.mark.parametrize("failing", ["os.replace", "os.fsync", "pyarrow.parquet.write_table"])
@pytest.mark.parametrize("after", range(6))
def test_a_failure_at_any_step_leaves_a_whole_model(
    monkeypatch: pytest.MonkeyPatch, failing: str, after: int
) -> None:
    publish(0.61)
    name, _, attribute = failing.rpartition(".")
    module = sys.modules[name]
    real: Callable[..., object] = getattr(module, attribute)
    calls = 0

    def breaks(*given: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls > after:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(module, attribute, breaks)
        said = ""
        try:
            publish(0.62)
        except StanceError as error:
            said = str(error)
    failed = "No space left on device" in said
    assert failed == bool(said)
    assert failed == (calls > after)
    assert current_threshold() in {0.61, 0.62}
    if not failed:
        assert current_threshold() == 0.62
    publish(0.63)
    assert current_threshold() == 0.63
    assert all(store.load_version(v.number) for v in store.versions())


# Publishes without end; before each call that changes the disk a byte is written and one is
# read, so that the test decides at which of them the process is killed.
PUBLISHER = """
import os, sys
sys.path.insert(0, sys.argv[1])
import pyarrow.parquet, test_store
def stepping(module, name):
    real = getattr(module, name)
    def step(*given, **named):
        sys.stdout.write("."); sys.stdout.flush(); sys.stdin.read(1)
        return real(*given, **named)
    setattr(module, name, step)
for name in ("mkdir", "replace", "fsync"):
    stepping(os, name)
stepping(pyarrow.parquet, "write_table")
test_store.publish(0.62)
"""


def test_killed_at_each_step(home: Path) -> None:
    publish(0.61)
    step = finished = 0
    while not finished:
        with subprocess.Popen(
            [sys.executable, "-c", PUBLISHER, str(Path(__file__).parent)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            for _ in range(step):
                process.stdout.read(1)
                process.stdin.write(b".")
                process.stdin.flush()
            finished = process.stdout.read(1) == b""
            process.send_signal(signal.SIGKILL)
        store.version(store.current_number())
        assert current_threshold() in {0.61, 0.62}
        for version in store.versions():
            assert store.load_version(version.number).terms
        step += 1
    assert step > 8
    assert publish(0.64) == store.current_number()
    assert not list((home / "models").glob("new-*"))


def test_nobody_chooses_while_a_version_is_made() -> None:
    publish()
    program = "from stance import store; store.use(0)"
    with store.locked():
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stderr.splitlines()[-1] == (
        "stance.errors.StanceError: another retraining is running; try again when it is done"
    )
    assert store.current_number() == 1


def test_two_at_once_wait_for_each_other() -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import test_store\nfrom stance import store\n"
        "for _ in range(5):\n"
        "    with store.locked(on_wait=lambda: None):\n"
        "        store.publish(test_store.tiny_model(), "
        "test_store.RECORD, test_store.ANNOTATIONS)\n"
    )
    both = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert [(v.number, v.parent) for v in store.versions()][1:] == [
        (n, n - 1) for n in range(1, 11)
    ]
    assert store.current_number() == 10


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_store_that_cannot_be_written_to(home: Path) -> None:
    home.mkdir()
    home.chmod(0o500)
    with pytest.raises(StanceError, match="STANCE_HOME names another folder"):
        publish()
