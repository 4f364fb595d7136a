"""What each part of the model is worth, and what more annotation rounds are worth.

Run ``python benchmarks/ablation.py ../shared`` where the reference texts are at hand. Each
variant is trained on the corpus with C fixed, and scored on eval/dev.csv and eval/steer.csv.
Prints Markdown. A part is a set of terms: a variant keeps some columns of one analysed
corpus, so whatever terms the analyser gives are covered ("other" are those not named here).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt
from reference import ROOT, Quotes, scored_quotes, training_quotes

from stance.analyser import CUE_TERMS, Analyser
from stance.corpus import Corpus, build_corpus
from stance.evaluation import Scores, score
from stance.lexicon import Lexicon, load_lexicon, read_cues
from stance.model import load_model
from stance.training import fit_uncalibrated

GENERAL = "1-general.csv"
MIN_TEXTS = 3

PLAIN_CUES = frozenset(t for t in CUE_TERMS if t[-2].isdigit() and not t.startswith("<not "))


def part_of(term: str) -> str:
    """Name the part of the model that a term belongs to."""
    if term in PLAIN_CUES:
        return "cues"
    if term in CUE_TERMS:
        return "cues negated, before and after but"
    if term.startswith("<") or not term.replace(" ", "").replace("'", "").strip("?!").isalnum():
        return "words" if term in {"?", "!"} else "other"
    return "pairs of words" if " " in term else "words"


def keep(corpus: Corpus, wanted: Callable[[str], bool]) -> Corpus:
    """Leave out terms."""
    kept = np.array([wanted(term) for term in corpus.terms])
    number = np.cumsum(kept) - 1
    here = kept[corpus.counts.indices]
    counts = replace(
        corpus.counts,
        indptr=np.concatenate(([0], np.cumsum(here)))[corpus.counts.indptr],
        indices=number[corpus.counts.indices[here]],
        counts=corpus.counts.counts[here],
    )
    terms = [term for term, stays in zip(corpus.terms, kept, strict=True) if stays]
    return replace(corpus, terms=terms, counts=counts)


def some(corpus: Corpus, rows: npt.NDArray[np.bool_]) -> Corpus:
    """Leave out quotes."""
    chosen = np.flatnonzero(rows)
    lengths = np.diff(corpus.counts.indptr)[chosen]
    entries = rows[corpus.counts.rows]
    return replace(
        corpus,
        counts=replace(
            corpus.counts,
            indptr=np.concatenate(([0], np.cumsum(lengths))),
            indices=corpus.counts.indices[entries],
            counts=corpus.counts.counts[entries],
        ),
        y=corpus.y[chosen],
        weights=corpus.weights[chosen],
        groups=[corpus.groups[i] for i in chosen],
        rounds=[corpus.rounds[i] for i in chosen],
        unread=corpus.unread[chosen],
        hashes=[corpus.hashes[i] for i in chosen],
    )


def result(corpus: Corpus, scored: Quotes, C: float) -> Scores:
    """Train on a corpus and score."""
    # A term that no quote has left is no term.
    present = np.zeros(len(corpus.terms), dtype=bool)
    present[corpus.counts.indices] = True
    names = {term for term, there in zip(corpus.terms, present, strict=True) if there}
    model = fit_uncalibrated(keep(corpus, names.__contains__), C)
    return score(scored.stances, model.predict_proba(scored.texts), threshold=0)


def table(first: str, rows: list[tuple[str, int, Scores]]) -> str:
    """Give a Markdown table; the first row is what the others are compared with."""
    base = rows[0][2].macro_f1
    lines = [
        f"| {first} | terms or quotes | macro-F1 (95% interval) | difference | accusatory F1 |",
        "|---|---|---|---|---|",
    ]
    for name, n, scores in rows:
        low, high = scores.macro_f1_interval
        lines.append(
            f"| {name} | {n:,} | {scores.macro_f1:.3f} ({low:.3f} to {high:.3f}) "
            f"| {scores.macro_f1 - base:+.3f} | {scores.per_stance['accusatory'].f1:.3f} |"
        )
    return "\n".join(lines)


def with_lexicon(corpus: Corpus, train: Quotes, wanted: Callable[[str], bool]) -> Corpus:
    """Analyse the training quotes anew with the part of the lexicon from some files."""
    cues = [
        cue
        for path in sorted((ROOT / "data" / "lexicon").glob("*.csv"))
        if wanted(path.name)
        for cue in read_cues(path)
    ]
    analyser = Analyser(corpus.analyser.longest, Lexicon(cues, load_lexicon().classes))
    return analysed(train, analyser)


def analysed(train: Quotes, analyser: Analyser | None = None) -> Corpus:
    """Analyse the training quotes."""
    return build_corpus(
        train.texts,
        train.stances,
        groups=train.speakers,
        rounds=train.rounds,
        unread=train.unread,
        analyser=analyser,
        min_texts=MIN_TEXTS,
    )


@click.command()
@click.argument("shared", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--curve-only", is_flag=True, help="Only the learning curve.")
def main(shared: Path, curve_only: bool) -> None:
    """Print what the parts of the model and the annotation rounds are worth."""
    train, scored = training_quotes(shared), scored_quotes(shared)
    C = load_model().card["training"]["C"]
    whole = analysed(train)
    base = ("the whole model", len(whole.terms), result(whole, scored, C))
    if not curve_only:
        rows: list[tuple[str, int, Scores]] = [base]
        parts = sorted({part_of(term) for term in whole.terms})

        def add(name: str, corpus: Corpus) -> None:
            rows.append((name, len(corpus.terms), result(corpus, scored, C)))

        for part in parts:
            named = {term for term in whole.terms if part_of(term) == part}
            add(f"{part} alone", keep(whole, named.__contains__))
            add(f"all but {part}", keep(whole, set(whole.terms).difference(named).__contains__))
        add("no cues at all", keep(whole, lambda term: term not in CUE_TERMS))
        add("general cues only", with_lexicon(whole, train, GENERAL.__eq__))
        add("grounded cues only", with_lexicon(whole, train, GENERAL.__ne__))
        click.echo(table("terms", rows) + "\n")
    numbers: Any = np.array([int(name.split("-")[0]) for name in whole.rounds])
    curve: list[tuple[str, int, Scores]] = [("all rounds", len(whole), base[2])]
    last = int(numbers.max())
    for through in sorted({1, 2, 4, 8, 12, 16} & set(range(last))):
        corpus = some(whole, numbers <= through)
        curve.append((f"rounds 1 to {through}", len(corpus), result(corpus, scored, C)))
    later = some(whole, numbers > 2)
    curve.append((f"rounds 3 to {last}", len(later), result(later, scored, C)))
    click.echo(table("annotations", curve))


if __name__ == "__main__":
    main()
