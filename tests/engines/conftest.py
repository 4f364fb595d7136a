"""What the tests of all engines label."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import stance

# One after the other what a column of quotes may hold besides plain English.
ODD = [
    None,
    "",
    " \n\t",
    "\u00a0\u2003",
    "x" * 100_001,
    "Don’t they KNOW?",
    "Ils nous ont menti ; c’est une honte.",
    "Они нас обманули.",
    "他们撒谎。",
    "We 🤝 welcome ﬁne o\u0301ffers",
    "İstanbul'da görüştük",
    'They said "we lied", then\na line more.',
]


@pytest.fixture(scope="session")
def quotes(examples: Path) -> pa.Table:
    """Rows enough for several batches of every engine, with a column that numbers them."""
    composed = pq.read_table(examples / "statements.parquet")["quote"].to_pylist()
    texts = [*ODD, *(f"{text} {i}" for i in range(200) for text in composed), *ODD]
    return pa.table({"n": pa.array(range(len(texts)), pa.int64()), "text": texts})


@pytest.fixture(scope="session")
def expected(quotes: pa.Table) -> list[dict[str, Any]]:
    """What `stance.predict` says of each row, and nothing where there is no quote."""
    rows: list[dict[str, Any]] = stance.predict(quotes).to_pylist()
    for row in rows:
        if not (row["text"] or "").strip() or len(row["text"]) > 100_000:
            row.update(dict.fromkeys(stance.model.LABEL_COLUMNS))
    return rows
