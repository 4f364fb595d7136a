from __future__ import annotations

import csv
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from small import ROUNDS, Statement, statements

from stance import STANCES, load_model, store
from stance.cli import stance
from stance.corpus import load_heldout
from stance.retraining import propose
from stance.rounds import Quote
from stance.text import text_hash

HERE = Path(__file__).parent
QUOTE = ["predict", "--text", "They broke every promise they made."]

pytestmark = pytest.mark.usefixtures("small_shipped")


@dataclass(frozen=True)
class Done:
    exit_code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "140")
    monkeypatch.setenv("STANCE_HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> Done:
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            stance(list(arguments), prog_name="stance")
        code = stopped.value.code
        assert code is None or isinstance(code, int)
        return Done(code or 0, *capsys.readouterr())

    return run


def drawn(seed: int, n: int = 120) -> list[Statement]:
    return random.Random(seed).sample(statements(ROUNDS), n)


def as_quotes(pairs: Sequence[Statement]) -> list[Quote]:
    return [Quote(text_hash(text), text, label) for text, label in pairs]


def write(name: str, pairs: Sequence[Statement]) -> str:
    with Path(name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([("text", "stance"), *pairs])
    return name


def flipped(pairs: Sequence[Statement]) -> list[Statement]:
    other = {"accusatory": "conciliatory", "conciliatory": "accusatory", "neutral": "neutral"}
    return [(text, other[label]) for text, label in pairs]


def model_bytes(number: int) -> bytes:
    path = store.model_path(number)
    assert path is not None
    return path.read_bytes()


# ------------------------------------------------------------------------------- retrain


def test_a_round_is_published_and_used_and_rolled_back(run: Run, small_shipped: Path) -> None:
    shipped = small_shipped / "shipped" / "model.parquet"
    before, digest = run(*QUOTE), hashlib.sha256(shipped.read_bytes()).hexdigest()
    done = run("retrain", write("round.csv", drawn(0)))
    assert done.exit_code == 0
    assert done.err.splitlines() == [
        "reading annotations ...",
        "merging with earlier rounds ...",
        "checking the labels ...",
        "choosing the weight of your quotes ...",
        "calibrating ...",
        "fitting ...",
        "comparing with the current model ...",
        "publishing ...",
        "120 quotes in this round; of all rounds 96 to learn from, 24 to compare on",
        "version 1 is current, stance models rollback brings the one before it back",
    ]
    assert "FAILED" not in done.out
    assert "macro-F1 on the shipped held-out set" in done.out
    assert "macro-F1 on a fifth of your quotes" in done.out
    after = run(*QUOTE)
    assert after.out != before.out
    assert run(*QUOTE, "--model", str(store.model_path(1))).out == after.out
    assert run("models", "rollback") == Done(0, "", "version 0 is current instead of 1\n")
    assert run(*QUOTE) == before
    assert store.current_number() == 0
    assert hashlib.sha256(shipped.read_bytes()).hexdigest() == digest
    assert run(*QUOTE, "--model", "1").out == after.out


def test_what_a_version_keeps(run: Run) -> None:
    run("retrain", write("round.csv", drawn(0)), "--quiet")
    record = json.loads(run("models", "show", "1").out)
    assert (record["version"], record["parent"], record["refused"]) == (1, 0, "")
    assert record["annotations"] == {
        "training": 96,
        "heldout": 24,
        "left out": 0,
        "superseded": 0,
    }
    assert record["training"]["quotes"] == len(statements(range(10))) + 96
    assert (
        record["training"]["fingerprint"] == store.load_version(1).card["training"]["fingerprint"]
    )
    assert all(condition["met"] for condition in record["gate"])
    kept = store.annotations_of(1)
    assert kept is not None
    assert sorted(zip(kept["text"].to_pylist(), kept["stance"].to_pylist(), strict=True)) == sorted(
        drawn(0)
    )


def test_dry_run_publishes_nothing(run: Run) -> None:
    done = run("retrain", write("round.csv", drawn(0)), "--dry-run")
    assert done.exit_code == 0
    assert done.err.splitlines()[-1] == "nothing published: --dry-run"
    assert "publishing" not in done.err
    assert [version.number for version in store.versions()] == [0]


def test_a_refused_round_changes_nothing(run: Run) -> None:
    before = run(*QUOTE)
    done = run("retrain", write("round.csv", flipped(drawn(0))))
    assert done.exit_code == 3
    assert "FAILED" in done.out
    assert done.err.splitlines()[-1].startswith(
        "refused, the current model stays: labels of the round agree with predictions (kappa)"
    )
    assert [version.number for version in store.versions()] == [0]
    assert run(*QUOTE) == before
    assert run("retrain", "round.csv", "--dry-run").exit_code == 3


def test_force_publishes_with_the_refusal_on_record(run: Run) -> None:
    done = run("retrain", write("round.csv", flipped(drawn(0))), "--force", "--quiet")
    assert done.exit_code == 0
    assert done.err == (
        "version 1 is current, against the gate, which refused it: --force; "
        "stance models rollback brings the one before it back\n"
    )
    refused = json.loads(run("models", "show", "1").out)["refused"]
    assert "labels of the round agree with predictions (kappa)" in refused
    assert "forced" in run("models", "list").out


def test_all_bad_annotations_are_told_at_once(run: Run) -> None:
    Path("bad.csv").write_text("text,stance\nThey lied.,hostile\n,neutral\nIt rains.,neutral\n")
    write("good.csv", drawn(0))
    done = run("retrain", "bad.csv", "good.csv")
    assert (done.exit_code, done.out) == (1, "")
    assert done.err.splitlines() == [
        "reading annotations ...",
        'bad.csv:2: unknown stance "hostile"; use accusatory, conciliatory, neutral',
        'bad.csv:3: column "text" is empty',
        "mend them, or leave them out with --skip-bad",
    ]
    assert not store.home().exists()
    done = run("retrain", "bad.csv", "good.csv", "--skip-bad")
    assert done.exit_code == 0
    assert done.err.count("left out: bad.csv:") == 2
    done = run("retrain", "bad.csv", "good.csv", "--skip-bad", "--map", "hostile=accusatory")
    assert done.err.count("left out: bad.csv:") == 1


def test_too_few_quotes(run: Run) -> None:
    done = run("retrain", write("round.csv", drawn(0, 20)), "--quiet")
    assert done == Done(1, "", "only 20 quotes can be used; retraining needs at least 30\n")


def test_quotes_of_the_held_out_set_are_left_out(run: Run) -> None:
    pairs = [*drawn(0, 60), *statements(range(10, 14))[:15]]
    assert {text_hash(text) for text, _ in pairs[60:]} <= set(load_heldout().hashes)
    done = run("retrain", write("round.csv", pairs), "--dry-run")
    assert (
        "75 quotes in this round, 15 left out: in the held-out set; "
        "of all rounds 48 to learn from, 12 to compare on"
    ) in done.err


def test_ties_are_left_out(run: Run) -> None:
    pairs = drawn(0, 60)
    again = [(text, STANCES[STANCES.index(label) - 1]) for text, label in pairs[:4]]
    done = run("retrain", write("ana.csv", pairs), write("ben.csv", again), "--dry-run")
    assert "56 quotes in this round, 4 left out: their annotators disagree" in done.err


def test_importing_twice_changes_nothing(run: Run) -> None:
    write("round.csv", drawn(0))
    run("retrain", "round.csv", "round.csv", "--quiet")
    kept = model_bytes(1)
    done = run("retrain", "round.csv", "--quiet")
    assert done == Done(
        0,
        "",
        "nothing new: every quote came before with the same stance; the current model stays\n",
    )
    assert [version.number for version in store.versions()] == [0, 1]
    assert model_bytes(1) == kept


def test_the_same_annotations_give_the_same_bytes(run: Run) -> None:
    pairs = drawn(0, 60)
    write("a.csv", pairs[:35])
    write("b.csv", pairs[35:])
    write("all.csv", pairs[::-1])
    Path("tasks.json").write_text(
        json.dumps(
            [
                {
                    "data": {"text": text},
                    "annotations": [
                        {
                            "completed_by": 1,
                            "result": [{"type": "choices", "value": {"choices": [label.title()]}}],
                        }
                    ],
                }
                for text, label in pairs
            ]
        )
    )
    Path("doccano.jsonl").write_text(
        "".join(json.dumps({"text": text, "label": [label]}) + "\n" for text, label in pairs)
    )
    found = []
    for names in (["a.csv", "b.csv"], ["b.csv", "a.csv", "all.csv"], ["tasks.json"]):
        assert run("retrain", *names, "--quiet").exit_code == 0
        found.append(model_bytes(store.current_number()))
        store.use(0)
    assert run("retrain", "doccano.jsonl", "--format", "doccano", "--quiet").exit_code == 0
    found.append(model_bytes(store.current_number()))
    assert len(set(found)) == 1


def test_a_later_round_corrects_an_earlier_one(run: Run) -> None:
    pairs = drawn(1, 200)
    run("retrain", write("first.csv", pairs[:100]), "--quiet")
    again = [(pairs[0][0], "neutral" if pairs[0][1] != "neutral" else "accusatory")]
    done = run("retrain", write("second.csv", [*again, *pairs[100:]]))
    assert done.exit_code == 0
    assert "101 quotes in this round; of all rounds" in done.err
    record = json.loads(run("models", "show", "2").out)
    assert record["parent"] == 1
    assert record["annotations"]["superseded"] == 1
    assert record["annotations"]["training"] + record["annotations"]["heldout"] == 200


def test_a_codebook_of_ones_own(run: Run) -> None:
    # Their "neutral" is our accusatory, and so on.
    turned = {label: STANCES[i - 1] for i, label in enumerate(STANCES)}
    pairs = [(text, turned[label]) for text, label in drawn(0, 200)]
    write("round.csv", pairs[:150])
    assert run("retrain", "round.csv").exit_code == 3
    done = run("retrain", "round.csv", "--own-codebook")
    assert done.exit_code == 0
    assert "held-out set" not in done.out
    texts, labels = zip(*pairs[150:], strict=True)

    def right(number: int) -> float:
        told = store.load_version(number).predict_proba(texts).argmax(axis=1)
        return float(np.mean([STANCES[code] for code in told] == np.array(labels)))

    assert right(1) > right(0) + 0.3
    # The rounds that follow are of the same codebook.
    assert run("retrain", write("more.csv", pairs[150:])).exit_code == 0
    assert json.loads(run("models", "show", "2").out)["own_codebook"] is True


def test_a_codebook_of_ones_own_needs_all_stances(run: Run) -> None:
    pairs = [(text, label) for text, label in drawn(0, 200) if label != "neutral"]
    done = run("retrain", write("round.csv", pairs), "--own-codebook", "--quiet")
    assert done == Done(
        1, "", "a codebook of your own needs at least 5 quotes of each stance to learn from\n"
    )


@pytest.mark.parametrize("kind", ["shuffled", "one label", "flipped", "drawn", "turned"])
@pytest.mark.parametrize("seed", range(2))
def test_poisoned_rounds_are_refused(kind: str, seed: int) -> None:
    pairs = drawn(seed)
    generator = random.Random(seed)
    labels = [label for _, label in pairs]
    spoilt = {
        "shuffled": generator.sample(labels, len(labels)),
        "one label": [STANCES[seed]] * len(labels),
        "flipped": [label for _, label in flipped(pairs)],
        "drawn": generator.choices(STANCES, k=len(labels)),
        "turned": [STANCES[STANCES.index(label) - 1] for label in labels],
    }[kind]
    new = as_quotes([(text, label) for (text, _), label in zip(pairs, spoilt, strict=True)])
    assert proposed(new)


@pytest.mark.parametrize("seed", range(3))
def test_honest_rounds_are_not_refused(seed: int) -> None:
    assert not proposed(as_quotes(drawn(seed)))


def proposed(new: Sequence[Quote]) -> str:
    from stance.corpus import load_shipped_corpus

    model = load_model()
    return propose(
        new, [], model, shipped=model, base=load_shipped_corpus(), heldout=load_heldout()
    ).refusal


def test_the_order_of_quotes_does_not_matter(tmp_path: Path) -> None:
    from stance.corpus import load_shipped_corpus

    model = load_model()
    made = []
    for quotes in (as_quotes(drawn(0, 60)), as_quotes(drawn(0, 60))[::-1]):
        got = propose(
            quotes, [], model, shipped=model, base=load_shipped_corpus(), heldout=load_heldout()
        )
        assert got.model is not None
        got.model.save(tmp_path / "m.parquet")
        made.append(((tmp_path / "m.parquet").read_bytes(), got.quotes, got.conditions))
    assert made[0] == made[1]


# ------------------------------------------------------------------------ killed, at once

# The command line with the small shipped model in place of the package's own. With a second
# argument, a byte is written and one is read before each stage, so that the test decides at
# which of them the process is killed.
PROGRAM = """
import os, sys, pathlib, pytest
sys.path.insert(0, sys.argv[1])
import small
small.use_small_shipped(pathlib.Path(sys.argv[2]), pytest.MonkeyPatch())
from stance.retraining import retrain
def step(stage):
    if sys.argv[4] == "step":
        os.write(1, b"."); os.read(0, 1)
done = retrain([sys.argv[3]], on_stage=step)
sys.exit(done.exit_code)
"""


def started(small_shipped: Path, name: str, how: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(HERE), str(small_shipped), name, how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_killed_at_each_stage(run: Run, small_shipped: Path) -> None:
    run("retrain", write("first.csv", drawn(0, 60)), "--quiet")
    write("second.csv", drawn(1, 60))
    current = run(*QUOTE)
    # Nothing but the last stage writes; tests/test_store.py takes that apart.
    for stage in (1, 3, 5, 7):
        with started(small_shipped, "second.csv", "step") as process:
            assert process.stdin is not None
            assert process.stdout is not None
            for _ in range(stage):
                assert process.stdout.read(1) == b"."
                process.stdin.write(b".")
                process.stdin.flush()
            assert process.stdout.read(1) == b"."
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        assert run(*QUOTE) == current
    assert run("retrain", "second.csv", "--quiet").exit_code == 0
    assert [version.number for version in store.versions()] == [0, 1, 2]


def test_two_at_once_while_somebody_predicts(run: Run, small_shipped: Path) -> None:
    pairs = drawn(1, 200)
    write("a.csv", pairs[:100])
    write("b.csv", pairs[100:])
    both = [started(small_shipped, name, "run") for name in ("a.csv", "b.csv")]
    seen = []
    while any(process.poll() is None for process in both):
        done = run(*QUOTE)
        assert (done.exit_code, done.err) == (0, "")
        seen.append(done.out)
    for process in both:
        process.communicate()
    assert [process.returncode for process in both] == [0, 0]
    assert [(v.number, v.parent) for v in store.versions()] == [(0, None), (1, 0), (2, 1)]
    made = [run(*QUOTE, "--model", str(number)).out for number in range(3)]
    assert set(seen) <= set(made)
    kept = store.annotations_of(2)
    assert kept is not None
    assert sorted(kept["text"].to_pylist()) == sorted(text for text, _ in pairs)


# -------------------------------------------------------------------------------- models


def test_listing_and_choosing(run: Run) -> None:
    pairs = drawn(1, 200)
    run("retrain", write("first.csv", pairs[:100]), "--quiet")
    run("retrain", write("second.csv", pairs[100:]), "--quiet")
    starred = [line.split()[:3] for line in run("models", "list").out.splitlines() if "*" in line]
    assert starred == [["*", "2", "1"]]
    assert run("models", "use", "1") == Done(0, "", "version 1 is current\n")
    assert run("models", "use", "1", "--quiet") == Done(0, "", "")
    assert store.current_number() == 1
    lines = [json.loads(line) for line in run("models", "list", "--json").out.splitlines()]
    assert [(line["version"], line["parent"], line["current"]) for line in lines] == [
        (0, None, False),
        (1, 0, True),
        (2, 1, False),
    ]
    assert run("models", "use", "3") == Done(
        2, "", "there is no version 3; `stance models list` shows those there are\n"
    )
    run("models", "rollback", "--quiet")
    assert run("models", "rollback") == Done(
        2, "", "the shipped model is current; there is none before it\n"
    )


def test_the_difference_of_two_versions(run: Run) -> None:
    pairs = drawn(0, 200)
    run("retrain", write("first.csv", pairs[:150]), "--quiet")
    write("quotes.csv", pairs)
    done = run("models", "diff", "0", "1", "quotes.csv")
    assert done.exit_code == 0
    texts = [text for text, _ in pairs]
    labels = [store.load_version(n).predict_proba(texts).argmax(axis=1) for n in (0, 1)]
    changed = int((labels[0] != labels[1]).sum())
    assert changed
    assert done.err == f"{changed} of 200 quotes change their stance\n"
    assert run("models", "diff", "1", "1").err == ""
    same = run("models", "diff", "1", "1", "quotes.csv")
    assert same.err == "0 of 200 quotes change their stance\n"


def test_a_store_copied_elsewhere_is_whole(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("retrain", write("round.csv", drawn(0)), "--quiet")
    told = run(*QUOTE)
    shutil.move(folder / "home", folder / "elsewhere")
    assert run(*QUOTE) != told
    monkeypatch.setenv("STANCE_HOME", str(folder / "elsewhere"))
    assert run(*QUOTE) == told
