"""The diplomatic stance lexicon: phrases and patterns that tell a stance.

An entry is a phrase of words, in which ``(stop|end)`` stands for either, ``*`` for any one
word, and ``{we} {they} {not} {actor}`` for one word of a class. See data/lexicon/README.md.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from itertools import chain, product
from math import prod
from os import PathLike
from typing import Final

from stance.codebook import match_stance
from stance.errors import StanceError
from stance.text import words

STRENGTHS: Final = (1, 2, 3)
MOST_ALTERNATIVES: Final = 200

_GROUP: Final = re.compile(r"\(([^()]*)\)")
_ELEMENT: Final = re.compile(r"([(|)*]|\{\w+\})")


@dataclass(frozen=True)
class Cue:
    """An entry of the lexicon.

    Attributes
    ----------
    phrase : str
        Words and pattern elements, joined by single spaces.
    stance : str
        The stance it tells.
    strength : int
        3 if it nearly always does, 2 if usually, 1 if it leans.
    """

    phrase: str
    stance: str
    strength: int


@dataclass(frozen=True)
class Lexicon:
    """Entries, and the classes of words that their patterns name.

    Attributes
    ----------
    cues : list of Cue
        The entries.
    classes : dict of str to str
        For each word that belongs to a class, the class as patterns spell it: ``"our"`` to
        ``"{we}"``.
    """

    cues: list[Cue]
    classes: dict[str, str]

    @property
    def fingerprint(self) -> str:
        """SHA-256 over all entries and classes."""
        lines = [f"{cue.phrase}\t{cue.stance}\t{cue.strength}" for cue in self.cues]
        lines += [f"{word}\t{name}" for word, name in sorted(self.classes.items())]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def phrases(self) -> dict[str, int]:
        """Write out all alternatives.

        Returns
        -------
        dict of str to int
            For each phrase without alternatives the position of the first entry that has it.
        """
        phrases: dict[str, int] = {}
        for i, cue in enumerate(self.cues):
            for phrase in [cue.phrase] if "(" not in cue.phrase else expand(cue.phrase):
                phrases.setdefault(phrase, i)
        return phrases

    def narrowed(self, words: Collection[str]) -> Lexicon:
        """Leave out entries that cannot begin at any of some words.

        Parameters
        ----------
        words : collection of str
            The words of a text, as the analyser spells them.

        Returns
        -------
        Lexicon
            It finds the same in a text of these words, and is faster to get ready.
        """
        symbols = {*words, *(self.classes[word] for word in words if word in self.classes)}
        return Lexicon([cue for cue in self.cues if _may_begin(cue.phrase, symbols)], self.classes)


def _may_begin(phrase: str, symbols: Collection[str]) -> bool:
    first, _, _ = phrase.partition(" ")
    if "(" not in first:
        return first in symbols
    if first[0] != "(":
        return True
    beginnings = [way.partition(" ")[0] for way in phrase[1 : phrase.index(")")].split("|")]
    return "" in beginnings or any(beginning in symbols for beginning in beginnings)


EMPTY: Final = Lexicon([], {})


@cache
def load_lexicon() -> Lexicon:
    """Give the lexicon that comes with the package.

    Returns
    -------
    Lexicon
        Its entries in the order of their phrases.

    Examples
    --------
    >>> load_lexicon().classes["our"]
    '{we}'
    """
    import pyarrow.parquet as pq

    shipped = files("stance") / "shipped"
    with as_file(shipped / "lexicon.parquet") as path:
        table = pq.read_table(path)
    columns = (table.column(name).to_pylist() for name in ("phrase", "stance", "strength"))
    classes = parse_classes((shipped / "word_classes.txt").read_text(encoding="utf-8"))
    return Lexicon([Cue(*row) for row in zip(*columns, strict=True)], classes)


def parse_classes(text: str) -> dict[str, str]:
    """Read classes of words from lines such as ``we: we us our``.

    Parameters
    ----------
    text : str
        The lines; those that begin with ``#`` are comments.

    Returns
    -------
    dict of str to str
        For each word its class in braces; the first where it is in several.

    Examples
    --------
    >>> parse_classes("we: we us")
    {'we': '{we}', 'us': '{we}'}
    """
    classes: dict[str, str] = {}
    for line in text.splitlines():
        name, colon, members = line.partition(":")
        if colon and not line.startswith("#"):
            for word in members.split():
                classes.setdefault(word, f"{{{name}}}")
    return classes


def expand(phrase: str) -> list[str]:
    """Write out the alternatives of a pattern.

    Parameters
    ----------
    phrase : str
        A phrase of the lexicon, its words spelt as the analyser spells them.

    Returns
    -------
    list of str
        Phrases without alternatives.

    Examples
    --------
    >>> expand("must (stop|put an end to) (the|) killing")[:2]
    ['must stop the killing', 'must stop killing']
    """
    parts = _GROUP.split(phrase)
    choices = [part.split("|") if i % 2 else [part] for i, part in enumerate(parts)]
    ways = ["".join(way) for way in product(*choices)]
    # An empty alternative leaves a space too many.
    if "" in chain.from_iterable(choices[1::2]):
        ways = [" ".join(way.split()) for way in ways]
    return list(dict.fromkeys(ways))


def spell(phrase: str) -> str:
    """Spell the words of a pattern as the analyser does, and check the pattern.

    Parameters
    ----------
    phrase : str
        A phrase as a person wrote it.

    Returns
    -------
    str
        The phrase of the lexicon.

    Raises
    ------
    StanceError
        If the pattern is malformed, begins or ends with ``*``, or has too many alternatives.

    Examples
    --------
    >>> spell("Don’t (STOP|end) the * cease-fire")
    "don't (stop|end) the * cease fire"
    """
    spelt = "".join(
        part if part in "(|)" else f" {part} " if _ELEMENT.fullmatch(part) else _spelt(part)
        for part in _ELEMENT.split(phrase)
    )
    spelt = re.sub(r" ?([|]) ?", r"\1", " ".join(spelt.split()))
    spelt = spelt.replace("( ", "(").replace(" )", ")")
    parts = _GROUP.split(spelt)
    ways = prod(part.count("|") + 1 for part in parts[1::2])
    if ways > MOST_ALTERNATIVES:
        raise StanceError(f'"{phrase}" has {ways} alternatives; write several entries')
    plain = [way.split() for way in expand(spelt)]
    if any(not way or "*" in (way[0], way[-1]) for way in plain) or any(
        mark in part for part in parts[::2] for mark in "(|)"
    ):
        raise StanceError(f'"{phrase}" is no pattern of the lexicon')
    return spelt


def _spelt(words_and_spaces: str) -> str:
    """Spell words, and keep whether a space stands before and behind them."""
    forms = " ".join(word.form for word in words(words_and_spaces))
    before = " " if words_and_spaces[:1].isspace() else ""
    behind = " " if words_and_spaces[-1:].isspace() else ""
    return before + forms + behind


def read_cues(path: str | PathLike[str]) -> list[Cue]:
    """Read entries from a CSV file with the columns phrase, stance and strength.

    Parameters
    ----------
    path : str or path-like
        The file.

    Returns
    -------
    list of Cue
        In the order of the rows; words are spelt as the analyser spells them.

    Raises
    ------
    StanceError
        If an entry is malformed, with file and row.
    """
    cues = []
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            try:
                stance, strength = match_stance(row["stance"]), int(row["strength"])
                if strength not in STRENGTHS:
                    raise StanceError(f"strength {strength} is none of 1, 2, 3")
                phrase = spell(row["phrase"])
            except (StanceError, ValueError, KeyError, TypeError) as error:
                raise StanceError(str(error), path=path, row=reader.line_num) from error
            cues.append(Cue(phrase, stance, strength))
    return cues
