"""The people of an article: their names, roles and genders, and the phrases that stand for them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from stance.article.names import (
    BODIES,
    DEMONYM_ENDINGS,
    DEMONYMS,
    FEMALE,
    GENDERED,
    HONORIFIC_GENDER,
    MALE,
    PARTICLES,
    PERSON_NOUNS,
    POSTNOMINAL,
    ROLE_GENDER,
    STARTERS,
    STYLES,
    TITLES,
)
from stance.article.reporting import (
    ARTICLES,
    POSSESSIVE_PRONOUNS,
    PREPOSITIONS,
    TIME,
    word_set,
)
from stance.article.sentences import (
    LONGEST_SENTENCE,
    head_of,
    is_capitalised,
    is_demonym,
    owns,
)

UPPER = "".join(
    chr(c) for c in range(0x41, min(sys.maxunicode, 0x530)) if chr(c).isupper() or chr(c).istitle()
)


CAPITALISED = rf"(?:[{UPPER}](?:\.|[^\W_]*(?:-[^\W_]+|[’'](?!s(?![^\W_]))[^\W_]+)*))"


ARABIC = r"(?:[Aa]l|[Ee]l|an|ar|as|ash|at|ad|ul|ur|d)[-‑’']"


NAME = re.compile(
    rf"{CAPITALISED}"
    rf"(?:[ \u00a0\n](?:(?:{'|'.join(sorted(PARTICLES))})[ \u00a0]){{0,2}}(?:{ARABIC})?"
    rf"{CAPITALISED}){{1,7}}"
)


#: Words that end a name.
ENDING_NAMES = word_set("of for at in from on with inside to who and by")
POSSESSIVE = ("’s", "'s", "s’", "s'")


#: Words of BODIES that are surnames or given names as well.
ALSO_NAMES = word_set("Sun Star Day North West East Lake Cross Bridge Post Church April June")


class Speaker(NamedTuple):
    """Someone who may have said something.

    Attributes
    ----------
    name : str
        Full name, or the description as printed ("a senior official"); empty if unknown.
    role : str
        Title or position, empty if the article gives none.
    person : bool
        A named person.
    gender : str
        "m", "f" or "" — a weak hint from titles, roles and given names.
    """

    name: str = ""
    role: str = ""
    person: bool = False
    gender: str = ""

    def __bool__(self) -> bool:
        return bool(self.name)


NOBODY = Speaker()


def occurrences(text: str, word: str) -> Iterator[int]:
    """Offsets at which a word stands by itself.

    Examples
    --------
    >>> list(occurrences("an envoy, the envoys, envoy", "envoy"))
    [3, 22]
    """
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not text[at - 1 : at].isalnum() and not text[end : end + 1].isalnum():
            yield at
        at = text.find(word, end)


class People:
    """The persons an article gives a full name, in order of appearance."""

    def __init__(self, text: str) -> None:
        self.by_last: dict[str, list[tuple[int, Speaker]]] = {}
        self.by_first: dict[str, list[tuple[int, Speaker]]] = {}
        self.full: dict[str, int] = {}
        self.text = text
        self._uses: dict[str, int] = {}
        seen: set[str] = set()
        for match in NAME.finditer(text):
            at = match.start()
            if at and text[at - 1].isalnum():
                continue
            run = match.group()
            if run in seen:
                continue
            parsed = personal_name(run.split())
            if parsed is None:
                seen.add(run)
                continue
            role, name = parsed
            if not role and text[max(0, match.start() - 4) : match.start()].lower() == "the ":
                continue
            if len(name) < 2 and name[0] in self.by_last:
                continue
            seen.add(run)
            self.add(name, match.start(), role)

    def add(self, name: list[str], at: int, role: list[str]) -> None:
        """Take in a person named at an offset, unless a fuller name is known."""
        full = " ".join(name)
        if len(name) == 1:
            if name[0] in self.by_first:
                return
            if role and role[-1] in STYLES:
                full = f"{role[-1]} {full}"
        if full in self.full or any(
            len(name) < len(known.name.split()) and _compatible(name, known.name.split())
            for _, known in self.by_last.get(bare(name[-1]), ())
        ):
            return
        gender = gender_of(role, name)
        self.full[full] = at
        speaker = Speaker(full, "", True, gender)
        self.by_last.setdefault(bare(name[-1]), []).append((at, speaker))
        if len(name) > 1:
            self.by_first.setdefault(name[0], []).append((at, speaker))

    def _first_use(self, word: str) -> int:
        known = self._uses.get(word)
        if known is None:
            known = self._uses[word] = next(occurrences(self.text, word), sys.maxsize)
        return known

    def find(self, name: Sequence[str], at: int, gender: str = "") -> Speaker | None:
        """The person a (partial) name stands for, by what the article said before `at`."""
        candidates = self.by_last.get(bare(name[-1]), [])
        given = self.by_first.get(name[0], ()) if len(name) == 1 else ()
        if given and all(" " not in s.name for _, s in candidates):
            # "Ana" after "Ana Berg"; but not "Ordan" for "Ordan Airways" if it came first.
            used = self._first_use(name[0])
            candidates = candidates + [c for c in given if c[0] <= used]
        best: Speaker | None = None
        for position, speaker in candidates:
            if position > at and best is not None:
                break
            if position > at + 4 * LONGEST_SENTENCE:
                break
            if gender and speaker.gender and gender != speaker.gender:
                continue
            words = speaker.name.split()
            if len(name) > 1 and not _compatible(name, words):
                continue
            if best is None or len(words) > 1:
                best = speaker
            if len(name) > 1 and list(name) == words:
                return speaker
        return best


def _compatible(short: Sequence[str], full: Sequence[str]) -> bool:
    """Whether every word of the shorter name is in the fuller one."""
    small, large = (short, full) if len(short) <= len(full) else (full, short)
    return all(any(bare(w) == bare(v) for v in large) for w in small)


def bare(word: str) -> str:
    """A surname without its Arabic article."""
    head, _, tail = word.partition("-")
    return tail if tail and head.lower() in ("al", "el", "an", "as", "at", "ad") else word


def gender_of(role: Sequence[str], name: Sequence[str]) -> str:
    """Weak hint: honorific, then role noun, then given name."""
    for word in role:
        hint = HONORIFIC_GENDER.get(word) or ROLE_GENDER.get(word.lower())
        if hint:
            return hint
    first = name[0].split("-")[0] if name else ""
    if first in HONORIFIC_GENDER:
        return HONORIFIC_GENDER[first]
    if len(name) > 1 and (first in MALE) != (first in FEMALE):
        return "m" if first in MALE else "f"
    return ""


def personal_name(words: list[str]) -> tuple[list[str], list[str]] | None:
    """Split a run of capitalised words into role and personal name, if it is a person.

    Examples
    --------
    >>> personal_name("Ruvian Foreign Minister Sela Ordan".split())
    (['Ruvian', 'Foreign', 'Minister'], ['Sela', 'Ordan'])
    >>> personal_name("Ruvian Foreign Ministry".split()) is None
    True
    """
    if words[-1] in BODIES and words[-1] not in ALSO_NAMES:
        return None
    if len(words) == 2 and not any(map(_is_special, words)):
        return [], words
    start = 0
    while start < len(words) and (
        words[start] in STARTERS or (len(words) - start > 2 and words[start] in ("Said", "Says"))
    ):
        start += 1
    words = words[start:]
    while words and (words[-1] in TIME or (len(words) > 2 and words[-1] in POSTNOMINAL)):
        words = words[:-1]
    cut = 0
    for i, word in enumerate(words):
        if (
            word in TITLES
            or word.endswith(POSSESSIVE)
            or (
                # "Pollster Ana Berg", but not "Ana Baker"
                i == 0
                and len(words) > 2
                and (word.lower() in PERSON_NOUNS or "-of-" in word or "-year-old" in word)
            )
        ):
            cut = i + 1
    for i in range(cut, len(words) - 2):
        behind = any(w in BODIES for w in words[i + 1 :])
        if words[i] in BODIES and words[i] not in ALSO_NAMES and not behind:
            # "Minister for Europe and Foreign Affairs Ana Berg"
            cut = i + 1
    role, name = words[:cut], words[cut:]
    if name and cut == 0:
        while len(name) > 2 and is_demonym(name[0]):
            role, name = [*role, name[0]], name[1:]
    if not name or _is_body(name):
        return None
    if name[0] in PARTICLES or (len(name[-1]) > 1 and name[-1].isupper() and not role):
        return None if name[-1].isupper() and name[-1] in ("US", "UK", "EU", "UN") else (role, name)
    if len(name) == 1:
        styled = bool(role) and (role[-1] in TITLES or role[-1] in STYLES)
        return (role, name) if styled else None
    if name[0] in STYLES and name[0] not in ("Abu", "Umm"):
        return [*role, name[0]], name[1:]
    if is_demonym(name[0]) and len(name) == 2 and (name[0] in DEMONYMS or not role):
        return None
    return role, name


#: Words that make a run of capitalised words anything but a given name and a surname.
SPECIAL = frozenset().union(
    STARTERS, TITLES, BODIES, DEMONYMS, TIME, STYLES, PARTICLES, POSTNOMINAL
)
SPECIAL_ENDINGS = (*DEMONYM_ENDINGS, *POSSESSIVE)


def _is_special(word: str) -> bool:
    if word in SPECIAL or word.isupper():
        return True
    return word.endswith(SPECIAL_ENDINGS) and word not in MALE and word not in FEMALE


def _is_body(name: Sequence[str]) -> bool:
    """Whether a run of capitalised words names a body, a place or a date."""
    if name[0] in STARTERS or name[0] in TIME or (name[0] in BODIES and name[0] not in ALSO_NAMES):
        return True
    return any(w in BODIES or w in TIME or w in STARTERS for w in name[1:])


def name_in(
    phrase: Sequence[str], people: People, offset: int
) -> tuple[list[str], list[str]] | None:
    """Role and personal name in a noun phrase, or None if it names no person.

    Examples
    --------
    >>> people = People("Moyra Tunnel spoke.")
    >>> name_in("the harbour minister Moyra Tunnel".split(), people, 99)
    (['the', 'harbour', 'minister'], ['Moyra', 'Tunnel'])
    >>> name_in("Tunnel".split(), people, 99)
    ([], ['Tunnel'])
    """
    end = len(phrase)
    for i in range(1, end):
        low = phrase[i].lower()
        if low in ENDING_NAMES and is_capitalised(phrase[i - 1]):
            after_title = (
                phrase[i - 1] in TITLES or phrase[i - 1] in BODIES or is_demonym(phrase[i - 1])
            )
            if low != "of" or not after_title:
                end = i
                break
    if not end or not is_capitalised(phrase[end - 1]):
        return None
    start = end
    while start and (
        is_capitalised(phrase[start - 1])
        or (phrase[start - 1].lower() in PARTICLES and start < end)
        or phrase[start - 1] == "."
    ):
        start -= 1
    while start < end and phrase[start].lower() in PARTICLES and not is_capitalised(phrase[start]):
        start += 1
    run = list(phrase[start:end])
    before = phrase[start - 1].lower() if start else ""
    if before in PREPOSITIONS:
        # "Secretary of State Ann Other": the run begins inside the title.
        if before == "of" and start >= 2 and phrase[start - 2] in TITLES and len(run) > 2:
            return list(phrase[: start + 1]), run[1:]
        return None
    run = [w for w in run if w != "."]
    while run and run[0] in STARTERS:
        if len(run) == 1:
            return None
        run = run[1:]
    if len(run) == 1:
        word = run[0]
        known = people.find(run, offset)
        if known:
            return list(phrase[:start]), run
        if owns(word) or word in TITLES or word in BODIES or word in TIME or is_demonym(word):
            return None
        described = start and (
            phrase[start - 1].lower() in PERSON_NOUNS
            or phrase[start - 1] in TITLES
            # "her flatmate Ada", "Berg’s flatmate Ada"
            or (phrase[0].lower() in POSSESSIVE_PRONOUNS and start < 4 and word not in BODIES)
        )
        if described:
            return list(phrase[:start]), run
        if word in MALE or word in FEMALE:
            return list(phrase[:start]), run
        return None
    parsed = personal_name(run)
    if parsed is None or (before in ARTICLES and not parsed[0]):
        last = people.find(run, offset)
        return (list(phrase[:start]), run) if last else None
    role, name = parsed
    return list(phrase[:start]) + role, name


def can_speak(speaker: Speaker) -> bool:
    """Whether a speaker is a named person or described as one."""
    return speaker.person or head_of(speaker.name.split()) in PERSON_NOUNS


def fits(speaker: Speaker, word: str) -> bool:
    """Whether a pronoun can stand for a speaker."""
    if not speaker:
        return False
    words = speaker.name.split()
    body = any(w in BODIES for w in words)
    if word in GENDERED:
        single = can_speak(speaker) or (len(words) == 1 and is_capitalised(words[0]) and not body)
        return single and speaker.gender in ("", GENDERED[word])
    if word == "it":
        return not can_speak(speaker) and (body or not head_of(words).endswith("s"))
    return not speaker.person or speaker.gender == ""
