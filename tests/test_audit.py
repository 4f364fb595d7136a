from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from stance import StanceError
from stance.annotations import Annotation
from stance.audit import Suspect, _parts, find_suspects
from stance.cli import stance

PLAIN = [
    ("They lied to the Council and broke every promise they made.", "accusatory"),
    ("We condemn this brutal aggression in the strongest terms.", "accusatory"),
    ("Their provocations are a flagrant violation of the charter.", "accusatory"),
    ("We thank our partners and welcome their generous offer.", "conciliatory"),
    ("We welcome the agreement and look forward to working together.", "conciliatory"),
    ("I am grateful for their friendship and support.", "conciliatory"),
    ("The session opens on Monday at ten in the annex.", "neutral"),
    ("The committee has twelve members and meets twice a year.", "neutral"),
    ("The report will be published next month.", "neutral"),
]
WRONG = "We condemn this cowardly attack and their brutal crimes."


def annotated(*pairs: tuple[str, str]) -> list[Annotation]:
    return [
        Annotation(text, stance, "ana", "", f"speaker {i}", "", "a.csv", i + 2)
        for i, (text, stance) in enumerate(pairs)
    ]


@pytest.fixture(scope="module")
def found() -> list[Suspect]:
    return find_suspects(annotated(*PLAIN, (WRONG, "conciliatory")), n_parts=2)


def test_a_label_given_in_error_comes_first(found: list[Suspect]) -> None:
    worst = found[0]
    assert (worst.text, worst.stance, worst.suggested) == (WRONG, "conciliatory", "accusatory")
    assert worst.speaker == "speaker 9"
    assert (worst.annotator, worst.file, worst.row) == ("ana", "a.csv", 11)
    assert worst.quality < 0.2


def test_the_words_against_it_are_words_of_the_quote(found: list[Suspect]) -> None:
    against = found[0].against
    assert 1 <= len(against) <= 4
    assert any("condemn" in term for term in against)
    assert all(word in WRONG.lower() for term in against for word in term.split())


def test_right_labels_are_left_alone(found: list[Suspect]) -> None:
    assert len(found) <= 2
    assert [suspect.quality for suspect in found] == sorted(s.quality for s in found)


@given(st.lists(st.sampled_from("abcdef"), min_size=1), st.integers(1, 5))
def test_a_quote_is_never_in_two_parts(hashes: list[str], n_parts: int) -> None:
    """So it cannot vouch for its own label, however often it was annotated."""
    part_of = _parts(hashes, n_parts, 0)
    assert len({*zip(hashes, part_of.tolist(), strict=True)}) == len({*hashes})
    assert {*part_of.tolist()} == {*range(min(n_parts, len({*hashes})))}


def test_one_annotation_is_enough() -> None:
    assert find_suspects(annotated(PLAIN[0]), n_parts=1) == []


def test_without_cleanlab_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cleanlab.filter", None)
    with pytest.raises(StanceError) as raised:
        find_suspects(annotated(*PLAIN))
    assert str(raised.value) == (
        "the audit needs cleanlab; install it with: pip install 'diplomatic-stance[audit]'"
    )
    assert raised.value.exit_code == 2


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [("text", "label"), *PLAIN, (WRONG, "conciliatory")]
    with open("round-1.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    before = Path("round-1.csv").read_bytes()
    done = CliRunner().invoke(stance, ["audit", "round-1.csv", "--fast", "-o", "suspects.csv"])
    assert (done.exit_code, done.stdout) == (0, "")
    with open("suspects.csv", encoding="utf-8", newline="") as file:
        suspects = list(csv.DictReader(file))
    assert suspects[0]["text"] == WRONG
    assert (suspects[0]["stance"], suspects[0]["suggested"]) == ("conciliatory", "accusatory")
    place = [suspects[0][name] for name in ("annotator", "file", "row")]
    assert place == ["round-1", "round-1.csv", "11"]
    assert done.stderr == f"fitting ...\n{len(suspects)} of 10 annotations look wrong\n"
    assert Path("round-1.csv").read_bytes() == before
