"""The user's rounds of annotations: merged, grouped, split.

Each quote plays a part: *training*, *heldout* (a fifth, on which models are compared), *left
out* (it stands in the shipped held-out set, word for word or nearly), or *superseded* by a
newer consensus on the same text.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stance.analyser import TermIndex
from stance.annotations import Consensus
from stance.corpus import Corpus
from stance.text import shingles, text_hash

HELD_OUT_SHARE: Final = 0.2
NEAR: Final = 0.6
NEAR_HELD_OUT: Final = 0.8
_FEWEST_TERMS: Final = 8

SCHEMA: Final = pa.schema(
    [pa.field(name, pa.string()) for name in ("text_hash", "text", "stance", "speaker", "source")]
    + [pa.field("round", pa.int32()), pa.field("part", pa.string()), pa.field("group", pa.string())]
)


@dataclass(frozen=True)
class Quote:
    """A quote of the user's with its consensus.

    Attributes
    ----------
    text_hash : str
        Names the text.
    text : str
        The quote.
    stance : str
        One of `stance.codebook.STANCES`.
    speaker, source : str
        Who said it, and where it stands; empty where that is not known.
    round : int
        The retraining it came with, counted from 1.
    part : str
        training, heldout, left out or superseded; empty before it is known.
    group : str
        Quotes of one group are alike: they never stand on both sides of a split.
    """

    text_hash: str
    text: str
    stance: str
    speaker: str = ""
    source: str = ""
    round: int = 0
    part: str = ""
    group: str = ""


def quotes_in(merged: Consensus) -> list[Quote]:
    """Give what annotators agree on as quotes, in the order of their hashes."""
    return sorted(
        (
            Quote(text_hash(one.text), one.text, one.stance, one.speaker, one.source)
            for one in merged.agreed
        ),
        key=lambda quote: quote.text_hash,
    )


def not_yet_known(new: Sequence[Quote], earlier: Sequence[Quote]) -> list[Quote]:
    """Leave out quotes that came before with the same stance."""
    known = {(quote.text_hash, quote.stance) for quote in earlier if quote.part != "superseded"}
    return [quote for quote in new if (quote.text_hash, quote.stance) not in known]


def merge(
    new: Sequence[Quote],
    earlier: Sequence[Quote],
    *,
    near: AbstractSet[str],
    seen: AbstractSet[str],
) -> list[Quote]:
    """Join a new round with earlier ones, and give each quote its part.

    Parameters
    ----------
    new : sequence of Quote
        The new round, distinct by hash.
    earlier : sequence of Quote
        The earlier rounds, with their parts.
    near : set of str
        Hashes of new quotes that stand in the shipped held-out set, or nearly so.
    seen : set of str
        Hashes of quotes that the shipped model was trained on.

    Returns
    -------
    list of Quote
        Every quote ever given, by hash and round. What was trained on once is never held
        out, nor is anything of its group.
    """
    number = 1 + max((quote.round for quote in earlier), default=0)
    newer = {quote.text_hash for quote in new}
    record = [
        replace(quote, part="superseded") if quote.text_hash in newer else quote
        for quote in earlier
    ]
    left_out = [replace(q, round=number, part="left out") for q in new if q.text_hash in near]
    usable = [quote for quote in record if quote.part in {"training", "heldout"}]
    usable += [replace(q, round=number) for q in new if q.text_hash not in near]
    # A corrected quote keeps the side it was on.
    sides = {quote.text_hash: quote.part for quote in earlier}
    trained = {name for name, part in sides.items() if part == "training"} | seen
    usable.sort(key=lambda quote: quote.text_hash)
    groups: dict[str, list[Quote]] = defaultdict(list)
    for quote, group in zip(usable, group_alike(usable), strict=True):
        groups[group].append(replace(quote, group=group))
    placed: list[Quote] = []
    wanted = HELD_OUT_SHARE * len(usable)
    held = 0
    free = []
    for group, members in sorted(groups.items()):
        if any(quote.text_hash in trained for quote in members):
            placed += [replace(quote, part="training") for quote in members]
        elif any(sides.get(quote.text_hash) == "heldout" for quote in members):
            placed += [replace(quote, part="heldout") for quote in members]
            held += len(members)
        else:
            free.append((_order(group), members))
    for _, members in sorted(free, key=lambda entry: entry[0]):
        part = "heldout" if held + len(members) <= wanted + 0.5 else "training"
        held += len(members) * (part == "heldout")
        placed += [replace(quote, part=part) for quote in members]
    stays = [quote for quote in record if quote.part not in {"training", "heldout"}]
    return sorted([*placed, *stays, *left_out], key=lambda quote: (quote.text_hash, quote.round))


def group_alike(quotes: Sequence[Quote]) -> list[str]:
    """Find quotes that must not be parted: near-duplicates, one speaker's, one source's.

    A speaker or source of more than a tenth of the quotes parts nothing: a folder's name, or
    the only speaker there is, would put all quotes on one side.

    Parameters
    ----------
    quotes : sequence of Quote
        Distinct by hash.

    Returns
    -------
    list of str
        For each quote the smallest hash of its group.
    """
    parent = list(range(len(quotes)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for field in ("speaker", "source"):
        alike: dict[str, list[int]] = defaultdict(list)
        for i, quote in enumerate(quotes):
            if value := getattr(quote, field).strip().casefold():
                alike[value].append(i)
        for members in alike.values():
            if len(members) <= 0.1 * len(quotes):
                for i in members:
                    parent[root(i)] = root(members[0])
    by_shingle: dict[str, list[int]] = defaultdict(list)
    runs = [shingles(quote.text) for quote in quotes]
    for i, found in enumerate(runs):
        shared = Counter(j for shingle in found for j in by_shingle[shingle])
        for j, n in shared.items():
            if n >= NEAR * (len(found) + len(runs[j]) - n):
                parent[root(i)] = root(j)
        for shingle in found:
            by_shingle[shingle].append(i)
    smallest: dict[int, str] = {}
    for i, quote in enumerate(quotes):
        smallest[root(i)] = min(smallest.get(root(i), quote.text_hash), quote.text_hash)
    return [smallest[root(i)] for i in range(len(quotes))]


def near_heldout(quotes: Sequence[Quote], heldout: Corpus) -> set[str]:
    """Find quotes that stand in the held-out set, word for word or nearly so.

    The held-out set has no texts, but its terms of one and two words are shingles too: two
    quotes are near if they share most of the terms that either has.

    Parameters
    ----------
    quotes : sequence of Quote
        The quotes.
    heldout : Corpus
        The held-out set.

    Returns
    -------
    set of str
        Their hashes.
    """
    texts = pa.array([quote.text for quote in quotes], pa.string())
    index = TermIndex(heldout.terms, heldout.analyser.lexicon)
    ours, theirs = (
        counts.to_scipy(len(heldout.terms)).sign()
        for counts in (index.count(texts), heldout.counts)
    )
    shared = (ours @ theirs.T).tocoo()
    n_ours, n_theirs = (np.asarray(m.sum(axis=1)).ravel() for m in (ours, theirs))
    either = n_ours[shared.row] + n_theirs[shared.col] - shared.data
    near = (shared.data >= NEAR_HELD_OUT * either) & (either >= _FEWEST_TERMS)
    names = set(heldout.hashes)
    return {quotes[i].text_hash for i in set(shared.row[near].tolist())} | {
        quote.text_hash for quote in quotes if quote.text_hash in names
    }


def numbered_folds(groups: Sequence[str], n: int) -> npt.NDArray[np.int64]:
    """Deal groups out to folds of about one size, always alike.

    Parameters
    ----------
    groups : sequence of str
        The group of each quote.
    n : int
        How many folds.

    Returns
    -------
    numpy.ndarray of int64, shape (n_quotes,)
        The fold of each quote, from 0.

    Examples
    --------
    >>> numbered_folds(["a", "b", "a", "c"], 2).tolist()
    [0, 1, 0, 1]
    """
    sizes = [0] * n
    fold = {}
    for group, size in sorted(Counter(groups).items(), key=lambda g: (-g[1], _order(g[0]))):
        fold[group] = sizes.index(min(sizes))
        sizes[fold[group]] += size
    return np.array([fold[group] for group in groups], dtype=np.int64)


def _order(group: str) -> str:
    return hashlib.sha256(group.encode()).hexdigest()


def quotes_table(quotes: Sequence[Quote]) -> pa.Table:
    """Give quotes as the table that the store keeps."""
    return pa.Table.from_pylist([asdict(quote) for quote in quotes], schema=SCHEMA)


def quotes_of(table: pa.Table | None) -> list[Quote]:
    """Give the quotes that `quotes_table` wrote; none for None."""
    return [] if table is None else [Quote(**row) for row in table.to_pylist()]
