"""Quotation marks: where the paragraphs of an article are and what stands between marks.

Everything here is about typography. Whether the words between two marks are speech, and whose,
is settled in :mod:`stance.article.extraction` and :mod:`stance.article.speakers`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import repeat
from typing import NamedTuple

#: A paragraph with more marks than this, or so many so close, is data or damage, not prose.
MAX_MARKS = 2000
MAX_CLOSE_MARKS = 100
CLOSE = 8
DOUBLE_MARKS = '"“”„‟«»‹›'
CLOSING = {
    '"': '"”',
    "“": '”"',
    "„": '“”"‟',
    "‟": "”",
    "”": '”"',
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
}
#: Marks that may stand at the start of a further paragraph of the same quotation.
REPEATED = {"«": "«»", "»": "»«"}

LINE = re.compile(r"\S[^\n\r\x0b\x0c\x85\u2028\u2029]*")
#: Marks that leave no doubt; if a paragraph has no others, there is nothing to weigh.
SIMPLE = re.compile("(?<![^\\s(\\[—–])“[^“”]+”")
DOUBLE = re.compile(f"[{DOUBLE_MARKS}]")
#: What an apostrophe at the start of a word stands for: the ’90s, ’tis, rock ’n’ roll.
ELISION = r"(?!\d\d?s?\b|(?:[Nn]|[Ee]m|[Tt]il|[Tt]is|[Tt]was|[Cc]ause|[Bb]out|[Rr]ound)\b)"
SINGLE_OPEN = re.compile(rf"[‘‚'](?<![^\W_].)(?<![’'.,!?…%].){ELISION}(?=[^\W_]|[\[(“\"„«…$£€#@])")
SINGLE_CLOSE = re.compile(r"[’'](?<!\s.)(?![^\W_])")
TERMINAL = frozenset(".!?…:;\"”’'»“)]")


class Paragraph(NamedTuple):
    """One paragraph: character offsets without the white space around it."""

    start: int
    end: int


class Span(NamedTuple):
    """The words between a pair of outermost marks.

    Attributes
    ----------
    start, end : int
        Offsets of the quoted words, without marks and inner white space.
    opened, closed : int
        Offset of the opening mark, and the one after the closing mark.
    paragraph : int
        Index of the paragraph.
    continues : bool
        The quotation goes on in the next paragraph, which repeats the opening mark.
    """

    start: int
    end: int
    opened: int
    closed: int
    paragraph: int
    continues: bool = False


def paragraphs(text: str) -> list[Paragraph]:
    r"""Split a text into paragraphs: at every line break, or at blank lines if it is hard-wrapped.

    Examples
    --------
    >>> [p.start for p in paragraphs("One.\nTwo.\n\nThree.")]
    [0, 5, 11]
    """
    lines = [(m.start(), m.start() + len(m.group().rstrip())) for m in LINE.finditer(text)]
    joined = [
        lines[i][0] - lines[i - 1][1] < 3 and text.count("\n", lines[i - 1][1], lines[i][0]) == 1
        for i in range(1, len(lines))
    ]
    soft = hard = 0
    for (start, end), follows in zip(lines, joined, strict=False):
        if follows and end - start >= 45:
            if end - start <= 120 and text[end - 1] not in TERMINAL:
                soft += 1
            else:
                hard += 1
    wrapped = soft >= 3 and soft > 2 * hard
    found: list[Paragraph] = []
    for i, (start, end) in enumerate(lines):
        if i and joined[i - 1] and (wrapped or _runs_on(text, lines[i - 1][1], start)):
            found[-1] = Paragraph(found[-1].start, end)
        else:
            found.append(Paragraph(start, end))
    return found


def _runs_on(text: str, end: int, start: int) -> bool:
    """Whether a line that ends at `end` goes on in the middle of a sentence at `start`."""
    return text[start].islower() and text[end - 1] not in TERMINAL


def plain_marks(text: str) -> str:
    """Write back-ticks and double primes as common marks, at unchanged offsets.

    Examples
    --------
    >>> plain_marks("``We can't,'' he said; `why?' she asked")
    " “We can't,”  he said; ‘why?' she asked"
    """
    if "``" in text:
        text = text.replace("``", " “").replace("''", "” ")
    for mark, plain in (("`", "‘"), ("″", '"'), ("＂", '"')):
        if mark in text:
            text = text.replace(mark, plain)
    return text


def quoted_spans(text: str, blocks: list[Paragraph]) -> tuple[list[Span], list[tuple[int, str]]]:
    """Find what stands between outermost quotation marks.

    Parameters
    ----------
    text : str
    blocks : list of Paragraph
        The paragraphs of `text`.

    Returns
    -------
    spans : list of Span
        In order of the text, not overlapping, none of them empty.
    problems : list of (int, str)
        Offset and description of each mark without a partner.

    Examples
    --------
    >>> text = 'He said: "Don’t go." Then he left.'
    >>> spans, problems = quoted_spans(text, paragraphs(text))
    >>> [text[s.start:s.end] for s in spans]
    ['Don’t go.']
    """
    spans: list[Span] = []
    problems: list[tuple[int, str]] = []
    marks = [mark for mark in DOUBLE_MARKS if mark in text]
    singles = SINGLE_OPEN.search(text) is not None
    for index, block in enumerate(blocks):
        if block.end - block.start < 3:
            continue
        doubles = count = sum(text.count(mark, block.start, block.end) for mark in marks)
        if singles:
            count += text.count("‘", block.start, block.end)
            count += text.count("'", block.start, block.end)
        if not count:
            continue
        close = block.end - block.start < CLOSE * count
        if count > MAX_MARKS or (close and count > MAX_CLOSE_MARKS):
            problems.append((block.start, f"{count} quotation marks in one paragraph, passed over"))
            continue
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        carried = text[spans[-1].opened] if spans and spans[-1].continues else ""
        pairs = _double_pairs(text, block, following, carried, doubles, problems)
        if singles:
            pairs = _with_singles(text, block, following, pairs, problems)
        for opened, closed, continues in pairs:
            start, end = opened + 1, closed if continues else closed - 1
            while start < end and text[start].isspace():
                start += 1
            while start < end and text[end - 1].isspace():
                end -= 1
            if start < end:
                spans.append(Span(start, end, opened, closed, index, continues))
    return spans, problems


Pair = tuple[int, int, bool]


def _opens(text: str, at: int) -> bool:
    """Whether a mark has nothing before it and a word after it."""
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    if after.isspace() or after in ",.;:!?)]”’":
        return False
    return before.isspace() or before in "([{—–-/‘“«„'\"…:,"


def _double_pairs(
    text: str,
    block: Paragraph,
    following: Paragraph | None,
    carried: str,
    count: int,
    problems: list[tuple[int, str]],
) -> list[Pair]:
    """Pair the double marks and guillemets of one paragraph; keep the outermost pairs.

    `carried` is the opening mark of a quotation that goes on from the paragraph before: at the
    start of this one, »...» stands for «...».
    """
    simple = [(m.start(), m.end(), False) for m in SIMPLE.finditer(text, block.start, block.end)]
    if 2 * len(simple) == count:
        return simple
    if text.count('"', block.start, block.end) == count and not count % 2:
        ends = [m.start() for m in DOUBLE.finditer(text, block.start, block.end)]
        pairs = list(zip(ends[::2], [at + 1 for at in ends[1::2]], repeat(False)))
        if all(_opens(text, a) and not _opens(text, b - 1) for a, b, _ in pairs):
            return pairs
    stack: list[tuple[int, str]] = []
    pairs = []
    for match in DOUBLE.finditer(text, block.start, block.end):
        at, mark = match.start(), match.group()
        if at == block.start and mark in REPEATED.get(carried, ""):
            stack.append((at, carried))
            continue
        opens = _opens(text, at)
        partner = next(
            (d for d in range(1, min(len(stack), 3) + 1) if mark in CLOSING[stack[-d][1]]), 0
        )
        if partner and mark in '"“«»' and opens and stack[-partner][1] != "„":
            partner = 0 if mark != "»" and mark != "«" else partner
        if partner:
            for left, _ in stack[len(stack) - partner + 1 :]:
                problems.append((left, "quotation mark without a partner"))
            del stack[len(stack) - partner + 1 :]
            opened = stack.pop()[0]
            pairs.append((opened, at + 1, False))
        elif mark in "“„‟«‹" or opens or (mark == '"' and not stack and not _closes(text, at)):
            stack.append((at, mark))
        elif not (mark == '"' and at and text[at - 1].isdigit()):
            problems.append((at, "closing quotation mark without an opening one"))
    for position, (opened, mark) in enumerate(stack):
        inside = any(o > opened and text[o] == mark for o, _, _ in pairs)
        last = position == len(stack) - 1
        if last and not inside and following and text[following.start] in REPEATED.get(mark, mark):
            pairs.append((opened, block.end, True))
        else:
            problems.append((opened, "quotation mark never closed"))
    return _outermost(pairs)


def _closes(text: str, at: int) -> bool:
    return at > 0 and not text[at - 1].isspace()


def _outermost(pairs: list[Pair]) -> list[Pair]:
    kept: list[Pair] = []
    for pair in sorted(pairs):
        if not kept or pair[0] >= kept[-1][1]:
            kept.append(pair)
    return kept


def _with_singles(
    text: str,
    block: Paragraph,
    following: Paragraph | None,
    doubles: list[Pair],
    problems: list[tuple[int, str]],
) -> list[Pair]:
    """Add pairs of single marks that stand outside the double ones."""
    openers = [m.start() for m in SINGLE_OPEN.finditer(text, block.start, block.end)]
    if not openers:
        return doubles
    closers = [m.start() for m in SINGLE_CLOSE.finditer(text, block.start, block.end)]
    starts = [pair[0] for pair in doubles]

    def enclosing(at: int) -> int:
        """Index of the double pair around an offset, or -1."""
        i = bisect_right(starts, at) - 1
        return i if i >= 0 and at < doubles[i][1] else -1

    openers = [at for at in openers if enclosing(at) < 0]
    closers = [at for at in closers if enclosing(at) < 0]
    pairs = list(doubles)
    if "‚" in text:
        closers += [at for at in _low_closers(text, block) if enclosing(at) < 0]
        closers.sort()
        openers = [at for at in openers if at not in closers]
    c = 0
    reached = -1
    for i, opened in enumerate(openers):
        if opened < reached:
            continue
        barrier = openers[i + 1] if i + 1 < len(openers) else block.end
        while c < len(closers) and closers[c] <= opened:
            c += 1
        weak = strong = -1
        while c < len(closers) and closers[c] < barrier and strong < 0:
            if _possessive(text, closers[c]):
                weak = closers[c] if weak < 0 else weak
            else:
                strong = closers[c]
            c += 1
        closed = strong if strong >= 0 else weak
        if closed >= 0:
            pairs.append((opened, closed + 1, False))
            reached = closed
        elif text[opened] == "‘":
            last = i == len(openers) - 1
            if last and following and text[following.start] == "‘":
                pairs.append((opened, block.end, True))
            else:
                problems.append((opened, "quotation mark never closed"))
    return _outermost(pairs)


def _low_closers(text: str, block: Paragraph) -> list[int]:
    """Marks ‘ that close a German ‚...‘: with a word before and none behind."""
    found = re.compile(r"‘(?<!\s.)(?![^\W_])").finditer(text, block.start + 1, block.end)
    return [match.start() for match in found]


def _possessive(text: str, at: int) -> bool:
    """Whether a closing single mark may as well be an apostrophe (ministers’ talks, goin’ on)."""
    after = text[at + 1] if at + 1 < len(text) else "."
    if not after.isspace():
        return False
    before = text[max(0, at - 2) : at].lower()
    return before.endswith("s") or before == "in" or before == " o"
