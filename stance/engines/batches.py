"""Arrow record batches labelled: what every engine calls, wherever its workers run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from stance.errors import StanceError
from stance.model import LABEL_COLUMNS, Model, check_columns
from stance.quotes import LONGEST_TEXT
from stance.text import as_texts

LABELS: Final = pa.schema(
    {name: pa.float64() for name in LABEL_COLUMNS} | {"stance": pa.string(), "review": pa.bool_()}
)
# So many that a call costs nothing beside its work, and so few that they fit into a cache.
ROWS_AT_A_TIME: Final = 8192
# A worker that lives for days meets many models, but few of them at the same time.
_MODELS_KEPT: Final = 4


def label_batches(
    batches: Iterable[pa.RecordBatch],
    model: Model | None = None,
    *,
    text_column: str = "text",
    threshold: float | None = None,
) -> Iterator[pa.RecordBatch]:
    """Label record batches, one for one.

    Parameters
    ----------
    batches : iterable of pyarrow.RecordBatch
        Rows with a column of quotes.
    model : Model, optional
        What to label with; the shipped one where not given.
    text_column : str, default "text"
        The column of the quotes.
    threshold : float, optional
        Probability below which a quote goes to review, in [0, 1]; the model's own where
        not given.

    Yields
    ------
    pyarrow.RecordBatch
        The same rows in the same order with all their columns, then those that
        `Model.predict` adds. They are null where there is no quote: where the text is null,
        blank or longer than 100,000 characters.

    Raises
    ------
    StanceError
        If there is no such column or it holds no text, or a column of a name to be added is
        there already.

    Examples
    --------
    >>> batch = pa.record_batch({"text": ["They lied to the Council.", None], "id": [7, 8]})
    >>> [labelled] = label_batches([batch])
    >>> labelled.select(["id", "stance"]).to_pylist()
    [{'id': 7, 'stance': 'accusatory'}, {'id': 8, 'stance': None}]
    """
    model = model or unpacked(packed(None))
    for batch in batches:
        check_batch(batch.schema, text_column)
        text = as_texts(batch.column(text_column))
        none = pc.fill_null(_without_quote(text), True)
        labels = model.predict(text, threshold=threshold)
        for field in LABELS:
            column = labels.column(field.name).combine_chunks()
            batch = batch.append_column(
                field, pc.if_else(none, pa.scalar(None, field.type), column)
            )
        yield batch


def _without_quote(text: pa.StringArray) -> pa.BooleanArray:
    blank = pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(text)), 0)
    return pc.or_(blank, pc.greater(pc.utf8_length(text), LONGEST_TEXT))


def check_batch(schema: pa.Schema, text_column: str) -> None:
    """Refuse rows that cannot be labelled, whatever they hold; see `label_batches`."""
    check_names(schema.names, text_column)
    kind = schema.field(text_column).type
    held = kind.value_type if pa.types.is_dictionary(kind) else kind
    tests = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    if not any(test(held) for test in (*tests, pa.types.is_null)):
        raise no_text(text_column, kind)


def check_names(names: Sequence[str], text_column: str, *, any_case: bool = False) -> None:
    """Refuse columns of which one is missing or in the way.

    Parameters
    ----------
    names : sequence of str
        The names of the columns.
    text_column : str
        The column of the quotes.
    any_case : bool, default False
        Whether the engine takes ``Text`` and ``text`` for the same name.

    Raises
    ------
    StanceError
        That names the column.

    Examples
    --------
    >>> check_names(["id", "quote"], "text")
    Traceback (most recent call last):
    stance.errors.StanceError: no column "text"; there are: id, quote
    """
    if any_case:
        folded = [name.lower() for name in names]
        if text_column.lower() in folded:
            names, text_column = folded, text_column.lower()
    check_columns(names, text_column)
    if list(names).count(text_column) > 1:
        raise StanceError(f'two columns are called "{text_column}"; rename one', usage=True)


def no_text(text_column: str, kind: object) -> StanceError:
    """Say that the column of the quotes is of another kind."""
    return StanceError(f'column "{text_column}" holds {kind}, not text; cast it first', usage=True)


def packed(model: Model | None) -> bytes:
    """Give a model as the bytes of its file, to be sent to workers.

    Parameters
    ----------
    model : Model, optional
        The model; the shipped one where not given.

    Returns
    -------
    bytes
        What `unpacked` takes.
    """
    if model is None:
        return (files("stance") / "shipped" / "model.parquet").read_bytes()
    return model.to_bytes()


@lru_cache(_MODELS_KEPT)
def unpacked(content: bytes) -> Model:
    """Give the model of which these are the bytes, loaded once in each process."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.parquet"
        path.write_bytes(content)
        return Model.load(path)


def engine(name: str, extra: str) -> Any:
    """Import an engine's module.

    Raises
    ------
    StanceError
        If it is not installed; names the extra that brings it.
    """
    try:
        import_module(name.partition(".")[0])
        return import_module(name)
    except ModuleNotFoundError as error:
        missing = (error.name or name).partition(".")[0]
        raise StanceError(
            f"{missing} is not installed; install it: pip install 'diplomatic-stance[{extra}]'",
            usage=True,
        ) from error
