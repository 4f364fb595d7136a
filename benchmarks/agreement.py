"""Whether weighing annotators makes a better consensus than counting them.

Annotators of differing accuracy are simulated on the labels of the reference texts: each errs
with a probability of their own, towards the other stances in the proportions given. Compared
are the majority (ties broken by the annotator order, so that both give every quote a stance),
votes weighted by each annotator's agreement with the others, and Dawid and Skene's model
("Maximum likelihood estimation of observer error-rates using the EM algorithm", Applied
Statistics 28, 1979). Run it as ``python benchmarks/agreement.py ../shared/corpus/quotes.csv``.
"""

from __future__ import annotations

import argparse

import numpy as np
import numpy.typing as npt

from stance.annotations import read_annotations
from stance.codebook import STANCES

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

K = len(STANCES)
SEEDS = range(10)
TEAMS = {
    "alike, .85": (0.85, 0.85, 0.85),
    "mild, .90 .80 .70": (0.90, 0.80, 0.70),
    "one careless, .90 .90 .55": (0.90, 0.90, 0.55),
    "one good, .95 .65 .65": (0.95, 0.65, 0.65),
    "five, .90 .85 .80 .70 .60": (0.90, 0.85, 0.80, 0.70, 0.60),
}


def simulate(y: IntArray, accuracies: tuple[float, ...], rng: np.random.Generator) -> IntArray:
    """Give what each annotator says, shape (n_quotes, n_annotators)."""
    wrong = (y[:, None] + rng.integers(1, K, size=(len(y), len(accuracies)))) % K
    right = rng.random((len(y), len(accuracies))) < np.array(accuracies)
    return np.where(right, y[:, None], wrong)


def votes(judged: IntArray, weights: FloatArray) -> FloatArray:
    """Add up the annotators' weights for each stance, shape (n_quotes, K)."""
    return np.stack([((judged == k) * weights).sum(axis=1) for k in range(K)], axis=1)


def agreement_weights(judged: IntArray) -> FloatArray:
    """Weigh annotators by log odds of agreeing with the majority of the others."""
    shares = []
    for i in range(judged.shape[1]):
        others = np.delete(judged, i, axis=1)
        counts = votes(others, np.ones(others.shape[1]))
        clear = (counts == counts.max(axis=1, keepdims=True)).sum(axis=1) == 1
        shares.append(np.mean(judged[clear, i] == counts[clear].argmax(axis=1)))
    p = np.clip(shares, 0.4, 0.99)
    weights: FloatArray = np.log(p * (K - 1) / (1 - p))
    return weights


def dawid_skene(judged: IntArray, rounds: int = 50) -> FloatArray:
    """Estimate each quote's probabilities of the stances by expectation maximisation."""
    n, m = judged.shape
    posterior: FloatArray = votes(judged, np.ones(m)) / m
    for _ in range(rounds):
        prior = posterior.mean(axis=0)
        score = np.tile(np.log(prior), (n, 1))
        for i in range(m):
            # One added to each cell keeps a small round from certainty.
            confusion = np.stack([posterior[judged[:, i] == k].sum(axis=0) for k in range(K)]) + 1
            confusion /= confusion.sum(axis=0)
            score += np.log(confusion[judged[:, i]])
        score -= score.max(axis=1, keepdims=True)
        posterior = np.exp(score)
        posterior /= posterior.sum(axis=1, keepdims=True)
    return posterior


def main() -> None:
    """Print the accuracy of each consensus, mean of ten seeds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("annotations", nargs="+")
    annotated = read_annotations(parser.parse_args().annotations)
    labels = np.array([STANCES.index(stance) for stance in annotated.stances], dtype=np.int64)
    print("| annotators | quotes | majority | by agreement | Dawid-Skene | ties | without ties |")
    print("|---|---|---|---|---|---|---|")
    for name, accuracies in TEAMS.items():
        for n in (150, 1000):
            found = []
            for seed in SEEDS:
                rng = np.random.default_rng(seed)
                y = labels[rng.permutation(len(labels))[:n]]
                judged = simulate(y, accuracies, rng)
                # Whoever comes first decides a tie; their order tells nothing of their accuracy.
                judged = judged[:, rng.permutation(judged.shape[1])]
                m = judged.shape[1]
                first = votes(judged[:, :1], np.ones(1)) * 1e-6
                plain = votes(judged, np.ones(m))
                top = plain == plain.max(axis=1, keepdims=True)
                clear = top.sum(axis=1) == 1
                weighted = votes(judged, agreement_weights(judged))
                results = (plain + first, weighted + first, dawid_skene(judged))
                right = [np.mean(result.argmax(axis=1) == y) for result in results]
                certain = np.mean(plain[clear].argmax(axis=1) == y[clear])
                found.append([*right, 1 - clear.mean(), certain])
            figures = " | ".join(f"{value:.3f}" for value in np.mean(found, axis=0))
            print(f"| {name} | {n:,} | {figures} |")


if __name__ == "__main__":
    main()
