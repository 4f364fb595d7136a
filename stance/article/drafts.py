"""Quotations being put together, and those whose speaker the article names only later.

An opening paragraph describes who is named in the next, a headline quotes what the article repeats.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from stance.article.clauses import Clause
from stance.article.names import PERSON_NOUNS, UNNAMED
from stance.article.people import Speaker
from stance.article.quotemarks import Span
from stance.article.sentences import Sentence, head_of
from stance.article.speakers import Story

#: Articles before a description that the next paragraph may give a name.
INTRODUCING = frozenset(("a", "an", "the"))
#: Quotations among which the source of a headline is looked for.
LOOKED_AT = 300
#: Why words nobody is said to have said are left out.
UNSAID = "no one is said to have said it"


@dataclass(slots=True)
class Draft:
    """A quotation being put together.

    `behind` is the clause directly behind the last part; `start` and `end` are those of the
    sentences around the quotation, `places` their paragraphs and indices.
    """

    parts: list[Span]
    speaker: Speaker
    cue: str
    embedded: bool
    headline: bool
    behind: Clause | None
    start: int
    end: int
    places: list[tuple[int, int]]

    def add(self, span: Span, sentence: Sentence | None = None) -> None:
        """Add a part, with its sentence if that matters."""
        self.parts.append(span)
        self.end = max(self.end, span.end)
        if sentence:
            self.end = max(self.end, sentence.end)
            self.places.append((sentence.paragraph, sentence.index))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Words between marks that are not speech, and why: a name, a title, a lone adverb."""

    start: int
    end: int
    reason: str


def is_headline(masked: str) -> bool:
    """Whether a paragraph is short and ends like no sentence."""
    return len(masked) < 150 and masked.rstrip("”\"’'»“‘ ")[-1:] not in ".!?,…;:"


def name_ahead(story: Story, drafts: list[Draft]) -> None:
    """Give the "she" of an opening paragraph the person who speaks next."""
    for draft, following in pairwise(drafts[:4]):
        near = following.parts[0].start - draft.parts[-1].end < 1500
        wanted = draft.speaker.gender if near and not draft.speaker else ""
        if (
            near and following.speaker.person and _introduces(draft, story.role(following.speaker))
        ) or (wanted and following.speaker.person and following.speaker.gender in ("", wanted)):
            draft.speaker = following.speaker


def _introduces(draft: Draft, role: str) -> bool:
    """Whether an opening paragraph describes who is named in the next: "A former spy chief"."""
    words = draft.speaker.name.split()
    if draft.speaker.person or not words or draft.places[0][0] > 2:
        return False
    head = head_of(words)
    if head not in PERSON_NOUNS or head in UNNAMED or words[0].lower() not in INTRODUCING:
        return False
    return not role or head in role.lower()


def taken_up(
    text: str, story: Story, drafts: list[Draft], left_out: list[LeftOut]
) -> tuple[list[Draft], list[LeftOut]]:
    """Words of a headline that the article quotes from somebody are speech there too."""
    opening = {span.start: span for span in story.spans[:9]}
    found: list[Draft] = []
    for left in left_out[:9]:
        span = opening.get(left.start)
        wanted = _folded(text[left.start : left.end])
        if span is None or left.reason != UNSAID or " " not in wanted:
            continue
        block = story.blocks[span.paragraph]
        if not is_headline(story.masked[block.start : block.end]):
            continue
        for draft in drafts[:LOOKED_AT]:
            if any(wanted in _folded(text[p.start : p.end]) for p in draft.parts):
                where = block.start, block.end, [(span.paragraph, 0)]
                found.append(Draft([span], draft.speaker, "", True, True, None, *where))
                break
    if not found:
        return drafts, left_out
    taken = {draft.parts[0].start for draft in found}
    return (
        sorted([*found, *drafts], key=lambda draft: draft.parts[0].start),
        [left for left in left_out if left.start not in taken],
    )


def name_headlines(text: str, drafts: list[Draft]) -> None:
    """Give headlines the speaker of the quotation they are taken from."""
    for head in [d for d in drafts[:LOOKED_AT] if d.headline][:9]:
        wanted = _folded(text[head.parts[0].start : head.parts[0].end])
        for other in drafts[:LOOKED_AT]:
            if not other.headline and any(
                wanted in _folded(text[p.start : p.end]) for p in other.parts
            ):
                head.speaker = other.speaker
                break


def _folded(text: str) -> str:
    return " ".join(text.lower().strip(".,!? ").split())
