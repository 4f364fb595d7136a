"""Fragments with their reporting clause, and what that is worth."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner

from stance.article import Quotation, extract
from stance.cli import stance
from stance.errors import StanceError
from stance.fragments import texts_with_clauses, with_clause
from stance.model import load_model
from stance.quotes import Batch
from stance.text import as_texts

COMPOSED = Path(__file__).parent / "fragments.tsv"

CLAUSES = [
    ("Berg called it “a lie”.", "called", "a lie", "called it “a lie. a lie"),
    ("It is “a lie”, said Berg.", "said", "a lie", "a lie”, said. a lie"),
    # Of several the nearest to the left.
    ("Berg said he said “so”.", "said", "so", "said “so. so"),
    ("Berg: “a lie”.", "", "a lie", "a lie"),
    ("Something else.", "called", "a lie", "a lie"),
    ("", "", "", ""),
]


@pytest.mark.parametrize(("context", "cue", "text", "expected"), CLAUSES)
def test_with_clause(context: str, cue: str, text: str, expected: str) -> None:
    assert with_clause(context, cue, text) == expected


def batch(**columns: list[str | None]) -> Batch:
    table = pa.table(columns)
    return Batch(table, [1, 2], None, [], as_texts(["a lie", "We go now."]))


def test_only_fragments_are_changed() -> None:
    contexts: list[str | None] = ["Berg called it “a lie”.", "Berg called: “We go now.”"]
    found = batch(Kind=["fragment", "direct"], cue=["called", "called"], context=contexts)
    assert texts_with_clauses(found).to_pylist() == ["called it “a lie. a lie", "We go now."]
    empty = batch(kind=["fragment", None], cue=[None, None], context=[None, None])
    assert texts_with_clauses(empty).to_pylist() == ["a lie", "We go now."]


def test_columns_are_needed() -> None:
    with pytest.raises(StanceError, match='--context needs the column "context"'):
        texts_with_clauses(batch(kind=["fragment", ""], cue=["", ""]))


def composed() -> list[tuple[str, Quotation]]:
    """Stance and quotation of each composed fragment that is found."""
    with COMPOSED.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    found = [(row["stance"], extract(row["sentence"]).quotations) for row in rows]
    return [(wanted, q[0]) for wanted, q in found if len(q) == 1 and q[0].kind == "fragment"]


def test_the_clause_does_not_hurt() -> None:
    fragments = composed()
    assert len(fragments) >= 60
    model = load_model(None)
    alone = model.predict(as_texts([q.text for _, q in fragments])).column("stance").to_pylist()
    clauses = [with_clause(q.context, q.cue, q.text) for _, q in fragments]
    within = model.predict(as_texts(clauses)).column("stance").to_pylist()
    right = [sum(a == w for a, (w, _) in zip(p, fragments, strict=True)) for p in (alone, within)]
    assert right[1] >= right[0]


@pytest.mark.parametrize("output", ["csv", "jsonl", "parquet"])
def test_predict_with_context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(
        "President Dov Harrel called the embargo “an act of piracy”.", encoding="utf-8"
    )
    run = CliRunner().invoke
    assert run(stance, ["extract", "a.txt", "-o", f"q.{output}"]).exit_code == 0
    format = ["--output-format", "jsonl", "--quiet", "--context"]
    at_once = run(stance, ["predict", "--article", "a.txt", *format])
    assert (at_once.exit_code, at_once.stderr) == (0, "")
    assert '"stance": "accusatory"' in at_once.stdout
    after = run(stance, ["predict", f"q.{output}", *format])
    assert (after.exit_code, after.stderr) == (0, "")
    assert '"stance": "accusatory"' in after.stdout
    assert after.stdout.count("\n") == 1


def test_context_without_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    path.write_text("text\nThey lied.\n")
    done = CliRunner().invoke(stance, ["predict", str(path), "--context"])
    assert done.exit_code == 2
    assert done.stderr == '--context needs the column "kind", as stance extract writes it\n'
    done = CliRunner().invoke(stance, ["predict", "--text", "They lied.", "--context"])
    assert done.exit_code == 2
