"""Quotes to be annotated, written in the shapes that annotation tools read."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import quoteattr

import pyarrow as pa

from stance.codebook import DEFINITIONS, STANCES
from stance.errors import StanceError
from stance.files import refuse_overwriting, whole_file
from stance.formats import TASK_FORMATS
from stance.quotes import Batch, create_quotes
from stance.sampling import Queue, Queued

EMPTY_COLUMNS: Final = ("label", "annotator", "note")
SUGGESTED: Final = "suggested"

_BY_ENDING: Final = {".json": "label-studio", ".csv": "csv", ".xlsx": "xlsx"}


def task_format(output: str, wanted: str | None) -> str:
    """Choose the format of the tasks.

    Parameters
    ----------
    output : str
        The file written; ``-`` is the standard output.
    wanted : str or None
        The format asked for.

    Returns
    -------
    str
        That asked for; else by the ending of the output; csv on the standard output.

    Raises
    ------
    StanceError
        If the ending does not tell.

    Examples
    --------
    >>> task_format("tasks.json", None)
    'label-studio'
    """
    if wanted is not None:
        return wanted
    if output == "-":
        return "csv"
    found = _BY_ENDING.get(Path(output).suffix.lower())
    if found is None:
        raise StanceError(
            f"its ending does not tell for which tool; add --output-format, one of "
            f"{', '.join(TASK_FORMATS)}",
            path=output,
            usage=True,
        )
    return found


def config_path(output: str) -> str:
    """Name the file of the labelling configuration that goes with a file of tasks.

    Parameters
    ----------
    output : str
        The tasks.

    Returns
    -------
    str
        The same name with the ending ``.xml``.

    Examples
    --------
    >>> config_path("round-4.json")
    'round-4.xml'
    """
    return str(Path(output).with_suffix(".xml"))


def written_paths(output: str, format: str) -> list[str]:
    """List the files that `write_tasks` will write.

    Parameters
    ----------
    output : str
        The file of tasks; ``-`` is the standard output, beside which nothing is written.
    format : str
        One of `TASK_FORMATS`.

    Returns
    -------
    list of str
        None, one or two paths.
    """
    if output == "-":
        return []
    return [output, config_path(output)] if format == "label-studio" else [output]


def write_tasks(
    queue: Queue, output: str, *, format: str, inputs: Sequence[str] = (), blind: bool = False
) -> None:
    """Write quotes as tasks for annotators.

    What the model suggests is never written where the tool would give it back as a person's
    label: Label Studio gets it as a prediction, Prodigy as a choice made beforehand, which
    counts once the task is accepted, the others as a column of its own.

    Parameters
    ----------
    queue : Queue
        The quotes.
    output : str
        Where to; ``-`` is the standard output.
    format : str
        One of `TASK_FORMATS`. For Label Studio the labelling configuration is written
        beside the tasks, see `config_path`.
    inputs : sequence of str, default ()
        The files read, which are not written over.
    blind : bool, default False
        Leave out what the model suggests, so that it cannot sway the annotators.

    Raises
    ------
    StanceError
        If the file cannot be written, or a column has a name that the format needs.
    """
    paths = written_paths(output, format)
    if len({*paths}) < len(paths):
        raise StanceError(
            "is where the labelling configuration goes; end its name with .json",
            path=output,
            usage=True,
        )
    refuse_overwriting(inputs, paths)
    _check_columns(queue, output, format)
    if format == "label-studio":
        tasks = [_label_studio(quote, blind) for quote in queue.quotes]
        text = json.dumps(tasks, ensure_ascii=False, indent=1) + "\n"
        if output == "-":
            sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
            return
        for path, content in zip(paths, (text, labelling_config()), strict=True):
            with whole_file(path) as part:
                Path(part).write_bytes(content.encode("utf-8", "backslashreplace"))
        return
    if format in {"doccano", "prodigy"}:
        shape = _doccano if format == "doccano" else _prodigy
        lines = [json.dumps(shape(quote, blind), ensure_ascii=False) for quote in queue.quotes]
        columns = ["text"]
        with create_quotes(output, format="jsonl", columns=columns) as write:
            write(_batch(queue, {}, lines), pa.table({}))
        return
    sheet = _sheet_columns(queue, blind)
    # A byte order mark, by which spreadsheet programs know UTF-8.
    marked = output != "-"
    with create_quotes(output, format=format, columns=[*sheet], for_spreadsheet=marked) as write:
        write(_batch(queue, sheet, None), pa.table({}))


def labelling_config() -> str:
    """Give the labelling configuration for Label Studio.

    Returns
    -------
    str
        XML: the text, and one choice of the stances, with their definitions as hints.

    Examples
    --------
    >>> labelling_config().splitlines()[1].strip()
    '<Text name="text" value="$text"/>'
    """
    choices = "".join(
        f"    <Choice value={quoteattr(stance)} hint={quoteattr(DEFINITIONS[stance])}/>\n"
        for stance in STANCES
    )
    return (
        "<View>\n"
        '  <Text name="text" value="$text"/>\n'
        '  <Choices name="stance" toName="text" choice="single" required="true"'
        ' showInline="true">\n'
        f"{choices}"
        "  </Choices>\n"
        "</View>\n"
    )


def _label_studio(quote: Queued, blind: bool) -> dict[str, Any]:
    task: dict[str, Any] = {"data": {"text": quote.text, **quote.fields}}
    if not blind:
        result = {
            "from_name": "stance",
            "to_name": "text",
            "type": "choices",
            "value": {"choices": [quote.stance]},
        }
        score = round(quote.probability, 4)
        task["predictions"] = [{"model_version": "stance", "score": score, "result": [result]}]
    return task


def _doccano(quote: Queued, blind: bool) -> dict[str, Any]:
    # A label here would look like a person's when it comes back.
    return {"text": quote.text, **quote.fields, **_suggestion(quote, blind), "label": []}


def _prodigy(quote: Queued, blind: bool) -> dict[str, Any]:
    task: dict[str, Any] = {"text": quote.text, **quote.fields}
    task["options"] = [{"id": stance, "text": stance} for stance in STANCES]
    if not blind:
        task["accept"] = [quote.stance]
        task["meta"] = _suggestion(quote, blind)
    return task


def _suggestion(quote: Queued, blind: bool) -> dict[str, Any]:
    if blind:
        return {}
    return {SUGGESTED: quote.stance, "probability": round(quote.probability, 4)}


def _sheet_columns(queue: Queue, blind: bool) -> dict[str, list[str]]:
    quotes = queue.quotes
    columns = {name: [quote.fields[name] for quote in quotes] for name in queue.columns}
    columns["text"] = [quote.text for quote in quotes]
    if not blind:
        columns[SUGGESTED] = [quote.stance for quote in quotes]
        columns["probability"] = [f"{quote.probability:.4f}" for quote in quotes]
    return columns | {name: [""] * len(quotes) for name in EMPTY_COLUMNS}


def _batch(queue: Queue, columns: dict[str, list[str]], lines: list[str] | None) -> Batch:
    texts = pa.array([quote.text for quote in queue.quotes], pa.string())
    table = pa.table(
        {name: pa.array(values, pa.string()) for name, values in columns.items()}
        if columns
        else {"text": texts}
    )
    return Batch(table, list(range(1, len(texts) + 1)), lines, [], texts)


_NEEDED: Final = {
    "label-studio": {"text"},
    "doccano": {"text", "label", "comments", SUGGESTED, "probability"},
    "prodigy": {
        "text",
        "label",
        "options",
        "accept",
        "answer",
        "meta",
        "_input_hash",
        "_task_hash",
    },
    "csv": {"text", *EMPTY_COLUMNS, "stance", SUGGESTED, "probability"},
    "xlsx": {"text", *EMPTY_COLUMNS, "stance", SUGGESTED, "probability"},
}


def _check_columns(queue: Queue, output: str, format: str) -> None:
    taken = [name for name in queue.columns if name.strip().lower() in _NEEDED[format]]
    if taken:
        raise StanceError(
            f'the quotes have a column "{taken[0]}", which {format} tasks need; rename it',
            path=None if output == "-" else output,
            usage=True,
        )
