from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance import STANCES
from stance.annotations import Annotation, consensus
from stance.corpus import build_corpus
from stance.rounds import (
    Quote,
    group_alike,
    merge,
    near_heldout,
    not_yet_known,
    numbered_folds,
    quotes_in,
    quotes_of,
    quotes_table,
)
from stance.text import text_hash

NONE: frozenset[str] = frozenset()
TOPICS = [
    *("border", "dam", "port", "treaty", "budget"),
    *("embassy", "river", "bridge", "harbour", "railway"),
]


def quote(text: str, stance: str = "neutral", *, speaker: str = "", source: str = "") -> Quote:
    return Quote(text_hash(text), text, stance, speaker, source)


def some(n: int, opening: str = "Nobody spoke about the") -> list[Quote]:
    return [quote(f"{opening} {TOPICS[i % 10]} number {i} today", STANCES[i % 3]) for i in range(n)]


def parts(quotes: list[Quote]) -> dict[str, str]:
    return {q.text: q.part for q in quotes if q.part != "superseded"}


def test_quotes_of_a_consensus() -> None:
    judged = [
        Annotation(text, stance, who, "", speaker, "a source", "a.csv", row)
        for row, (text, stance, who, speaker) in enumerate(
            [
                ("They lied.", "accusatory", "ana", "Berg"),
                ("they LIED", "accusatory", "ben", ""),
                ("They lied..", "neutral", "eva", "Berg"),
                ("It rains.", "neutral", "ana", ""),
                ("It rains", "accusatory", "ben", ""),
                ("We agree.", "conciliatory", "ana", ""),
            ]
        )
    ]
    quotes = quotes_in(consensus(judged))
    assert sorted((q.text, q.stance, q.speaker, q.source) for q in quotes) == [
        ("They lied.", "accusatory", "Berg", "a source"),
        ("We agree.", "conciliatory", "", "a source"),
    ]
    assert [q.text_hash for q in quotes] == sorted(text_hash(q.text) for q in quotes)


def test_what_came_before_with_the_same_stance_is_not_new() -> None:
    first = merge(some(40), [], near=NONE, seen=NONE)
    changed = quote(first[0].text, STANCES[STANCES.index(first[0].stance) - 1])
    second = merge([changed], first, near=NONE, seen=NONE)
    assert not_yet_known(some(40), first) == []
    assert not_yet_known([changed], first) == [changed]
    assert not_yet_known([changed], second) == []
    # The earlier stance is new again.
    back = [q for q in some(40) if q.text == changed.text]
    assert not_yet_known(some(40), second) == back


def test_a_fifth_is_held_out_whatever_the_order() -> None:
    quotes = some(100)
    merged = merge(quotes, [], near=NONE, seen=NONE)
    assert sum(q.part == "heldout" for q in merged) == 20
    shuffled = random.Random(0).sample(quotes, len(quotes))
    assert merge(shuffled, [], near=NONE, seen=NONE) == merged


def test_sides_stay_over_rounds() -> None:
    first = merge(some(60), [], near=NONE, seen=NONE)
    second = merge(some(60, "Everybody heard of the"), first, near=NONE, seen=NONE)
    before, after = parts(first), parts(second)
    assert {text: after[text] for text in before} == before
    assert len(second) == 120
    assert 20 <= sum(part == "heldout" for part in after.values()) <= 26


def test_a_newer_consensus_wins_and_the_old_one_stays_on_record() -> None:
    first = merge(some(40), [], near=NONE, seen=NONE)
    again = quote(first[0].text, "accusatory" if first[0].stance != "accusatory" else "neutral")
    second = merge([again], first, near=NONE, seen=NONE)
    both = [q for q in second if q.text_hash == again.text_hash]
    assert [(q.round, q.stance, q.part) for q in both] == [
        (1, first[0].stance, "superseded"),
        (2, again.stance, first[0].part),
    ]


def test_the_same_round_twice_changes_no_side() -> None:
    first = merge(some(40), [], near=NONE, seen=NONE)
    assert parts(merge(some(40), first, near=NONE, seen=NONE)) == parts(first)


def test_what_the_shipped_model_saw_is_not_held_out() -> None:
    quotes = some(50)
    seen = {q.text_hash for q in quotes}
    assert {q.part for q in merge(quotes, [], near=NONE, seen=seen)} == {"training"}


def test_what_is_in_the_heldout_set_is_left_out() -> None:
    quotes = some(50)
    merged = merge(quotes, [], near={quotes[3].text_hash}, seen=NONE)
    assert [q.text for q in merged if q.part == "left out"] == [quotes[3].text]


@pytest.mark.parametrize("field", ["speaker", "source"])
def test_one_speaker_or_source_stays_together(field: str) -> None:
    quotes = [quote(q.text, q.stance, **{field: f"name {i // 4}"}) for i, q in enumerate(some(80))]
    merged = merge(quotes, [], near=NONE, seen=NONE)
    sides: dict[str, set[str]] = {}
    for q in merged:
        sides.setdefault(getattr(q, field), set()).add(q.part)
    assert all(len(parts) == 1 for parts in sides.values())
    assert {"heldout"} in sides.values()


def test_a_source_of_all_quotes_parts_nothing() -> None:
    quotes = [quote(q.text, q.stance, source="my folder") for q in some(80)]
    assert sum(q.part == "heldout" for q in merge(quotes, [], near=NONE, seen=NONE)) == 16


def test_near_duplicates_stay_together() -> None:
    long = "we have said again and again that the border must stay open for all who live near it"
    a, b, c = quote(long), quote(long + " today"), quote("the budget was read out by the clerk")
    groups = group_alike([a, b, c])
    assert groups[0] == groups[1] != groups[2]


def test_near_duplicates_of_the_heldout_set_are_found() -> None:
    long = "we have said again and again that the border must stay open for all who live near it"
    heldout = build_corpus([long, "a vote is due on the budget"], ["neutral"] * 2, min_texts=1)
    same, near = quote(long.upper() + "!"), quote(long + " today")
    other = quote("we have never said that a border is open")
    assert near_heldout([same, near, other], heldout) == {same.text_hash, near.text_hash}


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1), st.integers(1, 5))
def test_folds_keep_groups_whole(groups: list[str], n: int) -> None:
    folds = numbered_folds(groups, n).tolist()
    assert len({*zip(groups, folds, strict=True)}) == len(set(groups))
    assert set(folds) <= set(range(n))


def test_the_table_keeps_everything() -> None:
    quotes = merge(some(12), [], near=NONE, seen=NONE)
    assert quotes_of(quotes_table(quotes)) == quotes
    assert quotes_of(None) == []
