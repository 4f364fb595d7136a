"""From an article to who said what: quotations with their speakers.

Rule-based, for English-language news. :mod:`stance.article.quotemarks` finds what stands between
marks, :mod:`stance.article.speakers` knows the people and the sentences; this module decides which
marks hold speech, which runs belong together, and to which reporting clause.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from stance.article.clauses import ATTRIBUTIONS, Clause, clause_behind, closing_clause
from stance.article.drafts import (
    UNSAID,
    Draft,
    LeftOut,
    is_headline,
    name_ahead,
    name_headlines,
    taken_up,
)
from stance.article.governing import governing_clause
from stance.article.indirect import Statement, indirect_statements
from stance.article.notspeech import is_written, lone_adverb, not_speech
from stance.article.people import NOBODY, Speaker
from stance.article.quotemarks import Span, paragraphs, plain_marks, quoted_spans
from stance.article.references import REPLIES, running_speaker
from stance.article.reporting import VERBS
from stance.article.sentences import Sentence, reports_speech, starts_sentence
from stance.article.speakers import Story

#: Fewer words than this make a fragment, whatever their place in the sentence.
DIRECT_WORDS = 5
FIRST_PERSON = re.compile(r"\b(?:I|we|our|my)\b")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Something somebody is reported to have said.

    Attributes
    ----------
    start, end : int
        Offsets in the article, in characters: from the first quoted word to behind the last.
    parts : tuple of (int, int)
        The runs of a split or multi-paragraph quotation, each as ``text[start:end]``.
    text : str
        The parts joined by a space, white space folded; the marks stay as they are printed.
    speaker : str
        Full name where the article gives one, else the description ("a senior official");
        empty if the article leaves it open.
    role : str
        Title or position of the speaker, or empty.
    cue : str
        The reporting word as printed ("said", "according to"), or empty.
    kind : str
        "direct" (whole sentences), "fragment" (words set into a reporting sentence, or fewer than
        five) or "indirect" (reported content without marks).
    context : str
        The sentences the quotation stands in, white space folded.
    """

    start: int
    end: int
    parts: tuple[tuple[int, int], ...]
    text: str
    speaker: str
    role: str
    cue: str
    kind: str
    context: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """What :func:`extract` found in one article.

    Attributes
    ----------
    quotations : tuple of Quotation
        In order of the article.
    warnings : tuple of str
        One line for each mark without a partner: "line 7: quotation mark never closed".
    left_out : tuple of LeftOut
        Marks that hold no speech. With `quotations` and `warnings` they account for every mark.
    """

    quotations: tuple[Quotation, ...]
    warnings: tuple[str, ...]
    left_out: tuple[LeftOut, ...] = ()


def extract(text: str, *, indirect: bool = False) -> Extraction:
    """Find the quotations of an article and who said them.

    Parameters
    ----------
    text : str
        Plain text of an article; any Unicode string is accepted.
    indirect : bool
        Also report statements without marks: "X said that ...", "X accused Y of ...".

    Returns
    -------
    Extraction

    Examples
    --------
    >>> found = extract('Mayor Ada Birk said: "We never closed the bridge." She left.')
    >>> [(q.speaker, q.role, q.text) for q in found.quotations]
    [('Ada Birk', 'Mayor', 'We never closed the bridge.')]
    >>> extract('The bridge is known as the "long wait".').quotations
    ()
    """
    marked = plain_marks(text)
    blocks = paragraphs(marked)
    spans, problems = quoted_spans(marked, blocks)
    story = Story(marked, blocks, spans)
    drafts, left_out = _Reader(story).read()
    drafts, left_out = taken_up(text, story, drafts, left_out)
    name_headlines(text, drafts)
    quotations = [_finished(text, story, draft) for draft in drafts]
    if indirect:
        taken = {place for draft in drafts for place in draft.places}
        quotations += [_indirect(text, story, found) for found in indirect_statements(story, taken)]
        quotations.sort(key=lambda q: (q.start, q.end))
    return Extraction(tuple(quotations), _warnings(text, problems), tuple(left_out))


def _warnings(text: str, problems: list[tuple[int, str]]) -> tuple[str, ...]:
    if not problems:
        return ()
    breaks = [m.start() for m in re.finditer("\n", text)]
    return tuple(f"line {bisect_right(breaks, at) + 1}: {what}" for at, what in sorted(problems))


class _Reader:
    """Goes through the marks of an article once, from first to last."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.drafts: list[Draft] = []
        self.left_out: list[LeftOut] = []

    def read(self) -> tuple[list[Draft], list[LeftOut]]:
        spans = self.story.spans
        current: Draft | None = None
        for i, span in enumerate(spans):
            previous = spans[i - 1] if i else None
            following = spans[i + 1] if i + 1 < len(spans) else None
            if following and following.paragraph != span.paragraph:
                following = None
            current = self._place(span, previous, following, current)
        name_ahead(self.story, self.drafts)
        return self.drafts, self.left_out

    def _place(
        self, span: Span, previous: Span | None, following: Span | None, current: Draft | None
    ) -> Draft | None:
        """Add a span to the running quotation, begin a new one, or leave it out."""
        running = current if current and current.parts[-1] is previous else None
        if running and previous and previous.continues and span.continues:
            running.add(span)
            return running
        sentence = self.story.sentences.at(span.paragraph, span.start)
        behind = clause_behind(self.story, span, sentence, following)
        if running and previous and self._goes_on(running, previous, span, sentence, behind):
            if behind and not running.cue:
                self._attribute(running, behind)
            running.add(span, sentence)
            running.behind = behind
            return running
        opening = sentence.before(span.opened)
        content = self.story.text[span.start : span.end]
        clause, reason = self._clause_of(span, previous, running, sentence, behind)
        if clause is None:
            self.left_out.append(LeftOut(span.start, span.end, reason))
            return None
        block = self.story.blocks[span.paragraph]
        alone = self._stands_alone(span, sentence, opening, behind, content)
        headline = block.end - block.start < 150 and is_headline(
            self.story.masked[block.start : block.end]
        )
        draft = Draft(
            [span],
            clause.speaker,
            clause.cue,
            not alone,
            headline,
            behind,
            sentence.start,
            max(sentence.end, span.end),
            [(sentence.paragraph, sentence.index)],
        )
        self.drafts.append(draft)
        self.story.said.append((span.start, clause.speaker))
        return draft

    def _attribute(self, draft: Draft, clause: Clause) -> None:
        """Give a quotation the clause that comes only with a later paragraph."""
        draft.cue = clause.cue
        if clause.speaker:
            draft.speaker = clause.speaker
            self.story.said[-1] = (self.story.said[-1][0], clause.speaker)

    def _clause_of(
        self,
        span: Span,
        previous: Span | None,
        running: Draft | None,
        sentence: Sentence,
        behind: Clause | None,
    ) -> tuple[Clause | None, str]:
        """The clause of a span, or why it is no speech."""
        opening = sentence.before(span.opened)
        initial = _begins(sentence, opening)
        content = self.story.text[span.start : span.end]
        if not opening and behind is None and sentence.before(span.closed) == len(sentence.words):
            # Nothing but the quotation: no clause to look for.
            reason = lone_adverb(content)
            if reason:
                return None, reason
            return self._without_clause(span, sentence, opening, content)
        shared = previous is not None and previous.opened >= sentence.start
        low = sentence.before(previous.closed) if shared and previous else 0
        if not (initial and behind):
            reason = not_speech(span, sentence, opening, content)
            if low and not running and sentence.lower[low:opening] in (["and"], ["or"], [","]):
                reason = self.left_out[-1].reason
            if reason:
                return None, reason
        finite = any(
            low <= v < opening and VERBS[sentence.lower[v]][1] != "ing" for v in sentence.verbs
        )
        clause: Clause | None = None
        if behind and (initial or not finite or behind.cue in ATTRIBUTIONS):
            clause = behind
        elif not initial:
            same = None
            if running and shared:
                same = Clause(running.speaker, running.cue, running.parts[-1].closed)
            clause = governing_clause(self.story, sentence, opening, low, same)
        clause = clause or behind or closing_clause(self.story, span, sentence)
        if clause and not clause.speaker.person and is_written(clause.speaker.name):
            return None, "a title, a slogan or a word spoken about"
        if clause:
            return clause, ""
        return self._without_clause(span, sentence, opening, content)

    # Where a quotation ends and the next begins

    def _goes_on(
        self,
        running: Draft,
        previous: Span,
        span: Span,
        sentence: Sentence,
        behind: Clause | None,
    ) -> bool:
        """Whether a span belongs to the quotation before; a clause of its own speaks against."""
        if previous.continues:
            return behind is None or not running.cue
        if not self._splits(previous, span, running):
            return False
        return behind is None or not _begins(sentence, sentence.before(span.opened))

    def _splits(self, previous: Span, span: Span, running: Draft) -> bool:
        """Whether only the reporting clause of `previous` stands between two spans."""
        behind = running.behind
        if previous.paragraph != span.paragraph or behind is None:
            return False
        gap = self.story.masked[previous.closed : span.opened].rstrip()
        if behind.end >= span.opened:
            return gap.endswith((",", "–", "—", ";", "…", " -"))
        return not self.story.masked[behind.end : span.opened].strip() and gap.endswith(".")

    def _stands_alone(
        self, span: Span, sentence: Sentence, opening: int, behind: Clause | None, content: str
    ) -> bool:
        """Whether the quoted words are sentences of their own in the running text."""
        if span.continues:
            return True
        lead = sentence.words[opening - 1] if opening else ""
        ends = content[-1] in ".!?…,—–" or sentence.lower[
            sentence.before(span.closed) : sentence.before(span.closed) + 1
        ] in ([","], ["."], [], ["–"], ["—"], ["-"])
        if opening == 0 or starts_sentence(sentence, opening):
            return ends or behind is not None
        if lead == ":":
            return True
        if lead == ",":
            return ends and (content[0].isupper() or sentence.lower[opening - 2] in VERBS)
        return content[0].isupper() and opening - 1 in sentence.verbs and content[-1] in ".!?…"

    def _without_clause(
        self, span: Span, sentence: Sentence, opening: int, content: str
    ) -> tuple[Clause | None, str]:
        """Speaker of words nobody is said to have said, or why they are no speech."""
        story = self.story
        size = _word_count(content)
        if starts_sentence(sentence, opening):
            closed = sentence.before(span.closed)
            rest = sentence.words[closed:]
            alone = not any(w[0].isalnum() for w in rest)
            if alone and (content[-1] in ".!?…" or span.continues or size >= DIRECT_WORDS):
                return Clause(self._in_turn(content) or running_speaker(story, sentence), ""), ""
            first = span.start - story.blocks[span.paragraph].start < 3
            if first and (alone or rest[0] in (":", "–", "—")):
                return Clause(NOBODY, ""), ""
            return None, UNSAID
        if size >= 4 and (FIRST_PERSON.search(content) or self._after_speech(sentence)):
            return Clause(running_speaker(story, sentence), ""), ""
        return None, UNSAID

    def _in_turn(self, content: str) -> Speaker:
        """Who asks again once he was answered, and who answers the question nobody is given."""
        if len(self.drafts) < 2:
            return NOBODY
        other, last = self.drafts[-2:]
        asked = self.story.text[last.parts[-1].end - 1] == "?" and not last.cue
        replied = last.cue in REPLIES and content[-1] == "?"
        return other.speaker if asked or replied else NOBODY

    def _after_speech(self, sentence: Sentence) -> bool:
        """Whether the sentence before, in the same paragraph, reports what somebody says."""
        if not sentence.index:
            return False
        previous = self.story.sentences.get(sentence.paragraph, sentence.index - 1)
        return reports_speech(previous)


def _begins(sentence: Sentence, opening: int) -> bool:
    """Whether a mark opens a sentence, or the part of one behind a semicolon."""
    return starts_sentence(sentence, opening) or sentence.words[opening - 1] == ";"


def _word_count(text: str) -> int:
    """Number of words, at least of the first hundred characters; a lone dash is none."""
    words = text[:100].split()
    return len(words) - sum(map(words.count, "–—-"))


def _finished(text: str, story: Story, draft: Draft) -> Quotation:
    parts = tuple((p.start, p.end) for p in draft.parts)
    words = " ".join(" ".join(text[s:e].split()) for s, e in parts)
    size = _word_count(words)
    kind = "fragment" if draft.embedded or size < DIRECT_WORDS else "direct"
    speaker = draft.speaker
    return Quotation(
        start=parts[0][0],
        end=parts[-1][1],
        parts=parts,
        text=words,
        speaker=speaker.name,
        role=story.role(speaker),
        cue=draft.cue,
        kind=kind,
        context=" ".join(text[draft.start : draft.end].split()),
    )


def _indirect(text: str, story: Story, statement: Statement) -> Quotation:
    start, end = statement.start, statement.end
    return Quotation(
        start=start,
        end=end,
        parts=((start, end),),
        text=" ".join(text[start:end].split()),
        speaker=statement.speaker.name,
        role=story.role(statement.speaker),
        cue=statement.cue,
        kind="indirect",
        context=" ".join(text[statement.sentence.start : statement.sentence.end].split()),
    )
