"""Who is meant: an article with its sentences and people, asked about one phrase at a time."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property

from stance.article.names import (
    BODIES,
    BODY_NOUNS,
    HONORIFIC_GENDER,
    OFFICES,
    PERSON_NOUNS,
    ROLE_GENDER,
    STARTERS,
    STYLES,
    UNNAMED,
)
from stance.article.people import (
    NAME,
    NOBODY,
    People,
    Speaker,
    bare,
    can_speak,
    gender_of,
    name_in,
    occurrences,
    personal_name,
)
from stance.article.phrases import subject_span
from stance.article.quotemarks import Paragraph, Span
from stance.article.references import main_subject, mentioned, pronoun, subject_like
from stance.article.reporting import (
    ARTICLES,
    DETERMINERS,
    DOCUMENTS,
    FINITE,
    OBJECTS,
    PAST,
    PREPOSITIONS,
    PRONOUNS,
    SPEECH_NOUNS,
    TIME,
)
from stance.article.roles import (
    author_in,
    described_by,
    given_name,
    is_description,
    phrases_of,
    role_after,
    role_before,
    role_text,
)
from stance.article.sentences import (
    BLANK,
    LONGEST_SENTENCE,
    MARKS,
    TOKEN,
    Sentence,
    Sentences,
    blank_out,
    head_of,
    is_capitalised,
    names_someone,
    owns,
)

#: Words that begin a relative clause, with a verb of its own.
RELATIVE = frozenset(("who", "which", "that", "whose", "where"))
#: Words before a time.
DATING = frozenset(("last", "on", "earlier", "late", "this"))
CUTTING = PAST | DATING
#: Words before a description that bring in someone new.
UNNAMING = frozenset(("a", "an", "his", "her", "its", "their", "one", "another"))


class Story:
    """An article prepared for questions about its speakers."""

    def __init__(self, text: str, blocks: list[Paragraph], spans: list[Span]) -> None:
        self.text = text
        self.blocks = blocks
        self.spans = spans
        self.masked = blank_out(text, spans)
        self.sentences = Sentences(self.masked, blocks)
        #: (offset, speaker) of everything said so far, in order.
        self.said: list[tuple[int, Speaker]] = []
        self.subjects: dict[int, Speaker] = {}
        self.roles: dict[str, str] = {}
        self.depth = 0
        self.asking: dict[int, bool] = {}
        #: Where a pronoun was last found to stand for nobody: no use in looking further back.
        self.barren: dict[str, int] = {}

    @cached_property
    def people(self) -> People:
        """The persons the article names, found when first asked for."""
        return People(self.text)

    def forget(self) -> None:
        """Drop what was concluded from the speakers so far, before another pass."""
        self.subjects.clear()
        self.barren.clear()

    def subject_of(self, sentence: Sentence, verb: int, first: int = 0) -> Speaker:
        """Who does what the verb says; `first` is the first word that may belong to the subject."""
        span = subject_span(sentence, verb, first)
        if span is None:
            return NOBODY
        return self.speaker_in(sentence, *span)

    def speaker_in(self, sentence: Sentence, start: int, end: int) -> Speaker:
        """The speaker a noun phrase with its appositions stands for."""
        words = sentence.words[start:end]
        while words and words[0] in ",–—-(":
            words, start = words[1:], start + 1
        stop = next((i for i, w in enumerate(words) if w[0] == BLANK or w in MARKS), len(words))
        words = words[:stop]
        if not CUTTING.isdisjoint(words):
            # "Candy Merrow last night hit back"
            stop = next((i for i, w in enumerate(words) if w in PAST or _is_when(words, i)), 0)
            words = words[:stop] if stop and RELATIVE.isdisjoint(words[:stop]) else words
        while words and words[-1] in ",–—-()":
            words = words[:-1]
        if words and owns(words[-1].lower()):
            words = [*words[:-1], words[-1][:-2].rstrip("’'")]
        if not words or (len(words) == 1 and words[0].lower() in ARTICLES):
            return NOBODY
        if len(words) == 1:
            word = OBJECTS.get(sentence.lower[start], sentence.lower[start])
            if word in PRONOUNS:
                return pronoun(self, word, sentence, start)
        phrases = phrases_of(words)
        if head_of(phrases[0]) in DOCUMENTS:
            author = author_in(phrases[0], start)
            if author and author[0] > start:
                return self.speaker_in(sentence, *author)
        offset = sentence.starts[start]
        several = self._several(phrases, offset) if "and" in phrases[-1] else NOBODY
        if several:
            return several
        named = name_in(phrases[0], self.people, offset)
        if named:
            role, name = named
            if len(phrases) > 1 and not role and is_description(phrases[1]):
                role = phrases[1]
            return self._named(name, role, offset)
        if len(phrases) > 1:
            if is_description(phrases[0]):
                named = name_in(phrases[1], self.people, offset)
                if named:
                    return self._named(named[1], _description_in(phrases[0]), offset)
            found = self._named_once(phrases[0], phrases[1], offset)
            if found:
                return found
        return self.description(phrases[0], sentence, start)

    def _several(self, phrases: list[list[str]], offset: int) -> Speaker:
        """Those who speak together: "Ana Berg, Carl Dorn and Eve Hill"."""
        last = phrases[-1]
        joint = last.index("and")
        names: list[str] = []
        for phrase in [*phrases[:-1], last[:joint], last[joint + 1 :]]:
            named = name_in(phrase, self.people, offset) if phrase else None
            if named is None or not is_capitalised(phrase[-1]):
                return NOBODY
            names.append(self._named(named[1], named[0], offset).name)
        return Speaker(f"{', '.join(names[:-1])} and {names[-1]}")

    def _named(self, name: list[str], role_words: list[str], offset: int) -> Speaker:
        """The person of a name; what the phrase says of the role is kept."""
        hint = gender_of(role_words, ["", *name])
        person = self._namesake(name) or self.people.find(name, offset, hint)
        if person and hint and person.gender not in ("", hint):
            person = self.people.find(name, offset, hint) or person
        person = person or Speaker(" ".join(name), "", True, gender_of(role_words, name))
        role = role_text(role_words)
        if role and role not in HONORIFIC_GENDER and role not in STYLES:
            self.roles.setdefault(person.name, role)
        role = self.roles.get(person.name, "")
        return person._replace(role=role, gender=person.gender or hint)

    def _named_once(self, first: list[str], second: list[str], offset: int) -> Speaker:
        """A body or a person of one name, beside its description."""
        described = is_description(first) and head_of(first) in PERSON_NOUNS
        if len(second) == 1 and described and names_someone(second[0]):
            # "Jamal’s sister, Noor, ..."
            name, role = second, _description_in(first)
        elif len(first) == 1 and is_capitalised(first[0]) and is_description(second):
            # "Clarisse, a pharmacist, ..."
            if not _describes_person(second):
                return NOBODY
            name, role = first, second
        elif first[0].lower() in ARTICLES or owns(first[0].lower()):
            # "The operator, PacLine, ..." and "The largest union, the FNAP, ..."
            name = second[1:] if second[0].lower() in ARTICLES else second
            body = 0 < len(name) < 5 and all(map(is_capitalised, name))
            person = head_of(first) in PERSON_NOUNS and not any(w in BODIES for w in name)
            return Speaker(" ".join(second)) if body and not person else NOBODY
        else:
            return NOBODY
        self.people.add(name, offset, role)
        return self._named(name, role, offset)

    def description(self, phrase: list[str], sentence: Sentence, start: int) -> Speaker:
        """An unnamed speaker, or the person a description like "the envoy" stands for."""
        first = phrase[0].lower()
        head = head_of(phrase)
        offset = sentence.starts[start]
        if first in ("the", "this", "that"):
            wanted = [w.lower() for w in phrase[1:]]
            found = self._by_role(wanted, head, offset) if len(phrase) <= 4 else None
            if found:
                return found
            of_body = phrase[2:4].count("of") == 1 and is_capitalised(phrase[-1])
            former = wanted[:1] == ["former"]
            short = len(phrase) <= 3 and not any(is_capitalised(w) for w in phrase[1:-1])
            if (
                (head in PERSON_NOUNS or head.endswith("-year-old"))
                and head not in UNNAMED
                and (short or of_body or former)
                and not self._introduced(head, offset - LONGEST_SENTENCE, offset)
            ):
                person = self._person_before(sentence, "" if former else head)
                if person:
                    return person
        if first in ("another", "one") and len(phrase) == 1:
            for _, speaker in reversed(self.said[-2:]):
                kind = head_of(speaker.name.split())
                if kind in PERSON_NOUNS:
                    return Speaker(f"{first} {kind}")
        if head in SPEECH_NOUNS or head in ("reading", "take", "account"):
            owner = author_in(phrase, start)
            if owner and owner[1] - owner[0] < len(phrase):
                return self.speaker_in(sentence, *owner)
            for i, word in enumerate(phrase):
                named = (
                    name_in([*phrase[:i], word[:-2]], self.people, offset) if owns(word) else None
                )
                if named:
                    person = self.people.find(named[1], offset) or Speaker(
                        " ".join(named[1]), "", True
                    )
                    return person._replace(role=self.roles.get(person.name, ""))
        if first in ARTICLES and is_capitalised(phrase[-1]):
            tail = len(phrase) - 1
            while tail > 1 and is_capitalised(phrase[tail - 1]):
                tail -= 1
            if tail > 1 and phrase[tail - 1].lower() in BODY_NOUNS:
                return Speaker(" ".join(phrase[tail:]))
        named_as = given_name(sentence, start + len(phrase)) if head in PERSON_NOUNS else None
        if named_as:
            self.people.add(named_as, offset, [])
            return Speaker(" ".join(named_as), role_text(phrase), True)
        for i in range(2 if first in DETERMINERS else 1, len(phrase)):
            low = phrase[i].lower()
            if (low in ("with", "on", "during") and "knowledge" not in phrase) or (
                low == "in"
                and any(
                    w.lower() in DOCUMENTS or w.lower() in ("interview", "briefing", "conference")
                    for w in phrase[i:]
                )
            ):
                phrase = phrase[:i]
                break
        while len(phrase) > 1 and phrase[-1].lower() in PREPOSITIONS:
            phrase = phrase[:-1]
        if phrase[0].islower() and first not in DETERMINERS and not first.endswith("s"):
            follower = phrase[1].lower() if len(phrase) > 1 else ""
            if follower in PREPOSITIONS and head not in PERSON_NOUNS and first != "police":
                # "came to the town": no noun phrase at all.
                return NOBODY
        text = " ".join(phrase)
        if phrase[0] in STARTERS and first in DETERMINERS and phrase[0] != first:
            text = first + text[len(first) :]
        return Speaker(text, "", False, ROLE_GENDER.get(head, ""))

    def _namesake(self, name: list[str]) -> Speaker | None:
        """The last speaker of a surname that several people share."""
        if len(name) > 1 or len(self.people.by_last.get(bare(name[-1]), ())) < 2:
            return None
        for _, speaker in reversed(self.said):
            if speaker.person and speaker.name.split()[-1] == name[-1]:
                return speaker
        return None

    def _by_role(self, wanted: list[str], head: str, offset: int) -> Speaker | None:
        """The last person or body before `offset` that a short definite description fits."""
        for position, speaker in reversed(self.said[-6:]):
            described = f"{speaker.role} {'' if speaker.person else speaker.name}".lower()
            if speaker.person and not speaker.role:
                described = self.role_of(
                    speaker.name, self.people.full.get(speaker.name, 0)
                ).lower()
            if described_by(described, wanted):
                if speaker.person and self._introduced(head, position, offset):
                    return None
                return speaker
        if head not in PERSON_NOUNS:
            return None
        if self.said and self.said[-1][1].person and offset - self.said[-1][0] < LONGEST_SENTENCE:
            last = self.said[-1][1]
            known = self.role_of(last.name, self.people.full.get(last.name, 0))
            if not known and not self._introduced(head, self.said[-1][0], offset):
                return last
        best: tuple[int, Speaker] | None = None
        for candidates in self.people.by_last.values():
            for position, person in candidates:
                if position < offset and (best is None or position > best[0]):
                    role = self.role_of(person.name, position).lower()
                    if role and described_by(role, wanted):
                        best = (position, person)
        if best and not self._introduced(head, max(best[0], offset - LONGEST_SENTENCE), offset):
            return best[1]._replace(role=self.role_of(best[1].name, best[0]))
        return None

    def _introduced(self, head: str, start: int, end: int) -> bool:
        """Whether an unnamed person of that description has come in ("his spokesperson")."""
        start = max(0, start, end - LONGEST_SENTENCE)
        text = self.masked[start:end].lower()
        for at in occurrences(text, head):
            before = text[max(0, at - 40) : at].split()[-3:]
            follower = self.masked[start + at + len(head) : start + at + len(head) + 3].lstrip(" ,")
            unnamed = any(w in UNNAMING or owns(w) for w in before)
            if unnamed and not follower[:1].isupper():
                return True
        return False

    def _person_before(self, sentence: Sentence, head: str) -> Speaker | None:
        """The named person the two sentences before are about."""
        for i, previous in enumerate(self.sentences.earlier(sentence)):
            if i == 2:
                break
            at = bisect_left(self.said, previous.end, key=lambda pair: pair[0]) - 1
            found = (
                self.said[at][1]
                if at >= 0 and self.said[at][0] >= previous.start
                else main_subject(self, previous)
            )
            if found.person and self._may_be(found, head):
                return found
            if found and can_speak(found):
                # "... said one backbencher. “...,” the MP added."
                same = previous.paragraph == sentence.paragraph and head not in OFFICES
                return found if same and found.name.split()[0] in ("one", "a", "an") else None
            subject = subject_like(self, previous, len(previous.words), "")
            if subject and self._may_be(subject, head):
                return subject
            named = mentioned(self, previous, "", certain=False) if head in OFFICES else None
            if named and not i and not self.role(named):
                return named
        return None

    def _may_be(self, person: Speaker, head: str) -> bool:
        """Whether nothing is known against calling a person by a description."""
        if head not in OFFICES:
            return True
        role = self.role_of(person.name, self.people.full.get(person.name, 0)).lower()
        return not role or described_by(role, [head])

    def role(self, speaker: Speaker) -> str:
        """Role of a speaker, looked up around the full name if it is not known yet."""
        if speaker.person and not speaker.role:
            return self.role_of(speaker.name, self.people.full.get(speaker.name, 0))
        return speaker.role

    def role_of(self, name: str, position: int) -> str:
        """Role of a person, from around the place where the full name is first given."""
        known = self.roles.get(name)
        if known is not None:
            return known
        self.roles[name] = ""
        words_before = TOKEN.findall(self.masked, max(0, position - 90), position)
        match = NAME.match(self.text, position)
        found: list[str] = []
        after = position + len(name)
        if match:
            parsed = personal_name(match.group().split())
            if parsed:
                found = parsed[0]
            after = match.end()
        found = role_before([*words_before, *found]) or found
        if not found:
            words_after = TOKEN.findall(self.masked, after, after + 160)
            found = role_after(words_after)
        role = role_text([w for w in found if w not in HONORIFIC_GENDER and w not in STYLES])
        self.roles[name] = role
        return role


def _is_when(words: list[str], i: int) -> bool:
    """Whether a time such as "last night" or "on Monday" begins at a word."""
    return words[i] in DATING and i + 1 < len(words) and words[i + 1] in TIME


def _describes_person(phrase: list[str]) -> bool:
    """Whether an apposition can only be that of a person: a pharmacist, a 19-year-old Eritrean."""
    aged = any(word.lower().endswith("-year-old") for word in phrase[:3])
    return aged or head_of(phrase) in PERSON_NOUNS


def _description_in(phrase: list[str]) -> list[str]:
    """The description at the end of a clause: "His words were echoed by" *the mayor*."""
    if any(word.lower() in FINITE for word in phrase):
        for i in range(len(phrase) - 1, 0, -1):
            if phrase[i].lower() in DETERMINERS:
                return phrase[i:]
    return phrase
