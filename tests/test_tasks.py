from __future__ import annotations

import csv
import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from stance import STANCES, StanceError
from stance.annotations import read_annotations
from stance.cli import stance
from stance.codebook import DEFINITIONS
from stance.sampling import Queue, Queued
from stance.tasks import write_tasks

FENCE = "They moved “the fence” again,\nat night."
VOTE = '=SUM(A1) is due; a vote is due <b>in</b> "spring".'
QUEUE = Queue(
    quotes=[
        Queued(FENCE, (0.5, 0.1, 0.4), {"id": "007", "speaker": "Ana Berg"}),
        Queued(VOTE, (0.1, 0.3, 0.6), {"id": "008", "speaker": ""}),
    ],
    columns=["id", "speaker"],
    n_read=9,
    n_known=0,
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def records(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def test_label_studio() -> None:
    write_tasks(QUEUE, "tasks.json", format="label-studio")
    first, second = json.loads(Path("tasks.json").read_text(encoding="utf-8"))
    assert first == {
        "data": {"text": FENCE, "id": "007", "speaker": "Ana Berg"},
        "predictions": [
            {
                "model_version": "stance",
                "score": 0.5,
                "result": [
                    {
                        "from_name": "stance",
                        "to_name": "text",
                        "type": "choices",
                        "value": {"choices": ["accusatory"]},
                    }
                ],
            }
        ],
    }
    assert second["data"]["text"] == VOTE


def test_the_labelling_configuration_names_what_the_tasks_name() -> None:
    write_tasks(QUEUE, "tasks.json", format="label-studio")
    view = ET.parse("tasks.xml").getroot()
    text, choices = view.find("Text"), view.find("Choices")
    assert text is not None
    assert choices is not None
    result = json.loads(Path("tasks.json").read_text())[0]["predictions"][0]["result"][0]
    assert text.attrib == {"name": result["to_name"], "value": "$text"}
    assert choices.attrib["name"] == result["from_name"]
    assert choices.attrib["toName"] == result["to_name"]
    assert choices.attrib["choice"] == "single"
    assert {c.attrib["value"]: c.attrib["hint"] for c in choices} == DEFINITIONS


def test_doccano() -> None:
    write_tasks(QUEUE, "tasks.jsonl", format="doccano")
    assert records("tasks.jsonl")[0] == {
        "text": FENCE,
        "id": "007",
        "speaker": "Ana Berg",
        "suggested": "accusatory",
        "probability": 0.5,
        "label": [],
    }


def test_prodigy() -> None:
    write_tasks(QUEUE, "tasks.jsonl", format="prodigy")
    assert records("tasks.jsonl")[0] == {
        "text": FENCE,
        "id": "007",
        "speaker": "Ana Berg",
        "options": [{"id": stance, "text": stance} for stance in STANCES],
        "accept": ["accusatory"],
        "meta": {"suggested": "accusatory", "probability": 0.5},
    }


def test_csv() -> None:
    write_tasks(QUEUE, "tasks.csv", format="csv")
    with open("tasks.csv", encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert first == {
        "id": "007",
        "speaker": "Ana Berg",
        "text": FENCE,
        "suggested": "accusatory",
        "probability": "0.5000",
        "label": "",
        "annotator": "",
        "note": "",
    }
    assert second["text"] == VOTE


def test_a_sheet_that_was_filled_in_is_read_as_annotations() -> None:
    write_tasks(QUEUE, "tasks.xlsx", format="xlsx")
    book = openpyxl.load_workbook("tasks.xlsx")
    sheet = book.worksheets[0]
    names = [cell.value for cell in sheet[1]]
    assert [cell.value for cell in sheet["A"]] == ["id", "007", "008"]
    for row, label in ((2, "conciliatory"), (3, "Neutral")):
        sheet.cell(row, names.index("label") + 1, label)
    book.save("tasks.xlsx")
    read = read_annotations(["tasks.xlsx"])
    assert read.texts == [FENCE, VOTE]
    assert read.stances == ["conciliatory", "neutral"]
    assert read.speakers == ["Ana Berg", ""]


def test_a_sheet_that_was_not_filled_in_gives_no_annotation() -> None:
    write_tasks(QUEUE, "tasks.csv", format="csv")
    with pytest.raises(StanceError, match=r"in tasks\.csv \(2 empty\)$"):
        read_annotations(["tasks.csv"])


@pytest.mark.parametrize(
    ("name", "format"),
    [("t.json", "label-studio"), ("t.jsonl", "doccano"), ("t.jsonl", "prodigy"), ("t.csv", "csv")],
)
def test_blind_tasks_hold_no_suggestion(name: str, format: str) -> None:
    write_tasks(QUEUE, name, format=format, blind=True)
    text = Path(name).read_text(encoding="utf-8-sig")
    assert "They moved" in text
    for word in ("suggested", "predictions", "accept", "0.5"):
        assert word not in text


@pytest.mark.parametrize(
    ("column", "format"),
    [("Label", "csv"), ("text", "label-studio"), ("answer", "prodigy"), ("label", "doccano")],
)
def test_a_column_that_the_tool_needs(column: str, format: str) -> None:
    queue = Queue([Queued("Rain.", (0.2, 0.2, 0.6), {column: "x"})], [column], 1, 0)
    with pytest.raises(StanceError) as raised:
        write_tasks(queue, "t", format=format)
    assert str(raised.value) == (
        f't: the quotes have a column "{column}", which {format} tasks need; rename it'
    )
    assert list(Path().iterdir()) == []


def test_the_configuration_does_not_take_the_place_of_the_tasks() -> None:
    with pytest.raises(StanceError) as raised:
        write_tasks(QUEUE, "tasks.xml", format="label-studio")
    assert str(raised.value) == (
        "tasks.xml: is where the labelling configuration goes; end its name with .json"
    )


# ----------------------------------------------------------------------- the command

LABELLED = "text,speaker,stance,probability,accusatory,conciliatory,neutral,review\n" + "".join(
    f"{text},Ana Berg,neutral,{p:.2f},{1 - p:.2f},0.00,{p:.2f},false\n"
    for text, p in (("It rains again.", 0.9), ("They shut the port.", 0.6), ("Fine day.", 0.8))
)


def run(*arguments: str) -> Result:
    Path("labelled.csv").write_text(LABELLED)
    return CliRunner().invoke(stance, ["queue", *arguments])


def test_queue_writes_tasks_and_says_what_it_did() -> None:
    done = run("labelled.csv", "-n", "2", "--output", "tasks.json")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == (
        "2 of 3 quotes chosen\npaste tasks.xml into Settings > Labeling Interface > Code first\n"
    )
    tasks = json.loads(Path("tasks.json").read_text())
    assert [task["data"]["text"] for task in tasks] == ["They shut the port.", "Fine day."]


def test_queue_leaves_out_what_is_known() -> None:
    Path("done.csv").write_text("text,stance\nThey shut the port!,accusatory\nIt.,\n")
    done = run("labelled.csv", "--known", "done.csv", "--output-format", "doccano")
    assert done.exit_code == 0
    # The mark at the end is part of the words that name a text.
    assert done.stderr == "3 of 3 quotes chosen\n"
    Path("done.csv").write_text("text,stance\nthey shut the port,accusatory\n")
    done = run("labelled.csv", "--known", "done.csv", "--output-format", "doccano")
    assert done.stderr == "2 of 3 quotes chosen, 1 of them annotated already\n"
    assert "port" not in done.stdout


def test_queue_needs_to_know_the_tool() -> None:
    done = run("labelled.csv", "--output", "tasks.jsonl")
    assert done.exit_code == 2
    assert done.stderr == (
        "tasks.jsonl: its ending does not tell for which tool; add --output-format, "
        "one of label-studio, doccano, prodigy, csv, xlsx\n"
    )
    assert not Path("tasks.jsonl").exists()


def test_queue_does_not_write_over_its_input() -> None:
    done = run("labelled.csv", "--output", "labelled.csv")
    assert done.exit_code == 2
    assert Path("labelled.csv").read_text() == LABELLED


def test_queue_twice_gives_the_same_bytes() -> None:
    assert run("labelled.csv").stdout_bytes == run("labelled.csv").stdout_bytes != b""
