from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance import StanceError
from stance.annotations import agreement, consensus, import_annotations
from stance.annotations.agreement import cohen_kappa, krippendorff_alpha


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(name: str, content: Any) -> str:
    text = content if isinstance(content, str) else json.dumps(content)
    Path(name).write_text(text, encoding="utf-8")
    return name


def choice(label: str) -> dict[str, Any]:
    return {"type": "choices", "from_name": "stance", "value": {"choices": [label]}}


TASK = {
    "id": 1,
    "data": {"text": "They lied", "speaker": "Berg"},
    "annotations": [
        {"completed_by": 10, "was_cancelled": False, "result": [choice("Accusatory")]},
        {"completed_by": {"id": 3, "email": "a@b.c"}, "result": [choice("neutral")]},
        {"completed_by": 11, "was_cancelled": True, "result": [choice("neutral")]},
        {"completed_by": 12, "result": []},
    ],
}
ANSWER = {"text": "They lied", "accept": ["accusatory"], "answer": "accept", "_annotator_id": "ana"}
NESTED = {
    "fields": {"text": "They lied"},
    "metadata": {"speaker": "Berg"},
    "responses": {"label": [{"value": "accusatory", "user_id": "u1"}]},
    "suggestions": {"label": {"value": "neutral", "score": 0.7}},
}
FLAT = {
    "text": "They lied",
    "label.responses": ["accusatory", "neutral"],
    "label.responses.users": ["u1", "u2"],
    "label.responses.status": ["submitted", "draft"],
}


@pytest.mark.parametrize(
    ("name", "content", "made", "left_out"),
    [
        (
            "a.json",
            [TASK],
            [("accusatory", "10"), ("neutral", "a@b.c")],
            {"cancelled": 1, "empty": 1},
        ),
        (
            "a.json",
            [{"text": "They lied", "id": 1, "stance": "accusatory", "annotator": 10}],
            [("accusatory", "10")],
            {},
        ),
        (
            "a.csv",
            'annotation_id,annotator,stance,text\n1,10,"{""choices"":[""neutral""]}",They lied\n',
            [("neutral", "10")],
            {},
        ),
        (
            "a.jsonl",
            {"id": 12, "text": "They lied", "label": ["neutral"], "Comments": []},
            [("neutral", "a")],
            {},
        ),
        ("a.csv", "id,text,label,Comments\n1,They lied,neutral,\n", [("neutral", "a")], {}),
        ("a.jsonl", ANSWER, [("accusatory", "ana")], {}),
        (
            "a.jsonl",
            {"text": "They lied", "label": "NEUTRAL", "answer": "accept"},
            [("neutral", "a")],
            {},
        ),
        ("a.json", [NESTED], [("accusatory", "u1")], {}),
        ("a.json", [FLAT], [("accusatory", "u1")], {"draft": 1}),
        (
            "a.csv",
            "text,ana,ben\nThey lied,neutral,Accusatory\n",
            [("accusatory", "ben"), ("neutral", "ana")],
            {},
        ),
        (
            "a.csv",
            "text,stance,probability,review\nThey lied,neutral,0.9,false\n",
            [("neutral", "a")],
            {},
        ),
    ],
)
def test_formats(
    name: str, content: Any, made: list[tuple[str, str]], left_out: dict[str, int]
) -> None:
    held = import_annotations([written(name, content)])
    assert [(a.stance, a.annotator) for a in held.annotations] == made
    assert {a.text for a in held.annotations} == {"They lied"}
    assert (held.left_out, held.problems) == (left_out, [])


def test_a_zip_with_a_file_per_annotator() -> None:
    line = json.dumps({"id": 1, "text": "They lied", "label": ["neutral"]})
    with zipfile.ZipFile("a.zip", "w") as packed:
        packed.writestr("ana.jsonl", line)
        packed.writestr("../ben.jsonl", line)
    assert [a.annotator for a in import_annotations(["a.zip"]).annotations] == ["ana", "ben"]
    assert [p.name for p in Path().iterdir()] == ["a.zip"]
    assert not Path("../ben.jsonl").exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.json", "a.json:1: is no JSON"),
        ("a.jsonl", "a.jsonl:1: is no JSON"),
        ("a.zip", "a.zip: cannot be unpacked; is it a whole zip file?"),
    ],
)
def test_broken_files_give_one_line(name: str, said: str) -> None:
    with pytest.raises(StanceError) as raised:
        import_annotations([written(name, '{"text": ')])
    assert str(raised.value).splitlines()[0] == said


def test_all_problems_at_once() -> None:
    path = written(
        "a.csv",
        "text,label,annotator\na,hm,x\n,neutral,x\nb,neutral,x\nb,accusatory,x\nc,neutral,x\n",
    )
    with pytest.raises(StanceError) as raised:
        import_annotations([path])
    problems = [
        'a.csv:2: unknown stance "hm"; use accusatory, conciliatory, neutral',
        'a.csv:3: column "text" is empty',
        "x contradicts themselves: a.csv:5 says accusatory, a.csv:4 says neutral",
    ]
    advice = "mend them, or leave them out with --skip-bad"
    assert str(raised.value).splitlines() == [*problems, advice]
    assert raised.value.exit_code == 1
    held = import_annotations([path], skip_bad=True)
    assert ([a.text for a in held.annotations], held.problems) == (["c"], problems)


def test_a_judge_may_not_differ_from_themselves_across_files() -> None:
    one = written("a.csv", "text,label,annotator\nWe hope,neutral,x\n")
    other = written("b.csv", "text,label,annotator\nwe HOPE.,conciliatory,x\n")
    with pytest.raises(StanceError, match="x contradicts themselves"):
        import_annotations([one, other])


def test_a_column_for_each_annotator_takes_other_names_too() -> None:
    path = written("a.csv", "text,speaker,ana,ben\nThey lied,Berg,hostile,\nWe hope,Dorn,,calm\n")
    names = {"hostile": "accusatory", "calm": "neutral"}
    held = import_annotations([path], mapping=names)
    assert [(a.text, a.stance, a.annotator, a.speaker) for a in held.annotations] == [
        ("They lied", "accusatory", "ana", "Berg"),
        ("We hope", "neutral", "ben", "Dorn"),
    ]
    with pytest.raises(StanceError, match="no column with nothing but stances") as raised:
        import_annotations([path])
    assert raised.value.exit_code == 2


def test_what_is_rejected_is_counted() -> None:
    rejected = {"text": "They lied", "label": "NEUTRAL", "answer": "reject"}
    with pytest.raises(StanceError, match=r"no annotation that counts in a\.jsonl \(1 rejected\)$"):
        import_annotations([written("a.jsonl", rejected)])


def test_other_names_of_stances() -> None:
    path = written("a.csv", "text,label\na,Hostile\n")
    held = import_annotations([path], mapping={"hostile": "accusatory"})
    assert [a.stance for a in held.annotations] == ["accusatory"]


def test_order_and_repetition_change_nothing() -> None:
    files = [written("a.json", [TASK]), written("b.jsonl", ANSWER), written("c.json", [NESTED])]
    held = [import_annotations(order) for order in permutations(files)]
    assert all(other == held[0] for other in held)
    assert import_annotations(files * 2) == held[0]


def test_consensus_and_ties() -> None:
    path = written("a.csv", "text,x,y,z\na,neutral,neutral,accusatory\nb,neutral,accusatory,\n")
    made = import_annotations([path]).annotations
    merged = consensus(made)
    assert [(a.text, a.stance, a.annotator) for a in merged.agreed] == [
        ("a", "neutral", "consensus")
    ]
    assert [a.text for a in merged.ties[0]] == ["b", "b"]
    assert agreement(made).confusions == {
        ("accusatory", "conciliatory"): 0,
        ("accusatory", "neutral"): 3,
        ("conciliatory", "neutral"): 0,
    }


def judged(rows: Sequence[str]) -> npt.NDArray[np.int64]:
    """A row for each quote, a character for each annotator; a full stop where none."""
    return np.array([["abcde".find(c) for c in row] for row in rows]).reshape(len(rows), -1)


def test_alpha_of_a_published_example() -> None:
    # Krippendorff (2011), section C: four observers, twelve units, missing values.
    units = ["aa.a", "bbcb", "cccc", "cccc", "bbbb", "abcd", "dddd", "aaba", "bbbb", ".eee"]
    alpha = krippendorff_alpha(judged([*units, "..aa", ".c.."]))
    assert alpha == pytest.approx(0.743, abs=0.0005)


def test_kappa_by_hand() -> None:
    pairs = ["aa"] * 20 + ["ab"] * 5 + ["ba"] * 10 + ["bb"] * 15
    assert cohen_kappa(judged(pairs)) == pytest.approx(0.4)


@given(st.lists(st.text("abc.", min_size=4, max_size=4), min_size=1, max_size=8))
def test_alpha_is_the_naive_one(rows: list[str]) -> None:
    units = [[c for c in row if c != "."] for row in rows]
    paired = [unit for unit in units if len(unit) > 1]
    values = [value for unit in paired for value in unit]
    n = len(values)
    expected = sum(a != b for a, b in permutations(values, 2))
    if not expected:
        assert math.isnan(krippendorff_alpha(judged(rows)))
        return
    observed = sum(sum(a != b for a, b in permutations(u, 2)) / (len(u) - 1) for u in paired)
    naive = 1 - (observed / n) / (expected / (n * (n - 1)))
    assert krippendorff_alpha(judged(rows)) == pytest.approx(naive)


def test_a_bad_cell_does_not_hide_the_column_of_an_annotator(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(
        "text,Anna,Ben,remark\n"
        "They lied.,accusatory,hostile,neutral\n"
        "We welcome it.,?,conciliatory,see the video\n"
        "The vote is on Monday.,neutral,neutral,dull\n",
        encoding="utf-8",
    )
    with pytest.raises(StanceError) as refused:
        import_annotations([str(path)])
    assert str(refused.value).splitlines() == [
        f'{path}:2: unknown stance "hostile"; use accusatory, conciliatory, neutral',
        f'{path}:3: unknown stance "?"; use accusatory, conciliatory, neutral',
        "mend them, or leave them out with --skip-bad",
    ]
    kept = import_annotations([str(path)], skip_bad=True).annotations
    assert sorted((one.annotator, one.stance) for one in kept) == [
        ("Anna", "accusatory"),
        ("Anna", "neutral"),
        ("Ben", "conciliatory"),
        ("Ben", "neutral"),
    ]
