"""The solver, against scikit-learn's on the same features written out."""

from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix, hstack
from scipy.sparse import random as random_matrix
from sklearn.linear_model import LogisticRegression

from stance.fitting import fit_linear

N, TERMS, FEATURES = 90, 25, 12


def drawn(seed: int) -> tuple[Any, np.ndarray[Any, Any], np.ndarray[Any, Any], Any]:
    rng = np.random.default_rng(seed)
    X = random_matrix(N, TERMS, density=0.3, format="csr", random_state=seed)
    features = random_matrix(TERMS, FEATURES, density=0.3, format="csr", random_state=seed + 1)
    return X, rng.integers(0, 3, N), rng.uniform(0.5, 2, N), features


@pytest.mark.parametrize("C", [0.1, 1.0, 10.0])
def test_it_is_the_solution_of_scikit_learn_with_the_features_written_out(C: float) -> None:
    X, y, weights, features = drawn(3)
    fitted = fit_linear(X, y, weights, C, features, tol=1e-8)
    totals = np.bincount(y, weights=weights)
    balanced = weights * (weights.sum() / 3 / totals)[y]
    written_out = hstack([X, X @ features]).tocsr()
    other = LogisticRegression(C=C, tol=1e-8, max_iter=5000)
    other.fit(written_out, y, sample_weight=balanced)
    assert fitted.scores(X) - other.intercept_.mean() == pytest.approx(
        other.decision_function(written_out) - other.intercept_.mean(), abs=1e-4
    )


def test_without_features_it_is_plain_logistic_regression() -> None:
    X, y, _, _ = drawn(5)
    fitted = fit_linear(X, y, np.ones(N), 2.0, csr_matrix((TERMS, 0)), tol=1e-8)
    other = LogisticRegression(C=2.0, class_weight="balanced", tol=1e-8, max_iter=5000).fit(X, y)
    assert fitted.coefficients == pytest.approx(other.coef_.T, abs=1e-4)


def test_a_word_never_seen_takes_after_its_kin() -> None:
    X = csr_matrix(np.repeat(np.eye(3, 4), 5, axis=0))
    y = np.repeat([0, 1, 2], 5)
    # The fourth term occurs nowhere and has the feature of the first.
    features = csr_matrix(np.array([[1.0, 0], [0, 1.0], [0, 0], [1.0, 0]]))
    coefficients = fit_linear(X, y, np.ones(15), 1.0, features).coefficients
    assert coefficients[3].argmax() == 0
    assert 0 < coefficients[3, 0] < coefficients[0, 0]
    alone = fit_linear(X, y, np.ones(15), 1.0, csr_matrix((4, 0))).coefficients
    assert not alone[3].any()


def test_where_it_begins_does_not_matter() -> None:
    X, y, weights, features = drawn(7)
    far = fit_linear(X, y, weights, 20.0, features, tol=1e-8)
    near = fit_linear(X, y, weights, 1.0, features, start=far, tol=1e-8)
    fresh = fit_linear(X, y, weights, 1.0, features, tol=1e-8)
    assert near.coefficients == pytest.approx(fresh.coefficients, abs=1e-4)


def test_a_stance_without_quotes_is_never_likely() -> None:
    X, y, weights, features = drawn(9)
    y = np.where(y == 2, 0, y)
    scores = fit_linear(X, y, weights, 1.0, features).scores(X)
    assert (scores[:, 2] < scores[:, :2].max(axis=1) - 3).all()
