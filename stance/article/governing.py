"""What governs a quotation from the left: the reporting verb before it and whose it is."""

from __future__ import annotations

from stance.article.clauses import QUOTING, Clause, clause_in
from stance.article.names import TITLES
from stance.article.people import NOBODY, Speaker, can_speak
from stance.article.phrases import right_span, subject_end, subject_span
from stance.article.references import main_subject, pronoun, running_speaker
from stance.article.reporting import (
    BEING,
    DOCUMENTS,
    FINITE,
    MODALS,
    OBJECTS,
    POSSESSIVE_PRONOUNS,
    PRONOUNS,
    SPEECH_NOUNS,
    THINKING,
    VERBS,
)
from stance.article.sentences import BLANK, Sentence, head_of, is_capitalised, owns
from stance.article.speakers import Story

#: What a crowd utters, before "of".
OUTCRIES = frozenset(("shouts", "cries", "calls", "chorus", "shout", "cry", "yells", "screams"))
#: Participles of a passive that reports: "they were told", "he was ordered".
TOLD = frozenset(
    ("asked", "told", "ordered", "informed", "assured", "instructed", "advised", "warned")
)
#: Words before or behind the one that is quoted.
BEFORE_SOURCES = frozenset(("quoted", "cited", "heard", "reported", "to", "by", "of"))


def governing_clause(
    story: Story, sentence: Sentence, opening: int, low: int, same: Clause | None
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
    clause = _quoted_before(story, sentence, opening, low) or _owned(story, sentence, opening, low)
    if clause:
        return clause
    verbs = [v for v in sentence.verbs if low <= v < opening]
    if not verbs and same:
        return Clause(same.speaker, same.cue, sentence.end)
    verbs = verbs or [v for v in sentence.verbs if v < opening]
    if verbs:
        speaker = _subject(story, sentence, verbs[-1], opening, same)
        return Clause(speaker, sentence.words[verbs[-1]], sentence.end)
    return _without_verb(story, sentence, opening, low)


def _owned(story: Story, sentence: Sentence, opening: int, low: int) -> Clause | None:
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
    return clause_in(story, sentence, (start, noun), cue)


def _quoted_before(story: Story, sentence: Sentence, opening: int, low: int) -> Clause | None:
    """Sources named so: "X was quoted as saying", "described by X as", "according to X"."""
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
                    return clause_in(story, sentence, subject, words[i])
            elif word in QUOTING and rest[2:].count("as"):
                return clause_in(story, sentence, (i + 1, lower.index("as", i)), words[i])
            continue
        if lower[i - 3 : i + 1] == ["in", "the", "words", "of"] and last < i:
            phrase = right_span(sentence, i + 1)
            return clause_in(story, sentence, phrase, "in the words of") if phrase else None
        if word == "to" and lower[i - 1] == "according" and last < i:
            phrase = right_span(sentence, i + 1)
            if phrase:
                return clause_in(story, sentence, phrase, "according to")
        passive = word == "by" and VERBS.get(lower[i - 1], ("", ""))[1] == "ed"
        if passive and lower[i - 1] not in QUOTING:
            phrase = right_span(sentence, i + 1) if i > last else None
            if phrase is None:
                return None
            start, end = phrase
            if "as" in lower[start:end]:
                end = lower.index("as", start)
            return clause_in(story, sentence, (start, min(end, opening)), words[i - 1])
    return None


def _without_verb(story: Story, sentence: Sentence, opening: int, low: int) -> Clause | None:
    """A speaker before a colon, a pronoun right before the mark, or "X’s claim that"."""
    story, words, lower = story, sentence.words, sentence.lower
    lead = lower[opening - 1] if opening else ""
    passive = next((i for i in range(opening - 1, low, -1) if lower[i] in TOLD), 0)
    if passive and any(w in BEING for w in lower[max(low, passive - 2) : passive]):
        # "31 had been told to be ready “at short notice”"
        return Clause(NOBODY, words[passive], sentence.end)
    if lead == ":":
        label = _label(story, sentence, low, opening - 1)
        if label is not None:
            return Clause(label, "", sentence.end)
        speaker = main_subject(story, sentence) or running_speaker(story, sentence)
        return Clause(speaker, "", sentence.end)
    if lead == "of" and lower[opening - 2] in OUTCRIES:
        return Clause(NOBODY, words[opening - 2], sentence.end)
    if lead in ("he", "she", "they"):
        # "as she “strongly condemned” the attack": the verb is among the quoted words.
        return Clause(pronoun(story, lead, sentence, opening - 1), "", sentence.end)
    colon = words.index(":") if ":" in words[: min(opening, 8)] else 0
    label = _label(story, sentence, 0, colon) if colon else None
    if label and can_speak(label):
        return Clause(label, "", sentence.end)
    for i in range(opening - 1, low, -1):
        if lower[i] not in SPEECH_NOUNS:
            continue
        owner = lower[i - 1]
        if owner in POSSESSIVE_PRONOUNS:
            speaker = pronoun(story, POSSESSIVE_PRONOUNS[owner], sentence, i - 1)
            return Clause(speaker, words[i], sentence.end)
        if owns(owner):
            start = i - 1
            while start > low and is_capitalised(words[start - 1]):
                start -= 1
            return clause_in(story, sentence, (start, i), words[i])
    return None


def _label(story: Story, sentence: Sentence, start: int, end: int) -> Speaker | None:
    """The speaker before a colon, as in a transcript or a headline; None if it is a clause."""
    words, lower = sentence.words[start:end], sentence.lower[start:end]
    if not words or len(words) > 14:
        return None
    for i in range(start, end - 2):
        if sentence.lower[i] in DOCUMENTS and sentence.lower[i + 1] in ("from", "by"):
            # "Here is the full statement from the union: “...”"
            return story.speaker_in(sentence, i + 2, end)
    if any(w in FINITE for w in lower):
        return None
    speaker = story.speaker_in(sentence, start, end)
    if can_speak(speaker):
        return speaker
    if all(not w[0].islower() for w in words):
        return speaker if len(words) < 8 else NOBODY
    if any(w in TITLES for w in words):
        return speaker
    headline = len(words) > 2 and words[0][0].isupper()
    return NOBODY if headline and not any(w in PRONOUNS for w in lower) else None


def _subject(
    story: Story, sentence: Sentence, verb: int, opening: int, same: Clause | None
) -> Speaker:
    """Who says what the last verb before a quotation reports."""
    lower = sentence.lower
    verb = _governing(sentence, verb, opening)
    speaker = _inserted(story, sentence, verb, opening) or _accompanying(story, sentence, verb)
    if speaker:
        return speaker
    if verb == 0 and VERBS[lower[0]][1] in ("s", "ed"):
        # "Said Berg: “...”"
        phrase = right_span(sentence, 1)
        return story.speaker_in(sentence, *phrase) if phrase else NOBODY
    while True:
        form = VERBS[lower[verb]][1]
        tied = form == "ing" or (form == "" and lower[verb - 1 : verb] == ["to"])
        if not tied or not BEING.isdisjoint(lower[max(0, verb - 2) : verb]):
            phrase = subject_span(sentence, verb)
            if phrase:
                author = _author(story, sentence, phrase)
                return author or story.speaker_in(sentence, *phrase)
        # "..., calling it", "vowed to": the subject is that of the verb before.
        finite = [v for v in sentence.verbs if v < verb and VERBS[lower[v]][1] in ("s", "ed")]
        if not finite:
            break
        verb = finite[-1]
        if same and verb < sentence.before(same.end):
            break
    return same.speaker if same else _subject_without_verb(story, sentence, verb, opening)


def _author(story: Story, sentence: Sentence, phrase: tuple[int, int]) -> Speaker:
    """Whoever made a document known only by what it says: "X sent a paper that calls it"."""
    start, end = phrase
    written = head_of(sentence.words[start:end]) in DOCUMENTS and start > 2
    if written and sentence.lower[start] in ("a", "an", "his", "her", "their"):
        speaker = main_subject(story, sentence)
        if speaker.person:
            return speaker
    return NOBODY


def _inserted(story: Story, sentence: Sentence, verb: int, opening: int) -> Speaker:
    """X in "leaders will, says X, be invited to"."""
    words = sentence.words
    if not verb or words[verb - 1] != "," or VERBS[sentence.lower[verb]][1] == "ing":
        return NOBODY
    phrase = right_span(sentence, verb + 1)
    if not phrase or phrase[1] >= opening or words[phrase[1]] != ",":
        return NOBODY
    speaker = story.speaker_in(sentence, *phrase)
    if not can_speak(speaker) or sentence.lower[phrase[0]] in OBJECTS:
        return NOBODY
    left = subject_span(sentence, verb)
    if left and can_speak(story.speaker_in(sentence, *left)):
        return NOBODY
    return speaker


def _accompanying(story: Story, sentence: Sentence, verb: int) -> Speaker:
    """X in "..., with X, the group’s director, saying"."""
    lower = sentence.lower
    if VERBS[lower[verb]][1] == "ing":
        for i in range(verb - 1, max(0, verb - 25), -1):
            if lower[i] == "with" and lower[i - 1] == ",":
                return story.speaker_in(sentence, i + 1, verb)
    return NOBODY


def _subject_without_verb(story: Story, sentence: Sentence, verb: int, opening: int) -> Speaker:
    """Subject of the clause or sentence around a verb that has none of its own."""
    story, lower = story, sentence.lower
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
        return story.speaker_in(sentence, comma + 1, subject_end(sentence, comma + 1))
    return main_subject(story, sentence)


def _governing(sentence: Sentence, verb: int, opening: int) -> int:
    """The verb whose subject is quoted, if it is not the last one before the quotation."""
    lower = sentence.lower
    thought = VERBS[lower[verb]][0] in THINKING and verb and lower[verb - 1] not in PRONOUNS
    if thought or not MODALS.isdisjoint(lower[max(0, verb - 2) : verb]):
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
