"""Measure the shipped model and write its card.

Run ``python data/build_card.py`` to write stance/shipped/card.md from the model and from
stance/shipped/card.json; with ``--reference ../shared``, where the reference texts are at
hand, the figures in card.json are measured anew first. It holds figures and composed
examples, no text of others.
"""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt
from build_corpus import HERE, Row, read_rows, round_number

from stance.card import render_card
from stance.codebook import STANCES
from stance.evaluation import score
from stance.model import Model, load_model

SHIPPED = HERE.parent / "stance" / "shipped"
THRESHOLDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
ANNOTATORS = "Language models that read each quote and followed the codebook; no person labelled."
FIRST_READ_TWICE = 3

# Composed. Whether the model still fails on each is found out, not assumed.
TRIED = (
    ("irony", "What a splendid way to keep a promise: with tanks.", "accusatory"),
    (
        "blame that only the context makes plain",
        "The hospital stood there for forty years. It stood there until Tuesday night.",
        "accusatory",
    ),
    (
        "thanks before a charge",
        "We welcome the talks, but they broke every promise they made.",
        "accusatory",
    ),
    ("a charge in rare words", "Theirs is a casuistry of brigands.", "accusatory"),
    ("a hand held out without any usual word", "Our door has no lock.", "conciliatory"),
    ("a charge that is reported and denied", "Nobody lied and nobody cheated.", "neutral"),
    (
        "blame of no party",
        "The attack on the market killed forty people; the aggression of winter killed more.",
        "neutral",
    ),
    ("warm words that only describe", "Peace talks are listed as item four.", "neutral"),
)


def agreement() -> dict[str, Any]:
    """Compare the two readings of quotes that one round's readers read twice."""
    readings: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in sorted((HERE / "annotations").glob("*.csv")):
        for row in read_rows(path):
            if round_number(row) >= FIRST_READ_TWICE:
                readings[row["round"], row["text_hash"]].append(row["stance"])
    pairs = [stances[:2] for stances in readings.values() if len(stances) > 1]
    table = np.zeros((3, 3))
    for first, second in pairs:
        table[STANCES.index(first), STANCES.index(second)] += 1
    share = np.trace(table) / table.sum()
    chance = (table.sum(axis=0) * table.sum(axis=1)).sum() / table.sum() ** 2
    return {
        "annotators": ANNOTATORS,
        "quotes": len(pairs),
        "share": round(float(share), 4),
        "kappa": round(float((share - chance) / (1 - chance)), 4),
    }


def figures(rows: list[Row], probabilities: npt.NDArray[np.float64]) -> dict[str, Any]:
    """Score some quotes."""
    found = score([row["stance"] for row in rows], probabilities, threshold=0)
    return {
        "n": found.n,
        "macro_f1": round(found.macro_f1, 4),
        "macro_f1_interval": [round(bound, 4) for bound in found.macro_f1_interval],
        "f1": {stance: round(s.f1, 4) for stance, s in found.per_stance.items()},
        "accuracy": round(found.accuracy, 4),
        "calibration_error": round(found.calibration_error, 4),
    }


def measure(model: Model, folder: Path) -> dict[str, Any]:
    """Score the model on the quotes that are never trained on."""
    rows = [row for name in ("dev", "steer") for row in read_rows(folder / f"{name}.csv")]
    probabilities = model.predict_proba([row["text"] for row in rows])
    parts = {"all": np.arange(len(rows))}
    names = np.array([row.get("register") or "mixed: newspapers, UN, briefings" for row in rows])
    parts |= {str(name): np.flatnonzero(names == name) for name in np.unique(names)}
    confidence = np.array([row["confidence"] for row in rows])
    parts["plain to the annotators"] = np.flatnonzero(confidence == "3")
    y = np.array([STANCES.index(row["stance"]) for row in rows])
    top, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == y
    bins = []
    for low in range(3, 10):
        here = (top >= low / 10) & (top < (low + 1) / 10 + (low == 9))
        if here.any():
            bins.append(
                {
                    "low": low / 10,
                    "high": (low + 1) / 10,
                    "n": int(here.sum()),
                    "probability": round(float(top[here].mean()), 4),
                    "accuracy": round(float(right[here].mean()), 4),
                }
            )
    others = [value for value in THRESHOLDS if abs(value - model.threshold) > 0.01]
    coverage = [
        {
            "threshold": threshold,
            "coverage": round(float((top >= threshold).mean()), 4),
            "accuracy": round(float(right[top >= threshold].mean()), 4),
        }
        for threshold in sorted({*others, round(model.threshold, 4)})
    ]
    return {
        "scores": {
            name: figures([rows[i] for i in chosen], probabilities[chosen])
            for name, chosen in parts.items()
        },
        "calibration": bins,
        "coverage": coverage,
    }


def failures(model: Model) -> list[dict[str, str]]:
    """Keep the composed quotes that the model labels wrongly."""
    predicted = model.predict([text for _, text, _ in TRIED])["stance"].to_pylist()
    return [
        {"why": why, "text": text, "stance": stance, "predicted": said}
        for (why, text, stance), said in zip(TRIED, predicted, strict=True)
        if said != stance
    ]


@click.command()
@click.option("--reference", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(reference: Path | None) -> None:
    """Write the card of the shipped model."""
    model = load_model()
    path = SHIPPED / "card.json"
    fingerprint = model.card["training"]["fingerprint"]
    if reference is not None:
        measured = measure(model, reference / "eval")
        measured |= {
            "agreement": agreement(),
            "failures": failures(model),
            "fingerprint": fingerprint,
        }
        path.write_text(json.dumps(measured, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    measured = json.loads(path.read_text(encoding="utf-8"))
    if measured["fingerprint"] != fingerprint:
        raise SystemExit("card.json is of another model; measure anew with --reference")
    (SHIPPED / "card.md").write_text(render_card(model, measured), encoding="utf-8")


if __name__ == "__main__":
    main()
