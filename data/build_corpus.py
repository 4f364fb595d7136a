"""Join the stand-off annotations with their texts, and analyse them.

Run ``make corpus``, where the texts are at hand. It writes the training set of the shipped
model, stance/shipped/training.parquet, and the quotes on which retrained models are compared,
heldout.parquet beside it; neither holds a text. Held out is one speaker in twenty with all
their quotes. Of the annotations of one quote the latest round counts; where annotators of one
round differ, the surest; a tie is left out.
"""

import csv
import hashlib
from collections import defaultdict
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt

from stance.corpus import Corpus, build_corpus, save_corpus, select
from stance.text import text_hash

HERE = Path(__file__).parent
OUTPUT = HERE.parent / "stance" / "shipped" / "training.parquet"

# Stands for some 200 speakers, so it says nothing about who spoke.
NO_SPEAKER = "UN General Debate speaker"

# Rarer terms add size and no accuracy.
MIN_TEXTS = 3

# One speaker in so many is held out; a quote without a speaker counts as one.
HELD_OUT_OF = 20

# Cues were written after reading quotes of the rounds up to this one.
LAST_READ_ROUND = 2

Row = dict[str, str]


def read_rows(path: Path) -> list[Row]:
    """Read a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def round_number(row: Row) -> int:
    """Give the number that a round's name begins with."""
    return int(row["round"].split("-")[0])


def is_unread(row: Row) -> bool:
    """Tell whether no author of a cue had read a quote."""
    return round_number(row) > LAST_READ_ROUND


def consensus(rows: list[Row]) -> Row | None:
    """Choose the annotation of one quote that counts."""
    latest = max(map(round_number, rows))
    rows = [row for row in rows if round_number(row) == latest]
    surest = max(row["confidence"] for row in rows)
    rows = [row for row in rows if row["confidence"] == surest]
    return rows[0] if len({row["stance"] for row in rows}) == 1 else None


def heldout_mask(corpus: Corpus) -> npt.NDArray[np.bool_]:
    """Tell which quotes are held out of training: of each speaker all or none."""
    return np.array([_drawn(group) for group in corpus.groups])


def _drawn(group: str) -> bool:
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % HELD_OUT_OF == 0


@click.command()
@click.argument("texts", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--output", type=click.Path(path_type=Path), default=OUTPUT, show_default=True)
def main(texts: tuple[Path, ...], output: Path) -> None:
    """Build the training set from the annotations and the files of TEXTS."""
    by_hash: dict[str, str] = {}
    for path in texts:
        for row in read_rows(path):
            by_hash.setdefault(text_hash(row["text"]), row["text"])
    annotations: dict[str, list[Row]] = defaultdict(list)
    for path in sorted((HERE / "annotations").glob("*.csv")):
        for row in read_rows(path):
            annotations[row["text_hash"]].append(row)
    missing = [name for name in annotations if name not in by_hash]
    if missing:
        raise SystemExit(f"no text for {len(missing)} annotated quotes, {missing[0]} for one")
    chosen = [found for rows in annotations.values() if (found := consensus(rows))]
    # How a quote was chosen, and who had read it, is a matter of its first round.
    first = {name: min(rows, key=round_number) for name, rows in annotations.items()}
    corpus = build_corpus(
        [by_hash[row["text_hash"]] for row in chosen],
        [row["stance"] for row in chosen],
        groups=["" if row["speaker"] == NO_SPEAKER else row["speaker"] for row in chosen],
        rounds=[first[row["text_hash"]]["round"] for row in chosen],
        unread=[is_unread(first[row["text_hash"]]) for row in chosen],
        min_texts=MIN_TEXTS,
    )
    held = heldout_mask(corpus)
    for part, path in ((~held, output), (held, output.with_name("heldout.parquet"))):
        save_corpus(select(corpus, part), path)
        print(f"{int(part.sum()):,} quotes, {len(corpus.terms):,} terms -> {path}")


if __name__ == "__main__":
    main()
