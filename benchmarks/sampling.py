"""Count how many labels a model needs with `stance queue`, and at random.

    python benchmarks/sampling.py TEXTS... [--seeds 5] [--most 1000] [--csv FILE]

TEXTS are the CSV files of the reference texts (../shared/corpus/*.csv). The pool are the
annotated quotes that were drawn at random, so that the mix of stances is that of real quotes.
Speakers with three tenths of them are held out. Labels are hidden, 50 drawn at random are
revealed, then 50 at a time: those that `stance.sampling.choose` asks for, given the predictions
of a model fitted on the labels revealed so far, or 50 at random. The shipped model takes no
part. For each target the first number of labels at which macro-F1 on the held-out speakers
reaches it is printed, mean and extremes over the seeds.

Measured on 24 November 2026, five seeds, with the model that has letters and company of words
(C = 0.7); the curves are in data/measured/queue.csv:

| macro-F1 | labels, queue | labels, random |
|---|---|---|
| 0.50 | 150 (100 to 200) | 130 (100 to 150) |
| 0.55 | 250 (200 to 300) | 190 (150 to 200) |
| 0.60 | 350 (300 to 450) | 300 (250 to 350) |
| 0.62 | 450 (350 to 500) | 380 (300 to 500) |
| 0.64 | 580 (500 to 650) | 460 (300 to 650) |

So it does not pay now where a model learns from nothing. With the model before it, without
letters and company (C = 2), it did; three of the five splits had then also served to choose the
formula among a dozen:

| macro-F1 | labels, queue | labels, random |
|---|---|---|
| 0.50 | 120 (100 to 150) | 150 (100 to 200) |
| 0.55 | 170 (100 to 200) | 190 (100 to 250) |
| 0.60 | 270 (200 to 450) | 380 (250 to 500) |
| 0.62 | 330 (250 to 500) | 560 (400 to 750) |
| 0.64 | 500 (350 to 800) | 790 (550 to 950) |
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stance.corpus import Corpus, load_shipped_corpus
from stance.evaluation import score
from stance.model import load_model, softmax
from stance.sampling import choose
from stance.text import text_hash
from stance.training import fit_weights

BATCH = 50
HELDOUT = 0.3
TARGETS = (0.50, 0.55, 0.60, 0.62, 0.64)

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def read_texts(paths: list[Path]) -> dict[str, str]:
    """Give the texts by their hashes."""
    texts: dict[str, str] = {}
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                texts.setdefault(text_hash(row["text"]), row["text"])
    return texts


def predict(corpus: Corpus, labelled: IntArray, wanted: IntArray, C: float) -> FloatArray:
    """Give the probabilities that a model fitted on some quotes gives others."""
    from sklearn.preprocessing import normalize

    X = corpus.X
    idf, coefficients, intercepts = fit_weights(
        X[labelled], corpus.y[labelled], np.ones(len(labelled)), C, corpus.features
    )
    probabilities: FloatArray = softmax(
        normalize(X[wanted].multiply(idf).tocsr()) @ coefficients + intercepts
    )
    return probabilities


def learning_curve(
    corpus: Corpus, texts: list[str], *, seed: int, most: int, queued: bool, C: float
) -> list[float]:
    """Give the macro-F1 after each batch of labels."""
    drawn = np.array(["random" in name for name in corpus.rounds])
    rng = np.random.default_rng(seed)
    _, groups = np.unique(np.array(corpus.groups), return_inverse=True)
    is_held = (rng.random(groups.max() + 1) < HELDOUT)[groups]
    held, pool = np.flatnonzero(drawn & is_held), np.flatnonzero(drawn & ~is_held)
    stances = [corpus.stances[i] for i in held]
    labelled = rng.choice(pool, BATCH, replace=False)
    curve = []
    while True:
        probabilities = predict(corpus, labelled, held, C)
        curve.append(score(stances, probabilities, threshold=0.0).macro_f1)
        if len(labelled) >= most:
            return curve
        rest = np.setdiff1d(pool, labelled)
        if queued:
            doubts = predict(corpus, labelled, rest, C)
            chosen = rest[choose([texts[i] for i in rest], doubts, BATCH)]
        else:
            chosen = rng.choice(rest, BATCH, replace=False)
        labelled = np.concatenate([labelled, chosen])


def needed(curve: list[float], target: float) -> int | None:
    """Give the first number of labels at which a target is reached."""
    return next(((i + 1) * BATCH for i, f1 in enumerate(curve) if f1 >= target), None)


def shown(curves: list[list[float]], target: float) -> str:
    """Spell the labels needed: mean and extremes, or how many seeds reached the target."""
    counts = [n for curve in curves if (n := needed(curve, target)) is not None]
    if len(counts) < len(curves):
        return f"reached by {len(counts)} of {len(curves)}"
    return f"{np.mean(counts):.0f} ({min(counts)} to {max(counts)})"


def write_curves(path: Path, curves: dict[str, list[list[float]]]) -> None:
    """Write macro-F1 by choice, seed and number of labels."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["chosen", "seed", "labels", "macro_f1"])
        for chosen, of_seed in curves.items():
            for seed, curve in enumerate(of_seed):
                for i, f1 in enumerate(curve):
                    writer.writerow([chosen, seed, (i + 1) * BATCH, f"{f1:.3f}"])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--most", type=int, default=1000)
    parser.add_argument("--csv", type=Path, help="write the curves here, too")
    given = parser.parse_args()
    corpus = load_shipped_corpus()
    by_hash = read_texts(given.texts)
    texts = [by_hash[name] for name in corpus.hashes]
    C = load_model().card["training"]["C"]
    queued, random = (
        [
            learning_curve(corpus, texts, seed=seed, most=given.most, queued=queued, C=C)
            for seed in range(given.seeds)
        ]
        for queued in (True, False)
    )
    print("| macro-F1 | labels, queue | labels, random |\n|---|---|---|")
    for target in TARGETS:
        print(f"| {target:.2f} | {shown(queued, target)} | {shown(random, target)} |")
    print("\n| labels | macro-F1, queue | macro-F1, random |\n|---|---|---|")
    for i in range(1, len(queued[0]), 3):
        means = [np.mean([curve[i] for curve in curves]) for curves in (queued, random)]
        print(f"| {(i + 1) * BATCH} | {means[0]:.3f} | {means[1]:.3f} |")
    if given.csv:
        write_curves(given.csv, {"queue": queued, "random": random})


if __name__ == "__main__":
    main()
