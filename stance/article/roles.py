"""What a noun phrase says of a person: descriptions, titles before a name, appositions after."""

from __future__ import annotations

from collections.abc import Sequence

from stance.article.names import (
    LESSER,
    PERSON_NOUNS,
    SHORT_TITLES,
    STARTERS,
    TITLES,
)
from stance.article.reporting import (
    ARTICLES,
    AUXILIARY,
    BREAKS,
    DETERMINERS,
    INTRODUCTORY,
    OBJECTS,
    PREPOSITIONS,
    PRONOUNS,
    VERBS,
    word_set,
)
from stance.article.sentences import (
    BLANK,
    MARKS,
    Sentence,
    head_of,
    is_capitalised,
    names_someone,
    owns,
)


def is_description(phrase: Sequence[str]) -> bool:
    """Whether a phrase describes (the foreign minister, head of the mission) and does not name."""
    if not phrase:
        return False
    first = phrase[0].lower()
    if first in DETERMINERS or owns(first):
        return True
    if first in ("who", "which", "whose"):
        return False
    if any(owns(w.lower()) for w in phrase[:4]):
        return True
    head = head_of(phrase)
    return head in PERSON_NOUNS or any(w.lower() in PERSON_NOUNS for w in phrase[:6])


#: What a description may add to a role: "the outgoing Republican governor".
INCIDENTAL = word_set(
    "republican democratic democrat conservative labour tory liberal outgoing embattled new"
)


def described_by(described: str, wanted: Sequence[str]) -> bool:
    """Whether a role is the one a definite description means."""
    telling = [word for word in wanted if word not in INCIDENTAL] or wanted
    if not all(_mentions(described, word) for word in telling):
        return False
    return not any(_mentions(described, word) and word not in wanted for word in LESSER)


def _mentions(described: str, word: str) -> bool:
    """Whether a description holds a word, or its short form as a title."""
    words = described.replace(".", " ").replace("-", " ").split()
    return word in words or SHORT_TITLES.get(word, "") in words or word in described.split()


def phrases_of(words: list[str]) -> list[list[str]]:
    """Cut a noun phrase with appositions at its commas, dashes and brackets."""
    phrases: list[list[str]] = [[]]
    for word in words:
        if word in (",", "–", "—", "(", ")", "-"):
            phrases.append([])
        else:
            phrases[-1].append(word)
    kept = [p for p in phrases if p and not (p[0].isdigit() or p[0].lower() in ("aged", "who"))]
    return kept or [[w for w in words if w not in (",", "–", "—")]]


def role_text(words: Sequence[str]) -> str:
    """A role as it is reported: without articles before and possessive endings behind."""
    kept = list(words)
    stop = next((i for i, w in enumerate(kept) if w[0] == BLANK or w in MARKS), len(kept))
    kept = kept[:stop]
    while kept and kept[0].lower() in ARTICLES:
        kept = kept[1:]
    if kept and owns(kept[-1].lower()):
        kept[-1] = kept[-1][:-2]
    text = " ".join(kept)
    return text.replace(" , ", ", ").replace(" ’", "’")


def role_before(words: Sequence[str]) -> list[str]:
    """The description directly before a name: "White House spokesman" Josh ..."""
    found: list[str] = []
    for i in range(len(words) - 1, -1, -1):
        word, low = words[i], words[i].lower()
        if low == "and" and i > 1 and names_someone(words[i - 1]) and names_someone(words[i - 2]):
            # "Chancellor Ana Berg and President" is no title of the second.
            break
        if (
            low in ("and", "for")
            and found
            and is_capitalised(found[0])
            and i
            and (is_capitalised(words[i - 1]) and words[i - 1] not in STARTERS)
        ):
            found.insert(0, word)
            continue
        pronominal = low in PRONOUNS or low in OBJECTS
        if not word[0].isalnum() or low in BREAKS or low in VERBS or pronominal:
            if word == "," and not found:
                continue
            break
        if low in ARTICLES and found and i and words[i - 1].lower() in ("for", "of", "at"):
            found.insert(0, word)
            continue
        if low in ("for", "at") and found and found[0].lower() in ARTICLES:
            found.insert(0, word)
            continue
        if low in PREPOSITIONS and low != "of":
            break
        if low in DETERMINERS or low in AUXILIARY:
            break
        found.insert(0, word)
        if len(found) > 8:
            return []
    while found and (found[0] in STARTERS or found[0].lower() in ("of", *INTRODUCTORY)):
        found = found[1:]
    if not found or not any(w.lower() in PERSON_NOUNS or w in TITLES for w in found):
        return []
    return found


def role_after(words: Sequence[str]) -> list[str]:
    """The apposition behind a name: ..., "the Russian foreign minister"."""
    if len(words) < 3 or words[0] != ",":
        return []
    found: list[str] = []
    for word in words[1:]:
        low = word.lower()
        if word in (",", ".", ";", ":", "–", "—", "(", ")") or low in (
            "who",
            "which",
            "whose",
            "said",
            "says",
            "told",
        ):
            break
        found.append(word)
    return found if is_description(found) and len(found) < 16 else []


def author_in(phrase: Sequence[str], start: int) -> tuple[int, int] | None:
    """Where in "a statement from the ministry" the author is named."""
    for i, word in enumerate(phrase):
        if word.lower() in ("by", "from", "of") and phrase[i + 1 : i + 2]:
            if phrase[i + 1][0].isdigit():
                continue
            return start + i + 1, start + len(phrase)
    return None


def given_name(sentence: Sentence, at: int) -> list[str] | None:
    """The name in "a man, who gave his name only as Abu Orly, said", or "his first name, Abu"."""
    lower = sentence.lower[at : at + 10]
    i = next((i for i, w in enumerate(lower) if w in ("name", "himself", "herself")), -1) + 1
    if not i:
        return None
    if lower[i : i + 1] != [","]:
        if "as" not in lower[i:]:
            return None
        i = lower.index("as", i)
    i += at + 1
    end = i
    while end < len(sentence.words) and is_capitalised(sentence.words[end]):
        end += 1
    return sentence.words[i:end] or None
