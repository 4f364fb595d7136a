from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

import stance
from stance import STANCES, StanceError, load_model
from stance.corpus import Corpus, build_corpus, load_shipped_corpus
from stance.training import Fit, fit

OPENINGS = {
    "accusatory": ["They lied about", "We condemn", "They must stop", "It is a disgrace, this"],
    "conciliatory": ["We welcome", "We thank them for", "Let us discuss", "We support"],
    "neutral": ["The report covers", "The session is on", "Nobody has decided", "It concerns"],
}
TOPICS = ["the border", "the treaty", "the vote", "the dam", "the port", "the pipeline"]


def small_corpus() -> Corpus:
    rows = [
        (f"{opening} {topic}.", name, f"speaker {i % 7}")
        for name in STANCES
        for opening in OPENINGS[name]
        for i, topic in enumerate(TOPICS)
    ]
    texts, labels, speakers = zip(*rows, strict=True)
    return build_corpus(texts, labels, groups=speakers)


@pytest.fixture(scope="module")
def fitted() -> Fit:
    return fit(small_corpus(), n_jobs=1)


def test_it_learns(fitted: Fit) -> None:
    labels = fitted.model.predict(
        ["They lied about the bridge.", "We welcome the bridge.", "The report covers the bridge."]
    )
    assert labels["stance"].to_pylist() == list(STANCES)
    assert fitted.scores.macro_f1 > 0.9


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_the_same_annotations_give_the_same_bytes(fitted: Fit, tmp_path: Path, n_jobs: int) -> None:
    fitted.model.save(tmp_path / "a.parquet")
    fit(small_corpus(), n_jobs=n_jobs).model.save(tmp_path / "b.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_the_threshold_is_as_accurate_as_promised(fitted: Fit) -> None:
    assert fitted.scores.covered_accuracy >= 0.85
    assert fitted.model.threshold == fitted.scores.threshold


def test_C_has_the_least_log_loss(fitted: Fit) -> None:
    assert fitted.log_losses[fitted.C] == min(fitted.log_losses.values())


def test_stages_are_told() -> None:
    stages: list[str] = []
    fit(small_corpus(), n_jobs=1, on_stage=stages.append)
    assert stages == ["cross-validating", "calibrating", "fitting"]


def test_weights_count() -> None:
    texts = [f"{word} {topic}" for topic in TOPICS for word in ("alpha", "beta", "gamma")]
    labels = [STANCES[i % 3] for i in range(len(texts))]
    disputed = [*texts, *(f"delta {topic}" for topic in TOPICS * 2)]
    votes = [*labels, *["accusatory"] * 6, *["conciliatory"] * 6]
    heavy = build_corpus(disputed, votes, weights=[1.0] * 18 + [5.0] * 6 + [1.0] * 6)
    assert fit(heavy, n_jobs=1).model.predict(["delta"])["stance"].to_pylist() == ["accusatory"]


def test_too_few_speakers() -> None:
    corpus = build_corpus(["we hope", "they lied", "it rains"], list(STANCES[::-1]))
    with pytest.raises(StanceError) as raised:
        fit(corpus)
    assert str(raised.value) == (
        "only 1 speakers have accusatory quotes; training needs at least 5 for each stance "
        "(quotes without a speaker count one each)"
    )


def test_the_shipped_model_is_what_make_model_makes(tmp_path: Path) -> None:
    shipped_path = Path(stance.__file__).parent / "shipped" / "model.parquet"
    shipped = load_model()
    refitted = fit(load_shipped_corpus()).model
    refitted.save(tmp_path / "model.parquet")
    versions = shipped.card["versions"]
    if all(version(name) == number for name, number in versions.items()):
        assert (tmp_path / "model.parquet").read_bytes() == shipped_path.read_bytes()
    # Other versions of scikit-learn may draw other folds, and so find another temperature.
    assert refitted.terms == shipped.terms
    np.testing.assert_array_equal(refitted.idf, shipped.idf)
    np.testing.assert_allclose(refitted.weights, shipped.weights, atol=0.1)
    np.testing.assert_allclose(refitted.intercepts, shipped.intercepts, atol=0.1)
    assert refitted.threshold == pytest.approx(shipped.threshold, abs=0.02)
    assert refitted.card["training"] == shipped.card["training"]
