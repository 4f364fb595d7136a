"""The solver: logistic regression in which like words weigh alike.

A term's weight is the sum of one of its own and of what its features weigh: the letters of a
word and the company it keeps. Both are drawn towards zero, so that a word seldom seen takes
after its kin, and one often seen goes its own way. What comes out is one weight for each term.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from stance.codebook import STANCES

FloatArray = npt.NDArray[np.float64]

_MOST_STEPS = 5000


@dataclass(frozen=True)
class Linear:
    """A fitted linear model.

    Attributes
    ----------
    coefficients : numpy.ndarray, shape (n_terms, 3)
        Weight of each term for each stance.
    intercepts : numpy.ndarray, shape (3,)
        Intercept of each stance.
    solution : numpy.ndarray, shape (n_terms + n_features + 1, 3)
        Own weights of the terms, weights of the features, intercepts.
    """

    coefficients: FloatArray
    intercepts: FloatArray
    solution: FloatArray

    def scores(self, X: Any) -> FloatArray:
        """Give the scores of quotes, shape (n_quotes, 3), from their weighted terms."""
        result: FloatArray = X @ self.coefficients + self.intercepts
        return result


def fit_linear(
    X: Any,
    y: npt.NDArray[np.int64],
    weights: FloatArray,
    C: float,
    features: Any,
    *,
    start: Linear | None = None,
    tol: float = 1e-4,
) -> Linear:
    """Fit a multinomial logistic regression; the stances weigh alike, whatever their shares.

    Parameters
    ----------
    X : scipy.sparse.csr_matrix, shape (n_quotes, n_terms)
        Weighted terms of each quote.
    y : numpy.ndarray of int64, shape (n_quotes,)
        Positions in `STANCES`.
    weights : numpy.ndarray, shape (n_quotes,)
        How much each quote counts, above 0.
    C : float
        Inverse regularisation strength, above 0.
    features : scipy.sparse.csr_matrix, shape (n_terms, n_features)
        What terms have in common, as `stance.vectors.word_features` gives it.
    start : Linear, optional
        Where to begin; a fit to much the same makes it quick.
    tol : float, default 1e-4
        Largest slope at which the solver stops.

    Returns
    -------
    Linear
        One weight for each term and stance.

    Notes
    -----
    With own weights A and features F the weights are A + F B. Minimised is the log loss plus
    the squares of A and B over 2 C. That is the same as a normal prior on the weights whose
    covariance is I + F F'.
    """
    from scipy.optimize import minimize
    from threadpoolctl import threadpool_limits

    n_all, n_all_features = features.shape
    # What no quote has, in terms or features, keeps a weight of 0 and need not be solved for.
    at_terms = np.flatnonzero(X.getnnz(axis=0))
    X, seen = X[:, at_terms], features[at_terms]
    at_features = np.flatnonzero(seen.getnnz(axis=0))
    seen = seen[:, at_features]
    at = np.concatenate([at_terms, n_all + at_features, [n_all + n_all_features]])
    n_terms = len(at_terms)
    shape = (len(at), len(STANCES))
    totals = np.bincount(y, weights=weights, minlength=len(STANCES))
    each = weights / totals[y] / np.count_nonzero(totals)
    strength = 1 / (C * weights.sum())
    rows = np.arange(len(y))
    X_turned, seen_turned = X.T.tocsr(), seen.T.tocsr()

    def loss_and_slope(flat: FloatArray) -> tuple[float, FloatArray]:
        parts = flat.reshape(shape)
        own, shared, intercepts = parts[:n_terms], parts[n_terms:-1], parts[-1]
        scores = X @ (own + seen @ shared) + intercepts
        scores -= scores.max(axis=1, keepdims=True)
        likely = np.exp(scores)
        sums = likely.sum(axis=1, keepdims=True)
        loss = each @ (np.log(sums[:, 0]) - scores[rows, y])
        likely /= sums
        likely[rows, y] -= 1
        likely *= each[:, None]
        slope = strength * parts
        turned = X_turned @ likely
        slope[:n_terms] += turned
        slope[n_terms:-1] += seen_turned @ turned
        slope[-1] = likely.sum(axis=0)
        penalty = 0.5 * strength * float(np.vdot(parts[:-1], parts[:-1]))
        return float(loss) + penalty, slope.ravel()

    # Several threads add in another order, which shows in the last digits.
    with threadpool_limits(limits=1):
        found = minimize(
            loss_and_slope,
            np.zeros(shape).ravel() if start is None else start.solution[at].ravel(),
            method="L-BFGS-B",
            jac=True,
            options={"maxiter": _MOST_STEPS, "gtol": tol, "ftol": 64 * np.finfo(float).eps},
        )
    solution = np.zeros((n_all + n_all_features + 1, len(STANCES)))
    solution[at] = found.x.reshape(shape)
    own, shared = solution[:n_all], solution[n_all:-1]
    return Linear(own + features @ shared, solution[-1], solution)
