"""What sets two models apart: terms whose weights moved, quotes whose stance changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from stance.codebook import STANCES
from stance.model import Model


class Move(NamedTuple):
    """How the weights of a term moved, in the order of `STANCES`, times its idf."""

    term: str
    by: tuple[float, float, float]


class Change(NamedTuple):
    """A quote that two models label differently, with either's probability."""

    text: str
    before: str
    before_probability: float
    after: str
    after_probability: float


def moved_terms(a: Model, b: Model, n: int) -> list[Move]:
    """Find the terms whose weights moved most.

    Parameters
    ----------
    a, b : Model
        The models; a term that one of them lacks weighs nothing there.
    n : int
        How many terms to give at most.

    Returns
    -------
    list of Move
        The largest move of a stance first; terms that did not move are not among them.
    """
    terms = sorted({*a.terms, *b.terms})
    place = {term: i for i, term in enumerate(terms)}
    by = np.zeros((len(terms), len(STANCES)))
    for sign, model in ((-1, a), (1, b)):
        at = [place[term] for term in model.terms]
        by[at] += sign * model.weights.astype(np.float64) * model.idf[:, None]
    far = np.abs(by).max(axis=1)
    order = np.argsort(-far, kind="stable")[:n]
    return [
        Move(terms[i], (float(by[i, 0]), float(by[i, 1]), float(by[i, 2])))
        for i in order
        if far[i] > 0
    ]


def changed_labels(a: Model, b: Model, texts: Sequence[str]) -> list[Change]:
    """Find the quotes that two models label differently.

    Parameters
    ----------
    a, b : Model
        The models.
    texts : sequence of str
        The quotes.

    Returns
    -------
    list of Change
        In the order of the quotes.
    """
    before, after = a.predict_proba(texts), b.predict_proba(texts)
    was, now = before.argmax(axis=1), after.argmax(axis=1)
    return [
        Change(
            texts[i],
            *(STANCES[was[i]], float(before[i, was[i]])),
            *(STANCES[now[i]], float(after[i, now[i]])),
        )
        for i in np.flatnonzero(was != now).tolist()
    ]
