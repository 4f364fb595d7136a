"""The reference texts, joined with the stand-off annotations: what benchmarks train on."""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "data"))

Row = dict[str, str]


@dataclass(frozen=True)
class Quotes:
    """Labelled quotes; `speakers`, `rounds` and `unread` as `stance.corpus.build_corpus` takes."""

    texts: list[str]
    stances: list[str]
    speakers: list[str]
    rounds: list[str]
    unread: list[bool]
    registers: list[str]
    confidences: list[str]


def read_rows(path: Path) -> list[Row]:
    """Read a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def training_quotes(shared: Path) -> Quotes:
    """Give the quotes of the shipped training set with their texts."""
    from build_corpus import NO_SPEAKER, consensus, is_unread

    from stance.text import text_hash

    texts: dict[str, str] = {}
    for name in ("quotes.csv", "unlabelled.csv"):
        for row in read_rows(shared / "corpus" / name):
            texts.setdefault(text_hash(row["text"]), row["text"])
    by_hash: dict[str, list[Row]] = {}
    for path in sorted((ROOT / "data" / "annotations").glob("*.csv")):
        for row in read_rows(path):
            by_hash.setdefault(row["text_hash"], []).append(row)
    chosen = [found for rows in by_hash.values() if (found := consensus(rows))]
    return Quotes(
        texts=[texts[row["text_hash"]] for row in chosen],
        stances=[row["stance"] for row in chosen],
        speakers=["" if row["speaker"] == NO_SPEAKER else row["speaker"] for row in chosen],
        rounds=[row["round"] for row in chosen],
        unread=[is_unread(row) for row in chosen],
        registers=["" for _ in chosen],
        confidences=[row["confidence"] for row in chosen],
    )


def scored_quotes(shared: Path) -> Quotes:
    """Give the quotes that are scored and never trained on: dev.csv and steer.csv."""
    rows = [row for name in ("dev", "steer") for row in read_rows(shared / "eval" / f"{name}.csv")]
    return Quotes(
        texts=[row["text"] for row in rows],
        stances=[row["stance"] for row in rows],
        speakers=[row["speaker"] for row in rows],
        rounds=["" for _ in rows],
        unread=[True for _ in rows],
        registers=[row.get("register") or "mixed" for row in rows],
        confidences=[row["confidence"] for row in rows],
    )
