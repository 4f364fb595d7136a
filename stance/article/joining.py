"""A quotation printed in several parts, as one text."""

from __future__ import annotations

from collections.abc import Sequence

from stance.article.names import STARTERS

SENTENCE_ENDS = frozenset(".!?…:;–—-\"”’'»“)]")


def joined(text: str, parts: Sequence[tuple[int, int]]) -> str:
    """Join the parts of a quotation so that they read as sentences.

    The comma that only the reporting clause called for becomes a full stop where the words behind
    the clause begin a sentence.

    Parameters
    ----------
    text : str
        The article.
    parts : sequence of (int, int)
        The parts in order, each as ``text[start:end]``.

    Returns
    -------
    str
        The parts with white space folded, a space between them.

    Examples
    --------
    >>> text = "“We came,” she said. “We saw.”"
    >>> joined(text, [(1, 9), (22, 29)])
    'We came. We saw.'
    """
    words = " ".join(text[slice(*parts[0])].split())
    for i in range(1, len(parts)):
        following = " ".join(text[slice(*parts[i])].split())
        between = text[parts[i - 1][1] : parts[i][0]]
        if _begins(following, between.rstrip(" \t\n\r\u00a0„“”\"‘’'«»‹›‚`").endswith(".")):
            if words.endswith(","):
                words = words[:-1] + "."
            elif words[-1] not in SENTENCE_ENDS and any(map(str.isalpha, between)):
                words += "."
        words = f"{words} {following}"
    return words


def _begins(following: str, ended: bool) -> bool:
    """Whether words behind a reporting clause begin a sentence; `ended` if the clause ends one."""
    first = following.lstrip("[(…. ‘'“\"").split(" ", 1)[0]
    if ended:
        return first[:1].isupper() or first[:1].isdigit()
    # "“In April,” she said, “Ordan fell.”": a capital alone is no sign, that of "This" is.
    return first.rstrip(",") in STARTERS and first != "I"
