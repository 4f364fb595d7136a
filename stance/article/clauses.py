"""Reporting clauses: the words around a quotation that say whose it is."""

from __future__ import annotations

from dataclasses import dataclass

from stance.article.people import Speaker
from stance.article.phrases import right_span, subject_end, subject_span
from stance.article.quotemarks import Span
from stance.article.reporting import (
    ARTICLES,
    AUXILIARY,
    BEING,
    BREAKS,
    FINITE,
    POSSESSIVE_PRONOUNS,
    PREPOSITIONS,
    PRONOUNS,
    SAYING,
    SPEECH_NOUNS,
    VERBS,
)
from stance.article.sentences import Sentence, is_capitalised
from stance.article.speakers import Story

#: Cues behind a quotation that name its speaker whatever stands before it.
ATTRIBUTIONS = frozenset(("in the words of", "in the phrase of", "as"))
DASHES = frozenset("–—-")
#: Verbs by which one source quotes another.
QUOTING = frozenset(("quoted", "cited", "quotes", "cites"))


@dataclass(slots=True)
class Clause:
    """A reporting clause: its speaker, the reporting word, and where its sentence ends."""

    speaker: Speaker
    cue: str
    end: int = 0


def clause_in(story: Story, sentence: Sentence, phrase: tuple[int, int], cue: str) -> Clause:
    """Clause whose speaker is the noun phrase of the words `start:end`."""
    return Clause(story.speaker_in(sentence, *phrase), cue, sentence.end)


def clause_behind(
    story: Story, span: Span, sentence: Sentence, following: Span | None
) -> Clause | None:
    """The clause directly behind a span: "said X", "X said", "according to X"."""
    if span.continues:
        return None
    last = story.text[span.end - 1]
    first = sentence.before(span.closed)
    if first >= len(sentence.words):
        # "Why?" Berg asked: the quoted question looks like the end of the sentence.
        after = story.sentences.after(sentence)
        if after is None or (following and following.opened <= after.start):
            return None
        if last == "." and after.words[0] in DASHES:
            return _signature(story, after, 1, len(after.words))
        if last not in "?!…—–,-":
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
        _signature(story, sentence, first, stop)
        or _attribution(story, sentence, first, stop, marked)
        or _verb_first(story, sentence, first, stop, last)
        or _subject_first(story, sentence, first, stop, marked)
        or (_any_verb(story, sentence, first, stop) if last in ",?!" else None)
    )


def _signature(story: Story, sentence: Sentence, first: int, stop: int) -> Clause | None:
    """A name behind a dash, with nothing else: “We will stay.” — Ana Berg, mayor of Ordan."""
    words, lower = sentence.words, sentence.lower
    if not first or words[first - 1] not in DASHES or not is_capitalised(words[first]):
        return None
    whole = stop == len(words) and story.sentences.after(sentence) is None
    if not whole or sentence.verbs or stop - first > 14 or not FINITE.isdisjoint(lower[first:]):
        return None
    clause = clause_in(story, sentence, (first, stop), "")
    return clause if clause.speaker.person else None


def _attribution(
    story: Story, sentence: Sentence, first: int, stop: int, marked: bool
) -> Clause | None:
    """Set phrases: "according to X", "in the words of X", "as X put it", "was how X put it"."""
    words, lower = sentence.words, sentence.lower
    start = -1
    if lower[first : first + 2] == ["according", "to"]:
        start = first + 2
    elif lower[first : first + 2] == ["in", "the"] and lower[first + 3 : first + 4] == ["of"]:
        start = first + 4 if lower[first + 2] in ("words", "phrase") else -1
    elif lower[first] == "so" and marked and is_capitalised(words[min(first + 1, stop - 1)]):
        start = first + 1
    elif lower[first] == "that" and lower[first + 1 : first + 2] in (["was"], ["is"]):
        return _attribution(story, sentence, first + 1, stop, marked)
    elif lower[first] in ("was", "is", "came") and first + 3 < stop:
        noun = first + 2
        if lower[noun] in SPEECH_NOUNS and lower[noun + 1] in ("of", "from"):
            start = noun + 2
        elif lower[first + 1] == "how":
            put = next((i for i in range(noun, stop) if lower[i] in ("put", "described")), 0)
            return clause_in(story, sentence, (noun, put), words[put]) if put > noun else None
    elif lower[first] == ":" and is_capitalised(words[first + 1 if first + 1 < stop else first]):
        # A headline: ‘We will stay’: Berg hits back
        clause = clause_in(story, sentence, (first + 1, subject_end(sentence, first + 1)), "")
        return clause if clause.speaker.person else None
    elif lower[first] == "as" and marked:
        for end in range(first + 2, min(stop, first + 10)):
            if end in sentence.verbs or lower[end] in ("had", "has"):
                subject = subject_span(sentence, end, first + 1)
                if subject and subject[0] == first + 1:
                    return clause_in(story, sentence, subject, "as")
                break
    phrase = right_span(sentence, start) if start > 0 else None
    return clause_in(story, sentence, phrase, " ".join(lower[first:start])) if phrase else None


def _verb_first(
    story: Story, sentence: Sentence, first: int, stop: int, last: str
) -> Clause | None:
    """The verb before its subject: "said X"."""
    lemma, form = VERBS.get(sentence.lower[first], ("", ""))
    if form not in ("s", "ed") or (lemma not in SAYING and last not in ",?!"):
        return None
    phrase = right_span(sentence, first + 1)
    return clause_in(story, sentence, phrase, sentence.words[first]) if phrase else None


def _subject_first(
    story: Story, sentence: Sentence, first: int, stop: int, marked: bool
) -> Clause | None:
    """The subject before its verb: "X said", with whatever stands between the two."""
    words, low = sentence.words, sentence.lower[first]
    starts_phrase = low in ARTICLES or low in POSSESSIVE_PRONOUNS or low in PRONOUNS
    if words[first][0].islower() and not starts_phrase and not marked:
        return None
    quoted = _quoted_behind(story, sentence, first, stop)
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
        return clause_in(story, sentence, phrase, words[verb])
    return None


def _quoted_behind(story: Story, sentence: Sentence, first: int, stop: int) -> Clause | None:
    """Words at second hand: "X was quoted as saying", "the agency quoted X as saying"."""
    lower = sentence.lower
    for i in range(first + 1, min(stop, first + 25)):
        if lower[i - 1] not in BEING:
            if lower[i] in QUOTING and "as" in lower[i + 2 : i + 14]:
                phrase = i + 1, lower.index("as", i)
                return clause_in(story, sentence, phrase, sentence.words[i])
        elif lower[i] in ("quoted", "cited", "heard", "reported"):
            subject = subject_span(sentence, i, first)
            if "saying" in lower[i : i + 10] and subject and subject[0] == first:
                return clause_in(story, sentence, subject, sentence.words[i])
    return None


def _any_verb(story: Story, sentence: Sentence, first: int, stop: int) -> Clause | None:
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
    return clause_in(story, sentence, (first, end), words[verb])


def closing_clause(story: Story, span: Span, sentence: Sentence) -> Clause | None:
    """A clause that closes the sentence: "... “X” and would stay, the minister said."."""
    words, lower = sentence.words, sentence.lower
    first = sentence.before(span.closed)
    for i in range(len(words) - 2, max(first, len(words) - 40), -1):
        if lower[i : i + 2] == ["according", "to"]:
            phrase = right_span(sentence, i + 2)
            if phrase:
                return clause_in(story, sentence, phrase, "according to")
    for verb in reversed(sentence.verbs):
        if verb <= first:
            break
        lemma, form = VERBS[lower[verb]]
        if lemma not in SAYING or form == "ing":
            continue
        phrase = right_span(sentence, verb + 1) if words[verb - 1] == "," else None
        if phrase and _closes(sentence, phrase[1]):
            return clause_in(story, sentence, phrase, words[verb])
        phrase = subject_span(sentence, verb, first)
        if phrase and phrase[0] > first and words[phrase[0] - 1] == ",":
            return clause_in(story, sentence, phrase, words[verb])
    return None


def _closes(sentence: Sentence, end: int) -> bool:
    """Whether a reporting clause that ends at a word ends the sentence, but for a participle."""
    if end >= len(sentence.words) - 2:
        return True
    return sentence.words[end] == "," and sentence.lower[end + 1].endswith("ing")
