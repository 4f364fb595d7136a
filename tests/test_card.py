from __future__ import annotations

import json

from conftest import ROOT
from tiny import tiny_model

from stance import load_model
from stance.card import render_card, shipped_figures

SHIPPED = ROOT / "stance" / "shipped"


def test_the_shipped_card_is_that_of_the_shipped_model() -> None:
    model = load_model()
    measured = shipped_figures(model)
    assert measured is not None, "run `python data/build_card.py --reference ../shared`"
    assert (SHIPPED / "card.md").read_text(encoding="utf-8") == render_card(model, measured)


def test_known_failures_are_failures() -> None:
    failures = json.loads((SHIPPED / "card.json").read_text(encoding="utf-8"))["failures"]
    found = load_model().predict([failure["text"] for failure in failures])
    assert failures
    assert found["stance"].to_pylist() == [failure["predicted"] for failure in failures]
    assert all(failure["predicted"] != failure["stance"] for failure in failures)


def test_a_model_of_which_little_is_known() -> None:
    model = tiny_model()
    assert shipped_figures(model) is None
    card = render_card(model)
    assert card.startswith("# Model card\n\nA linear model over 2 terms")
    assert "below a probability of 0.60 a quote goes to review" in card
    assert [line for line in card.splitlines() if line.startswith("## ")] == ["## What it is for"]
    assert "nan" not in card
