"""What each part of the model is worth, and what more annotation rounds are worth.

    python benchmarks/ablation.py [--csv data/measured/ablation.csv]

Runs in some minutes on the shipped training set, which needs no texts. A part is a set of terms
of that set (words, pairs of words, cues), or what lends weight to words beside their own: their
letters and their company (`stance.vectors`). Each variant is fitted with the C of the shipped
model in three folds grouped by speaker; macro-F1 is that of out-of-fold predictions on the
quotes that no author of a cue had read. The error of a difference is that of a paired bootstrap
over these quotes. The learning curve is scored on the shipped held-out set instead. Prints
Markdown; the notebook `notebooks/2-model.ipynb` draws the CSV.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from stance.analyser import CUE_TERMS
from stance.codebook import STANCES
from stance.corpus import Corpus, load_heldout, load_shipped_corpus, select
from stance.evaluation import f1_by_stance
from stance.fitting import fit_linear
from stance.gate import probabilities_on
from stance.model import load_model
from stance.training import fit_uncalibrated

N_FOLDS = 3
N_RESAMPLES = 2000
TOL = 1e-4

WORDS, PAIRS, OTHER = "words", "pairs of words", "other terms"
CUES, PLACED = "cues", "cues negated, before and after but"
LETTERS, COMPANY = "letters", "company"
LENT = (LETTERS, COMPANY)

PLAIN_CUES = frozenset(t for t in CUE_TERMS if t[-2].isdigit() and not t.startswith("<not "))

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Row:
    """One variant: its name, its size, macro-F1, and how far it is from the whole model."""

    table: str
    variant: str
    n: int
    macro_f1: float
    difference: float
    error: float
    f1: tuple[float, float, float]


def part_of(term: str) -> str:
    """Name the part of the model that a term belongs to.

    Examples
    --------
    >>> [part_of(term) for term in ("war", "no war", "<accusatory 3>", "<not accusatory 3>")]
    ['words', 'pairs of words', 'cues', 'cues negated, before and after but']
    """
    if term in PLAIN_CUES:
        return CUES
    if term in CUE_TERMS:
        return PLACED
    if term.startswith("<") or not term.replace(" ", "").replace("'", "").strip("?!").isalnum():
        return WORDS if term in {"?", "!"} else OTHER
    return PAIRS if " " in term else WORDS


def out_of_fold(
    corpus: Corpus, kept: BoolArray, lent: frozenset[str], *, own: bool, C: float
) -> IntArray:
    """Predict each quote by a fit that has not seen its speaker.

    Parameters
    ----------
    corpus : Corpus
        The training set.
    kept : numpy.ndarray of bool, shape (n_terms,)
        The terms that the variant has.
    lent : frozenset of str
        What lends weight to its words: some of `LENT`.
    own : bool
        Whether terms have a weight of their own beside what is lent to them.
    C : float
        The inverse regularisation strength.

    Returns
    -------
    numpy.ndarray of int64, shape (n_quotes,)
        Positions in `STANCES`.
    """
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import TfidfTransformer
    from sklearn.model_selection import StratifiedGroupKFold

    at = np.flatnonzero(kept)
    X, n_company = corpus.X[:, at], corpus.vectors.values.shape[1]
    both = corpus.features[at]
    chosen = [
        part
        for name, part in ((LETTERS, both[:, :-n_company]), (COMPANY, both[:, -n_company:]))
        if name in lent
    ]
    features = hstack(chosen).tocsr() if chosen else csr_matrix((len(at), 1))
    predicted = np.zeros(len(corpus), dtype=np.int64)
    splitter = StratifiedGroupKFold(N_FOLDS, shuffle=True, random_state=0)
    for train, held in splitter.split(X, corpus.y, corpus.groups):
        tfidf = TfidfTransformer()
        parts: list[Any] = [tfidf.fit_transform(X[train]), tfidf.transform(X[held])]
        shared = features
        if not own:
            parts, shared = [part @ features for part in parts], csr_matrix((features.shape[1], 1))
        fitted = fit_linear(parts[0], corpus.y[train], corpus.weights[train], C, shared, tol=TOL)
        predicted[held] = fitted.scores(parts[1]).argmax(axis=1)
    return predicted


def f1_of(y: IntArray, predicted: IntArray) -> npt.NDArray[np.float64]:
    """Give the F1 of each stance."""
    return f1_by_stance(np.bincount(y * 3 + predicted, minlength=9).reshape(3, 3).astype(float))


def error_of(y: IntArray, whole: IntArray, variant: IntArray) -> float:
    """Give the standard error of a difference in macro-F1, by paired bootstrap."""
    cells = np.bincount(y * 9 + whole * 3 + variant, minlength=27) / len(y)
    draws = np.random.default_rng(0).multinomial(len(y), cells, size=N_RESAMPLES)
    tables = draws.reshape(-1, 3, 3, 3).astype(float)
    differences = f1_by_stance(tables.sum(axis=2)) - f1_by_stance(tables.sum(axis=3))
    return float(differences.mean(axis=1).std())


def ablation(corpus: Corpus, C: float) -> list[Row]:
    """Score the whole model, each part alone, and all but each part."""
    parts = np.array([part_of(term) for term in corpus.terms])
    everything = np.ones(len(parts), dtype=np.bool_)
    scored = corpus.unread
    y = corpus.y[scored]
    rows: list[Row] = []
    base: list[IntArray] = []

    def add(name: str, kept: BoolArray, lent: tuple[str, ...] = LENT, *, own: bool = True) -> None:
        predicted = out_of_fold(corpus, kept, frozenset(lent), own=own, C=C)[scored]
        base.append(predicted)
        f1 = f1_of(y, predicted)
        whole = f1_of(y, base[0]).mean()
        error = error_of(y, base[0], predicted)
        a, c, n = f1.tolist()
        difference = float(f1.mean() - whole)
        rows.append(
            Row("parts", name, int(kept.sum()), float(f1.mean()), difference, error, (a, c, n))
        )

    add("the whole model", everything)
    words, pairs = parts == WORDS, parts == PAIRS
    cues = (parts == CUES) | (parts == PLACED)
    add("words alone, nothing lent", words, ())
    add("words alone, with letters and company", words)
    add("letters of words alone", words, (LETTERS,), own=False)
    add("company of words alone", words, (COMPANY,), own=False)
    add("pairs of words alone", pairs, ())
    add("cues alone", cues, ())
    add("words and pairs alone", words | pairs, ())
    add("all but words, their letters and company", ~words, ())
    add("all but pairs of words", ~pairs)
    add("all but cues", ~cues)
    add("all but negation and place of cues", parts != PLACED)
    add("all but letters", everything, (COMPANY,))
    add("all but company", everything, (LETTERS,))
    add("all but letters and company", everything, ())
    return rows


def learning_curve(corpus: Corpus, heldout: Corpus, C: float) -> list[Row]:
    """Score fits on the first rounds, all rounds first."""
    numbers = np.array([int(name.split("-")[0]) for name in corpus.rounds])
    last = int(numbers.max())
    rows: list[Row] = []
    base: list[IntArray] = []
    for through in (last, 1, 2, 4, 8, 12):
        some = select(corpus, numbers <= through)
        model = fit_uncalibrated(some, C)
        base.append(probabilities_on(model, heldout).argmax(axis=1))
        f1, whole = (f1_of(heldout.y, predicted) for predicted in (base[-1], base[0]))
        a, c, n = f1.tolist()
        rows.append(
            Row(
                "rounds",
                f"rounds 1 to {through}" if through > 1 else "round 1",
                len(some),
                float(f1.mean()),
                float(f1.mean() - whole.mean()),
                error_of(heldout.y, base[0], base[-1]),
                (a, c, n),
            )
        )
    return rows


def markdown(first: str, size: str, rows: list[Row]) -> str:
    """Lay out rows as Markdown."""
    lines = [
        f"| {first} | {size} | macro-F1 | difference (standard error) | accusatory F1 |",
        "|---|---|---|---|---|",
    ]
    for i, row in enumerate(rows):
        difference = f"{row.difference:+.3f} ({row.error:.3f})" if i else ""
        lines.append(
            f"| {row.variant} | {row.n:,} | {row.macro_f1:.3f} | {difference} | {row.f1[0]:.3f} |"
        )
    return "\n".join(lines)


def write_csv(path: Path, rows: list[Row]) -> None:
    """Write rows with three decimals."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        names = [f"f1_{stance}" for stance in STANCES]
        writer.writerow(["table", "variant", "n", "macro_f1", "difference", "error", *names])
        for row in rows:
            figures = (row.macro_f1, row.difference, row.error, *row.f1)
            writer.writerow(
                [row.table, row.variant, row.n, *(f"{figure:.3f}" for figure in figures)]
            )


def main() -> None:
    """Print what the parts of the model and the annotation rounds are worth."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--csv", type=Path, help="write the figures here, too")
    parser.add_argument("--curve-only", action="store_true", help="only the learning curve")
    given = parser.parse_args()
    corpus, C = load_shipped_corpus(), float(load_model().card["training"]["C"])
    rows = [] if given.curve_only else ablation(corpus, C)
    if rows:
        print(markdown("variant", "terms", rows), flush=True)
    curve = learning_curve(corpus, load_heldout(), C)
    print("\n" + markdown("annotations", "quotes", curve))
    if given.csv:
        write_csv(given.csv, [*rows, *curve])


if __name__ == "__main__":
    main()
