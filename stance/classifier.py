"""The model as a scikit-learn classifier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from stance.analyser import Analyser
from stance.codebook import STANCES
from stance.corpus import build_corpus
from stance.frames import column_to_arrow
from stance.lexicon import EMPTY, load_lexicon
from stance.text import as_texts
from stance.training import fit, fit_uncalibrated
from stance.vectors import NONE, load_vectors

FloatArray = npt.NDArray[np.float64]


class StanceClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Learns stances from labelled quotes, as ``stance train`` does.

    Parameters
    ----------
    C : float, optional
        The inverse regularisation strength, above 0; where not given it is chosen by
        cross-validation grouped by speaker, which needs `calibrate`.
    calibrate : bool, default True
        Cross-validate to calibrate the probabilities and to set the review threshold. Each
        stance then needs quotes in 5 groups. Without, `C` must be given, and a fit takes a
        tenth of the time: enough for a search by F1.
    lexicon : bool, default True
        Count the cues of the shipped lexicon as terms.
    vectors : bool, default True
        Let words that keep the same company weigh alike, by the shipped word vectors.
    longest : int, default 2
        The most words in a term.
    min_texts : int, default 2
        How many quotes must share a term.
    random_state : int, default 0
        Seed of the folds.
    n_jobs : int, optional
        Processes of a cross-validation; one where not given. The result is the same.

    Attributes
    ----------
    classes_ : numpy.ndarray of str, shape (3,)
        The stances.
    model_ : stance.model.Model
        What was learnt: save it, explain with it, label tables with it.

    Notes
    -----
    Of quotes that come twice with the same stance only the first is learnt from.

    Examples
    --------
    >>> quotes = ["They lied.", "We welcome it.", "The vote is on Monday."]
    >>> stances = ["accusatory", "conciliatory", "neutral"]
    >>> classifier = StanceClassifier(C=4, calibrate=False, min_texts=1)
    >>> classifier.fit(quotes, stances).predict(["He lied."]).tolist()
    ['accusatory']
    """

    def __init__(
        self,
        C: float | None = None,
        *,
        calibrate: bool = True,
        lexicon: bool = True,
        vectors: bool = True,
        longest: int = 2,
        min_texts: int = 2,
        random_state: int = 0,
        n_jobs: int | None = None,
    ) -> None:
        self.C = C
        self.calibrate = calibrate
        self.lexicon = lexicon
        self.vectors = vectors
        self.longest = longest
        self.min_texts = min_texts
        self.random_state = random_state
        self.n_jobs = n_jobs

    def fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        groups: Sequence[str | None] | None = None,
    ) -> Self:
        """Learn from labelled quotes.

        Parameters
        ----------
        X : sequence of str, pandas or polars Series, NumPy or Arrow array
            The quotes.
        y : sequence of str
            The stance of each, one of `STANCES`.
        sample_weight : sequence of float, optional
            How much each quote counts, above 0; 1 where not given.
        groups : sequence of str, optional
            Who said each: a speaker never stands on both sides of a split.

        Returns
        -------
        StanceClassifier
            Itself.

        Raises
        ------
        StanceError
            If there are too few quotes of a stance.
        ValueError
            If lengths differ, a label is no stance, a quote is missing, or a parameter is
            out of its range.
        TypeError
            If the quotes are no strings.
        """
        texts, stances = _texts(X).to_pylist(), _stances(y)
        said_by = None if groups is None else ["" if g is None else str(g) for g in groups]
        weights = None if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
        for name, values in (("y", stances), ("sample_weight", weights), ("groups", said_by)):
            if values is not None and len(values) != len(texts):
                raise ValueError(f"X has {len(texts)} quotes, but {name} has {len(values)} values")
        self._check(weights)
        corpus = build_corpus(
            texts,
            stances,
            groups=said_by,
            weights=None if weights is None else weights.tolist(),
            analyser=Analyser(self.longest, load_lexicon() if self.lexicon else EMPTY),
            vectors=load_vectors() if self.vectors else NONE,
            min_texts=self.min_texts,
        )
        if self.calibrate:
            self.model_ = fit(
                corpus, C=self.C, random_state=self.random_state, n_jobs=self.n_jobs or 1
            ).model
        elif self.C is None:
            raise ValueError("C is chosen by cross-validation: give C, or leave calibrate=True")
        else:
            self.model_ = fit_uncalibrated(corpus, self.C, random_state=self.random_state)
        self.classes_ = np.array(STANCES)
        return self

    def _check(self, weights: FloatArray | None) -> None:
        if self.C is not None and not 0 < self.C < np.inf:
            raise ValueError(f"C must be above 0, not {self.C}")
        for name, value in (("longest", self.longest), ("min_texts", self.min_texts)):
            if value < 1:
                raise ValueError(f"{name} must be at least 1, not {value}")
        if weights is not None and not (np.isfinite(weights) & (weights > 0)).all():
            raise ValueError("each sample_weight must be above 0; leave other quotes out")

    def predict_proba(self, X: Any) -> FloatArray:
        """Compute the probability of each stance.

        Parameters
        ----------
        X : sequence of str, pandas or polars Series, NumPy or Arrow array
            The quotes.

        Returns
        -------
        numpy.ndarray, shape (n_quotes, 3)
            Columns in the order of `classes_`, rows summing to 1.
        """
        check_is_fitted(self)
        return self.model_.predict_proba(_texts(X))

    def predict(self, X: Any) -> npt.NDArray[np.str_]:
        """Give the most probable stance of each quote.

        Parameters
        ----------
        X : sequence of str, pandas or polars Series, NumPy or Arrow array
            The quotes.

        Returns
        -------
        numpy.ndarray of str, shape (n_quotes,)
            One of `classes_` for each. For a Series use
            ``stance.predict(quotes, model=classifier.model_)``.
        """
        found: npt.NDArray[np.str_] = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return found

    def __sklearn_tags__(self) -> Any:
        """Say that this takes texts, of three stances."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        return tags


def _texts(X: Any) -> pa.StringArray:
    """Give the quotes as an Arrow column, as strict as scikit-learn is."""
    if isinstance(X, np.ndarray) and X.ndim != 1:
        raise ValueError(f"X must be a sequence of quotes, not an array of {X.ndim} dimensions")
    texts = as_texts(column_to_arrow(X))
    if texts.null_count:
        row = pc.index(pc.is_null(texts), True).as_py()
        raise ValueError(f"X has no quote in row {row}, counted from 0; leave it out")
    return texts


def _stances(y: Any) -> list[str]:
    stances = list(y)
    for row, stance in enumerate(stances):
        if stance not in STANCES:
            raise ValueError(f"y has {stance!r} in row {row}; use {', '.join(STANCES)}")
    return [str(stance) for stance in stances]
