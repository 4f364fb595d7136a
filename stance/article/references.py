"""Who a pronoun means, and who a sentence is about."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from stance.article.names import (
    GENDERED,
    STARTERS,
    TITLES,
)
from stance.article.people import NOBODY, POSSESSIVE, Speaker, can_speak, fits, name_in, occurrences
from stance.article.phrases import main_start, right_span, subject_end, subject_span
from stance.article.reporting import (
    BREAKS,
    DOCUMENTS,
    FINITE,
    PREPOSITIONS,
    VERBS,
)
from stance.article.sentences import (
    BLANK,
    Sentence,
    is_capitalised,
    is_loose,
    names_someone,
    owns,
    reports_speech,
)

if TYPE_CHECKING:
    from stance.article.speakers import Story

#: How many sentences may lead to one another by their subjects.
DEEPEST = 12
#: Verbs of the one who answers, and of the one who asks.
REPLIES = frozenset(("replied", "replies", "answered", "answers", "responded", "responds"))
ASKING = frozenset(("ask", "question", "press"))


def pronoun(story: Story, word: str, sentence: Sentence, start: int) -> Speaker:
    """The most recent subject or speaker a pronoun can stand for."""
    if word in ("i", "we", "you", "who"):
        return NOBODY
    gender = GENDERED.get(word, "")
    if sentence.lower[start + 1 : start + 2] and sentence.lower[start + 1] in REPLIES:
        asked = _asked(story, sentence, word)
        if asked:
            return asked
    if word == "it":
        author = _correspondent(story, sentence)
        if author:
            return author
    here = subject_like(story, sentence, start, gender) if gender else None
    if here:
        return here
    excluded = ""
    first = main_start(sentence)
    if start > first:
        subject = main_subject(story, sentence)
        if GENDERED.get(sentence.lower[first], gender) != gender:
            # "He was, she says": whoever he is, she is not.
            excluded = subject.name
        elif subject and _is_meant(subject, word):
            return subject
    said = story.said
    if said and said[-1][0] >= sentence.start and fits(said[-1][1], word):
        return said[-1][1]
    near = True
    barren = story.barren.get(word, -1)
    for previous in story.sentences.earlier(sentence):
        if previous.start <= barren:
            break
        if previous.paragraph != sentence.paragraph and asks(story, previous.paragraph):
            # What an interviewer mentions does not answer.
            continue
        i = bisect_left(said, previous.end, key=lambda pair: pair[0]) - 1
        if i >= 0 and said[i][0] >= previous.start and fits(said[i][1], word):
            aside = "what" in previous.lower or "which" in previous.lower
            if said[i][1].name != excluded and _stands_out(said[i][1], aside):
                return said[i][1]
        subject = main_subject(story, previous)
        if subject and _is_meant(subject, word) and subject.name != excluded:
            return subject
        if near and word == "it" and subject.person and not subject.gender:
            # "It said": a body with a name like a person's.
            return subject
        if gender:
            if subject.person:
                namesake = story.people.find(subject.name.split()[-1:], previous.end, gender)
                if namesake:
                    return namesake
            other = mentioned(story, previous, gender, certain=not near)
            unfit = not can_speak(subject) or subject.gender not in ("", gender)
            if other and unfit:
                return other
        near = False
    for _, speaker in reversed(said[-4:]):
        if fits(speaker, word):
            return speaker
    story.barren[word] = sentence.start
    return Speaker(gender=gender)


def _asked(story: Story, sentence: Sentence, word: str) -> Speaker:
    """Who replies: the last to speak who is not the one that asked in the sentence before."""
    previous = next(story.sentences.earlier(sentence), None)
    asking = (
        [v for v in previous.verbs if VERBS[previous.lower[v]][0] in ASKING] if previous else []
    )
    if previous is None or not asking:
        return NOBODY
    asker = story.subject_of(previous, asking[-1])
    for _, speaker in reversed(story.said[-6:]):
        if fits(speaker, word) and speaker.name != asker.name and can_speak(speaker):
            return speaker
    return NOBODY


def _correspondent(story: Story, sentence: Sentence) -> Speaker:
    """Who wrote what "it" says: "She got a message from a manager. It read: “...”"."""
    if not any(VERBS[sentence.lower[v]][0] == "read" for v in sentence.verbs):
        return NOBODY
    previous = next(story.sentences.earlier(sentence), None)
    if previous is not None:
        for i in range(len(previous.words) - 2, 0, -1):
            if previous.lower[i] in DOCUMENTS and previous.lower[i + 1] in ("from", "by"):
                phrase = right_span(previous, i + 2)
                return story.speaker_in(previous, *phrase) if phrase else NOBODY
    return NOBODY


def main_subject(story: Story, sentence: Sentence) -> Speaker:
    """Subject of a sentence, appositions included; nobody if it is no one who can speak."""
    known = story.subjects.get(sentence.start)
    if known is not None:
        return known
    if is_loose(sentence) or story.depth > DEEPEST:
        return NOBODY
    story.subjects[sentence.start] = NOBODY
    story.depth += 1
    found = story.subjects[sentence.start] = _main_subject(story, sentence)
    story.depth -= 1
    return found


def _main_subject(story: Story, sentence: Sentence) -> Speaker:
    first = main_start(sentence)
    found = _inverted(story, sentence)
    if found:
        return found
    finite = [v for v in sentence.verbs if VERBS[sentence.lower[v]][1] in ("s", "ed", "")]
    for verb in finite[:2]:
        span = subject_span(sentence, verb, first)
        if span and span[0] == first:
            found = story.speaker_in(sentence, *span)
            break
    if not found:
        end = subject_end(sentence, first)
        if end > first:
            found = story.speaker_in(sentence, first, end)
    if not found or not can_speak(found):
        for verb in finite:
            reported = story.subject_of(sentence, verb)
            if reported:
                found = reported
                break
    if not found.person:
        found = _predicate(story, sentence, first) or found
    if (not found or not can_speak(found)) and sentence.lower[:1] in (["for"], ["to"]):
        found = story.speaker_in(sentence, 1, subject_end(sentence, 1)) or found
    return found


def _inverted(story: Story, sentence: Sentence) -> Speaker:
    """X in "Among them was X"."""
    lower = sentence.lower
    verb = next((i for i in range(1, min(5, len(lower))) if lower[i] in ("is", "was")), 0)
    phrase = right_span(sentence, verb + 1) if verb and lower[0] == "among" else None
    if phrase is None or not names_someone(sentence.words[phrase[0]]):
        return NOBODY
    end = phrase[0] + 1
    while end < phrase[1] and is_capitalised(sentence.words[end]):
        end += 1
    story.people.add(sentence.words[phrase[0] : end], sentence.starts[phrase[0]], [])
    return story.speaker_in(sentence, phrase[0], end)


def _predicate(story: Story, sentence: Sentence, first: int) -> Speaker:
    """X in "The speaker is X" and "One of them was X"."""
    lower = sentence.lower
    verb = next((i for i in range(first + 1, len(lower)) if lower[i] in FINITE), 0)
    if not verb or lower[verb] not in ("is", "was") or verb > first + 6:
        return NOBODY
    phrase = right_span(sentence, verb + 1)
    speaker = story.speaker_in(sentence, *phrase) if phrase else NOBODY
    return speaker if speaker.person else NOBODY


def mentioned(story: Story, sentence: Sentence, gender: str, certain: bool) -> Speaker | None:
    """The last person named in a sentence other than as an owner, if the gender fits."""
    if is_loose(sentence):
        return None
    for i in range(len(sentence.words) - 1, -1, -1):
        word = sentence.words[i]
        if not names_someone(word) or (i and names_someone(sentence.words[i - 1])):
            continue
        end = i + 1
        while end < len(sentence.words) and is_capitalised(sentence.words[end]):
            end += 1
        if owns(sentence.words[end - 1].lower()):
            continue
        named = name_in(sentence.words[i:end], story.people, sentence.starts[i])
        person = story.people.find(named[1], sentence.starts[i]) if named else None
        if person and (person.gender == gender or (not person.gender and not certain)):
            return person
    return None


def asks(story: Story, paragraph: int) -> bool:
    """Whether a paragraph puts something to the person interviewed: it says "you" by itself."""
    known = story.asking.get(paragraph)
    if known is None:
        block = story.blocks[paragraph]
        text = story.masked[block.start : block.end]
        known = (text.endswith("?") and BLANK not in text) or any(
            " you " in f" {text[at : at + 4].lower()}" for at in occurrences(text.lower(), "you")
        )
        story.asking[paragraph] = known
    return known


def running_speaker(story: Story, sentence: Sentence) -> Speaker:
    """The speaker the article is with: of the sentence before, or of the last quotation."""
    answers = sentence.paragraph > 0 and not sentence.index and asks(story, sentence.paragraph - 1)
    for previous in story.sentences.earlier(sentence):
        if answers and asks(story, previous.paragraph):
            continue
        for at, speaker in reversed(story.said[-3:]):
            if previous.start <= at < previous.end:
                return speaker
        if sentence.paragraph - previous.paragraph > (4 if answers else 2):
            break
        subject = main_subject(story, previous)
        if subject and (can_speak(subject) or reports_speech(previous)):
            return subject
        if previous.words[-1:] == [":"]:
            # "A few lines from our colleague Ana Berg:"
            return mentioned(story, previous, "", certain=False) or NOBODY
    return NOBODY


def subject_like(story: Story, sentence: Sentence, before: int, gender: str) -> Speaker | None:
    """The last person named before a word who is followed by a verb, not by "and" or "of"."""
    i = before - 1
    words, lower = sentence.words, sentence.lower
    nearest = max(0, i - 60)
    while i > nearest:
        i -= 1
        word = words[i]
        if not is_capitalised(word) or word in TITLES or word in STARTERS:
            continue
        follower = lower[i + 1]
        if is_capitalised(words[i + 1]) or follower in PREPOSITIONS or follower in BREAKS:
            continue
        if not follower[0].isalpha() or word.endswith(POSSESSIVE):
            continue
        start = i
        while start and is_capitalised(words[start - 1]) and words[start - 1] not in STARTERS:
            start -= 1
        named = name_in(words[start : i + 1], story.people, sentence.starts[start])
        if not named:
            continue
        person = story.people.find(named[1], sentence.starts[start])
        if person and (not gender or not person.gender or person.gender == gender):
            return person._replace(role=story.roles.get(person.name, ""))
    return None


def _stands_out(speaker: Speaker, aside: bool) -> bool:
    """Whether a sentence is about whom it quotes, and not about "what one critic calls"."""
    return not aside or speaker.person or bool(speaker.gender) or not can_speak(speaker)


def _is_meant(subject: Speaker, word: str) -> bool:
    """Whether a pronoun can stand for the subject of a sentence."""
    if word in GENDERED and not can_speak(subject):
        return False
    return fits(subject, word) and not (word == "it" and subject.person)
