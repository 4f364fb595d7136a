"""Measure what retraining brings, and what the gate lets through.

    python benchmarks/retraining.py register --texts FOLDER [--only press] [--seeds 10]
    python benchmarks/retraining.py codebook --annotations FILE [--seeds 10]
    python benchmarks/retraining.py gate --texts FOLDER [--seeds 10] [--honest 50]

``register``: a register is held back from training, then some of its annotations are added; gain
on the quotes of it that are not among them, and on the shipped held-out set. ``codebook``: the
annotations of a team with its own codebook are added to the shipped model. ``gate``: rounds of
150 annotations that were held back from training, as they are and poisoned in five ways.
FOLDER holds the texts of the training set, quotes.csv and unlabelled.csv. A line for each run,
then means.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stance import STANCES, Model, load_model
from stance.annotations import consensus, import_annotations
from stance.corpus import Corpus, build_corpus, load_heldout, load_shipped_corpus, select
from stance.evaluation import f1_by_stance
from stance.gate import probabilities_on
from stance.retraining import Proposal, propose
from stance.rounds import Quote, quotes_in
from stance.text import text_hash
from stance.training import fit

REGISTERS = {"unsc": "UNSC", "press": "CC BY 4.0", "assembly": "CC0"}
ROUND = 150
POISONS = ("shuffled", "one label", "flipped", "drawn", "turned")

Row = dict[str, str]


def macro_f1(y: npt.NDArray[np.int64], probabilities: npt.NDArray[np.float64]) -> float:
    """Compute macro-F1."""
    cells = np.bincount(y * 3 + probabilities.argmax(axis=1), minlength=9)
    return float(f1_by_stance(cells.reshape(3, 3).astype(np.float64)).mean())


def on_quotes(model: Model, quotes: list[Quote]) -> float:
    """Compute macro-F1 on quotes."""
    y = np.array([STANCES.index(quote.stance) for quote in quotes])
    return macro_f1(y, model.predict_proba([quote.text for quote in quotes]))


def read_texts(folder: str) -> dict[str, Row]:
    """Read the rows of the texts, by hash."""
    rows: dict[str, Row] = {}
    for name in ("quotes.csv", "unlabelled.csv"):
        with (Path(folder) / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                rows.setdefault(text_hash(row["text"]), row)
    return rows


def as_quotes(corpus: Corpus, chosen: npt.NDArray[np.int64], rows: dict[str, Row]) -> list[Quote]:
    """Give quotes of a corpus with their texts."""
    return [
        Quote(corpus.hashes[i], rows[corpus.hashes[i]]["text"], STANCES[corpus.y[i]])
        for i in chosen
    ]


def chosen(proposal: Proposal) -> str:
    """Say what cross-validation chose."""
    return " ".join(f"{name} {value:g}" for name, value in proposal.settings.items())


def tell(proposal: Proposal) -> str:
    """Say what the gate did."""
    return f"refused: {proposal.refusal}" if proposal.refusal else "published"


def register(texts: str, only: str, seeds: int, sizes: tuple[int, ...]) -> None:
    """Hold back a register, and add some of its annotations."""
    rows = read_texts(texts)
    corpus, heldout = load_shipped_corpus(), load_heldout()
    C = load_model().card["training"]["C"]
    mine = np.array([rows[h]["licence"].startswith(REGISTERS[only]) for h in corpus.hashes])
    base = select(corpus, ~mine)
    shipped = fit(base, C=C).model
    before = macro_f1(heldout.y, probabilities_on(shipped, heldout))
    print(f"{only}: {mine.sum():,} quotes held back, {len(base):,} stay")
    gains: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for seed in range(seeds):
        drawn = np.random.default_rng(seed).permutation(np.flatnonzero(mine))
        unseen = as_quotes(corpus, drawn[max(sizes) :], rows)
        there = on_quotes(shipped, unseen)
        for n in sizes:
            # A refused candidate is measured too: what it would have brought.
            got = propose(
                as_quotes(corpus, drawn[:n], rows),
                [],
                shipped,
                shipped=shipped,
                base=base,
                heldout=heldout,
                force=True,
            )
            assert got.model is not None
            gains[n].append(
                (
                    on_quotes(got.model, unseen) - there,
                    macro_f1(heldout.y, probabilities_on(got.model, heldout)) - before,
                )
            )
            print(
                f"seed {seed}  n {n}  unseen {len(unseen)}  from {there:.3f} {gains[n][-1][0]:+.3f}"
                f"  held-out {gains[n][-1][1]:+.3f}  {chosen(got)}  {tell(got)}",
                flush=True,
            )
    for n, pairs in gains.items():
        gain, loss = np.mean(pairs, axis=0)
        print(f"mean of {seeds}  n {n}  unseen {gain:+.3f}  held-out {loss:+.3f}")


def codebook(annotations: str, seeds: int, sizes: tuple[int, ...]) -> None:
    """Add annotations made by another codebook."""
    quotes = quotes_in(consensus(import_annotations([annotations]).annotations))
    shipped, base, heldout = load_model(), load_shipped_corpus(), load_heldout()
    figures: dict[int, list[tuple[float, float, float]]] = defaultdict(list)
    for seed in range(seeds):
        drawn = [quotes[i] for i in np.random.default_rng(seed).permutation(len(quotes))]
        unseen = drawn[max(sizes) :]
        there = on_quotes(shipped, unseen)
        for n in sizes:
            got = propose(
                drawn[:n],
                [],
                shipped,
                shipped=shipped,
                base=base,
                heldout=heldout,
                own_codebook=True,
            )
            assert got.model is not None
            alone = fit(
                build_corpus([q.text for q in drawn[:n]], [q.stance for q in drawn[:n]]), n_jobs=1
            ).model
            figures[n].append((there, on_quotes(got.model, unseen), on_quotes(alone, unseen)))
            print(
                f"seed {seed}  n {n}  shipped {there:.3f}  retrained {figures[n][-1][1]:.3f}  "
                f"alone {figures[n][-1][2]:.3f}  {chosen(got)}  {tell(got)}",
                flush=True,
            )
    for n, triples in figures.items():
        there, after, alone_f1 = np.mean(triples, axis=0)
        print(
            f"mean of {seeds}  n {n}  shipped {there:.3f}  retrained {after:.3f} "
            f"({after - there:+.3f})  alone {alone_f1:.3f}"
        )


def poisoned(quotes: list[Quote], kind: str, seed: int) -> list[Quote]:
    """Spoil the labels of a round."""
    generator = np.random.default_rng(seed)
    labels = [quote.stance for quote in quotes]
    a, b, c = (STANCES[i] for i in generator.permutation(3))
    if kind == "shuffled":
        labels = [labels[i] for i in generator.permutation(len(labels))]
    elif kind == "one label":
        labels = [a] * len(labels)
    elif kind == "flipped":
        labels = [{a: b, b: a}.get(label, label) for label in labels]
    elif kind == "drawn":
        # Drawn anew, with the shares of real rounds.
        labels = [str(x) for x in generator.choice(STANCES, len(labels), p=[0.2, 0.2, 0.6])]
    else:
        labels = [{a: b, b: c, c: a}[label] for label in labels]
    return [replace(quote, stance=label) for quote, label in zip(quotes, labels, strict=True)]


def gate(texts: str, seeds: int, honest: int, first: int) -> None:
    """Send honest and poisoned rounds through the gate."""
    rows = read_texts(texts)
    corpus, heldout = load_shipped_corpus(), load_heldout()
    C = load_model().card["training"]["C"]
    # Random draws of every register; half of them is held back for the rounds.
    random = [
        name.endswith("random") and int(h[:8], 16) % 2 == 0
        for name, h in zip(corpus.rounds, corpus.hashes, strict=True)
    ]
    pool = np.array(random)
    base = select(corpus, ~pool)
    shipped = fit(base, C=C).model
    print(f"{pool.sum():,} quotes held back, {len(base):,} stay")

    def sent(quotes: list[Quote]) -> Proposal:
        return propose(quotes, [], shipped, shipped=shipped, base=base, heldout=heldout)

    def drawn(seed: int) -> list[Quote]:
        at = np.random.default_rng(seed).choice(np.flatnonzero(pool), ROUND, replace=False)
        return as_quotes(corpus, at, rows)

    for kind in POISONS:
        results = [sent(poisoned(drawn(seed), kind, seed)) for seed in range(seeds)]
        for seed, got in enumerate(results):
            print(f"{kind}  seed {seed}  {tell(got)}", flush=True)
        print(f"{kind}: {sum(not got.refusal for got in results)} of {seeds} published", flush=True)
    published = 0
    for seed in range(first, first + honest):
        got = sent(drawn(seed))
        published += not got.refusal
        print(f"honest  seed {seed}  {tell(got)}", flush=True)
    print(f"honest: {published} of {honest} published")


def main() -> None:
    """Run one of the measurements."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("what", choices=("register", "codebook", "gate"))
    parser.add_argument("--texts")
    parser.add_argument("--annotations")
    parser.add_argument("--only", choices=tuple(REGISTERS), default="press")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--honest", type=int, default=50)
    parser.add_argument("--first", type=int, default=1000, help="seed of the first honest round")
    parser.add_argument("--sizes", type=int, nargs="+")
    args = parser.parse_args()
    if args.what == "register":
        # There are 336 quotes of the Security Council.
        default = (100, 200) if args.only == "unsc" else (100, 200, 400)
        register(args.texts, args.only, args.seeds, tuple(args.sizes or default))
    elif args.what == "codebook":
        sizes = tuple(args.sizes or (100, 200, 400, 800))
        codebook(args.annotations, args.seeds, sizes)
    else:
        gate(args.texts, args.seeds, args.honest, args.first)


if __name__ == "__main__":
    main()
