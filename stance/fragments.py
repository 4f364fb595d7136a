"""Fragments of speech with the reporting clause they were set into."""

from __future__ import annotations

import pyarrow as pa

from stance.errors import StanceError
from stance.quotes import Batch, cells
from stance.text import as_texts

COLUMNS = ("kind", "cue", "context")


def with_clause(context: str, cue: str, text: str) -> str:
    """Put the words from the reporting verb to a fragment before the fragment.

    Parameters
    ----------
    context : str
        The sentence the fragment stands in.
    cue : str
        Its reporting verb, or empty.
    text : str
        The fragment.

    Returns
    -------
    str
        The fragment alone where verb or fragment are not found in the sentence.

    Examples
    --------
    >>> with_clause("Berg hoped the talks would be “fruitful”.", "hoped", "fruitful")
    'hoped the talks would be “fruitful. fruitful'
    """
    at = context.find(text)
    start = context.rfind(cue, 0, at) if at >= 0 else -1
    if start < 0:
        start = context.find(cue, at + len(text)) if at >= 0 else -1
    if not cue or not text or start < 0:
        return text
    end = max(at + len(text), start + len(cue))
    return f"{context[min(start, at) : end]}. {text}"


def texts_with_clauses(batch: Batch) -> pa.StringArray:
    """Give the quotes of a batch, the fragments among them with their reporting clause.

    Parameters
    ----------
    batch : Batch
        With the columns kind, cue and context that `stance extract` writes.

    Returns
    -------
    pyarrow.StringArray
        One text for each row.

    Raises
    ------
    StanceError
        If a column is missing.
    """
    names = [column.strip().lower() for column in batch.table.column_names]
    missing = [column for column in COLUMNS if column not in names]
    if missing:
        raise StanceError(
            f'--context needs the column "{missing[0]}", as stance extract writes it',
            usage=True,
        )
    indices = [names.index(column) for column in COLUMNS]
    kinds, cues, contexts = (
        cells.plain(batch.table.column(i), batch.table.schema.field(i)).to_pylist() for i in indices
    )
    texts = batch.text.to_pylist()
    return as_texts(
        [
            with_clause(context or "", cue or "", text) if kind == "fragment" else text
            for kind, cue, context, text in zip(kinds, cues, contexts, texts, strict=True)
        ]
    )
