"""The model card: what a model is, how good it is, what it is for, as Markdown.

All figures come from the model file: what `stance.training.fit` put there and, of the
shipped model, what ``data/build_card.py`` measured on the reference texts.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from stance.codebook import STANCES
from stance.model import Model

_INTENDED = """## What it is for

Sorting quotations by officials in English by the stance they take towards another party, so
that a person reads the telling ones first; counting stances over many quotes, with the error
rates below in mind; a start for a model trained on your own annotations.

Not for: judging a person or a state by single labels; telling truth from lies; sentiment
towards a product or a topic; languages other than English; decisions that nobody reviews."""


def render_card(model: Model, measured: dict[str, Any] | None = None) -> str:
    """Write the card of a model as Markdown.

    Parameters
    ----------
    model : Model
        The model.
    measured : dict, optional
        Figures that ``data/build_card.py`` wrote; sections without figures are left out.

    Returns
    -------
    str
        Markdown, ending in a line feed.

    Examples
    --------
    >>> from stance import load_model
    >>> render_card(load_model()).splitlines()[0]
    '# Model card'
    """
    measured = measured or {}
    sections = [
        "# Model card",
        _what_it_is(model),
        _INTENDED,
        _data(model.card.get("training", {})),
        _agreement(measured.get("agreement")),
        _own_scores(model.card.get("scores")),
        _scores(measured.get("scores")),
        _calibration(measured.get("calibration")),
        _coverage(measured.get("coverage")),
        _failures(measured.get("failures")),
        _versions(model.card.get("versions", {})),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def shipped_figures(model: Model) -> dict[str, Any] | None:
    """Give what ``data/build_card.py`` measured, if it measured this model.

    Parameters
    ----------
    model : Model
        Any model.

    Returns
    -------
    dict or None
        The figures; None for any model but the shipped one.
    """
    stored = (files("stance") / "shipped" / "card.json").read_text(encoding="utf-8")
    measured: dict[str, Any] = json.loads(stored)
    same = measured["fingerprint"] == model.card.get("training", {}).get("fingerprint")
    return measured if same else None


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())


def _what_it_is(model: Model) -> str:
    threshold = f"below a probability of {model.threshold:.2f} a quote goes to review"
    return (
        f"A linear model over {len(model.terms):,} terms (words, words in a row, and kinds of "
        f"the {len(model.lexicon.cues):,} cues of a lexicon), weighted by TF-IDF, that gives a "
        f"quote the probability of being {STANCES[0]}, {STANCES[1]} or {STANCES[2]}; {threshold}."
    )


def _data(training: dict[str, Any]) -> str:
    if not training:
        return ""
    by_stance = training.get("quotes_by_stance", {})
    counts = ", ".join(f"{n:,} {stance}" for stance, n in by_stance.items())
    return (
        "## Data\n\n"
        f"Fitted on {training['quotes']:,} quotes ({counts}) with C = {training['C']:g} and seed "
        f"{training['random_state']}. Fingerprint of the training set: "
        f"`{training['fingerprint'][:16]}`."
    )


def _agreement(agreement: dict[str, Any] | None) -> str:
    if not agreement:
        return ""
    return (
        "## Annotators\n\n"
        f"{agreement['annotators']} Of the quotes, {agreement['quotes']:,} were read twice; the "
        f"readings agree on {agreement['share']:.0%} (Cohen's kappa {agreement['kappa']:.2f})."
    )


def _own_scores(scores: dict[str, Any] | None) -> str:
    if not scores:
        return ""
    low, high = scores["macro_f1_interval"]
    per_stance = ", ".join(f"{stance} {f1:.3f}" for stance, f1 in scores["f1"].items())
    return (
        "## Scores at training\n\n"
        f"{scores['how'].capitalize()}: macro-F1 {scores['macro_f1']:.3f} ({low:.3f} to "
        f"{high:.3f}) on {scores['quotes']:,} quotes; F1 {per_stance}; calibration error "
        f"{scores['calibration_error']:.3f}; {scores['coverage']:.0%} labelled without review."
    )


def _scores(scores: dict[str, Any] | None) -> str:
    if not scores:
        return ""
    rows = [
        [
            name,
            f"{s['n']:,}",
            f"{s['macro_f1']:.3f} ({s['macro_f1_interval'][0]:.3f} to "
            f"{s['macro_f1_interval'][1]:.3f})",
            *(f"{s['f1'][stance]:.3f}" for stance in STANCES),
            f"{s['accuracy']:.3f}",
        ]
        for name, s in scores.items()
    ]
    header = ["quotes", "n", "macro-F1 (95% interval)", *(f"{s} F1" for s in STANCES), "accuracy"]
    return "## Scores on quotes it was not trained on\n\n" + _table(header, rows)


def _calibration(bins: list[dict[str, Any]] | None) -> str:
    if not bins:
        return ""
    rows = [
        [
            f"{b['low']:.1f} to {b['high']:.1f}",
            f"{b['n']:,}",
            f"{b['probability']:.2f}",
            f"{b['accuracy']:.2f}",
            "█" * round(20 * b["accuracy"]) + "░" * (20 - round(20 * b["accuracy"])),
        ]
        for b in bins
    ]
    header = ["probability", "quotes", "mean probability", "share right", ""]
    return "## What its probabilities are worth\n\n" + _table(header, rows)


def _coverage(points: list[dict[str, Any]] | None) -> str:
    if not points:
        return ""
    rows = [
        [f"{p['threshold']:.2f}", f"{p['coverage']:.0%}", f"{p['accuracy']:.3f}"] for p in points
    ]
    return "## Threshold, coverage, accuracy\n\n" + _table(
        ["threshold", "labelled without review", "accuracy of these"], rows
    )


def _failures(failures: list[dict[str, str]] | None) -> str:
    if not failures:
        return ""
    rows = [[f["why"], f["text"], f["stance"], f["predicted"]] for f in failures]
    return "## Known failures\n\nComposed examples.\n\n" + _table(
        ["what it misses", "quote", "stance", "the model says"], rows
    )


def _versions(versions: dict[str, str]) -> str:
    if not versions:
        return ""
    return "Made with " + ", ".join(f"{k} {v}" for k, v in versions.items()) + "."
