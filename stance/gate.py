"""The gate: whether a retrained model may take the place of the current one.

Two questions. Do the new annotations look like labels at all? A round whose labels agree with
the current model no better than chance, or turn a stance into another, is a mistake or worse.
And is the candidate no worse than the current model, on quotes neither has seen: the shipped
held-out set, and a fifth of the user's own?
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stance.annotations import cohen_kappa as chance_corrected
from stance.codebook import STANCES
from stance.corpus import Corpus, renumber
from stance.evaluation import calibration_bins, f1_by_stance
from stance.model import Model, softmax

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

N_RESAMPLES = 2000

# What the quotes are called on which two models are compared.
HELD_OUT = "the shipped held-out set"
OWN_FIFTH = "a fifth of your quotes"

# Losses let pass: macro-F1 and the F1 of any stance, and how sure a loss must be to count.
TOLERANCE = 0.02
STANCE_TOLERANCE = 0.05
SURE = 0.95
CALIBRATION_TOLERANCE = 0.03

# Below so many quotes a calibration error, or the F1 of a stance, is mostly noise.
FEWEST_FOR_CALIBRATION = 200
FEWEST_OF_STANCE = 10

# Cohen's kappa of a round's labels with the current model; honest rounds reach .3 to .6.
LEAST_KAPPA = 0.22
# With a codebook of one's own: of labels with predictions learnt from the other labels.
LEAST_OWN_KAPPA = 0.12
# How much likelier a stance must be where the model predicts it than in the whole round. A stance
# that most quotes have can hardly be likelier: there a twentieth of what is possible is enough.
LEAST_LIFT = 1.25
LEAST_SHARE_OF_LIFT = 0.05


@dataclass(frozen=True)
class Condition:
    """One condition of the gate.

    Attributes
    ----------
    what : str
        What was measured, and on which quotes.
    current, candidate : float or None
        The figure of either model, where there are two.
    limit : str
        What was asked for.
    found : float
        What was found.
    met : bool
        Whether that is enough.
    """

    what: str
    current: float | None
    candidate: float | None
    limit: str
    found: float
    met: bool


def probabilities_on(model: Model, corpus: Corpus) -> FloatArray:
    """Predict the quotes of a corpus from their counted terms.

    Parameters
    ----------
    model : Model
        Any model of this version of the analyser.
    corpus : Corpus
        Analysed quotes.

    Returns
    -------
    numpy.ndarray, shape (n_quotes, 3)
        Probabilities in the order of `STANCES`.
    """
    return softmax(model.scores_of_counts(renumber(corpus, model.terms).counts))


def check_round(y: IntArray, predicted: IntArray, *, least_kappa: float) -> list[Condition]:
    """Check that a round's labels have to do with its texts.

    Parameters
    ----------
    y : numpy.ndarray of int64, shape (n_quotes,)
        The labels, as positions in `STANCES`.
    predicted : numpy.ndarray of int64, shape (n_quotes,)
        What a model that has not seen these labels predicts.
    least_kappa : float
        The agreement asked for, as Cohen's kappa.

    Returns
    -------
    list of Condition
        Agreement beyond chance; then for each stance predicted often enough, that its label
        is likelier there than in the whole round.

    Examples
    --------
    >>> y = np.repeat([0, 1, 2], 20)
    >>> [c.met for c in check_round(y, y, least_kappa=0.2)]
    [True, True, True, True]
    >>> [c.met for c in check_round(y[::-1].copy(), y, least_kappa=0.2)]
    [False, False, True, False]
    """
    kappa = cohen_kappa(y, predicted)
    conditions = [
        Condition(
            "labels of the round agree with predictions (kappa)",
            *(None, None, f"at least {least_kappa:.2f}", kappa, kappa >= least_kappa),
        )
    ]
    for code, stance in enumerate(STANCES):
        there = predicted == code
        if there.sum() >= FEWEST_OF_STANCE:
            share = float((y == code).mean())
            lift = float((y[there] == code).mean()) / share if share else 0.0
            possible = 1 / share - 1 if share else np.inf
            least = min(LEAST_LIFT, 1 + LEAST_SHARE_OF_LIFT * possible)
            conditions.append(
                Condition(
                    f"label {stance} likelier where it is predicted",
                    *(None, None, f"at least {least:.2f} times", lift, lift >= least),
                )
            )
    return conditions


def cohen_kappa(a: IntArray, b: IntArray) -> float:
    """Compute Cohen's kappa of two labellings; 0 where either has one label only.

    Examples
    --------
    >>> cohen_kappa(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]))
    0.5
    """
    kappa = chance_corrected(np.column_stack([a, b]))
    return 0.0 if np.isnan(kappa) else kappa


def compare(
    y: IntArray,
    current: FloatArray,
    candidate: FloatArray,
    *,
    where: str,
    tolerance: float = TOLERANCE,
    random_state: int = 0,
) -> list[Condition]:
    """Check that a candidate is no worse than the current model on some quotes.

    Parameters
    ----------
    y : numpy.ndarray of int64, shape (n_quotes,)
        The labels, as positions in `STANCES`.
    current, candidate : numpy.ndarray, shape (n_quotes, 3)
        Probabilities of either model for these quotes, which neither has seen.
    where : str
        What the quotes are called in the conditions.
    tolerance : float, default `TOLERANCE`
        The loss of macro-F1 let pass.
    random_state : int, default 0
        Seed of the bootstrap.

    Returns
    -------
    list of Condition
        Macro-F1, F1 of each stance with `FEWEST_OF_STANCE` quotes, and, from
        `FEWEST_FOR_CALIBRATION` quotes on, the calibration error. A loss counts if it is
        more than its tolerance and the paired bootstrap finds a loss in `SURE` of its
        resamples.
    """
    a, b = current.argmax(axis=1), candidate.argmax(axis=1)
    # Drawing quotes with replacement is drawing cells of label x current x candidate.
    cells = np.bincount(y * 9 + a * 3 + b, minlength=27)
    draws = np.random.default_rng(random_state).multinomial(
        len(y), cells / len(y), size=N_RESAMPLES
    )
    drawn = _f1(draws, by=1) - _f1(draws, by=2)  # What is lost, by resample and stance.
    f1 = [_f1(cells[None], by=which)[0] for which in (1, 2)]
    conditions = [
        _no_loss(f"macro-F1 on {where}", f1[0].mean(), f1[1].mean(), drawn.mean(axis=1), tolerance)
    ]
    for code, stance in enumerate(STANCES):
        if (y == code).sum() >= FEWEST_OF_STANCE:
            conditions.append(
                _no_loss(
                    f"F1 of {stance} on {where}",
                    *(f1[0][code], f1[1][code], drawn[:, code], STANCE_TOLERANCE),
                )
            )
    if len(y) >= FEWEST_FOR_CALIBRATION:
        gaps = [_gaps(y, p) for p in (current, candidate)]
        times = np.random.default_rng(random_state).multinomial(
            len(y), np.full(len(y), 1 / len(y)), size=N_RESAMPLES
        )
        errors = [float(np.abs(gap.sum(axis=0)).sum() / len(y)) for gap in gaps]
        drawn_errors = [np.abs(times @ gap).sum(axis=1) for gap in gaps]
        sure = float((drawn_errors[1] > drawn_errors[0]).mean()) >= SURE
        rise = errors[1] - errors[0]
        conditions.append(
            Condition(
                f"calibration error on {where}",
                errors[0],
                errors[1],
                f"no sure rise above {CALIBRATION_TOLERANCE:.3f}",
                rise,
                not (rise > CALIBRATION_TOLERANCE and sure),
            )
        )
    return conditions


def _no_loss(
    what: str, current: float, candidate: float, lost: FloatArray, tolerance: float
) -> Condition:
    difference = float(candidate - current)
    sure = float((lost > 0).mean()) >= SURE
    limit = f"no sure loss above {tolerance:.3f}"
    met = not (difference < -tolerance and sure)
    return Condition(what, float(current), float(candidate), limit, difference, met)


def _gaps(y: IntArray, probabilities: FloatArray) -> FloatArray:
    """How far each quote's top probability is from what came true, in the column of its bin."""
    top = probabilities.max(axis=1)
    bins = calibration_bins(top)
    result = np.zeros((len(y), int(bins.max()) + 1))
    result[np.arange(len(y)), bins] = (probabilities.argmax(axis=1) == y) - top
    return result


def _f1(cells: IntArray, *, by: int) -> FloatArray:
    """F1 by stance of tables label x current x candidate, for one of the two models."""
    other = 3 if by == 1 else 2
    tables = cells.reshape(-1, 3, 3, 3).sum(axis=other)
    return f1_by_stance(tables.astype(np.float64))


def verdict(conditions: Sequence[Condition]) -> str:
    """Say in one line which conditions failed; empty if none did."""
    return "; ".join(condition.what for condition in conditions if not condition.met)
