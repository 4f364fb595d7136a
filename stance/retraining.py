"""From a user's annotations to a candidate that the gate may publish.

Two ways to learn from them. Normally they join the shipped training set, each counting as much
as cross-validation on them says. A team with its own codebook cannot use labels made by
another; there a model is fitted on its annotations alone, which takes the three scores of the
shipped model as further features: it learns what those are worth under the new codebook, and
the result is again one weight a term.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from stance import store
from stance.codebook import STANCES
from stance.corpus import Corpus, join, load_heldout, load_shipped_corpus, select
from stance.errors import StanceError
from stance.gate import (
    LEAST_KAPPA,
    LEAST_OWN_KAPPA,
    Condition,
    check_round,
    compare,
    probabilities_on,
    verdict,
)
from stance.model import Model
from stance.rounds import (
    Quote,
    consensus_of,
    merge,
    near_heldout,
    numbered_folds,
    quotes_of,
    quotes_table,
)
from stance.training import calibrate, fit, model_of

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

FEWEST_QUOTES: Final = 30
WEIGHTS: Final = (1.0, 4.0, 16.0)
OWN_WEIGHTS: Final = (0.5, 1.0, 2.0, 4.0)
N_FOLDS: Final = 5
SEARCH_TOL: Final = 1e-4

# Strength of the shipped model's scores among the features of a codebook of one's own: small
# enough to be bent, large enough to be used where there are few annotations.
PRIOR_SCALE: Final = 0.5

HELD_OUT: Final = "the shipped held-out set"
OWN_FIFTH: Final = "a fifth of your quotes"


@dataclass(frozen=True)
class Proposal:
    """A candidate, and what the gate says of it.

    Attributes
    ----------
    model : Model or None
        The candidate; None where the round was refused before a fit.
    conditions : list of Condition
        Everything the gate looked at.
    quotes : list of Quote
        The user's quotes, all rounds, each with the part it plays.
    weight : float or None
        How much each of them counts.
    new : int
        How many quotes came with this round.
    """

    model: Model | None
    conditions: list[Condition]
    quotes: list[Quote]
    weight: float | None
    new: int

    @property
    def refusal(self) -> str:
        """The conditions that failed, in one line; empty where none did."""
        return verdict(self.conditions)

    def count(self, part: str) -> int:
        """Tell how many of the user's quotes play a part."""
        return sum(quote.part == part for quote in self.quotes)


def propose(
    new: Sequence[Quote],
    earlier: Sequence[Quote],
    current: Model,
    *,
    shipped: Model,
    base: Corpus,
    heldout: Corpus,
    own_codebook: bool = False,
    force: bool = False,
    random_state: int = 0,
    n_jobs: int | None = None,
    on_stage: Callable[[str], None] = lambda stage: None,
) -> Proposal:
    """Fit a candidate on new and earlier quotes, and take it to the gate.

    Parameters
    ----------
    new : sequence of Quote
        The new round, distinct by hash.
    earlier : sequence of Quote
        What the current model was made of.
    current : Model
        The model to be replaced.
    shipped : Model
        The shipped model, fitted on `base`.
    base : Corpus
        The shipped training set.
    heldout : Corpus
        The shipped held-out set.
    own_codebook : bool, default False
        The user's labels follow another codebook: theirs alone are fitted and measured.
    force : bool, default False
        Go on to fit where the labels of the round look wrong.
    random_state : int, default 0
        Seed of folds and bootstrap.
    n_jobs : int, optional
        Processes; as many as there are cores where not given.
    on_stage : callable, optional
        Told the name of each stage as it begins.

    Returns
    -------
    Proposal
        The same for the same quotes, whatever their order.

    Raises
    ------
    StanceError
        If there are too few quotes.
    """
    on_stage("merging with earlier rounds")
    quotes = merge(
        new, earlier, near=near_heldout(new, heldout), seen=frozenset(base.hashes) - {""}
    )
    train = [quote for quote in quotes if quote.part == "training"]
    held = [quote for quote in quotes if quote.part == "heldout"]
    if len(train) + len(held) < FEWEST_QUOTES:
        raise StanceError(
            f"only {len(train) + len(held)} quotes can be used; retraining needs at least "
            f"{FEWEST_QUOTES}"
        )
    conditions: list[Condition] = []
    if not own_codebook:
        on_stage("checking the labels")
        labels = np.array([STANCES.index(quote.stance) for quote in new], dtype=np.int64)
        told = current.predict_proba([quote.text for quote in new]).argmax(axis=1)
        conditions += check_round(labels, told, least_kappa=LEAST_KAPPA)
        if verdict(conditions) and not force:
            return Proposal(None, conditions, quotes, None, len(new))
    corpus = join(
        base,
        [quote.text for quote in train],
        [quote.stance for quote in train],
        [f"user {quote.group}" for quote in train],
    )
    own = np.arange(len(corpus)) >= len(corpus) - len(train)
    C = float(shipped.card["training"]["C"])
    if own_codebook:
        model, weight, oof = _fit_on_top(select(corpus, own), shipped, C, random_state, on_stage)
        conditions += check_round(corpus.y[own], oof, least_kappa=LEAST_OWN_KAPPA)
    else:
        on_stage("choosing the weight of your quotes")
        weight = _choose_weight(corpus, own, C)
        weighted = replace(corpus, weights=np.where(own, weight, corpus.weights))
        model = fit(
            weighted, grid=(C,), random_state=random_state, n_jobs=n_jobs, on_stage=on_stage
        ).model
    on_stage("comparing with the current model")
    if not own_codebook:
        conditions += compare(
            heldout.y,
            *(probabilities_on(m, heldout) for m in (current, model)),
            where=HELD_OUT,
            random_state=random_state,
        )
    texts = [quote.text for quote in held]
    conditions += compare(
        np.array([STANCES.index(quote.stance) for quote in held], dtype=np.int64),
        *(m.predict_proba(texts) for m in (current, model)),
        where=OWN_FIFTH,
        random_state=random_state,
    )
    return Proposal(model, conditions, quotes, weight, len(new))


def _choose_weight(corpus: Corpus, own: npt.NDArray[np.bool_], C: float) -> float:
    """Choose by log loss on the user's quotes, out of fold."""
    from sklearn.feature_extraction.text import TfidfTransformer

    X = TfidfTransformer().fit_transform(corpus.X)
    y, at = corpus.y, np.flatnonzero(own)
    folds = numbered_folds([corpus.groups[i] for i in at], N_FOLDS)
    start = _fitted(X[~own], y[~own], C, weights=corpus.weights[~own])
    losses = {}
    for weight in WEIGHTS:
        weights = np.where(own, weight, corpus.weights)
        scores = np.empty((len(at), len(STANCES)))
        for fold in range(N_FOLDS):
            out = at[folds == fold]
            kept = np.ones(len(y), dtype=np.bool_)
            kept[out] = False
            # Every fit starts from the base, which has seen none of the user's quotes.
            fitted = _fitted(X[kept], y[kept], C, weights=weights[kept], start=start)
            scores[folds == fold] = fitted.decision_function(X[out])
        losses[weight] = _log_loss(scores, y[at])
    return min(WEIGHTS, key=lambda weight: (round(losses[weight], 6), weight))


def _fit_on_top(
    corpus: Corpus,
    prior: Model,
    C: float,
    random_state: int,
    on_stage: Callable[[str], None],
) -> tuple[Model, float, IntArray]:
    """Fit the user's quotes alone, with the scores of a model before them as features."""
    from scipy.sparse import csr_matrix, hstack

    if min(np.bincount(corpus.y, minlength=len(STANCES))) < N_FOLDS:
        raise StanceError(
            f"a codebook of your own needs at least {N_FOLDS} quotes of each stance to learn from"
        )
    on_stage("choosing the weight of your quotes")
    n_prior = int(prior.card["training"]["quotes"])
    X, y = corpus.X, corpus.y
    idf = np.log((1 + n_prior + X.shape[0]) / (1 + X.getnnz(axis=0))) + 1
    place = np.searchsorted(np.array(corpus.terms), np.array(prior.terms))
    known = np.isin(np.array(prior.terms), np.array(corpus.terms))
    idf[place[known]] = prior.idf[known]
    before = np.zeros((len(idf), len(STANCES)))
    before[place[known]] = prior.weights[known]
    tfidf = X.multiply(idf).tocsr()
    norm = np.sqrt(np.asarray(tfidf.multiply(tfidf).sum(axis=1)).ravel())
    tfidf = tfidf.multiply(1 / np.where(norm > 0, norm, 1)[:, None]).tocsr()
    scores_before = tfidf @ before + prior.intercepts
    Z = hstack([tfidf, csr_matrix(scores_before * PRIOR_SCALE)]).tocsr()
    folds = numbered_folds(corpus.groups, N_FOLDS)
    found = {}
    for weight in OWN_WEIGHTS:
        scores = np.full((len(y), len(STANCES)), -20.0)
        for fold in range(N_FOLDS):
            fitted = _fitted(Z[folds != fold], y[folds != fold], C * weight)
            scores[np.ix_(folds == fold, fitted.classes_)] = fitted.decision_function(
                Z[folds == fold]
            )
        found[weight] = scores
    weight = min(OWN_WEIGHTS, key=lambda w: (round(_log_loss(found[w], y), 6), w))
    on_stage("calibrating")
    calibrated = calibrate(found[weight], y, np.ones(len(y)), random_state=random_state)
    on_stage("fitting")
    fitted = _fitted(Z, y, C * weight, tol=1e-6)
    own, mix = fitted.coef_[:, :-3].T, fitted.coef_[:, -3:].T * PRIOR_SCALE
    model = model_of(
        corpus,
        *(idf, own + before @ mix, fitted.intercept_ + prior.intercepts @ mix, calibrated),
        training={"C": C * weight, "random_state": random_state, "own_codebook": True},
    )
    return model, weight, found[weight].argmax(axis=1)


def _fitted(
    X: Any,
    y: IntArray,
    C: float,
    *,
    weights: FloatArray | None = None,
    start: Any = None,
    tol: float = SEARCH_TOL,
) -> Any:
    """Fit a logistic regression; the solver begins at the solution of `start`, if given."""
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    classifier = LogisticRegression(
        C=C, class_weight="balanced", max_iter=5000, tol=tol, warm_start=start is not None
    )
    if start is not None:
        classifier.classes_ = start.classes_
        classifier.coef_, classifier.intercept_ = start.coef_.copy(), start.intercept_.copy()
    # Several threads add in another order, which shows in the last digits.
    with threadpool_limits(limits=1):
        return classifier.fit(X, y, sample_weight=weights)


def _log_loss(scores: FloatArray, y: IntArray) -> float:
    """Log loss at the best temperature, so that no weight is chosen for its scale."""
    from scipy.optimize import minimize_scalar

    def loss(log: float) -> float:
        scaled = scores / np.exp(log)
        top = scaled.max(axis=1)
        sums = np.exp(scaled - top[:, None]).sum(axis=1)
        return float(np.mean(top + np.log(sums) - scaled[np.arange(len(y)), y]))

    return float(minimize_scalar(loss, bounds=(np.log(0.1), np.log(10)), method="bounded").fun)


@dataclass(frozen=True)
class Retrained:
    """What came of a retraining.

    Attributes
    ----------
    proposal : Proposal
        The candidate and the gate.
    version : int or None
        The version published; None where it was refused or only tried.
    ties : int
        Quotes left out because their annotators disagree.
    skipped : list of str
        What was wrong with the rows left out.
    """

    proposal: Proposal
    version: int | None
    ties: int
    skipped: list[str]

    @property
    def exit_code(self) -> int:
        """3 where the gate refused and was not overruled, else 0."""
        return 3 if self.version is None and self.proposal.refusal else 0


def retrain(
    paths: Sequence[str],
    *,
    own_codebook: bool = False,
    dry_run: bool = False,
    force: bool = False,
    random_state: int = 0,
    n_jobs: int | None = None,
    on_stage: Callable[[str], None] = lambda stage: None,
    **reading: Any,
) -> Retrained:
    """Make a new version of the current model from annotations.

    Parameters
    ----------
    paths : sequence of str
        Files of annotations; their order does not matter.
    own_codebook : bool, default False
        As for `propose`; kept by the versions made from such a one.
    dry_run : bool, default False
        Stop before publishing.
    force : bool, default False
        Publish what the gate refuses; the refusal is on record.
    random_state, n_jobs, on_stage
        As for `propose`.
    **reading
        As for `stance.annotations.read_annotations`.

    Returns
    -------
    Retrained
        With the number of the version, where one was published.

    Raises
    ------
    StanceError
        If the annotations cannot be used or the store cannot be written to; the current
        model stays.
    """
    on_stage("reading annotations")
    new, ties, skipped = consensus_of(paths, **reading)
    with store.locked(on_wait=lambda: on_stage("waiting for another retraining")):
        number = store.current_number()
        now = store.version(number)
        own_codebook = own_codebook or bool(now.record.get("own_codebook"))
        proposal = propose(
            new,
            quotes_of(store.annotations_of(number)),
            store.load_version(number),
            shipped=store.load_version(store.SHIPPED),
            base=load_shipped_corpus(),
            heldout=load_heldout(),
            own_codebook=own_codebook,
            force=force,
            random_state=random_state,
            n_jobs=n_jobs,
            on_stage=on_stage,
        )
        if dry_run or proposal.model is None or (proposal.refusal and not force):
            return Retrained(proposal, None, ties, skipped)
        on_stage("publishing")
        card = proposal.model.card
        record = {
            "own_codebook": own_codebook,
            "weight": proposal.weight,
            "training": card["training"],
            "scores": card["scores"],
            "annotations": {
                part: proposal.count(part)
                for part in ("training", "heldout", "left out", "superseded")
            },
            "gate": [vars(condition) for condition in proposal.conditions],
            "refused": proposal.refusal,
        }
        published = store.publish(proposal.model, record, quotes_table(proposal.quotes))
    return Retrained(proposal, published, ties, skipped)
