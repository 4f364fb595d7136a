"""Records of annotation tools, one function for each tool.

Each takes one record of an export and gives its entries. The shapes are those of Label
Studio 1.x, doccano 1.8, Prodigy 1.1x and Argilla 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from stance.annotations.annotation import ABOUT, Entry
from stance.quotes.records import TEXT_COLUMNS

Record = dict[str, Any]


def label_studio(record: Record, row: int) -> Iterator[Entry]:
    """Give the annotations of a task of the JSON export.

    Cancelled ones are in the export too, marked so; old exports say ``completions`` and
    ``skipped``. Predictions are no annotations.
    """
    data = record.get("data")
    data = data if isinstance(data, dict) else record
    for annotation in _list(record.get("annotations", record.get("completions"))):
        if not isinstance(annotation, dict):
            annotation = {}
        left_out = ""
        if annotation.get("was_cancelled"):
            left_out = "cancelled"
        elif annotation.get("skipped"):
            left_out = "skipped"
        choices = [
            result["value"]["choices"]
            for result in _list(annotation.get("result"))
            if isinstance(result, dict)
            and isinstance(result.get("value"), dict)
            and "choices" in result["value"]
        ]
        label: object = (
            choices[0] if len(choices) == 1 else [c for cs in choices for c in _list(cs)]
        )
        yield Entry(
            _text(data), label, _person(annotation.get("completed_by")), _about(data), row, left_out
        )


def label_studio_min(record: Record, row: int) -> Iterator[Entry]:
    """Give the annotation of a row of the JSON_MIN export: the label's key is the project's."""
    known = {"id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time"}
    known |= {*TEXT_COLUMNS, *ABOUT}
    names: list[str] = [name for name in ("stance", "label") if name in record]
    names += [
        name
        for name, value in record.items()
        if name not in known and isinstance(value, dict) and "choices" in value
    ]
    label = record.get(names[0]) if names else None
    yield Entry(_text(record), label, _person(record.get("annotator")), _about(record), row)


def doccano(record: Record, row: int) -> Iterator[Entry]:
    """Give the annotation of a record of the JSONL export."""
    yield Entry(_text(record), record.get("label"), "", _about(record), row)


def prodigy(record: Record, row: int) -> Iterator[Entry]:
    """Give the annotation of a task: a choice, or a label accepted.

    A label rejected says which stance it is not, so that it cannot be used.
    """
    answer = record.get("answer")
    choice = "accept" in record or "options" in record
    left_out = {"accept": "", "ignore": "ignored", "reject": "rejected"}.get(str(answer), "ignored")
    label = record.get("accept") if choice else record.get("label")
    about = record.get("meta")
    about = {**about, **record} if isinstance(about, dict) else record
    person = _person(record.get("_annotator_id") or record.get("_session_id"))
    yield Entry(_text(record), label, person, _about(about), row, left_out)


def argilla(record: Record, row: int) -> Iterator[Entry]:
    """Give the responses of a record, nested (``responses``) or flattened (``x.responses``)."""
    fields = record.get("fields")
    fields = fields if isinstance(fields, dict) else record
    metadata = record.get("metadata")
    about = {**record, **(metadata if isinstance(metadata, dict) else {})}
    about |= {
        name.removeprefix("metadata."): value
        for name, value in record.items()
        if name.startswith("metadata.")
    }
    reasons = {"draft": "draft", "discarded": "skipped"}
    for value, person, status in _responses(record):
        left_out = reasons.get(status, "")
        yield Entry(_text(fields), value, person, _about(about), row, left_out)


def _responses(record: Record) -> Iterator[tuple[object, str, str]]:
    nested = record.get("responses")
    if isinstance(nested, dict):
        questions = [name for name in ("stance", "label") if name in nested] or list(nested)[:1]
        for response in _list(nested.get(questions[0]) if questions else None):
            if isinstance(response, dict):
                status = str(response.get("status") or "")
                yield response.get("value"), _person(response.get("user_id")), status
        return
    names = [name for name in record if name.endswith(".responses")]
    names.sort(key=lambda name: name not in {"stance.responses", "label.responses"})
    for name in names[:1]:
        values = _list(record[name])
        users, statuses = (_list(record.get(f"{name}.{part}")) for part in ("users", "status"))
        for i, value in enumerate(values):
            yield (
                value,
                _person(users[i] if i < len(users) else None),
                str(statuses[i] if i < len(statuses) else ""),
            )


def plain(record: Record, row: int) -> Iterator[Entry]:
    """Give the annotation of a record with a stance and perhaps an annotator."""
    label = record.get("stance", record.get("label"))
    yield Entry(_text(record), label, _person(record.get("annotator")), _about(record), row)


TOOLS: Final[Mapping[str, Callable[[Record, int], Iterator[Entry]]]] = {
    "label-studio": label_studio,
    "label-studio-min": label_studio_min,
    "doccano": doccano,
    "prodigy": prodigy,
    "argilla": argilla,
    "plain": plain,
}


def recognise(record: Record) -> str:
    """Tell which tool wrote a record, one of the names of `TOOLS`.

    Examples
    --------
    >>> recognise({"text": "We hope.", "accept": ["conciliatory"], "answer": "accept"})
    'prodigy'
    """
    if "annotations" in record or "completions" in record:
        return "label-studio"
    if "annotation_id" in record:
        return "label-studio-min"
    if "answer" in record:
        return "prodigy"
    if "responses" in record or any(name.endswith(".responses") for name in record):
        return "argilla"
    return "doccano" if isinstance(record.get("label"), list) else "plain"


def _text(fields: Record) -> object:
    by_name = {str(name).strip().lower(): value for name, value in reversed(list(fields.items()))}
    for name in TEXT_COLUMNS:
        if name in by_name:
            return by_name[name]
    return None


def _about(fields: Record) -> dict[str, str]:
    return {
        name: str(fields[name]) for name in ABOUT if isinstance(fields.get(name), str | int | float)
    }


def _person(value: object) -> str:
    """Name an annotator, whom Label Studio gives as a number or as a record."""
    if isinstance(value, dict):
        value = value.get("email") or value.get("username") or value.get("id")
    return str(value) if isinstance(value, str | int) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
