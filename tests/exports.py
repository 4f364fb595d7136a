"""Exports of annotation tools, written as the tools write them."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

Record = dict[str, Any]


class Made(NamedTuple):
    """What a test says somebody annotated; a state other than done does not count."""

    text: str
    stance: str
    annotator: str
    state: str = "done"


def by_text(made: Sequence[Made]) -> Iterator[tuple[str, list[Made]]]:
    for text, same in groupby(sorted(made), key=lambda one: one.text):
        yield text, list(same)


def as_json(path: str, records: Sequence[Record]) -> None:
    Path(path).write_text(json.dumps(records), encoding="utf-8")


def as_lines(records: Sequence[Record]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def as_csv(path: str, records: Sequence[Record], delimiter: str = ",") -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*records[0]], delimiter=delimiter)
        writer.writeheader()
        writer.writerows(records)


# ------------------------------------------------------------------------ Label Studio


def label_studio(made: Sequence[Made], path: str) -> None:
    tasks = []
    for n, (text, same) in enumerate(by_text(made), start=1):
        annotations = []
        for i, one in enumerate(same):
            choice = {
                "id": f"r{i}",
                "from_name": "stance",
                "to_name": "text",
                "type": "choices",
                "origin": "manual",
                "value": {"choices": [one.stance]},
            }
            person: Any = one.annotator if i % 2 == 0 else {"id": 7, "email": one.annotator}
            annotations.append(
                {
                    "id": 1000 + i,
                    "completed_by": person,
                    "was_cancelled": one.state == "cancelled",
                    "ground_truth": False,
                    "created_at": "2021-03-09T21:52:49.513742Z",
                    "lead_time": 4.2,
                    "result": [] if one.state == "empty" else [choice],
                }
            )
        suggested = {"type": "choices", "value": {"choices": ["neutral"]}}
        predictions = [{"model_version": "stance-7", "score": 0.91, "result": [suggested]}]
        task = {"id": n, "data": {"text": text}}
        tasks.append({**task, "annotations": annotations, "predictions": predictions})
    as_json(path, tasks)


def _min_records(made: Sequence[Made], empty: Any) -> list[Record]:
    return [
        {
            "annotation_id": 1000 + n,
            "annotator": one.annotator,
            "created_at": "2021-03-09T21:52:49.513742Z",
            "id": n,
            "lead_time": 4.2,
            "stance": empty if one.state == "empty" else one.stance,
            "text": one.text,
        }
        for n, one in enumerate(made, start=1)
    ]


def label_studio_min(made: Sequence[Made], path: str) -> None:
    as_json(path, _min_records(made, {"choices": []}))


def label_studio_csv(made: Sequence[Made], path: str) -> None:
    as_csv(path, _min_records(made, '{"choices":[]}'))


# ----------------------------------------------------------- doccano, a file per annotator


def _doccano(made: Sequence[Made]) -> list[Record]:
    return [
        {
            "id": n,
            "text": one.text,
            "label": [] if one.state == "empty" else [one.stance],
            "Comments": [],
        }
        for n, one in enumerate(made, start=1)
    ]


def _packed(made: Sequence[Made], path: str, ending: str, spell: Callable[..., str]) -> None:
    people = sorted({one.annotator for one in made})
    with zipfile.ZipFile(path, "w") as packed:
        for person in people:
            own = [one for one in made if one.annotator == person]
            packed.writestr(f"{person}.{ending}", spell(_doccano(own)))


def doccano_jsonl(made: Sequence[Made], path: str) -> None:
    _packed(made, path, "jsonl", as_lines)


def doccano_csv(made: Sequence[Made], path: str) -> None:
    def spell(records: list[Record]) -> str:
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, ["id", "text", "label", "Comments"])
        writer.writeheader()
        for record in records:
            writer.writerow({**record, "label": "#".join(record["label"]), "Comments": ""})
        return out.getvalue()

    _packed(made, path, "csv", spell)


# ----------------------------------------------------------------------------- Prodigy


def prodigy_choice(made: Sequence[Made], path: str) -> None:
    stances = ("accusatory", "conciliatory", "neutral")
    records = [
        {
            "text": one.text,
            "options": [{"id": stance, "text": stance} for stance in stances],
            "accept": [] if one.state == "empty" else [one.stance],
            "answer": "ignore" if one.state == "ignored" else "accept",
            "_timestamp": 1690289516,
            "_annotator_id": one.annotator,
        }
        for one in made
    ]
    Path(path).write_text(as_lines(records), encoding="utf-8")


def prodigy_binary(made: Sequence[Made], path: str) -> None:
    answers = {"done": "accept", "rejected": "reject", "ignored": "ignore"}
    records = [
        {
            "text": one.text,
            "label": one.stance.upper(),
            "answer": answers[one.state],
            "_annotator_id": one.annotator,
        }
        for one in made
    ]
    Path(path).write_text(as_lines(records), encoding="utf-8")


# ----------------------------------------------------------------------------- Argilla


def argilla_nested(made: Sequence[Made], path: str) -> None:
    records = [
        {
            "id": f"q{n}",
            "fields": {"text": text},
            "metadata": {},
            "responses": {
                "label": [
                    {
                        "value": None if one.state == "empty" else one.stance,
                        "user_id": one.annotator,
                    }
                    for one in same
                ]
            },
            "suggestions": {"label": {"value": "neutral", "score": 0.7, "agent": "stance-7"}},
        }
        for n, (text, same) in enumerate(by_text(made), start=1)
    ]
    as_json(path, records)


def _argilla_flat(made: Sequence[Made]) -> list[Record]:
    states = {"done": "submitted", "draft": "draft", "skipped": "discarded"}
    return [
        {
            "id": f"q{n}",
            "text": text,
            "label.responses": [one.stance for one in same],
            "label.responses.users": [one.annotator for one in same],
            "label.responses.status": [states[one.state] for one in same],
            "label.suggestion": "neutral",
        }
        for n, (text, same) in enumerate(by_text(made), start=1)
    ]


def argilla_flat(made: Sequence[Made], path: str) -> None:
    as_json(path, _argilla_flat(made))


def argilla_csv(made: Sequence[Made], path: str) -> None:
    """As pandas writes a column of NumPy arrays: ['neutral' 'accusatory']."""
    records = _argilla_flat(made)
    for record in records:
        for name, value in record.items():
            if isinstance(value, list):
                record[name] = "[" + " ".join(repr(item) for item in value) + "]"
    as_csv(path, records)


def argilla_parquet(made: Sequence[Made], path: str) -> None:
    pq.write_table(pa.Table.from_pylist(_argilla_flat(made)), path)


# ------------------------------------------------------------------------------ tables


def _long(made: Sequence[Made]) -> list[Record]:
    return [
        {
            "id": f"{n:03}",
            "speaker": "",
            "text": one.text,
            "label": "" if one.state == "empty" else f"{one.stance.capitalize()} ",
            "annotator": one.annotator,
            "note": "",
        }
        for n, one in enumerate(made, start=1)
    ]


def _wide(made: Sequence[Made]) -> list[Record]:
    people = sorted({one.annotator for one in made})
    return [
        {
            "text": text,
            **{
                person: next((one.stance for one in same if one.annotator == person), "")
                for person in people
            },
        }
        for text, same in by_text(made)
    ]


def as_xlsx(path: str, records: Sequence[Record], title: str = "") -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    if title:
        sheet.append([title])
        sheet.append([])
    sheet.append([*records[0]])
    for record in records:
        sheet.append([value or None for value in record.values()])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    book.save(path)


def long_csv(made: Sequence[Made], path: str) -> None:
    as_csv(path, _long(made))


def long_semicolons(made: Sequence[Made], path: str) -> None:
    """As Excel writes it where the comma is the decimal sign."""
    as_csv(path, _long(made), ";")
    content = Path(path).read_bytes()
    Path(path).write_bytes(b"\xef\xbb\xbfsep=;\r\n" + content)


def long_xlsx(made: Sequence[Made], path: str) -> None:
    as_xlsx(path, _long(made), title="Round 3, first batch")


def long_parquet(made: Sequence[Made], path: str) -> None:
    pq.write_table(pa.Table.from_pylist(_long(made)), path)


def wide_csv(made: Sequence[Made], path: str) -> None:
    as_csv(path, _wide(made))


def wide_xlsx(made: Sequence[Made], path: str) -> None:
    as_xlsx(path, _wide(made))


def wide_parquet(made: Sequence[Made], path: str) -> None:
    pq.write_table(pa.Table.from_pylist(_wide(made)), path)


# Writer, ending, and the states that the shape can hold besides done.
EXPORTS: dict[str, tuple[Callable[[Sequence[Made], str], None], str, tuple[str, ...]]] = {
    "label-studio": (label_studio, "json", ("cancelled", "empty")),
    "label-studio-min": (label_studio_min, "json", ("empty",)),
    "label-studio-csv": (label_studio_csv, "csv", ("empty",)),
    "doccano-jsonl": (doccano_jsonl, "zip", ("empty",)),
    "doccano-csv": (doccano_csv, "zip", ("empty",)),
    "prodigy-choice": (prodigy_choice, "jsonl", ("ignored", "empty")),
    "prodigy-binary": (prodigy_binary, "jsonl", ("ignored", "rejected")),
    "argilla-nested": (argilla_nested, "json", ("empty",)),
    "argilla-flat": (argilla_flat, "json", ("draft", "skipped")),
    "argilla-csv": (argilla_csv, "csv", ("draft", "skipped")),
    "argilla-parquet": (argilla_parquet, "parquet", ("draft", "skipped")),
    "long-csv": (long_csv, "csv", ("empty",)),
    "long-semicolons": (long_semicolons, "csv", ("empty",)),
    "long-xlsx": (long_xlsx, "xlsx", ("empty",)),
    "long-parquet": (long_parquet, "parquet", ("empty",)),
    "wide-csv": (wide_csv, "csv", ()),
    "wide-xlsx": (wide_xlsx, "xlsx", ()),
    "wide-parquet": (wide_parquet, "parquet", ()),
}
