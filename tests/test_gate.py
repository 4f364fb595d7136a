from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stance import store
from stance.corpus import load_heldout, load_shipped_corpus
from stance.evaluation import score
from stance.gate import FloatArray, check_round, cohen_kappa, compare, probabilities_on, verdict
from stance.model import load_model
from stance.retraining import retrain

N = 400


def labels(seed: int = 0, n: int = N) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.random.default_rng(seed).choice(3, n, p=[0.3, 0.25, 0.45]).astype(np.int64)


def predictions(y: np.ndarray[tuple[int], np.dtype[np.int64]], right: float) -> FloatArray:
    """Predictions of which a share is right, and that say so."""
    generator = np.random.default_rng(1)
    told = np.where(generator.random(len(y)) < right, y, (y + generator.integers(1, 3, len(y))) % 3)
    p = np.full((len(y), 3), (1 - right) / 2)
    p[np.arange(len(y)), told] = right
    return p


def test_the_same_model_passes() -> None:
    y = labels()
    p = predictions(y, 0.7)
    conditions = compare(y, p, p, where="there")
    assert [c.what for c in conditions] == [
        "macro-F1 on there",
        "F1 of accusatory on there",
        "F1 of conciliatory on there",
        "F1 of neutral on there",
        "calibration error on there",
    ]
    assert verdict(conditions) == ""
    assert all(c.found == 0 for c in conditions)


def test_figures_are_those_of_evaluation() -> None:
    y = labels()
    current, candidate = predictions(y, 0.7), predictions(y, 0.8)
    first, *rest, last = compare(y, current, candidate, where="there")
    names = [("accusatory", "conciliatory", "neutral")[code] for code in y]
    a, b = (score(names, p, threshold=0.5) for p in (current, candidate))
    assert (first.current, first.candidate) == pytest.approx((a.macro_f1, b.macro_f1))
    assert [c.candidate for c in rest] == pytest.approx([s.f1 for s in b.per_stance.values()])
    assert last.current == pytest.approx(a.calibration_error)


def test_a_worse_model_fails_and_a_better_one_does_not() -> None:
    y = labels()
    worse, better = predictions(y, 0.6), predictions(y, 0.75)
    assert "macro-F1 on there" in verdict(compare(y, better, worse, where="there"))
    assert verdict(compare(y, worse, better, where="there")) == ""


def test_one_stance_given_up_fails() -> None:
    y = labels()
    current = predictions(y, 0.75)
    candidate = current.copy()
    conciliatory = (y == 1) & (np.arange(N) % 3 == 0)
    candidate[conciliatory] = [0.1, 0.1, 0.8]
    assert "F1 of conciliatory on there" in verdict(compare(y, current, candidate, where="there"))


def test_probabilities_that_promise_too_much_fail() -> None:
    y = labels()
    current = predictions(y, 0.7)
    candidate = np.where(current > 0.5, 0.98, 0.01)
    assert verdict(compare(y, current, candidate, where="there")) == "calibration error on there"


def test_a_small_loss_on_few_quotes_is_no_proof() -> None:
    y = labels(n=24)
    current = predictions(y, 0.7)
    candidate = current.copy()
    right = np.flatnonzero(current.argmax(axis=1) == y)[0]
    candidate[right] = np.roll(current[right], 1)
    assert verdict(compare(y, current, candidate, where="there")) == ""


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("n", [60, 150])
def test_spoilt_labels_are_told_from_honest_ones(seed: int, n: int) -> None:
    y = labels(seed, n)
    predicted = predictions(y, 0.65).argmax(axis=1)
    generator = np.random.default_rng(seed)
    assert verdict(check_round(y, predicted, least_kappa=0.22)) == ""
    swapped = [np.array(order)[y] for order in ([1, 0, 2], [2, 1, 0], [0, 2, 1], [1, 2, 0])]
    one = [np.full(n, code) for code in range(3)]
    merged = [np.where(y == 0, 2, y), np.where(y == 1, 0, y)]
    for spoilt in (generator.permutation(y), *swapped, *one, *merged):
        assert verdict(check_round(spoilt, predicted, least_kappa=0.22))


def test_kappa_of_one_label() -> None:
    assert cohen_kappa(np.zeros(9, dtype=np.int64), np.zeros(9, dtype=np.int64)) == 0.0


def test_the_heldout_set_is_not_trained_on() -> None:
    training, heldout = load_shipped_corpus(), load_heldout()
    assert min(np.bincount(heldout.y)) >= 100
    assert not set(training.hashes) & set(heldout.hashes)
    assert not set(training.groups) & set(heldout.groups)
    probabilities = probabilities_on(load_model(), heldout)
    assert np.mean(probabilities.argmax(axis=1) == heldout.y) > 0.7


def test_the_reference_round_is_published(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANCE_HOME", str(tmp_path))
    done = retrain([str(shared / "eval" / "retrain_round.csv")])
    assert (done.version, done.exit_code) == (1, 0)
    assert store.current_number() == 1
