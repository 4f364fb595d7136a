"""Reporting clauses: the words around a quotation that say whose it is."""

from __future__ import annotations

from dataclasses import dataclass

from stance.article.people import NOBODY, Speaker, can_speak
from stance.article.phrases import right_span, subject_end, subject_span
from stance.article.quotemarks import Span
from stance.article.reporting import (
    ARTICLES,
    AUXILIARY,
    BEING,
    BREAKS,
    DOCUMENTS,
    FINITE,
    MODALS,
    OBJECTS,
    POSSESSIVE_PRONOUNS,
    PREPOSITIONS,
    PRONOUNS,
    SAYING,
    SPEECH_NOUNS,
    THINKING,
    TITLES,
    VERBS,
)
from stance.article.sentences import BLANK, Sentence, head_of, is_capitalised, owns
from stance.article.speakers import Story

#: Cues behind a quotation that name its speaker whatever stands before it.
ATTRIBUTIONS = frozenset(("in the words of", "in the phrase of", "as"))
DASHES = frozenset("–—-")
#: What a crowd utters, before "of".
OUTCRIES = frozenset(("shouts", "cries", "calls", "chorus", "shout", "cry", "yells", "screams"))
#: Participles of a passive that reports: "they were told", "he was ordered".
TOLD = frozenset(
    ("asked", "told", "ordered", "informed", "assured", "instructed", "advised", "warned")
)
#: Words before or behind the one that is quoted.
BEFORE_SOURCES = frozenset(("quoted", "cited", "heard", "reported", "to", "by", "of"))
QUOTING = frozenset(("quoted", "cited", "quotes", "cites"))


@dataclass(slots=True)
class Clause:
    """A reporting clause: its speaker, the reporting word, and where its sentence ends."""

    speaker: Speaker
    cue: str
    end: int = 0


class Clauses:
    """Finds the reporting clauses of one story.

    There are three places for them: right behind a quotation (:meth:`behind`), at the end of its
    sentence (:meth:`late`), and before it in its sentence (:meth:`before`).
    """

    def __init__(self, story: Story) -> None:
        self.story = story

    def _clause(self, sentence: Sentence, phrase: tuple[int, int], cue: str) -> Clause:
        return Clause(self.story.speaker_in(sentence, *phrase), cue, sentence.end)

    # Behind a quotation

    def behind(self, span: Span, sentence: Sentence, following: Span | None) -> Clause | None:
        """The clause directly behind a span: "said X", "X said", "according to X"."""
        if span.continues:
            return None
        last = self.story.text[span.end - 1]
        first = sentence.before(span.closed)
        if first >= len(sentence.words):
            # "Why?" Berg asked: the quoted question looks like the end of the sentence.
            after = self.story.sentences.after(sentence)
            if last not in "?!…—–,-" or after is None:
                return None
            if following and following.opened <= after.start:
                return None
            sentence, first = after, 0
        stop = sentence.before(following.opened) if following else len(sentence.words)
        marked = last in ",.!?…—–-"
        while first < stop and (sentence.words[first] in DASHES or sentence.words[first] in ",;"):
            first += 1
            marked = True
        if first >= stop:
            return None
        return (
            self._attribution(sentence, first, stop, marked)
            or self._verb_first(sentence, first, stop, last)
            or self._subject_first(sentence, first, stop, marked)
            or (self._any_verb(sentence, first, stop) if last in ",?!" else None)
        )

    def _attribution(
        self, sentence: Sentence, first: int, stop: int, marked: bool
    ) -> Clause | None:
        """ "according to X", "in the words of X", "as X put it", "was how X put it"."""
        words, lower = sentence.words, sentence.lower
        start = -1
        if lower[first : first + 2] == ["according", "to"]:
            start = first + 2
        elif lower[first : first + 2] == ["in", "the"] and lower[first + 3 : first + 4] == ["of"]:
            start = first + 4 if lower[first + 2] in ("words", "phrase") else -1
        elif lower[first] == "so" and marked and is_capitalised(words[min(first + 1, stop - 1)]):
            start = first + 1
        elif lower[first] == "that" and lower[first + 1 : first + 2] in (["was"], ["is"]):
            return self._attribution(sentence, first + 1, stop, marked)
        elif lower[first] in ("was", "is", "came") and first + 3 < stop:
            noun = first + 2
            if lower[noun] in SPEECH_NOUNS and lower[noun + 1] in ("of", "from"):
                start = noun + 2
            elif lower[first + 1] == "how":
                put = next((i for i in range(noun, stop) if lower[i] in ("put", "described")), 0)
                return self._clause(sentence, (noun, put), words[put]) if put > noun else None
        elif lower[first] == ":" and is_capitalised(
            words[first + 1 if first + 1 < stop else first]
        ):
            # A headline: ‘We will stay’: Berg hits back
            clause = self._clause(sentence, (first + 1, subject_end(sentence, first + 1)), "")
            return clause if clause.speaker.person else None
        elif lower[first] == "as" and marked:
            for end in range(first + 2, min(stop, first + 10)):
                if end in sentence.verbs or lower[end] in ("had", "has"):
                    subject = subject_span(sentence, end, first + 1)
                    if subject and subject[0] == first + 1:
                        return self._clause(sentence, subject, "as")
                    break
        phrase = right_span(sentence, start) if start > 0 else None
        return self._clause(sentence, phrase, " ".join(lower[first:start])) if phrase else None

    def _verb_first(self, sentence: Sentence, first: int, stop: int, last: str) -> Clause | None:
        """ "said X"."""
        lemma, form = VERBS.get(sentence.lower[first], ("", ""))
        if form not in ("s", "ed") or (lemma not in SAYING and last not in ",?!"):
            return None
        phrase = right_span(sentence, first + 1)
        return self._clause(sentence, phrase, sentence.words[first]) if phrase else None

    def _subject_first(
        self, sentence: Sentence, first: int, stop: int, marked: bool
    ) -> Clause | None:
        """ "X said", with whatever stands between the two."""
        words, low = sentence.words, sentence.lower[first]
        starts_phrase = low in ARTICLES or low in POSSESSIVE_PRONOUNS or low in PRONOUNS
        if words[first][0].islower() and not starts_phrase and not marked:
            return None
        quoted = self._quoted_behind(sentence, first, stop)
        if quoted:
            return quoted
        for verb in sentence.verbs:
            lemma, form = VERBS[sentence.lower[verb]]
            if verb <= first or form == "ing":
                continue
            if verb >= min(stop, first + 40):
                break
            phrase = subject_span(sentence, verb, first)
            if phrase is None or phrase[0] > first + (low == "as"):
                break
            if sentence.lower[verb - 1] == "who" and any(verb < v < stop for v in sentence.verbs):
                continue
            if lemma not in SAYING and not marked:
                break
            return self._clause(sentence, phrase, words[verb])
        return None

    def _quoted_behind(self, sentence: Sentence, first: int, stop: int) -> Clause | None:
        """ "X was quoted as saying", "the agency quoted X as saying"."""
        lower = sentence.lower
        for i in range(first + 1, min(stop, first + 25)):
            if lower[i - 1] not in BEING:
                if lower[i] in QUOTING and "as" in lower[i + 2 : i + 14]:
                    phrase = i + 1, lower.index("as", i)
                    return self._clause(sentence, phrase, sentence.words[i])
            elif lower[i] in ("quoted", "cited", "heard", "reported"):
                subject = subject_span(sentence, i, first)
                if "saying" in lower[i : i + 10] and subject and subject[0] == first:
                    return self._clause(sentence, subject, sentence.words[i])
        return None

    def _any_verb(self, sentence: Sentence, first: int, stop: int) -> Clause | None:
        """Behind a comma inside the marks any verb will do: "...," she shrugs."""
        words, lower = sentence.words, sentence.lower
        end = first
        while end < stop and is_capitalised(words[end]):
            end += 1
        if lower[first] in ("he", "she", "they", "it"):
            end = first + 1
        verb = end
        while verb < stop and (lower[verb] in AUXILIARY or lower[verb].endswith("ly")):
            verb += 1
        if not first < end <= verb < stop or not words[verb][0].islower():
            return None
        if lower[verb] in PREPOSITIONS or lower[verb] in BREAKS:
            return None
        return self._clause(sentence, (first, end), words[verb])

    # At the end of the sentence

    def late(self, span: Span, sentence: Sentence) -> Clause | None:
        """A clause that closes the sentence: "... “X” and would stay, the minister said."."""
        words, lower = sentence.words, sentence.lower
        first = sentence.before(span.closed)
        for i in range(len(words) - 2, max(first, len(words) - 40), -1):
            if lower[i : i + 2] == ["according", "to"]:
                phrase = right_span(sentence, i + 2)
                if phrase:
                    return self._clause(sentence, phrase, "according to")
        for verb in reversed(sentence.verbs):
            if verb <= first:
                break
            lemma, form = VERBS[lower[verb]]
            if lemma not in SAYING or form == "ing":
                continue
            phrase = right_span(sentence, verb + 1) if words[verb - 1] == "," else None
            if phrase and _closes(sentence, phrase[1]):
                return self._clause(sentence, phrase, words[verb])
            phrase = subject_span(sentence, verb, first)
            if phrase and phrase[0] > first and words[phrase[0] - 1] == ",":
                return self._clause(sentence, phrase, words[verb])
        return None

    # Before a quotation

    def before(
        self, sentence: Sentence, opening: int, low: int, same: Clause | None
    ) -> Clause | None:
        """What governs a quotation from the left in its sentence.

        Parameters
        ----------
        sentence : Sentence
        opening : int
            Index of the opening mark.
        low : int
            First word behind the quotation before it in the sentence, or 0.
        same : Clause or None
            That quotation's clause if it was speech, with the offset of its end.
        """
        clause = self._quoted_before(sentence, opening, low) or self._owned(sentence, opening, low)
        if clause:
            return clause
        verbs = [v for v in sentence.verbs if low <= v < opening]
        if not verbs and same:
            return Clause(same.speaker, same.cue, sentence.end)
        verbs = verbs or [v for v in sentence.verbs if v < opening]
        if verbs:
            speaker = self._subject(sentence, verbs[-1], opening, same)
            return Clause(speaker, sentence.words[verbs[-1]], sentence.end)
        return self._without_verb(sentence, opening, low)

    def _owned(self, sentence: Sentence, opening: int, low: int) -> Clause | None:
        """The owner in "X’s claim that the bill was “Q”" and in "X’s “Q” remark"."""
        words, lower = sentence.words, sentence.lower
        last = max((v for v in sentence.verbs if low <= v < opening), default=low)
        noun = opening
        if not (lower[opening + 3 : opening + 4] and lower[opening + 3] in SPEECH_NOUNS):
            noun = next((i for i in range(opening - 2, last, -1) if lower[i] in SPEECH_NOUNS), 0)
            if not noun or lower[noun + 1] != "that":
                return None
        start = noun - 1
        if start <= low or not owns(lower[start]) or not is_capitalised(words[start]):
            return None
        while start > low and is_capitalised(words[start - 1]):
            start -= 1
        cue = words[noun] if noun < opening else words[opening + 3]
        return self._clause(sentence, (start, noun), cue)

    def _quoted_before(self, sentence: Sentence, opening: int, low: int) -> Clause | None:
        """ "X was quoted as saying", "described by X as", "according to X"."""
        words, lower = sentence.words, sentence.lower
        last = max([v for v in sentence.verbs if low <= v < opening], default=-1)
        for i in range(opening - 1, max(low, opening - 25) - 1, -1):
            word = lower[i]
            if word not in BEFORE_SOURCES:
                continue
            rest = lower[i:opening]
            heard = word in ("quoted", "cited", "heard", "reported")
            if heard and ("as" in rest or last == i or rest[1:2] in (["asking"], ["saying"])):
                if any(w in BEING for w in lower[max(0, i - 3) : i]):
                    subject = subject_span(sentence, i)
                    if subject:
                        return self._clause(sentence, subject, words[i])
                elif word in QUOTING and rest[2:].count("as"):
                    return self._clause(sentence, (i + 1, lower.index("as", i)), words[i])
                continue
            if lower[i - 3 : i + 1] == ["in", "the", "words", "of"] and last < i:
                phrase = right_span(sentence, i + 1)
                return self._clause(sentence, phrase, "in the words of") if phrase else None
            if word == "to" and lower[i - 1] == "according" and last < i:
                phrase = right_span(sentence, i + 1)
                if phrase:
                    return self._clause(sentence, phrase, "according to")
            passive = word == "by" and VERBS.get(lower[i - 1], ("", ""))[1] == "ed"
            if passive and lower[i - 1] not in QUOTING:
                phrase = right_span(sentence, i + 1) if i > last else None
                if phrase is None:
                    return None
                start, end = phrase
                if "as" in lower[start:end]:
                    end = lower.index("as", start)
                return self._clause(sentence, (start, min(end, opening)), words[i - 1])
        return None

    def _without_verb(self, sentence: Sentence, opening: int, low: int) -> Clause | None:
        """A speaker before a colon, a pronoun right before the mark, or "X’s claim that"."""
        story, words, lower = self.story, sentence.words, sentence.lower
        lead = lower[opening - 1] if opening else ""
        passive = next((i for i in range(opening - 1, low, -1) if lower[i] in TOLD), 0)
        if passive and any(w in BEING for w in lower[max(low, passive - 2) : passive]):
            # "31 had been told to be ready “at short notice”"
            return Clause(NOBODY, words[passive], sentence.end)
        if lead == ":":
            label = self._label(sentence, low, opening - 1)
            if label is not None:
                return Clause(label, "", sentence.end)
            speaker = story.main_subject(sentence) or story.running(sentence)
            return Clause(speaker, "", sentence.end)
        if lead == "of" and lower[opening - 2] in OUTCRIES:
            return Clause(NOBODY, words[opening - 2], sentence.end)
        if lead in ("he", "she", "they"):
            # "as she “strongly condemned” the attack": the verb is among the quoted words.
            return Clause(story.pronoun(lead, sentence, opening - 1), "", sentence.end)
        colon = words.index(":") if ":" in words[: min(opening, 8)] else 0
        label = self._label(sentence, 0, colon) if colon else None
        if label and can_speak(label):
            return Clause(label, "", sentence.end)
        for i in range(opening - 1, low, -1):
            if lower[i] not in SPEECH_NOUNS:
                continue
            owner = lower[i - 1]
            if lower[i + 1] == "that" and owner in ARTICLES and lower[i] not in DOCUMENTS:
                return Clause(story.main_subject(sentence), words[i], sentence.end)
            if owner in POSSESSIVE_PRONOUNS:
                speaker = story.pronoun(POSSESSIVE_PRONOUNS[owner], sentence, i - 1)
                return Clause(speaker, words[i], sentence.end)
            if owns(owner):
                start = i - 1
                while start > low and is_capitalised(words[start - 1]):
                    start -= 1
                return self._clause(sentence, (start, i), words[i])
        return None

    def _label(self, sentence: Sentence, start: int, end: int) -> Speaker | None:
        """The speaker before a colon, as in a transcript or a headline; None if it is a clause."""
        words, lower = sentence.words[start:end], sentence.lower[start:end]
        if not words or len(words) > 14 or any(w in FINITE for w in lower):
            return None
        for i in range(start, end - 2):
            if sentence.lower[i] in DOCUMENTS and sentence.lower[i + 1] in ("from", "by"):
                # "Here is the full statement from the union: “...”"
                return self.story.speaker_in(sentence, i + 2, end)
        speaker = self.story.speaker_in(sentence, start, end)
        if can_speak(speaker):
            return speaker
        if all(not w[0].islower() for w in words):
            return speaker if len(words) < 8 else NOBODY
        if any(w in TITLES for w in words):
            return speaker
        headline = len(words) > 2 and words[0][0].isupper()
        return NOBODY if headline and not any(w in PRONOUNS for w in lower) else None

    # The subject of a reporting verb

    def _subject(self, sentence: Sentence, verb: int, opening: int, same: Clause | None) -> Speaker:
        """Who says what the last verb before a quotation reports."""
        lower = sentence.lower
        verb = _governing(sentence, verb, opening)
        speaker = self._inserted(sentence, verb, opening) or self._accompanying(sentence, verb)
        if speaker:
            return speaker
        if verb == 0 and VERBS[lower[0]][1] in ("s", "ed"):
            # "Said Berg: “...”"
            phrase = right_span(sentence, 1)
            return self.story.speaker_in(sentence, *phrase) if phrase else NOBODY
        while True:
            form = VERBS[lower[verb]][1]
            tied = form == "ing" or (form == "" and lower[verb - 1 : verb] == ["to"])
            if not tied or any(w in BEING for w in lower[max(0, verb - 2) : verb]):
                phrase = subject_span(sentence, verb)
                if phrase:
                    author = self._author(sentence, phrase)
                    return author or self.story.speaker_in(sentence, *phrase)
            # "..., calling it", "vowed to": the subject is that of the verb before.
            finite = [v for v in sentence.verbs if v < verb and VERBS[lower[v]][1] in ("s", "ed")]
            if not finite:
                break
            verb = finite[-1]
            if same and verb < sentence.before(same.end):
                break
        return same.speaker if same else self._subject_without_verb(sentence, verb, opening)

    def _author(self, sentence: Sentence, phrase: tuple[int, int]) -> Speaker:
        """Whoever made a document known only by what it says: "X sent a paper that calls it"."""
        start, end = phrase
        written = head_of(sentence.words[start:end]) in DOCUMENTS and start > 2
        if written and sentence.lower[start] in ("a", "an", "his", "her", "their"):
            speaker = self.story.main_subject(sentence)
            if speaker.person:
                return speaker
        return NOBODY

    def _inserted(self, sentence: Sentence, verb: int, opening: int) -> Speaker:
        """X in "leaders will, says X, be invited to"."""
        words = sentence.words
        if not verb or words[verb - 1] != "," or VERBS[sentence.lower[verb]][1] == "ing":
            return NOBODY
        phrase = right_span(sentence, verb + 1)
        if not phrase or phrase[1] >= opening or words[phrase[1]] != ",":
            return NOBODY
        speaker = self.story.speaker_in(sentence, *phrase)
        if not can_speak(speaker) or sentence.lower[phrase[0]] in OBJECTS:
            return NOBODY
        left = subject_span(sentence, verb)
        if left and can_speak(self.story.speaker_in(sentence, *left)):
            return NOBODY
        return speaker

    def _accompanying(self, sentence: Sentence, verb: int) -> Speaker:
        """X in "..., with X, the group’s director, saying"."""
        lower = sentence.lower
        if VERBS[lower[verb]][1] == "ing":
            for i in range(verb - 1, max(0, verb - 25), -1):
                if lower[i] == "with" and lower[i - 1] == ",":
                    speaker = self.story.speaker_in(sentence, i + 1, verb)
                    return speaker if can_speak(speaker) else NOBODY
        return NOBODY

    def _subject_without_verb(self, sentence: Sentence, verb: int, opening: int) -> Speaker:
        """Subject of the clause or sentence around a verb that has none of its own."""
        story, lower = self.story, sentence.lower
        begin = max(
            (i + 1 for i in range(verb) if lower[i] in ("but", "and", "while", "although")),
            default=0,
        )
        end = subject_end(sentence, begin)
        if 0 < begin < end <= verb:
            speaker = story.speaker_in(sentence, begin, end)
            if can_speak(speaker):
                return speaker
        comma = next((i for i in range(opening, len(lower)) if lower[i] == ","), -1)
        if verb == 0 and comma > 0:
            # "Calling it “a farce”, Berg left the room."
            phrase = right_span(sentence, comma + 1)
            if phrase:
                return story.speaker_in(sentence, *phrase)
        return story.main_subject(sentence)


def _governing(sentence: Sentence, verb: int, opening: int) -> int:
    """The verb whose subject is quoted, if it is not the last one before the quotation."""
    lower = sentence.lower
    thought = VERBS[lower[verb]][0] in THINKING and verb and lower[verb - 1] not in PRONOUNS
    if thought or any(w in MODALS for w in lower[max(0, verb - 2) : verb]):
        # "X told reporters that the envoy considered it “Q”": the words are X's.
        outer = [
            v
            for v in sentence.verbs
            if v < verb
            and VERBS[lower[v]][0] not in THINKING
            and VERBS[lower[v]][1] != "ing"
            and not any(w in ("and", "but") or w[0] == BLANK for w in lower[v:verb])
        ]
        verb = outer[-1] if outer else verb
    for that in range(opening - 1, max(1, opening - 4), -1):
        if lower[that] == "that" and lower[that - 1] in ("and", "or", "but"):
            # "X wrote that ... and that “Q”": the verb of the first "that".
            outer = [v for v in sentence.verbs if v < that - 1 and lower[v + 1] == "that"]
            verb = outer[0] if outer else verb
    return verb


def _closes(sentence: Sentence, end: int) -> bool:
    """Whether a reporting clause that ends at a word ends the sentence, but for a participle."""
    if end >= len(sentence.words) - 2:
        return True
    return sentence.words[end] == "," and sentence.lower[end + 1].endswith("ing")
