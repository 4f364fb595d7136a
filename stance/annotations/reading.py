"""Labelled quotes that people made, merged for training and measuring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from stance.annotations.agreement import consensus
from stance.annotations.importing import import_annotations


@dataclass(frozen=True)
class Annotations:
    """Quotes and the stance that annotators agree on for each.

    Attributes
    ----------
    texts : list of str
        The quotes, in order; each is taken once, whatever its case and punctuation.
    stances : list of str
        The stance of each, one of `stance.codebook.STANCES`.
    speakers : list of str
        Who said each; empty where that is not known.
    rounds : list of str
        The annotation round of each; empty where that is not known.
    skipped : list of str
        What was left out: rows that cannot be used, quotes without a majority, and how many
        annotations do not count.
    """

    texts: list[str]
    stances: list[str]
    speakers: list[str]
    rounds: list[str]
    skipped: list[str]

    def __len__(self) -> int:
        return len(self.texts)


def read_annotations(
    paths: Sequence[str],
    **reading: Any,
) -> Annotations:
    """Read annotations and merge those of one quote by majority.

    It is `import_annotations`, then `consensus`; the result is plain columns.

    Parameters
    ----------
    paths, **reading
        As for `import_annotations`.

    Returns
    -------
    Annotations
        In the order of file and row, whatever the order of the paths.

    Raises
    ------
    StanceError
        As `import_annotations` raises it. A quote without a majority raises nothing: it is
        left out, and named in what was skipped.
    """
    imported = import_annotations(
        paths,
        **reading,
    )
    merged = consensus(imported.annotations)
    ties = [
        "no majority: " + ", ".join(f"{one.file}:{one.row} says {one.stance}" for one in tie)
        for tie in merged.ties
    ]
    agreed = sorted(merged.agreed, key=attrgetter("file", "row", "text"))
    return Annotations(
        texts=[one.text for one in agreed],
        stances=[one.stance for one in agreed],
        speakers=[one.speaker for one in agreed],
        rounds=[one.round for one in agreed],
        skipped=[*ties, *imported.told],
    )
