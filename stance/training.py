"""Fitting a model: the training script.

Run ``python -m stance.training ANNOTATIONS... --output model.parquet``, which is the same
as ``stance train``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt

from stance.annotations import read_annotations
from stance.codebook import STANCES
from stance.corpus import Corpus, build_corpus, is_corpus, load_corpus
from stance.errors import StanceError
from stance.evaluation import Scores, review_threshold, score
from stance.fitting import fit_linear
from stance.model import Model, softmax

FloatArray = npt.NDArray[np.float64]

C_GRID = (0.35, 0.7, 1.4, 2.8, 5.6)
N_FOLDS = 5
REVIEW_ACCURACY = 0.85
TOL = 1e-5
WEIGHT_DECIMALS = 4

_LIBRARIES = ("numpy", "pyarrow", "scikit-learn", "scipy")


@dataclass(frozen=True)
class Fit:
    """A fitted model and its scores on quotes it was not fitted on.

    Attributes
    ----------
    model : Model
        Fitted on the whole corpus.
    scores : Scores
        Of out-of-fold predictions, after calibration.
    C : float
        The inverse regularisation strength chosen.
    log_losses : dict of float to float
        Out-of-fold log loss, stances weighted alike, for each C tried.
    """

    model: Model
    scores: Scores
    C: float
    log_losses: dict[float, float]


def fit(
    corpus: Corpus,
    *,
    C: float | None = None,
    random_state: int = 0,
    n_jobs: int | None = None,
    on_stage: Callable[[str], None] = lambda stage: None,
) -> Fit:
    """Fit and calibrate a model.

    C is chosen by cross-validation grouped by speaker, by log loss. Probabilities are
    calibrated on the out-of-fold predictions by one temperature, which leaves every stance
    as it is. The review threshold is the lowest above which out-of-fold accuracy is 85%.
    All of these, and the scores, look only at the quotes that the corpus calls unread.

    Parameters
    ----------
    corpus : Corpus
        Analysed quotes; each stance in at least 5 groups.
    C : float, optional
        The inverse regularisation strength, above 0; chosen where not given.
    random_state : int, default 0
        Seed of the folds and of the bootstrap.
    n_jobs : int, optional
        Processes; as many as there are cores where not given. The result is the same.
    on_stage : callable, optional
        Told the name of each stage as it begins.

    Returns
    -------
    Fit
        The model and its out-of-fold scores. The same corpus and seed give the same model.

    Raises
    ------
    StanceError
        If a stance has too few quotes to be cross-validated.

    Notes
    -----
    Temperature scaling is from Guo et al., "On Calibration of Modern Neural Networks"
    (ICML 2017), section 4.2.
    """
    _check_size(corpus)
    on_stage("cross-validating")
    X, y = corpus.X, corpus.y
    folds = _folds(corpus, random_state)
    grid = C_GRID if C is None else (C,)
    features = corpus.features
    out_of_fold = _out_of_fold(X, y, corpus.weights, features, folds, grid, n_jobs)
    by_C = dict(zip(grid, out_of_fold, strict=True))
    scored = corpus.unread if corpus.unread.any() else np.ones_like(corpus.unread)
    y_scored, weights = y[scored], corpus.weights[scored]
    balance = weights * _balance(y_scored, weights)
    log_losses = {C: log_loss(scores[scored], y_scored, balance) for C, scores in by_C.items()}
    C = min(grid, key=lambda value: (log_losses[value], value))
    on_stage("calibrating")
    calibrated = calibrate(by_C[C][scored], y_scored, weights, random_state=random_state)
    on_stage("fitting")
    model = model_of(
        corpus,
        *fit_weights(X, y, corpus.weights, C, features),
        training={"C": C, "random_state": random_state},
        calibrated=calibrated,
    )
    return Fit(model, calibrated.scores, C, log_losses)


@dataclass(frozen=True)
class Calibration:
    """What out-of-fold predictions tell of a model's probabilities.

    Attributes
    ----------
    temperature : float
        What linear scores are divided by, above 0.
    threshold : float
        Probability below which a quote goes to review, in [0, 1].
    scores : Scores
        Of the out-of-fold predictions, calibrated.
    """

    temperature: float
    threshold: float
    scores: Scores


def calibrate(
    scores: FloatArray, y: npt.NDArray[np.int64], weights: FloatArray, *, random_state: int = 0
) -> Calibration:
    """Choose temperature and review threshold on out-of-fold scores.

    Parameters
    ----------
    scores : numpy.ndarray, shape (n_quotes, 3)
        Linear scores of quotes by models that were not fitted on them.
    y : numpy.ndarray of int64, shape (n_quotes,)
        Positions in `STANCES`.
    weights : numpy.ndarray, shape (n_quotes,)
        How much each quote counts.
    random_state : int, default 0
        Seed of the bootstrap.

    Returns
    -------
    Calibration
        Temperature, threshold and scores.
    """
    temperature = best_temperature(scores, y, weights)
    probabilities = softmax(scores / temperature)
    top = probabilities.max(axis=1)
    threshold = review_threshold(top, probabilities.argmax(axis=1) == y, accuracy=REVIEW_ACCURACY)
    threshold = float(np.floor(threshold * 10_000) / 10_000)
    found = score(
        [STANCES[code] for code in y], probabilities, threshold=threshold, random_state=random_state
    )
    return Calibration(temperature, threshold, found)


def model_of(
    corpus: Corpus,
    idf: FloatArray,
    coefficients: FloatArray,
    intercepts: FloatArray,
    *,
    training: dict[str, Any],
    calibrated: Calibration | None = None,
) -> Model:
    """Make a model of fitted weights.

    Parameters
    ----------
    corpus : Corpus
        What it was fitted on.
    idf : numpy.ndarray, shape (n_terms,)
        Inverse document frequency of each of the corpus's terms.
    coefficients : numpy.ndarray, shape (n_terms, 3)
        The weights, before calibration.
    intercepts : numpy.ndarray, shape (3,)
        The intercepts, before calibration.
    training : dict
        What else the card shall say of the training, as JSON.
    calibrated : Calibration, optional
        What they are calibrated by; the probabilities stay as they are where not given.

    Returns
    -------
    Model
        Rounded, so that the last digits of a solver do not show.
    """
    temperature = calibrated.temperature if calibrated else 1.0
    card: dict[str, Any] = {
        "analyser": {"longest": corpus.analyser.longest},
        "training": {
            "quotes": len(corpus),
            "quotes_by_stance": {
                stance: int((corpus.y == code).sum()) for code, stance in enumerate(STANCES)
            },
            "fingerprint": corpus.fingerprint,
            **training,
        },
        "versions": {name: version(name) for name in ("diplomatic-stance", *_LIBRARIES)},
        "calibration": {"method": "none"},
    }
    if calibrated:
        scores = calibrated.scores
        card["calibration"] = {"method": "temperature", "temperature": round(temperature, 4)}
        card["scores"] = {
            "how": "out of fold, grouped by speaker, on quotes new to the lexicon's authors",
            "quotes": scores.n,
            "macro_f1": round(scores.macro_f1, 4),
            "macro_f1_interval": [round(bound, 4) for bound in scores.macro_f1_interval],
            "f1": {stance: round(s.f1, 4) for stance, s in scores.per_stance.items()},
            "calibration_error": round(scores.calibration_error, 4),
            "coverage": round(scores.coverage, 4),
        }
    return Model(
        terms=corpus.terms,
        idf=np.round(idf, WEIGHT_DECIMALS).astype(np.float32),
        weights=np.round(coefficients / temperature, WEIGHT_DECIMALS).astype(np.float32),
        intercepts=np.round(intercepts / temperature, WEIGHT_DECIMALS),
        threshold=calibrated.threshold if calibrated else 0.0,
        card=card,
        lexicon=corpus.analyser.lexicon,
    )


def fit_uncalibrated(corpus: Corpus, C: float, *, random_state: int = 0) -> Model:
    """Fit a model without cross-validation, which takes a fraction of the time.

    Parameters
    ----------
    corpus : Corpus
        Analysed quotes; each stance at least once.
    C : float
        The inverse regularisation strength, above 0.
    random_state : int, default 0
        Kept in the card.

    Returns
    -------
    Model
        Its probabilities are those of the logistic regression, often too sure of themselves,
        and its review threshold is 0: it has no scores to set one by.

    Raises
    ------
    StanceError
        If a stance has no quote.
    """
    missing = [name for code, name in enumerate(STANCES) if not (corpus.y == code).any()]
    if missing:
        raise StanceError(f"no {missing[0]} quote; training needs quotes of each stance")
    weights = fit_weights(corpus.X, corpus.y, corpus.weights, C, corpus.features)
    return model_of(corpus, *weights, training={"C": C, "random_state": random_state})


def load_training(
    paths: Sequence[str],
    **reading: Any,
) -> tuple[Corpus, list[str]]:
    """Read what a model is to be trained on.

    Parameters
    ----------
    paths : sequence of str
        Exports of annotation tools, tables with a column of stances, or one analysed training
        set.
    **reading
        As for `stance.annotations.import_annotations`.

    Returns
    -------
    corpus : Corpus
        The analysed quotes.
    skipped : list of str
        What was left out, and why.

    Raises
    ------
    StanceError
        If a file cannot be used.
    """
    analysed = [path for path in paths if path.endswith(".parquet") and is_corpus(path)]
    if analysed:
        if len(paths) > 1:
            raise StanceError(
                "is an analysed training set, which cannot be joined with other files",
                path=analysed[0],
                usage=True,
            )
        return load_corpus(analysed[0]), []
    annotated = read_annotations(
        paths,
        **reading,
    )
    corpus = build_corpus(
        annotated.texts, annotated.stances, groups=annotated.speakers, rounds=annotated.rounds
    )
    return corpus, annotated.skipped


def _check_size(corpus: Corpus) -> None:
    groups = np.array(corpus.groups)
    for code, stance in enumerate(STANCES):
        n = len(np.unique(groups[corpus.y == code]))
        if n < N_FOLDS:
            raise StanceError(
                f"only {n} speakers have {stance} quotes; training needs at least {N_FOLDS} "
                "for each stance (quotes without a speaker count one each)"
            )


def _folds(corpus: Corpus, random_state: int) -> list[tuple[Any, Any]]:
    from sklearn.model_selection import StratifiedGroupKFold

    _, groups = np.unique(np.array(corpus.groups), return_inverse=True)
    splitter = StratifiedGroupKFold(N_FOLDS, shuffle=True, random_state=random_state)
    return list(splitter.split(corpus.y, corpus.y, groups))


def fit_weights(
    X: Any, y: npt.NDArray[np.int64], weights: FloatArray, C: float, features: Any
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Fit once, with settings already chosen.

    Parameters
    ----------
    X : scipy.sparse.csr_matrix, shape (n_quotes, n_terms)
        Counts of the terms.
    y : numpy.ndarray of int64, shape (n_quotes,)
        Positions in `STANCES`.
    weights : numpy.ndarray, shape (n_quotes,)
        How much each quote counts, above 0.
    C : float
        Inverse regularisation strength, above 0.
    features : scipy.sparse.csr_matrix, shape (n_terms, n_features)
        What the terms have in common: `Corpus.features`.

    Returns
    -------
    idf : numpy.ndarray, shape (n_terms,)
        Inverse document frequencies.
    coefficients : numpy.ndarray, shape (n_terms, 3)
        Not calibrated, columns in the order of `STANCES`.
    intercepts : numpy.ndarray, shape (3,)
        Not calibrated.
    """
    from sklearn.feature_extraction.text import TfidfTransformer

    tfidf = TfidfTransformer()
    fitted = fit_linear(tfidf.fit_transform(X), y, weights, C, features, tol=TOL)
    return tfidf.idf_, fitted.coefficients, fitted.intercepts


def _fold_scores(
    X: Any,
    y: npt.NDArray[np.int64],
    weights: FloatArray,
    features: Any,
    fold: tuple[Any, Any],
    grid: Sequence[float],
) -> list[FloatArray]:
    """Scores of the quotes held back, for each C; each fit begins where the last one ended."""
    from sklearn.feature_extraction.text import TfidfTransformer

    train, held = fold
    tfidf = TfidfTransformer()
    X_train, X_held = tfidf.fit_transform(X[train]), tfidf.transform(X[held])
    fitted, scores = None, []
    for C in grid:
        fitted = fit_linear(X_train, y[train], weights[train], C, features, start=fitted)
        scores.append(fitted.scores(X_held))
    return scores


def _out_of_fold(
    X: Any,
    y: npt.NDArray[np.int64],
    weights: FloatArray,
    features: Any,
    folds: list[tuple[Any, Any]],
    grid: Sequence[float],
    n_jobs: int | None,
) -> list[FloatArray]:
    """Scores of every quote by a model that has not seen its group, for each C."""
    from joblib import Parallel, delayed

    parts = Parallel(n_jobs=n_jobs or -1)(
        delayed(_fold_scores)(X, y, weights, features, fold, grid) for fold in folds
    )
    result = []
    for i in range(len(grid)):
        scores = np.empty((len(y), len(STANCES)))
        for (_, held), part in zip(folds, parts, strict=True):
            scores[held] = part[i]
        result.append(scores)
    return result


def _balance(y: npt.NDArray[np.int64], weights: FloatArray) -> FloatArray:
    totals = np.bincount(y, weights=weights, minlength=len(STANCES))
    result: FloatArray = (totals.sum() / len(STANCES) / totals)[y]
    return result


def log_loss(scores: FloatArray, y: npt.NDArray[np.int64], weights: FloatArray) -> float:
    """Compute the mean log loss of linear scores, shape (n_quotes, 3), by weight."""
    own = scores[np.arange(len(y)), y]
    highest = scores.max(axis=1)
    losses = highest + np.log(np.exp(scores - highest[:, None]).sum(axis=1)) - own
    return float(np.average(losses, weights=weights))


def best_temperature(scores: FloatArray, y: npt.NDArray[np.int64], weights: FloatArray) -> float:
    """Find what linear scores, shape (n_quotes, 3), are to be divided by for the least log loss."""
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(
        lambda log: log_loss(scores / np.exp(log), y, weights),
        bounds=(np.log(0.1), np.log(10)),
        method="bounded",
    )
    return float(np.exp(found.x))


if __name__ == "__main__":
    from stance.cli import train

    train(prog_name="python -m stance.training")
