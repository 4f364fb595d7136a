"""A shipped model small enough to be retrained in a second, of the composed statements."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from stance.analyser import Analyser
from stance.corpus import build_corpus, save_corpus, select
from stance.text import text_hash
from stance.training import fit

STATEMENTS = Path(__file__).parent.parent / "data" / "composed" / "statements.jsonl"

# Of nineteen statements, so many each: training, held-out set, and for rounds of annotations.
TRAINING, HELD_OUT, ROUNDS = range(10), range(10, 14), range(14, 19)

Statement = tuple[str, str]


def statements(part: range) -> list[Statement]:
    """Give text and stance of some statements."""
    rows = [json.loads(line) for line in STATEMENTS.read_text(encoding="utf-8").splitlines()]
    return [(row["text"], row["stance"]) for i, row in enumerate(rows) if i % 19 in part]


def make_small_shipped(folder: Path) -> None:
    """Write training set, held-out set and model as the package has them."""
    shipped = folder / "shipped"
    shipped.mkdir()
    held = {text_hash(text) for text, _ in statements(HELD_OUT)}
    texts, stances = zip(*statements(TRAINING), *statements(HELD_OUT), strict=True)
    both = build_corpus(texts, stances, analyser=Analyser(longest=2))
    mask = np.array([name in held for name in both.hashes])
    save_corpus(select(both, ~mask), shipped / "training.parquet")
    save_corpus(select(both, mask), shipped / "heldout.parquet")
    fit(select(both, ~mask), C=2.0, n_jobs=1).model.save(shipped / "model.parquet")


def use_small_shipped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the package find them in place of its own, and search fewer settings."""
    monkeypatch.setattr("stance.candidates.WEIGHTS", (0.5, 4.0))
    monkeypatch.setattr("stance.candidates.OWN_GRID", ((1.0, 0.0), (1.0, 0.1)))
    for module in ("corpus", "model"):
        monkeypatch.setattr(f"stance.{module}.files", lambda package: folder)
