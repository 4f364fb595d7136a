from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from stance import STANCES, load_model
from stance.annotations import read_annotations
from stance.evaluation import calibration_error, review_threshold, score


def sure(codes: list[int]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.eye(3)[codes] * 0.7 + 0.1


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=30))
def test_macro_f1_is_that_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    y, predicted = [a for a, _ in pairs], [b for _, b in pairs]
    scores = score([STANCES[code] for code in y], sure(predicted), threshold=0.5)
    expected = f1_score(y, predicted, labels=[0, 1, 2], average="macro", zero_division=0)
    assert scores.macro_f1 == pytest.approx(expected)
    assert sum(s.support for s in scores.per_stance.values()) == scores.n == len(pairs)
    low, high = scores.macro_f1_interval
    assert 0 <= low <= high <= 1


def test_scores_of_a_small_case_by_hand() -> None:
    stances = ["accusatory", "accusatory", "conciliatory", "neutral"]
    scores = score(stances, sure([0, 2, 1, 2]), threshold=0.75)
    accusatory = scores.per_stance["accusatory"]
    assert (accusatory.precision, accusatory.recall, accusatory.support) == (1.0, 0.5, 2)
    assert accusatory.f1 == pytest.approx(2 / 3)
    assert scores.accuracy == 0.75
    assert scores.coverage == 1.0
    assert scores.calibration_error == pytest.approx(0.05)


def test_the_interval_is_that_of_resampled_quotes() -> None:
    rng = np.random.default_rng(5)
    y, predicted = rng.integers(0, 3, 300), rng.integers(0, 3, 300)
    predicted[:150] = y[:150]
    scores = score([STANCES[code] for code in y], sure(predicted.tolist()), threshold=0.5)
    plain = [
        f1_score(y[i], predicted[i], average="macro")
        for i in (rng.integers(0, 300, 300) for _ in range(1000))
    ]
    assert scores.macro_f1_interval == pytest.approx(np.percentile(plain, [2.5, 97.5]), abs=0.01)


def test_scores_are_the_same_each_time() -> None:
    probabilities = np.random.default_rng(1).dirichlet([1, 1, 1], 50)
    stances = [STANCES[i % 3] for i in range(50)]
    first, second = (score(stances, probabilities, threshold=0.5) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("stances", [[], ["neutral", "neutral"]])
def test_lengths_must_fit(stances: list[str]) -> None:
    with pytest.raises(ValueError, match="of one length, at least 1"):
        score(stances, sure([0]), threshold=0.5)


@pytest.mark.parametrize(
    ("top", "right", "error"),
    [
        ([0.75, 0.75], [True, False], 0.25),
        ([0.5, 0.5], [True, False], 0.0),
        ([1.0], [True], 0.0),
        ([1.0], [False], 1.0),
        ([0.4, 0.9], [True, True], 0.35),
    ],
)
def test_calibration_error(top: list[float], right: list[bool], error: float) -> None:
    assert calibration_error(np.array(top), np.array(right)) == pytest.approx(error)


@pytest.mark.parametrize(
    ("top", "right", "threshold"),
    [
        ([0.5, 0.7, 0.9], [False, True, True], 0.7),
        ([0.5, 0.7, 0.9], [True, True, True], 0.5),
        ([0.5, 0.7, 0.9], [True, True, False], 1.0),
        # Quotes of one probability stay together.
        ([0.6, 0.6, 0.9], [True, False, True], 0.9),
    ],
)
def test_review_threshold(top: list[float], right: list[bool], threshold: float) -> None:
    assert review_threshold(np.array(top), np.array(right), accuracy=0.85) == threshold


@pytest.mark.parametrize(("name", "floor"), [("dev", 0.60), ("steer", 0.58)])
def test_the_shipped_model_keeps_its_level(shared: Path, name: str, floor: float) -> None:
    annotated = read_annotations([str(shared / "eval" / f"{name}.csv")])
    model = load_model()
    scores = score(
        annotated.stances, model.predict_proba(annotated.texts), threshold=model.threshold
    )
    assert scores.macro_f1 >= floor
