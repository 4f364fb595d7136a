from __future__ import annotations

from pathlib import Path

import pytest

from stance import STANCES, StanceError
from stance.analyser import NEGATION, TURN
from stance.lexicon import Cue, Lexicon, expand, load_lexicon, parse_classes, read_cues, spell

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("phrase", "alternatives"),
    [
        ("double standards", ["double standards"]),
        ("must (stop|end)", ["must stop", "must end"]),
        ("(very|) grateful", ["very grateful", "grateful"]),
        ("(a|b) (c|d)", ["a c", "a d", "b c", "b d"]),
        ("(put an end to|stop) it", ["put an end to it", "stop it"]),
        ("no * excuse", ["no * excuse"]),
        ("{they} (have|had|) lied", ["{they} have lied", "{they} had lied", "{they} lied"]),
        ("(a|a) b", ["a b"]),
    ],
)
def test_expand(phrase: str, alternatives: list[str]) -> None:
    assert spell(phrase) == phrase
    assert expand(phrase) == alternatives


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("Cease-Fire", "cease fire"),
        (" don’t  you ?", "don't you ?"),
        ("We ( hope | PRAY) so", "we (hope|pray) so"),
        ("no*excuse for{we}", "no * excuse for {we}"),
    ],
)
def test_spell(written: str, spelt: str) -> None:
    assert spell(written) == spelt
    assert spell(spelt) == spelt


@pytest.mark.parametrize(
    "phrase",
    ["", " ", "(a|b", "a|b", "a) b", "((a|b) c)", "* end", "end *", "(|a)", "—", "(*|a) b"],
)
def test_what_is_no_pattern(phrase: str) -> None:
    with pytest.raises(StanceError) as raised:
        spell(phrase)
    assert str(raised.value) == f'"{phrase}" is no pattern of the lexicon'


def test_too_many_alternatives() -> None:
    with pytest.raises(StanceError, match="has 256 alternatives; write several entries"):
        spell("(a|b) (a|b) (a|b) (a|b) (a|b) (a|b) (a|b) (a|b)")


def test_of_two_entries_with_one_phrase_the_first_counts() -> None:
    lexicon = Lexicon([Cue("(a|b)", "neutral", 1), Cue("b", "accusatory", 3)], {})
    assert lexicon.phrases() == {"a": 0, "b": 0}


@pytest.mark.parametrize(
    ("phrase", "kept"),
    [
        ("hope", True),
        ("fear", False),
        ("hope not", True),
        ("{we} fear", True),
        ("{they} hope", False),
        ("(fear|hope) not", True),
        ("(fear for|dread) hope", False),
        ("(very|) hope", True),
        ("un(hoped|heard) of", True),
    ],
)
def test_narrowing_keeps_what_may_begin_at_a_word(phrase: str, kept: bool) -> None:
    lexicon = Lexicon([Cue(phrase, "neutral", 1)], {"our": "{we}", "their": "{they}"})
    assert bool(lexicon.narrowed({"hope", "our"}).cues) is kept


def test_classes() -> None:
    assert parse_classes("# words\nwe: we us\n\nthey: they us") == {
        "we": "{we}",
        "us": "{we}",
        "they": "{they}",
    }


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("must stop,hostile,3", 'unknown stance "hostile"; use accusatory, conciliatory, neutral'),
        ("must stop,accusatory,4", "strength 4 is none of 1, 2, 3"),
        ("must stop,accusatory,high", "invalid literal for int() with base 10: 'high'"),
        ("(must stop,accusatory,3", '"(must stop" is no pattern of the lexicon'),
    ],
)
def test_malformed_entries(tmp_path: Path, row: str, message: str) -> None:
    path = tmp_path / "cues.csv"
    path.write_text(f"phrase,stance,strength\nfine,neutral,1\n{row}\n", encoding="utf-8")
    with pytest.raises(StanceError) as raised:
        read_cues(path)
    assert str(raised.value) == f"{path}:3: {message}"


def test_the_shipped_lexicon_is_sound() -> None:
    lexicon = load_lexicon()
    assert {cue.stance for cue in lexicon.cues} == set(STANCES)
    assert {NEGATION, TURN, "{we}", "{they}", "{actor}"} <= set(lexicon.classes.values())
    named = {s for phrase in lexicon.phrases() for s in phrase.split() if s.startswith("{")}
    assert named <= set(lexicon.classes.values())


def test_the_shipped_lexicon_is_what_make_lexicon_makes() -> None:
    cues: dict[str, Cue] = {}
    for path in sorted((ROOT / "data" / "lexicon").glob("*.csv")):
        cues |= {cue.phrase: cue for cue in read_cues(path)}
    assert load_lexicon().cues == [cues[phrase] for phrase in sorted(cues)]
