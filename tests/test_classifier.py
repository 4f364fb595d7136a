from __future__ import annotations

import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import estimator_checks
from tiny import tiny_model

import stance
from stance import STANCES, StanceClassifier, StanceError

OPENINGS = {
    "accusatory": ["They lied about", "They lied again over", "He lied to hide", "You lied on"],
    "conciliatory": ["We welcome talks on", "I welcome", "Both welcome", "You are welcome to"],
    "neutral": ["The session covers", "A vote is due on", "The report lists", "It concerns"],
}
TOPICS = ["the border", "the dam", "the port", "the treaty", "the budget"]
QUOTES = [f"{o} {topic}." for name in STANCES for o in OPENINGS[name] for topic in TOPICS]
LABELS = [name for name in STANCES for _ in OPENINGS[name] for _ in TOPICS]
TEXTS = ["They lied.", "We welcome it."]
FOUND = ["accusatory", "conciliatory"]


def quick(**settings: Any) -> StanceClassifier:
    return StanceClassifier(**{"C": 4, "calibrate": False, **settings})


# scikit-learn gives `check_estimator` nothing to do for estimators that take texts: these are
# its checks that fit no matrix of numbers, called one by one.
@pytest.mark.parametrize(
    "name",
    [
        "check_estimator_cloneable",
        "check_estimator_tags_renamed",
        "check_valid_tag_types",
        "check_estimator_repr",
        "check_no_attributes_set_in_init",
        "check_fit_score_takes_y",
        "check_parameters_default_constructible",
        "check_get_params_invariance",
        "check_set_params",
        "check_mixin_order",
    ],
)
def test_checks_of_scikit_learn(name: str) -> None:
    check = getattr(estimator_checks, name)
    if name == "check_fit_score_takes_y":
        # It fits numbers; what it looks for is the name of the second argument.
        with pytest.raises(TypeError, match="texts must be strings, not float64"):
            StanceClassifier().fit(np.zeros(3), LABELS[:3])
        return
    check("StanceClassifier", StanceClassifier())


def test_it_learns() -> None:
    classifier = quick().fit(QUOTES, LABELS)
    assert classifier.classes_.tolist() == list(STANCES)
    assert classifier.predict(TEXTS).tolist() == FOUND
    probabilities = classifier.predict_proba(TEXTS)
    assert probabilities.shape == (2, 3)
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert classifier.score(QUOTES, LABELS) == 1


def test_calibrated_it_is_what_the_training_gives() -> None:
    from stance.corpus import build_corpus
    from stance.training import fit

    classifier = StanceClassifier(C=4).fit(QUOTES, LABELS)
    expected = fit(build_corpus(QUOTES, LABELS), C=4, n_jobs=1).model
    assert classifier.model_.card == expected.card
    assert np.array_equal(classifier.predict_proba(TEXTS), expected.predict_proba(TEXTS))


def test_searches_pipelines_clones_and_pickles() -> None:
    assert cross_val_score(quick(), np.array(QUOTES), LABELS, cv=3).min() > 0.5
    search = GridSearchCV(quick(), {"C": [1, 4]}, cv=2, scoring="f1_macro")
    search.fit(pd.Series(QUOTES), pd.Series(LABELS))
    assert search.predict(TEXTS).tolist() == FOUND
    pipeline = make_pipeline(FunctionTransformer(), quick()).fit(QUOTES, LABELS)
    assert pipeline.predict(TEXTS).tolist() == FOUND
    fitted = quick().fit(QUOTES, LABELS)
    assert not hasattr(clone(fitted), "model_")
    again = pickle.loads(pickle.dumps(fitted))
    assert np.array_equal(again.predict_proba(TEXTS), fitted.predict_proba(TEXTS))


@pytest.mark.parametrize("kind", [list, np.array, pd.Series, pl.Series, pa.array])
def test_kinds_of_columns(kind: Any) -> None:
    classifier = quick().fit(kind(QUOTES), LABELS)
    assert classifier.predict(kind(TEXTS)).tolist() == FOUND


@pytest.mark.parametrize(
    ("settings", "X", "y", "message"),
    [
        ({}, QUOTES, LABELS[1:], "X has 60 quotes, but y has 59 values"),
        ({}, ["a"], ["angry"], "y has 'angry' in row 0; use accusatory, conciliatory, neutral"),
        ({}, ["a", None], LABELS[:2], "X has no quote in row 1, counted from 0; leave it out"),
        ({"C": -1}, QUOTES, LABELS, "C must be above 0, not -1"),
        ({"C": None}, QUOTES, LABELS, "C is chosen by cross-validation: give C"),
        ({"min_texts": 0}, QUOTES, LABELS, "min_texts must be at least 1, not 0"),
    ],
)
def test_what_is_refused(settings: Any, X: Any, y: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        quick(**settings).fit(X, y)


def test_a_stance_without_quotes() -> None:
    with pytest.raises(StanceError, match="no neutral quote; training needs quotes of each"):
        quick().fit(QUOTES[:40], LABELS[:40])


def test_labels_in_kind() -> None:
    model = tiny_model()
    assert stance.predict(TEXTS, model=model) == FOUND
    series = stance.predict(pd.Series(TEXTS, index=[7, 9]), model=model)
    assert series.to_dict() == {7: "accusatory", 9: "conciliatory"}
    assert series.name == "stance"
    polars = stance.predict(pl.Series(TEXTS), model=model)
    assert (polars.name, polars.to_list()) == ("stance", FOUND)
    assert stance.predict(pa.array(TEXTS), model=model).to_pylist() == FOUND


@pytest.mark.parametrize("library", [pd, pl])
def test_tables_in_kind(library: Any) -> None:
    table = library.DataFrame({"id": ["007", "008"], "text": TEXTS})
    labelled = stance.predict(table, model=tiny_model())
    assert type(labelled) is type(table)
    columns = ["id", "text", "stance", "probability", *STANCES, "review"]
    assert list(labelled.columns) == columns
    assert labelled["stance"].to_list() == FOUND
    assert list(table.columns) == ["id", "text"]
    with pytest.raises(StanceError, match='no column "said"; there are: id, text'):
        stance.predict(table, text_column="said")
    with pytest.raises(StanceError, match='a column "stance" is there already; rename it'):
        stance.predict(labelled)


def test_missing_texts_keep_their_rows() -> None:
    found = stance.predict(pd.Series([None, "They lied."]), model=tiny_model())
    assert found.to_list() == ["neutral", "accusatory"]


def test_nothing_is_imported_that_was_not_given() -> None:
    # Arrow itself loads pandas, where it is installed, to make an array.
    program = (
        "import sys, stance; heavy = {'numpy', 'pyarrow', 'sklearn', 'pandas', 'polars'}; "
        "print(sorted(heavy & set(sys.modules))); stance.predict(['We hope.']); "
        "print(sorted({'sklearn', 'polars'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "[]\n[]\n"
