"""Fitting a model on the shipped training set and the user's quotes together.

Two ways. Normally the user's quotes join the training set, each counting as much as
cross-validation says. A team with its own codebook cannot use labels made by another; there a
model is fitted on its annotations alone, which takes the three scores of the shipped model as
further features: it learns what those are worth under the new codebook, and the result is again
one weight a term.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from stance.codebook import STANCES
from stance.corpus import Corpus
from stance.errors import StanceError
from stance.fitting import fit_linear
from stance.model import Model
from stance.rounds import numbered_folds
from stance.training import TOL, best_temperature, calibrate, log_loss, model_of

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

N_FOLDS: Final = 5
# How much one of the user's quotes may count, beside 1 for a shipped one; and the rise of the
# log loss on shipped quotes, out of fold, that none may cause.
WEIGHTS: Final = (0.5, 1.0, 2.0, 4.0, 8.0)
HARM: Final = 0.005

# With a codebook of one's own: C, and what the shipped model's scores are multiplied by before
# they become features; with 0 the annotations are alone.
OWN_GRID: Final = tuple((C, scale) for scale in (0.0, 0.1, 0.25) for C in (0.5, 1.0, 2.0, 4.0))


@dataclass(frozen=True)
class Candidate:
    """A fitted model, and what was learnt on the way.

    Attributes
    ----------
    model : Model
        The model, calibrated.
    settings : dict of str to float
        What cross-validation chose: ``weight``, or ``C`` and ``prior``.
    predicted : numpy.ndarray of int64, shape (n_own,)
        Positions in `STANCES` that models not fitted on them give the user's quotes.
    """

    model: Model
    settings: dict[str, float]
    predicted: IntArray


def fit_joined(
    corpus: Corpus,
    own: npt.NDArray[np.bool_],
    *,
    C: float,
    random_state: int = 0,
    on_stage: Callable[[str], None] = lambda stage: None,
) -> Candidate:
    """Fit the shipped quotes and the user's together.

    Parameters
    ----------
    corpus : Corpus
        Both, as `stance.corpus.join` gives them.
    own : numpy.ndarray of bool, shape (n_quotes,)
        Which are the user's.
    C : float
        Inverse regularisation strength, above 0.
    random_state : int, default 0
        Seed of the bootstrap.
    on_stage : callable, optional
        Told the name of each stage as it begins.

    Returns
    -------
    Candidate
        Its ``settings`` hold the ``weight`` of the user's quotes: of `WEIGHTS` the one with
        the smallest log loss on them, out of fold, among those that raise the log loss on the
        shipped quotes by at most `HARM`; the smallest weight where all raise it more.
    """
    from sklearn.feature_extraction.text import TfidfTransformer

    on_stage("choosing the weight of your quotes")
    tfidf = TfidfTransformer()
    X, y, features = tfidf.fit_transform(corpus.X), corpus.y, corpus.features
    folds = np.empty(len(y), dtype=np.int64)
    for part in (own, ~own):
        at = np.flatnonzero(part)
        folds[at] = numbered_folds([corpus.groups[i] for i in at], N_FOLDS)
    scores = {weight: np.empty((len(y), len(STANCES))) for weight in (0.0, *WEIGHTS)}
    for fold in range(N_FOLDS):
        out, kept = folds == fold, folds != fold
        # Without the user's quotes first; each fit then starts where the one before it ended.
        shipped = kept & ~own
        fitted = fit_linear(X[shipped], y[shipped], corpus.weights[shipped], C, features)
        scores[0.0][out] = fitted.scores(X[out])
        for weight in WEIGHTS:
            weights = np.where(own, weight, corpus.weights)[kept]
            fitted = fit_linear(X[kept], y[kept], weights, C, features, start=fitted)
            scores[weight][out] = fitted.scores(X[out])
    told = ~own & (corpus.unread if (corpus.unread & ~own).any() else True)
    loss = {w: (_log_loss(s[own], y[own]), _log_loss(s[told], y[told])) for w, s in scores.items()}
    harmless = [w for w in WEIGHTS if loss[w][1] <= loss[0.0][1] + HARM] or [WEIGHTS[0]]
    weight = min(harmless, key=lambda w: (round(loss[w][0], 6), w))
    on_stage("calibrating")
    weighted = replace(corpus, weights=np.where(own, weight, corpus.weights))
    measured = told | own
    calibrated = calibrate(
        *(scores[weight][measured], y[measured], weighted.weights[measured]),
        random_state=random_state,
    )
    on_stage("fitting")
    fitted = fit_linear(X, y, weighted.weights, C, features, tol=TOL)
    model = model_of(
        weighted,
        *(tfidf.idf_, fitted.coefficients, fitted.intercepts),
        training={"C": C, "random_state": random_state},
        calibrated=calibrated,
    )
    return Candidate(model, {"weight": weight}, scores[weight][own].argmax(axis=1))


def fit_own(
    corpus: Corpus,
    prior: Model,
    *,
    random_state: int = 0,
    on_stage: Callable[[str], None] = lambda stage: None,
) -> Candidate:
    """Fit the user's quotes alone, with the scores of a model before them as features.

    Parameters
    ----------
    corpus : Corpus
        The user's quotes, over a vocabulary that has the terms of `prior`.
    prior : Model
        The shipped model.
    random_state : int, default 0
        Seed of the bootstrap.
    on_stage : callable, optional
        Told the name of each stage as it begins.

    Returns
    -------
    Candidate
        Its ``settings`` are of `OWN_GRID` those with the smallest log loss, out of fold.

    Raises
    ------
    StanceError
        If a stance has fewer than `N_FOLDS` quotes.
    """
    from scipy.sparse import csr_matrix, hstack, vstack
    from sklearn.preprocessing import normalize

    X, y = corpus.X, corpus.y
    if min(np.bincount(y, minlength=len(STANCES))) < N_FOLDS:
        raise StanceError(
            f"a codebook of your own needs at least {N_FOLDS} quotes of each stance to learn from"
        )
    on_stage("choosing the weight of your quotes")
    idf, before = _over(corpus, prior)
    tfidf = normalize(X.multiply(idf).tocsr())
    told = tfidf @ before + prior.intercepts
    # A term of one quote only says nothing of others.
    shared = np.flatnonzero(np.asarray((X > 0).sum(axis=0)).ravel() >= 2)
    folds = numbered_folds(corpus.groups, N_FOLDS)
    # The scores before are three terms more, which have nothing in common with others.
    features = vstack(
        [corpus.features[shared], csr_matrix((len(STANCES), corpus.features.shape[1]))]
    ).tocsr()
    terms = {
        scale: hstack([tfidf[:, shared], csr_matrix(told * scale)]).tocsr() for _, scale in OWN_GRID
    }
    ones = np.ones(len(y))
    scores = {}
    for C, scale in OWN_GRID:
        scores[C, scale] = np.empty((len(y), len(STANCES)))
        for fold in range(N_FOLDS):
            out = folds == fold
            fitted = fit_linear(terms[scale][~out], y[~out], ones[~out], C, features)
            scores[C, scale][out] = fitted.scores(terms[scale][out])
    C, scale = min(OWN_GRID, key=lambda chosen: (round(_log_loss(scores[chosen], y), 6), chosen))
    on_stage("calibrating")
    calibrated = calibrate(scores[C, scale], y, ones, random_state=random_state)
    on_stage("fitting")
    fitted = fit_linear(terms[scale], y, ones, C, features, tol=TOL)
    mix = fitted.coefficients[len(shared) :] * scale
    coefficients = before @ mix
    coefficients[shared] += fitted.coefficients[: len(shared)]
    model = model_of(
        corpus,
        *(idf, coefficients, fitted.intercepts + prior.intercepts @ mix),
        training={"C": C, "random_state": random_state, "own_codebook": True, "prior": scale},
        calibrated=calibrated,
    )
    return Candidate(model, {"C": C, "prior": scale}, scores[C, scale].argmax(axis=1))


def _over(corpus: Corpus, prior: Model) -> tuple[FloatArray, FloatArray]:
    """Give idf and weights of a model over a larger vocabulary; a new term weighs nothing."""
    n = int(prior.card["training"]["quotes"]) + len(corpus)
    place = np.searchsorted(np.array(corpus.terms), np.array(prior.terms))
    idf: FloatArray = np.log((1 + n) / (1 + corpus.X.getnnz(axis=0))) + 1
    idf[place] = prior.idf
    weights = np.zeros((len(idf), len(STANCES)))
    weights[place] = prior.weights
    return idf, weights


def _log_loss(scores: FloatArray, y: IntArray) -> float:
    """Log loss at the best temperature, so that nothing is chosen for its scale."""
    ones = np.ones(len(y))
    return log_loss(scores / best_temperature(scores, y, ones), y, ones)
