"""Statements without quotation marks: "X said that ...", "X accused Y of ...", "..., X said"."""

from __future__ import annotations

from dataclasses import dataclass

from stance.article.people import Speaker
from stance.article.phrases import right_span, subject_span
from stance.article.reporting import SAYING, TIME, VERBS, word_set
from stance.article.sentences import Sentence, is_capitalised
from stance.article.speakers import Story

#: Verbs that add nothing to what is said: an indirect statement begins behind them. With others
#: ("accused Y of", "denied", "hoped") it begins at the verb, which is part of the attitude.
NEUTRAL = word_set(
    """
    say tell add note state announce report explain write tweet reply answer remark observe comment
    post confirm declare think believe stress emphasise emphasize continue recall begin conclude
    argue insist maintain estimate relate recount reiterate quote
    """
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A reported statement: offsets of its content and of its sentence."""

    speaker: Speaker
    cue: str
    start: int
    end: int
    sentence: Sentence


def indirect_statements(story: Story, taken: set[tuple[int, int]]) -> list[Statement]:
    """Statements in the sentences without quotations.

    `taken` holds paragraph and index of the sentences that gave a quotation.
    """
    said, story.said = story.said, []
    story.forget()
    waiting = 0
    found: list[Statement] = []
    for paragraph in range(len(story.blocks)):
        for index in range(len(story.sentences.bounds(paragraph))):
            sentence = story.sentences.get(paragraph, index)
            while waiting < len(said) and said[waiting][0] < sentence.start:
                story.said.append(said[waiting])
                waiting += 1
            statement = None if (paragraph, index) in taken else _statement(story, sentence)
            if statement:
                found.append(statement)
                story.said.append((statement.start, statement.speaker))
    return found


def _statement(story: Story, sentence: Sentence) -> Statement | None:
    """Speaker, cue and offsets of the reported content of a sentence."""
    words, lower = sentence.words, sentence.lower
    if lower[:2] == ["according", "to"]:
        found = right_span(sentence, 2)
        comma = found[1] if found else 0
        if found and comma < len(words) and words[comma] == ",":
            return _content(story, sentence, found, "According to", comma + 1, len(words))
        return None
    for verb in sentence.verbs:
        lemma, form = VERBS[lower[verb]]
        if form == "ing":
            continue
        # "C, X said on Monday." and "C, said X."
        if lemma in SAYING and len(words) - verb < 9:
            found = right_span(sentence, verb + 1) if words[verb - 1] == "," and verb else None
            if found and found[1] >= len(words) - 2:
                return _content(story, sentence, found, words[verb], 0, verb - 1)
            span = subject_span(sentence, verb)
            if span and span[0] > 3 and words[span[0] - 1] == ",":
                return _content(story, sentence, span, words[verb], 0, span[0] - 1)
        span = subject_span(sentence, verb)
        if span is None:
            continue
        first = verb
        if lemma in NEUTRAL:
            first = verb + 1
            while first + 2 < len(words) and (words[first] in TIME or words[first + 1] in TIME):
                first += 1
            that = next(
                (i for i in range(first, min(len(words), verb + 9)) if lower[i] == "that"), 0
            )
            if that:
                first = that + 1
            elif lemma == "tell":
                while first < len(words) and (is_capitalised(words[first]) or first == verb + 1):
                    first += 1
            elif lower[first : first + 1] in (["in"], ["at"], ["on"], ["to"], [","]):
                continue
        return _content(story, sentence, span, words[verb], first, len(words))
    return None


def _content(
    story: Story,
    sentence: Sentence,
    subject: tuple[int, int],
    cue: str,
    first: int,
    last: int,
) -> Statement | None:
    """A statement whose content is the words `first:last`, if its speaker is known."""
    words = sentence.words
    while last > first and not words[last - 1][0].isalnum():
        last -= 1
    while first < last and words[first] in (",", ":", "–", "—"):
        first += 1
    if last - first < 3:
        return None
    speaker = story.speaker_in(sentence, *subject)
    if not speaker:
        return None
    end = sentence.starts[last - 1] + len(words[last - 1])
    return Statement(speaker, cue, sentence.starts[first], end, sentence)
