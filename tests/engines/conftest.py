"""What the tests of all engines label."""

from __future__ import annotations

import bz2
import json
import shutil
from collections.abc import Iterator
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


@pytest.fixture(scope="module")
def folder(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The working directory of the document's examples, with the files they read."""
    made = tmp_path_factory.mktemp("examples")
    shutil.copytree(examples, made, dirs_exist_ok=True)
    (made / "quotebank").mkdir()
    for year in (2019, 2020):
        with bz2.open(made / "quotebank" / f"quotes-{year}.json.bz2", "wt") as file:
            for i, text in enumerate(["They lied to us.", "We welcome the talks.", ""]):
                record = {
                    "quoteID": f"{year}-01-16-{i:06d}",
                    "quotation": text,
                    "speaker": "Mirela Tordan",
                    "qids": ["Q0"],
                    "date": f"{year}-01-16 12:00:13",
                    "numOccurrences": 1,
                    "probas": [["Mirela Tordan", "0.91"], ["None", "0.09"]],
                    "urls": ["http://news.example/1"],
                    "phase": "E",
                }
                file.write(json.dumps(record) + "\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(made)
        yield made
