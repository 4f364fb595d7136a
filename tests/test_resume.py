"""Runs that are stopped, whatever stops them, and gone on with."""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from tiny import tiny_model

from stance import StanceError
from stance.labelling import Labeller, label_files

MODEL = tiny_model()
LABELLER = Labeller(MODEL)
_RUN = """
import os, signal, sys
import stance.labelling as labelling
import stance.quotes.blocks as blocks
from stance.model import Model
blocks.BLOCK_BYTES = 1 << 12
labelling._CHECKPOINT_BYTES = 1 << 13
seen = 0
def on_rows(rows):
    global seen
    seen += rows
    if seen >= int(sys.argv[1]):
        os.kill(os.getpid(), getattr(signal, sys.argv[2]))
labelling.label_files(["in.csv"], "out.csv", labelling.Labeller(Model.load("m.parquet")),
    resume=True, n_jobs=int(sys.argv[3]), on_rows=on_rows)
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    MODEL.save("m.parquet")
    write_quotes(4000)


def write_quotes(n: int) -> None:
    chance = random.Random(3)
    with open("in.csv", "w", newline="", encoding="utf-8") as stream:
        out = csv.writer(stream)
        out.writerow(["id", "text"])
        for i in range(n):
            words = chance.choices(["they", "lied", "we", "welcome", "it,", '"so"', "\n"], k=9)
            # Every hundredth row is a reject.
            out.writerow([i, " ".join(words) if i % 100 else " "])


def run(stop_after: int, signal: str, n_jobs: int) -> int:
    command = [sys.executable, "-c", _RUN, str(stop_after), signal, str(n_jobs)]
    return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode


@pytest.mark.parametrize(("signal", "n_jobs"), [("SIGKILL", 1), ("SIGINT", 1), ("SIGKILL", 2)])
def test_runs_killed_again_and_again_end_with_the_same_bytes(signal: str, n_jobs: int) -> None:
    label_files(["in.csv"], "whole.csv", LABELLER)
    chance = random.Random(11)
    for _ in range(4):
        assert run(chance.randint(200, 1200), signal, n_jobs) != 0
        assert not os.path.exists("out.csv")
    assert os.path.exists("out.csv.journal")
    assert run(10**9, signal, n_jobs) == 0
    for ending in ("", ".rejects.jsonl"):
        assert Path(f"out.csv{ending}").read_bytes() == Path(f"whole.csv{ending}").read_bytes()
    left = {"in.csv", "m.parquet", "out.csv", "whole.csv"}
    assert set(os.listdir()) == left | {"out.csv.rejects.jsonl", "whole.csv.rejects.jsonl"}


def test_another_input_is_not_gone_on_with() -> None:
    run(1200, "SIGKILL", 1)
    write_quotes(10)
    with pytest.raises(StanceError) as raised:
        label_files(["in.csv"], "out.csv", LABELLER, resume=True)
    assert str(raised.value) == (
        "out.csv.journal: was left by a run with other inputs; run without --resume to begin anew"
    )
    label_files(["in.csv"], "out.csv", LABELLER)
    assert not os.path.exists("out.csv.journal")
    assert len(Path("out.csv").read_text(encoding="utf-8")) > 100


@pytest.mark.parametrize(
    ("inputs", "output", "what"),
    [
        (["in.csv"], "out.xlsx", "an output of .xlsx"),
        (["in.csv"], "out.csv.gz", "a compressed output"),
        (["in.csv"], "-", "the standard output"),
        (["-"], "out.csv", "an input that is no file"),
    ],
)
def test_what_cannot_be_gone_on_with(inputs: list[str], output: str, what: str) -> None:
    with pytest.raises(StanceError) as raised:
        label_files(inputs, output, LABELLER, resume=True)
    assert str(raised.value) == f"--resume cannot go on with {what}; run without it"
    assert raised.value.exit_code == 2


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl", "out.parquet"])
def test_processes_give_what_one_gives(name: str) -> None:
    label_files(["in.csv"], name, LABELLER, n_jobs=1)
    one = Path(name).read_bytes()
    label_files(["in.csv"], name, LABELLER, n_jobs=2)
    assert Path(name).read_bytes() == one
