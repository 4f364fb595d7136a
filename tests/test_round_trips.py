"""What annotators did comes back from each tool's export as they did it."""

from __future__ import annotations

import csv
import json
import string
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from exports import EXPORTS, Made, as_csv, as_xlsx
from hypothesis import given, settings
from hypothesis import strategies as st

from stance import STANCES, StanceError
from stance.annotations import Imported, import_annotations
from stance.cli import stance
from stance.sampling import Queue, Queued
from stance.tasks import write_tasks
from stance.text import text_hash, text_hashes

# Quotes with the marks that separate fields, records and labels; each ends in its own word.
MARKS = st.text(string.ascii_letters + " ,;\t\"'“”’#|=[]{}<>\né中", max_size=30)


@st.composite
def rounds(draw: st.DrawFn, states: tuple[str, ...]) -> list[Made]:
    texts = [f"We say {draw(MARKS)} number{n}." for n in range(draw(st.integers(1, 4)))]
    people = ["ana", "ben", "o-hara@example.org"]
    pairs = [(text, person) for text in texts for person in people]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, min_size=1))
    state = st.sampled_from(("done", *states))
    made = [
        Made(text, draw(st.sampled_from(STANCES)), person, draw(state)) for text, person in chosen
    ]
    # One that counts, so that there is something to import.
    return [made[0]._replace(state="done"), *made[1:]]


def done(made: list[Made]) -> list[tuple[str, str, str]]:
    return sorted((one.text, one.stance, one.annotator) for one in made if one.state == "done")


def read(*paths: str) -> tuple[list[tuple[str, str, str]], dict[str, int]]:
    held = import_annotations(paths)
    assert held.problems == []
    return [(a.text, a.stance, a.annotator) for a in held.annotations], held.left_out


@pytest.mark.parametrize("shape", EXPORTS)
@settings(max_examples=25)
@given(data=st.data())
def test_round_trip(shape: str, data: st.DataObject) -> None:
    write, ending, states = EXPORTS[shape]
    made = data.draw(rounds(states))
    if shape.startswith("doccano"):
        made = [one._replace(annotator=one.annotator.partition("@")[0]) for one in made]
    with TemporaryDirectory() as folder:
        path = str(Path(folder, f"export.{ending}"))
        write(made, path)
        found, left_out = read(path)
        assert found == done(made)
        assert left_out == Counter(one.state for one in made if one.state != "done")
        assert read(path, path) == (found, left_out)


@settings(max_examples=15)
@given(st.data())
def test_the_order_of_files_does_not_matter(data: st.DataObject) -> None:
    shapes = data.draw(st.lists(st.sampled_from(sorted(EXPORTS)), min_size=2, max_size=3))
    with TemporaryDirectory() as folder:
        paths = []
        for n, shape in enumerate(shapes):
            write, ending, states = EXPORTS[shape]
            paths.append(str(Path(folder, f"{n}.{ending}")))
            write(data.draw(rounds(states)), paths[-1])
        assert whole(paths[::-1]) == whole(paths)


def whole(paths: list[str]) -> Imported | str:
    """Give what is left once contradictions are out, or what is said if nothing is."""
    try:
        return import_annotations(paths, skip_bad=True)
    except StanceError as error:
        return str(error).replace(", ".join(paths), "these")


@given(st.lists(MARKS))
def test_names_of_many_texts(texts: list[str]) -> None:
    assert text_hashes(texts) == [text_hash(text) for text in texts]


# --------------------------------------------------------------------- from queue and back

FENCE = "They moved “the fence” again,\nat night."
VOTE = "=SUM(A1) is due; a vote is due."
QUEUE = Queue(
    quotes=[
        Queued(FENCE, (0.5, 0.1, 0.4), {"id": "007", "speaker": "Ana Berg"}),
        Queued(VOTE, (0.1, 0.3, 0.6), {"id": "008", "speaker": ""}),
    ],
    columns=["id", "speaker"],
    n_read=9,
    n_known=0,
)


def annotate(path: str, format: str) -> None:
    """Do what the tool does: the first quote is conciliatory, the second left undone."""
    if format == "label-studio":
        tasks = json.loads(Path(path).read_text(encoding="utf-8"))
        result = {**tasks[0]["predictions"][0]["result"][0], "value": {"choices": ["conciliatory"]}}
        for n, task in enumerate(tasks):
            task["annotations"] = [
                {"id": n, "completed_by": 1, "was_cancelled": n > 0, "result": [result]}
            ]
        Path(path).write_text(json.dumps(tasks), encoding="utf-8")
    elif format in {"doccano", "prodigy"}:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
        records: list[dict[str, Any]] = [json.loads(line) for line in lines]
        if format == "doccano":
            records[0] |= {"label": ["conciliatory"], "Comments": []}
        else:
            records[0] |= {"accept": ["conciliatory"], "answer": "accept"}
            records[1] |= {"answer": "ignore"}
        Path(path).write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    elif format == "csv":
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        rows[0]["label"] = "Conciliatory "
        with open(path, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, [*rows[0]], delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
    else:
        book = openpyxl.load_workbook(path)
        names = [cell.value for cell in book.active[1]]
        book.active.cell(2, names.index("label") + 1, "conciliatory")
        book.save(path)


@pytest.mark.parametrize("blind", [False, True])
@pytest.mark.parametrize(
    ("format", "ending", "undone"),
    [
        ("label-studio", "json", "cancelled"),
        ("doccano", "jsonl", "empty"),
        ("prodigy", "jsonl", "ignored"),
        ("csv", "csv", "empty"),
        ("xlsx", "xlsx", "empty"),
    ],
)
def test_a_queue_comes_back_annotated(
    tmp_path: Path, format: str, ending: str, undone: str, blind: bool
) -> None:
    path = str(tmp_path / f"tasks.{ending}")
    write_tasks(QUEUE, path, format=format, blind=blind and format != "label-studio")
    annotate(path, format)
    held = import_annotations([path])
    assert [(a.text, a.stance, a.speaker) for a in held.annotations] == [
        (FENCE, "conciliatory", "Ana Berg")
    ]
    assert (held.left_out, held.problems) == ({undone: 1}, [])


# ------------------------------------------------------------------- what analysts' files hold

ROW = "They shut the port."


def test_our_own_labels_with_a_corrected_stance(tmp_path: Path) -> None:
    path = str(tmp_path / "labelled.csv")
    run = CliRunner()
    assert run.invoke(stance, ["predict", "--text", ROW, "-o", path]).exit_code == 0
    with open(path, encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    corrected = next(name for name in STANCES if name != row["stance"])
    as_csv(path, [{**row, "stance": corrected}])
    assert read(path)[0] == [(ROW, corrected, "labelled")]


MESSY = {
    "byte order mark": b"\xef\xbb\xbftext,stance\nThey shut the port.,accusatory\n",
    "semicolons": b"text;stance\nThey shut the port.;accusatory\n",
    "sep line": b"sep=;\r\ntext;stance\r\nThey shut the port.;accusatory\r\n",
    "sep line, quoted": b'\xef\xbb\xbf"sep=|"\ntext|stance\nThey shut the port.|accusatory\n',
    "title": b"Round 3\n\ntext,stance\nThey shut the port.,accusatory\n",
    "title with separators": b"Round 3;;\n;;\ntext;stance;\nThey shut the port.;accusatory;\n",
    "spaces and capitals": b"text,stance\nThey shut the port.,  ACCUSATORY \n",
    "number behind": b"text,stance\nThey shut the port.,Accusatory (1)\n",
    "number before": b"text,stance\nThey shut the port.,1. accusatory\n",
}


@pytest.mark.parametrize("mess", MESSY)
def test_messy_tables_are_read_by_every_command(tmp_path: Path, mess: str) -> None:
    path = str(tmp_path / "a.csv")
    Path(path).write_bytes(MESSY[mess])
    assert read(path)[0] == [(ROW, "accusatory", "a")]
    run = CliRunner()
    assert run.invoke(stance, ["agreement", path]).exit_code == 0
    arguments = ["predict", path, "--prefix", "model_", "--output-format", "jsonl", "-o", "-"]
    labelled = run.invoke(stance, arguments)
    assert labelled.exit_code == 0
    assert json.loads(labelled.stdout)["text"] == ROW


def test_a_title_does_not_shift_the_numbers_of_rows(tmp_path: Path) -> None:
    path = str(tmp_path / "a.csv")
    Path(path).write_text("sep=;\nRound 3\n\ntext;stance\nThey shut the port.;odd\n")
    held = CliRunner().invoke(stance, ["agreement", path])
    assert held.stderr.splitlines()[0].startswith(f'{path}:5: unknown stance "odd"')


def test_labels_that_programs_write_for_none(tmp_path: Path) -> None:
    path = str(tmp_path / "a.csv")
    Path(path).write_text("text,stance\na,neutral\nb,nan\nc,NaN\nd,#N/A\ne,\n")
    assert read(path) == ([("a", "neutral", "a")], {"empty": 4})


def test_a_title_above_the_header_of_a_sheet(tmp_path: Path) -> None:
    path = str(tmp_path / "a.xlsx")
    as_xlsx(path, [{"text": ROW, "stance": "odd"}], title="Round 3")
    held = CliRunner().invoke(stance, ["agreement", path])
    assert held.stderr.splitlines()[0].startswith(f'{path}:4: unknown stance "odd"')
