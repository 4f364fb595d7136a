from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from stance import StanceError
from stance.annotations import Annotations, read_annotations


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(name: str, content: str) -> str:
    Path(name).write_text(content, encoding="utf-8")
    return name


def refusal(*paths: str, **settings: Any) -> tuple[str, int]:
    with pytest.raises(StanceError) as raised:
        read_annotations(paths, **settings)
    return str(raised.value), raised.value.exit_code


def test_annotations_of_several_formats() -> None:
    written("a.csv", "Speaker,text,stance,ROUND\nValls,They lied,accusatory,1\n")
    written("b.jsonl", '{"quote": "We welcome it", "label": " Conciliatory", "round": 2}\n')
    book = openpyxl.Workbook()
    book.active.append(["text", "Label", "speaker"])
    book.active.append(["It rains", "NEUTRAL", None])
    book.save("c.xlsx")
    assert read_annotations(["a.csv", "b.jsonl", "c.xlsx"]) == Annotations(
        texts=["They lied", "We welcome it", "It rains"],
        stances=["accusatory", "conciliatory", "neutral"],
        speakers=["Valls", "", ""],
        rounds=["1", "2", ""],
        skipped=[],
    )


def test_the_number_of_annotations() -> None:
    path = written("a.csv", "text,stance\na,neutral\nb,neutral\nA.,neutral\n")
    assert len(read_annotations([path])) == 2


@pytest.mark.parametrize(
    ("header", "settings", "stance"),
    [
        ("text,stance,label", {}, "accusatory"),
        ("text,label,stance", {}, "neutral"),
        ("text,label,stance", {"stance_column": "label"}, "accusatory"),
        ("text,mine,other", {"stance_column": "other"}, "neutral"),
        ("text, Stance ,other", {}, "accusatory"),
    ],
)
def test_the_column_of_stances(header: str, settings: dict[str, Any], stance: str) -> None:
    path = written("a.csv", f"{header}\na,accusatory,neutral\n")
    assert read_annotations([path], **settings).stances == [stance]


def test_the_column_of_quotes_and_the_format_can_be_said() -> None:
    path = written("a.dat", "text,said,stance\na,b,neutral\n")
    assert read_annotations([path], format="csv", text_column="said").texts == ["b"]


@pytest.mark.parametrize(
    ("header", "settings", "message"),
    [
        (
            "text,mood",
            {},
            "no column stance or label, and no column with nothing but stances; "
            'there are: "text", "mood"; '
            "name the one with the stances with --stance-column",
        ),
        (
            "text,stance",
            {"stance_column": "Stance"},
            'no column "Stance"; there are: "text", "stance"; '
            "name the one with the stances with --stance-column",
        ),
    ],
)
def test_no_column_of_stances(header: str, settings: dict[str, Any], message: str) -> None:
    path = written("a.csv", f"{header}\na,calm\n")
    assert refusal(path, **settings) == (f"a.csv: {message}", 2)


def test_two_columns_of_stances() -> None:
    path = written("a.csv", "text,stance,stance\na,neutral,accusatory\n")
    assert refusal(path) == ('a.csv: two columns are called "stance"; rename one', 1)


def test_two_columns_of_speakers() -> None:
    path = written("a.csv", "text,stance,speaker,speaker\na,neutral,Valls,Putin\n")
    assert read_annotations([path]).speakers == ["Valls"]


BAD = "text,stance\na,neutral\nb,angry\n,neutral\nc, \nd\ne,Accusatory\n"


def test_all_problems_are_told_at_once() -> None:
    written("a.csv", BAD)
    written("b.jsonl", '{"text": "x", "stance": 3}\n{"text": "y"}\n{"text": 5}\n')
    message, exit_code = refusal("a.csv", "b.jsonl")
    assert exit_code == 1
    assert message.splitlines()[-1] == "mend them, or leave them out with --skip-bad"
    assert sorted(message.splitlines()[:-1]) == [
        'a.csv:3: unknown stance "angry"; use accusatory, conciliatory, neutral',
        'a.csv:4: column "text" is empty',
        "a.csv:6: has 1 fields where the header has 2",
        'b.jsonl:1: unknown stance "3"; use accusatory, conciliatory, neutral',
        'b.jsonl:3: column "text" holds no text',
    ]


def test_problems_are_told_in_the_order_of_rows() -> None:
    message, _ = refusal(written("a.csv", BAD))
    assert [line.split(":")[1] for line in message.splitlines()[:-1]] == ["3", "4", "6"]


def test_bad_rows_can_be_left_out() -> None:
    annotated = read_annotations([written("a.csv", BAD)], skip_bad=True)
    assert annotated.texts == ["a", "e"]
    assert annotated.stances == ["neutral", "accusatory"]
    assert len(annotated.skipped) == 4
    assert annotated.skipped[-1] == "1 empty"


@pytest.mark.parametrize(("n", "told"), [(20, 21), (21, 22), (500, 22)])
def test_many_problems_are_told_in_part(n: int, told: int) -> None:
    message, _ = refusal(written("a.csv", "text,stance\n" + "a,bad\n" * n))
    lines = message.splitlines()
    assert len(lines) == told
    assert lines[0].startswith("a.csv:2: ")
    if n > 20:
        assert lines[-2] == f"... and {n - 20} more"


@pytest.mark.parametrize(
    ("content", "settings"), [("text,stance\n", {}), ("text,stance\na,bad\n", {"skip_bad": True})]
)
def test_no_annotation_at_all(content: str, settings: dict[str, Any]) -> None:
    path = written("a.csv", content)
    assert refusal(path, **settings) == ("no annotation that counts in a.csv", 1)
