"""How far annotators agree, and what they agree on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from stance.annotations.annotation import Annotation, in_order
from stance.codebook import STANCES
from stance.text import text_hashes

CONSENSUS = "consensus"


@dataclass(frozen=True)
class Pair:
    """Agreement of two annotators on the quotes both judged.

    Attributes
    ----------
    annotators : tuple of (str, str)
        Who they are.
    quotes : int
        How many both judged.
    agreed : float
        Share of these with the same stance, in [0, 1].
    kappa : float
        Cohen's kappa, at most 1; nan where both used one stance only.
    """

    annotators: tuple[str, str]
    quotes: int
    agreed: float
    kappa: float


@dataclass(frozen=True)
class Agreement:
    """Agreement of all annotators.

    Attributes
    ----------
    annotators, quotes, shared : int
        How many annotators and quotes there are, and quotes that several judged.
    alpha : float
        Krippendorff's alpha for nominal data, at most 1; nan where it is undefined.
    per_stance : dict of str to float
        For each stance, how probably a second annotator gives it, if one did, in [0, 1];
        nan where it never was given on a shared quote.
    confusions : dict of (str, str) to int
        Pairs of judgements on one quote that differ, by stances.
    pairs : list of Pair
        For each pair of annotators that share a quote.
    """

    annotators: int
    quotes: int
    shared: int
    alpha: float
    per_stance: dict[str, float]
    confusions: dict[tuple[str, str], int]
    pairs: list[Pair]


@dataclass(frozen=True)
class Consensus:
    """What annotators agree on.

    Attributes
    ----------
    agreed : list of Annotation
        One for each quote, by the annotator ``consensus``.
    ties : list of list of Annotation
        The annotations of each quote without a majority.
    """

    agreed: list[Annotation]
    ties: list[list[Annotation]]


def consensus(annotations: Sequence[Annotation]) -> Consensus:
    """Merge the annotations of each quote by majority.

    Parameters
    ----------
    annotations : sequence of Annotation
        In any order.

    Returns
    -------
    Consensus
        A quote without one most frequent stance is left out of what is agreed, and listed.

    Examples
    --------
    >>> judged = [
    ...     Annotation("They lied.", stance, who, "", "", "", "round.csv", 2)
    ...     for who, stance in [("ana", "accusatory"), ("ben", "accusatory"), ("eva", "neutral")]
    ... ]
    >>> consensus(judged).agreed[0].stance
    'accusatory'
    """
    agreed, ties = [], []
    for same in _by_quote(annotations).values():
        # Most quotes have one annotation, and need no count.
        votes = Counter(one.stance for one in same).most_common() if len(same) > 1 else []
        if len(votes) > 1 and votes[0][1] == votes[1][1]:
            ties.append(same)
            continue
        first = next(one for one in same if not votes or one.stance == votes[0][0])
        agreed.append(replace(first, annotator=CONSENSUS))
    return Consensus(sorted(agreed, key=in_order), ties)


def agreement(annotations: Sequence[Annotation]) -> Agreement:
    """Measure how far annotators agree.

    Parameters
    ----------
    annotations : sequence of Annotation
        At most one of each annotator for each quote counts: the last in sorted order.

    Returns
    -------
    Agreement
        The measures.

    Notes
    -----
    Krippendorff's alpha after "Computing Krippendorff's Alpha-Reliability" (2011), section C;
    Cohen's kappa after "A coefficient of agreement for nominal scales" (1960).
    """
    quotes = _by_quote(annotations)
    people = sorted({one.annotator for one in annotations})
    judged = np.full((len(quotes), len(people)), -1, dtype=np.int64)
    for i, same in enumerate(quotes.values()):
        for one in same:
            judged[i, people.index(one.annotator)] = STANCES.index(one.stance)
    coincidences = _coincidences(judged)
    totals = coincidences.sum(axis=1)
    confusions = _pair_counts(judged)
    return Agreement(
        annotators=len(people),
        quotes=len(quotes),
        shared=int(((judged >= 0).sum(axis=1) > 1).sum()),
        alpha=krippendorff_alpha(judged),
        per_stance={
            stance: float(coincidences[i, i] / totals[i]) if totals[i] else float("nan")
            for i, stance in enumerate(STANCES)
        },
        confusions={
            (STANCES[i], STANCES[j]): int(confusions[i, j] + confusions[j, i])
            for i, j in combinations(range(len(STANCES)), 2)
        },
        pairs=[
            pair
            for i, j in combinations(range(len(people)), 2)
            if (pair := _pair(people[i], people[j], judged[:, [i, j]])) is not None
        ],
    )


def krippendorff_alpha(judged: npt.NDArray[np.int64]) -> float:
    """Compute Krippendorff's alpha for nominal data.

    Parameters
    ----------
    judged : numpy.ndarray of int64, shape (n_quotes, n_annotators)
        The category each annotator gave each quote; -1 where none.

    Returns
    -------
    float
        1 for perfect agreement, 0 for that of chance, below 0 for worse; nan if no quote
        was judged twice or only one category was used.

    Examples
    --------
    >>> krippendorff_alpha(np.array([[0, 0], [1, 1], [2, 2], [0, 1]]))
    0.666666666667
    """
    coincidences = _coincidences(judged)
    totals = coincidences.sum(axis=1)
    n = totals.sum()
    expected = n * n - np.sum(totals**2)
    if n == 0 or expected == 0:
        return float("nan")
    observed = n - np.trace(coincidences)
    return float(round(1 - (n - 1) * observed / expected, 12))


def cohen_kappa(judged: npt.NDArray[np.int64]) -> float:
    """Compute Cohen's kappa of two annotators.

    Parameters
    ----------
    judged : numpy.ndarray of int64, shape (n_quotes, 2)
        The category each gave each quote.

    Returns
    -------
    float
        At most 1; nan where both used one category only.

    Examples
    --------
    >>> cohen_kappa(np.array([[0, 0], [1, 1], [0, 1], [1, 0]]))
    0.0
    """
    n = len(judged)
    if n == 0:
        return float("nan")
    observed = float(np.mean(judged[:, 0] == judged[:, 1]))
    shares = [np.bincount(judged[:, i], minlength=int(judged.max()) + 1) / n for i in range(2)]
    chance = float(shares[0] @ shares[1])
    return float("nan") if chance == 1 else (observed - chance) / (1 - chance)


def _by_quote(annotations: Sequence[Annotation]) -> dict[str, list[Annotation]]:
    found: dict[str, list[Annotation]] = {}
    ordered = sorted(annotations, key=in_order)
    for name, one in zip(text_hashes([one.text for one in ordered]), ordered, strict=True):
        found.setdefault(name, []).append(one)
    return dict(sorted(found.items()))


def _coincidences(judged: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Pairs of judgements within a quote, each quote weighted by its number of judges."""
    counts = np.stack([(judged == i).sum(axis=1) for i in range(_n_categories(judged))], axis=1)
    judges = counts.sum(axis=1)
    counts, judges = counts[judges > 1].astype(np.float64), judges[judges > 1]
    weighted = counts / (judges - 1)[:, None]
    result: npt.NDArray[np.float64] = weighted.T @ counts - np.diag(weighted.sum(axis=0))
    return result


def _pair_counts(judged: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    n = _n_categories(judged)
    result = np.zeros((n, n), dtype=np.int64)
    for i, j in combinations(range(judged.shape[1]), 2):
        both = (judged[:, i] >= 0) & (judged[:, j] >= 0)
        np.add.at(result, (judged[both, i], judged[both, j]), 1)
    return result


def _n_categories(judged: npt.NDArray[np.int64]) -> int:
    return max(len(STANCES), int(judged.max(initial=-1)) + 1)


def _pair(first: str, second: str, judged: npt.NDArray[np.int64]) -> Pair | None:
    both = judged[(judged >= 0).all(axis=1)]
    if not len(both):
        return None
    agreed = float(np.mean(both[:, 0] == both[:, 1]))
    return Pair((first, second), len(both), agreed, cohen_kappa(both))
