"""The words that decided: in a few words for a column, and in their places in the quote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from stance.codebook import STANCES
from stance.model import Explanation

_STRONGEST = 3
_MOST_MARKED = 6
_FAINTEST = 0.25
_FAINTEST_SHARE = 0.35


@dataclass
class _Words:
    spelt: str
    places: list[tuple[int, int]] = field(default_factory=list)
    added: float = 0.0
    lead: float = 0.0


class Mark(NamedTuple):
    """A stretch of a quote that speaks for a stance.

    Attributes
    ----------
    start, end : int
        Its place in the text, in characters.
    stance : str
        The stance it speaks for, be it the quote's or not.
    """

    start: int
    end: int
    stance: str


def because(why: Explanation) -> str:
    """Name the three strongest terms of an explanation.

    Parameters
    ----------
    why : Explanation
        Why a quote got its stance.

    Returns
    -------
    str
        The words, as the quote spells them, with what they add to the score of its stance;
        strongest first; of terms that share words, such as "lied" and "they lied", only
        the strongest. Empty where no known word speaks for the stance.

    Examples
    --------
    >>> from stance import load_model
    >>> because(load_model().explain("They lied to us."))
    'lied (+1.03); They (+0.77); to (+0.19)'
    """
    chosen = STANCES.index(why.stance)
    sums: dict[str, _Words] = {}
    for c in why.contributions:
        words = " ".join(why.text[c.start : c.end].split())
        term = sums.setdefault(words.lower(), _Words(words))
        term.places.append((c.start, c.end))
        term.added += c.weights[chosen]
        term.lead += c.weights[chosen] - sum(c.weights) / len(c.weights)
    named: list[_Words] = []
    for term in sorted(sums.values(), key=lambda term: -term.lead):
        if len(named) == _STRONGEST or term.lead <= 0:
            break
        if not any(_overlap(a, b) for other in named for a in term.places for b in other.places):
            named.append(term)
    return "; ".join(f"{term.spelt} ({term.added:+.2f})" for term in named)


def marks(why: Explanation) -> list[Mark]:
    """Find the stretches of a quote that decided, and those that spoke against it.

    Parameters
    ----------
    why : Explanation
        Why a quote got its stance.

    Returns
    -------
    list of Mark
        In the order of the text, none upon another; at most six, none much
        weaker than the strongest.

    Examples
    --------
    >>> from stance import load_model
    >>> text = "We thank them, but they lied."
    >>> [(text[m.start : m.end], m.stance) for m in marks(load_model().explain(text))]
    [('We thank', 'conciliatory'), ('they lied', 'accusatory')]
    """
    sums: dict[tuple[int, int], list[float]] = {}
    for c in why.contributions:
        total = sums.setdefault((c.start, c.end), [0.0, 0.0, 0.0])
        for i, weight in enumerate(c.weights):
            total[i] += weight
    ranked = sorted(_strengths(sums), key=lambda found: (-found[0], found[1]))
    floor = max(_FAINTEST, _FAINTEST_SHARE * ranked[0][0]) if ranked else 0.0
    chosen: list[Mark] = []
    for strength, mark in ranked:
        if len(chosen) == _MOST_MARKED or strength < floor:
            break
        if not any(_overlap(mark[:2], other[:2]) for other in chosen):
            chosen.append(mark)
    return sorted(chosen)


def _strengths(sums: dict[tuple[int, int], list[float]]) -> Iterator[tuple[float, Mark]]:
    for (start, end), weights in sums.items():
        strength = max(weights) - sum(weights) / len(weights)
        if strength > 0:
            yield strength, Mark(start, end, STANCES[weights.index(max(weights))])


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
