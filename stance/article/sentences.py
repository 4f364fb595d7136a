"""The sentences of an article: their words, and those among them that report.

Every quotation is blanked out first (:data:`BLANK`), so that what is said cannot be mistaken for
who says it.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stance.article.names import (
    BODIES,
    DEMONYM_ENDINGS,
    DEMONYMS,
    FEMALE,
    MALE,
    PERSON_NOUNS,
    STARTERS,
    TITLES,
)
from stance.article.quotemarks import Paragraph, Span
from stance.article.reporting import (
    ABBREVIATIONS,
    ARTICLES,
    AUXILIARY,
    BEING,
    BREAKS,
    DETERMINERS,
    NOUNS_TOO,
    OBJECTS,
    PHRASAL,
    PREPOSITIONS,
    PRONOUNS,
    SAYING,
    VERBS,
    word_set,
)

BLANK = "\ue000"


#: Sentences are cut beyond this length, so that no window grows with the article.
LONGEST_SENTENCE = 1000
#: How many sentences are kept in memory once they are read.
KEPT = 1000
#: How many sentences back a pronoun may reach.
REACH = 12
#: A word with what is tied to it: hyphens, elisions, the dot of "Mr." and of "U.S.".
TOKEN = re.compile(
    r"[A-Za-z]+(?=[ ,])|(?:\d{1,3},(?=\d{3}))*[^\W_]+(?:[-‑’'/&.][^\W_]+)*"
    r"(?:\.(?:(?=,)|(?<=\.[^\W_]\.)|(?<=\b(?:Mr|Ms|Dr|Lt|St)\.)|(?<=\b(?:Prof|Capt|Cmdr|Brig)\.)"
    r"|(?<=\b(?:Mrs|Gen|Col|Maj|Adm|Sgt|Sen|Gov|Rep|Hon|Rev)\.))|(?<=s)[’'](?![^\W_]))?"
    rf"|{BLANK}+|\S"
)
#: What stands before the first sentence of a paragraph: a list mark, "VELMA, March 14 (Agency) -".
LEAD_IN = re.compile(
    r"[•●▪‣·*][ \t\u00a0]+"
    r"|(?=[A-Z]{2})(?=[^a-z]{4})[^\n“”\"‘:;!?]{4,60}?"
    r"(?:(?<=\d)|\([A-Z][\w ]{1,20}\)|/[A-Z][\w ]{1,20}/)[ .]*[-–—]+[ ]+"
    r"|[A-Z]{4,}(?:[ ][A-Z]{3,}){0,2}(?:, [A-Z]\w+)?[ ]+[—–][ ]+(?=[A-Z])"
)
SENTENCE_END = re.compile(r"[.!?…]+[)\]”\"’'»“]*(?=\s+[^\sa-z])")
SPACE = re.compile(r"\s")
MARKS = frozenset("”\"'’»“«„‘")


VERB_FORMS = frozenset(VERBS)
#: Bare forms that are never nouns.
ALWAYS_VERBS = word_set("say tell argue insist believe think describe deny admit")


#: Words before a month.
MONTHLY = word_set("in last next since until till early late mid this of during through before")
#: What ends a noun before its complement: "an official close to", "the man responsible for".
BEHIND_NOUNS = frozenset(
    [",", "(", "close", "responsible", "familiar", "present", "loyal", "aware", "based", "able"]
)


#: Determiners that stand for a person themselves: "another said".
PRONOMINAL = word_set("other this that those another both all many some one most few")


@dataclass(slots=True)
class Sentence:
    """A stretch of one paragraph with its words; `words[i]` begins at `starts[i]`.

    `verbs` are the indices of its reporting verbs, `index` is its place in the paragraph.
    """

    start: int
    end: int
    paragraph: int
    index: int
    words: list[str]
    starts: list[int]
    lower: list[str]
    verbs: list[int]

    def before(self, offset: int) -> int:
        """Number of words that begin before an offset."""
        return bisect_left(self.starts, offset)


class Sentences:
    """The sentences of an article whose quotations are blanked out, split and read on demand."""

    def __init__(self, masked: str, blocks: list[Paragraph]) -> None:
        self.masked = masked
        self.blocks = blocks
        self._bounds: dict[int, list[tuple[int, int]]] = {}
        self._read: dict[int, Sentence] = {}

    def bounds(self, paragraph: int) -> list[tuple[int, int]]:
        """Start and end of each sentence of a paragraph."""
        known = self._bounds.get(paragraph)
        if known is None:
            block = self.blocks[paragraph]
            lead_in = LEAD_IN.match(self.masked, block.start, block.end)
            start = lead_in.end() if lead_in else block.start
            known = list(_split(self.masked, start, block.end)) or [(start, block.end)]
            self._bounds[paragraph] = known
        return known

    def get(self, paragraph: int, index: int) -> Sentence:
        """A sentence with its words."""
        bounds = self._bounds.get(paragraph) or self.bounds(paragraph)
        start, end = bounds[index]
        known = self._read.get(start)
        if known is None:
            masked = self.masked
            words = TOKEN.findall(masked, start, end)
            starts: list[int] = []
            at = start
            for word in words:
                # Nothing but white space stands between two words.
                at = masked.find(word, at)
                starts.append(at)
                at += len(word)
            lower = list(map(str.lower, words))
            if masked.find("’", start, end) >= 0 or masked.find("'", start, end) >= 0:
                lower = [_without_contraction(w) if "’" in w or "'" in w else w for w in lower]
            if "May" in words:
                lower = [_month_or_name(words, lower, i) for i in range(len(words))]
            known = Sentence(start, end, paragraph, index, words, starts, lower, [])
            if not VERB_FORMS.isdisjoint(lower):
                known.verbs = [
                    i for i, w in enumerate(lower) if w in VERBS and _is_reporting(known, i)
                ]
            if len(self._read) > KEPT:
                self._read.clear()
            self._read[start] = known
        return known

    def at(self, paragraph: int, offset: int) -> Sentence:
        """The sentence around an offset of a paragraph."""
        bounds = self._bounds.get(paragraph) or self.bounds(paragraph)
        if len(bounds) == 1:
            return self.get(paragraph, 0)
        index = bisect_right(bounds, (offset, sys.maxsize)) - 1
        return self.get(paragraph, index if index > 0 else 0)

    def after(self, sentence: Sentence) -> Sentence | None:
        """The next sentence of the same paragraph."""
        if sentence.index + 1 < len(self.bounds(sentence.paragraph)):
            return self.get(sentence.paragraph, sentence.index + 1)
        return None

    def earlier(self, sentence: Sentence) -> Iterator[Sentence]:
        """The sentences before one, last first, across paragraphs, as far as a pronoun reaches."""
        left = REACH
        paragraph, index = sentence.paragraph, sentence.index
        while left:
            while index > 0 and left:
                index -= 1
                left -= 1
                yield self.get(paragraph, index)
            paragraph -= 1
            if paragraph < 0:
                return
            index = len(self.bounds(paragraph))


def is_capitalised(word: str) -> bool:
    """Whether a word is written like a name (al-Assad and d’Estaing are)."""
    if word[0].isupper():
        return True
    if "-" not in word and "’" not in word:
        return False
    head, _, tail = word.partition("-")
    if not tail:
        head, _, tail = word.partition("’")
    return bool(tail) and tail[0].isupper() and len(head) < 4


def owns(word: str) -> bool:
    """Whether a word is a possessive."""
    return word.endswith(("’s", "'s", "s’"))


def is_demonym(word: str) -> bool:
    """Whether a capitalised word tells where somebody belongs: Ordanian, European, Labour."""
    if word in DEMONYMS:
        return True
    return word.endswith(DEMONYM_ENDINGS) and word not in MALE and word not in FEMALE


def names_someone(word: str) -> bool:
    """Whether a word may be part of a personal name."""
    return (
        is_capitalised(word)
        and word not in STARTERS
        and not owns(word)
        and (word not in TITLES and word not in BODIES and not is_demonym(word))
    )


def head_of(phrase: Sequence[str]) -> str:
    """Last word of a noun phrase before its first preposition, in lower case."""
    head = ""
    for i, word in enumerate(phrase):
        low = word.lower()
        if i and (low in PREPOSITIONS or low in BREAKS or low in BEHIND_NOUNS):
            break
        if head in PERSON_NOUNS and low.endswith(("ed", "ing")):
            break
        head = low
    return head


def _without_contraction(low: str) -> str:
    """A pronoun without what is contracted to it (he’s, they’d); any other word as it is."""
    head = low.replace("'", "’").split("’")[0]
    return head if head in PRONOUNS and len(low) < 8 else low


def _month_or_name(words: list[str], lower: list[str], i: int) -> str:
    """A word in lower case, but "May" as it is where it is no month: Theresa May, May said."""
    if words[i] != "May":
        return lower[i]
    if i == 0:
        return lower[i] if lower[1:2] and lower[1] in PRONOUNS else words[i]
    before = lower[i - 1]
    after = words[i + 1] if i + 1 < len(words) else ""
    dated = before.isdigit() or before in MONTHLY or after.isdigit()
    return lower[i] if dated else words[i]


def blank_out(text: str, spans: list[Span]) -> str:
    """Replace the words of every quotation; keep the offsets and the last mark of punctuation."""
    pieces: list[str] = []
    done = 0
    for span in spans:
        pieces.append(text[done : span.start])
        last = text[span.end - 1]
        keep = last if last in ".!?…,;:" else BLANK
        pieces.append(BLANK * (span.end - span.start - 1) + keep)
        done = span.end
    pieces.append(text[done:])
    return "".join(pieces)


def _split(masked: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Sentences of a stretch of text."""
    for match in SENTENCE_END.finditer(masked, start, end):
        stop = match.end()
        if stop - match.start() == 1 and masked[match.start()] == ".":
            text = masked[max(start, match.start() - 12) : match.start()].lower()
            text = text[text.rfind(" ") + 1 :].lstrip("(")
            shortened = text in ABBREVIATIONS or (len(text) == 1 and text.isalpha())
            if shortened and (text != "jan" or _is_dated(masked, match.start() - 3, stop)):
                continue
        if stop - start > LONGEST_SENTENCE:
            yield from _cut(masked, start, stop)
        else:
            yield start, stop
        start = stop
        while start < end and masked[start].isspace():
            start += 1
    if start < end:
        yield from _cut(masked, start, end)


def _is_dated(masked: str, start: int, end: int) -> bool:
    """Whether the Jan. at `start:end` is a month and not a person: on Jan. 5, 5 Jan., in Jan."""
    before = masked[max(0, start - 12) : start].lower().split()
    numbered = masked[end : end + 6].lstrip()[:1].isdigit()
    return numbered or (bool(before) and (before[-1].isdigit() or before[-1] in MONTHLY))


def _cut(masked: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST_SENTENCE:
        gap = SPACE.search(masked, start + LONGEST_SENTENCE, end)
        if gap is None:
            break
        yield start, gap.start()
        start = gap.end()
    yield start, end


def _is_reporting(sentence: Sentence, i: int) -> bool:
    """Whether a word that looks like a reporting verb is used as one."""
    lower = sentence.lower
    lemma, form = VERBS[lower[i]]
    previous = lower[i - 1] if i else ""
    follower = lower[i + 1] if i + 1 < len(lower) else ""
    needed = PHRASAL.get(lemma)
    clear = lemma == "make" and "clear" in lower[i + 1 : i + 4]
    if needed and form != "ing" and not clear and "*" not in needed and follower not in needed:
        return False
    if previous[:1].isalnum() and sentence.words[i][0].isupper():
        return False
    if lemma == "put" and form == "":
        return follower == "it"
    if form == "ed":
        if previous in DETERMINERS and previous not in PRONOMINAL:
            return False
        if previous in ("of", "by", "for", "from", "with", "as", "so"):
            return False
        if previous.isdigit() and lower[i - 2] not in ("no", "from"):
            return False
        # A participle behind a form of "be" is passive; "was quoted as saying" has its own rule.
        return BEING.isdisjoint(lower[max(0, i - 2) : i])
    if form == "ing":
        return (
            previous not in ARTICLES
            and previous not in ("his", "its", "their")
            and not owns(previous)
            and not (previous == "in" and lemma == "write")
        )
    if (previous in DETERMINERS and previous not in PRONOMINAL) or owns(previous):
        return False
    if form == "s" and previous in PREPOSITIONS:
        return False
    if (form == "s" and lemma not in NOUNS_TOO) or lemma in ALWAYS_VERBS:
        return True
    if (
        previous in PRONOUNS
        or (previous in AUXILIARY and previous not in BEING)
        or previous == "to"
    ):
        return True
    if form == "s" and (follower in OBJECTS or follower in ARTICLES or follower in ("that", "it")):
        return previous not in PREPOSITIONS
    if form == "":
        plural = len(previous) > 3 and previous.endswith("s") and previous not in DETERMINERS
        if not plural and previous not in ("people", "police"):
            return False
        return (
            follower in DETERMINERS
            or follower == "as"
            or follower in PRONOUNS
            or follower in OBJECTS
            or (
                follower in ("that", "to")
                or not follower[:1].isalnum()
                or is_capitalised(sentence.words[i + 1])
            )
        )
    if previous in PREPOSITIONS or not previous:
        return False
    if lemma in ("state", "point", "deal"):
        return previous in PERSON_NOUNS or is_capitalised(sentence.words[i - 1])
    return (
        previous in PERSON_NOUNS
        or not previous[0].isalpha()
        or previous.endswith("ly")
        or (is_capitalised(sentence.words[i - 1]))
    )


def starts_sentence(sentence: Sentence, opening: int) -> bool:
    """Whether nothing but marks stands before a word of the sentence."""
    words = sentence.words
    for i in range(opening):
        first = words[i][0]
        if first == BLANK or first.isalnum():
            return False
    return True


def reports_speech(sentence: Sentence) -> bool:
    """Whether a sentence reports something said."""
    return any(VERBS[sentence.lower[v]][0] in SAYING for v in sentence.verbs)


def is_loose(sentence: Sentence) -> bool:
    """Whether a sentence ends without punctuation, as headlines and bylines do."""
    return not sentence.words or sentence.words[-1][0].isalnum()
