"""How good a model is: scores with intervals, and what its probabilities are worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stance.codebook import STANCES

FloatArray = npt.NDArray[np.float64]

N_RESAMPLES = 2000


@dataclass(frozen=True)
class StanceScores:
    """Scores of one stance: precision, recall and F1 in [0, 1]; support in quotes."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Scores:
    """Scores of predictions against labels.

    Attributes
    ----------
    per_stance : dict of str to StanceScores
        In the order of `STANCES`.
    macro_f1 : float
        Unweighted mean of the stances' F1, in [0, 1].
    macro_f1_interval : tuple of (float, float)
        95% percentile bootstrap interval over quotes.
    accuracy : float
        Share of quotes labelled right, in [0, 1].
    calibration_error : float
        Expected calibration error of the most probable stance, in [0, 1].
    threshold : float
        Probability below which a quote goes to review.
    coverage : float
        Share of quotes at or above the threshold.
    covered_accuracy : float
        Accuracy on those; nan if there are none.
    n : int
        Quotes scored.
    """

    per_stance: dict[str, StanceScores]
    macro_f1: float
    macro_f1_interval: tuple[float, float]
    accuracy: float
    calibration_error: float
    threshold: float
    coverage: float
    covered_accuracy: float
    n: int


def score(
    stances: Sequence[str], probabilities: FloatArray, *, threshold: float, random_state: int = 0
) -> Scores:
    """Compare predicted probabilities with labels.

    Parameters
    ----------
    stances : sequence of str
        The label of each quote.
    probabilities : numpy.ndarray, shape (n_quotes, 3)
        Predicted probabilities in the order of `STANCES`, rows summing to 1.
    threshold : float
        Probability below which a quote goes to review, in [0, 1].
    random_state : int, default 0
        Seed of the bootstrap.

    Returns
    -------
    Scores
        All of them.

    Raises
    ------
    ValueError
        If there is no quote, or the lengths differ.

    Examples
    --------
    >>> p = np.array([[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.3, 0.3, 0.4]])
    >>> score(["accusatory", "conciliatory", "neutral"], p, threshold=0.5).macro_f1
    1.0
    """
    if len(stances) == 0 or len(stances) != len(probabilities):
        raise ValueError("stances and probabilities must be of one length, at least 1")
    y = np.array([STANCES.index(stance) for stance in stances])
    predicted = probabilities.argmax(axis=1)
    top = probabilities.max(axis=1)
    right = predicted == y
    confusion = np.bincount(y * 3 + predicted, minlength=9).reshape(3, 3)
    precision, recall, f1 = _rates(confusion.astype(np.float64))
    covered = top >= threshold
    return Scores(
        per_stance={
            stance: StanceScores(
                float(precision[i]), float(recall[i]), float(f1[i]), int(confusion[i].sum())
            )
            for i, stance in enumerate(STANCES)
        },
        macro_f1=float(f1.mean()),
        macro_f1_interval=_bootstrap_macro_f1(confusion, random_state),
        accuracy=float(right.mean()),
        calibration_error=calibration_error(top, right),
        threshold=threshold,
        coverage=float(covered.mean()),
        covered_accuracy=float(right[covered].mean()) if covered.any() else float("nan"),
        n=len(y),
    )


def f1_by_stance(confusion: FloatArray) -> FloatArray:
    """Compute the F1 of each stance.

    Parameters
    ----------
    confusion : numpy.ndarray, shape (..., 3, 3)
        Quotes by label (rows) and prediction (columns).

    Returns
    -------
    numpy.ndarray, shape (..., 3)
        In [0, 1]; 0 where a stance is neither a label nor predicted.
    """
    return _rates(confusion)[2]


def _rates(confusion: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Precision, recall and F1 by stance, over the last two axes; 0 where undefined."""
    hits = np.diagonal(confusion, axis1=-2, axis2=-1)
    predicted, actual = confusion.sum(axis=-2), confusion.sum(axis=-1)
    precision = np.divide(hits, predicted, out=np.zeros_like(hits), where=predicted > 0)
    recall = np.divide(hits, actual, out=np.zeros_like(hits), where=actual > 0)
    both = predicted + actual
    f1 = np.divide(2 * hits, both, out=np.zeros_like(hits), where=both > 0)
    return precision, recall, f1


def _bootstrap_macro_f1(confusion: npt.NDArray[np.int64], random_state: int) -> tuple[float, float]:
    # Drawing quotes with replacement is drawing cells of the confusion matrix.
    n = int(confusion.sum())
    draws = np.random.default_rng(random_state).multinomial(
        n, confusion.ravel() / n, size=N_RESAMPLES
    )
    macro_f1 = _rates(draws.reshape(-1, 3, 3).astype(np.float64))[2].mean(axis=1)
    low, high = np.percentile(macro_f1, [2.5, 97.5])
    return float(low), float(high)


def calibration_error(top: FloatArray, right: npt.NDArray[np.bool_], *, bins: int = 15) -> float:
    """Compute the expected calibration error of the most probable stance.

    Parameters
    ----------
    top : numpy.ndarray, shape (n_quotes,)
        Probability of the most probable stance, in [0, 1].
    right : numpy.ndarray of bool, shape (n_quotes,)
        Whether that stance is the label.
    bins : int, default 15
        Number of equally wide bins.

    Returns
    -------
    float
        Mean distance of accuracy and probability over bins, weighted by quotes; in [0, 1].

    Notes
    -----
    As in Guo et al., "On Calibration of Modern Neural Networks" (ICML 2017), equation 3.

    Examples
    --------
    >>> calibration_error(np.array([0.75, 0.75]), np.array([True, False]))
    0.25
    """
    which = calibration_bins(top, bins)
    gap = np.bincount(which, weights=right - top, minlength=bins)
    return float(np.abs(gap).sum() / len(top))


def calibration_bins(top: FloatArray, bins: int = 15) -> npt.NDArray[np.int64]:
    """Give the bin of each probability, of equally wide ones numbered from 0."""
    return np.minimum((top * bins).astype(np.int64), bins - 1)


def review_threshold(top: FloatArray, right: npt.NDArray[np.bool_], *, accuracy: float) -> float:
    """Find the lowest probability above which predictions are accurate enough.

    Parameters
    ----------
    top : numpy.ndarray, shape (n_quotes,)
        Probability of the most probable stance, in [0, 1].
    right : numpy.ndarray of bool, shape (n_quotes,)
        Whether that stance is the label.
    accuracy : float
        The share that must be right at or above the threshold, in [0, 1].

    Returns
    -------
    float
        The threshold, in [0, 1]; 1.0 if no threshold is enough.

    Examples
    --------
    >>> top = np.array([0.5, 0.7, 0.9])
    >>> review_threshold(top, np.array([False, True, True]), accuracy=0.9)
    0.7
    """
    order = np.argsort(-top, kind="stable")
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    # Quotes with one probability are above a threshold together or not at all.
    last_of_ties = np.append(np.diff(top[order]) != 0, True)
    enough = np.flatnonzero((share >= accuracy) & last_of_ties)
    return float(top[order][enough[-1]]) if len(enough) else 1.0
