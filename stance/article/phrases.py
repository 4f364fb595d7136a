"""Noun phrases beside a verb: where the subject of a reporting verb begins and ends.

There is no parser: a subject is what stands before a verb, or behind it, up to the first word
that cannot belong to it.
"""

from __future__ import annotations

from stance.article.names import (
    APPOSING,
    BODIES,
    BODY_NOUNS,
    PARTICLES,
    PERSON_NOUNS,
    STARTERS,
    TITLES,
)
from stance.article.reporting import (
    ARTICLES,
    AUXILIARY,
    BREAKS,
    DETERMINERS,
    FINITE,
    INTRODUCTORY,
    OBJECTS,
    OPENERS,
    PAST,
    PHRASE_ENDS,
    PREPOSITIONS,
    PRONOUNS,
    SUBORDINATORS,
    TIME,
    VERBS,
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

#: Prepositions before the phrase that a relative clause belongs to: "opened by the mayor, who".
AGENTS = frozenset(("by", "with", "to", "against", "from", "alongside"))


def main_start(sentence: Sentence) -> int:
    """Index of the first word behind an introductory phrase."""
    words, lower = sentence.words, sentence.lower
    first = 0
    while first < len(words):
        low = lower[first]
        if not words[first][0].isalnum() or low in OPENERS:
            first += 1
        elif low in INTRODUCTORY or (low.endswith("ing") and first == 0):
            comma = next((i for i in range(first, len(words)) if words[i] == ","), -1)
            unmarked = _subject_behind(sentence, first, comma if comma >= 0 else len(words))
            if unmarked:
                return unmarked
            if comma < 0:
                return first + 1 if low == "on" else len(words)
            first = comma + 1
            if first < len(words) and lower[first] in ("a", "an"):
                # "For Ada, a former teacher, the evenings are the worst."
                close = next((i for i in range(first, len(words)) if words[i] == ","), -1)
                if close > 0 and close + 1 < len(words) and not is_capitalised(words[close + 1]):
                    first = close + 1
        else:
            break
    return first


def _subject_behind(sentence: Sentence, first: int, stop: int) -> int:
    """Where the subject begins if no comma parts it from a phrase: "Beside her a man", or 0."""
    words, lower = sentence.words, sentence.lower
    if lower[first] not in PREPOSITIONS:
        return 0
    for i in range(first + 2, min(stop, first + 5)):
        before = words[i - 1]
        if lower[i] in ARTICLES and (lower[i - 1] in OBJECTS or is_capitalised(before)):
            return i
        timed = before in TIME or before.isdigit()
        if timed and (lower[i] in PRONOUNS or (is_capitalised(words[i]) and words[i] not in TIME)):
            return i
    return 0


def subject_end(sentence: Sentence, first: int) -> int:
    """End of the noun phrase at `first`, with the apposition behind its comma."""
    words = sentence.words
    if first < len(words) and sentence.lower[first] in PRONOUNS:
        return first + 1
    end = next((i for i in range(first, len(words)) if _ends_subject(sentence, i)), len(words))
    if end == first or end >= len(words):
        return end
    if words[end] == "," and end + 1 < len(words):
        close = next((i for i in range(end + 1, min(len(words), end + 16)) if words[i] == ","), -1)
        if close > 0 and sentence.lower[end + 1] not in ("who", "which", "and", "but"):
            return close
    return end


def _ends_subject(sentence: Sentence, i: int) -> bool:
    """Whether a word stands behind the subject of its sentence."""
    low = sentence.lower[i]
    word = sentence.words[i]
    if word[0] == BLANK or low in AUXILIARY or low in BREAKS or low in VERBS or low in PAST:
        return True
    if word in ",;:.()–—?!":
        return True
    if i and sentence.lower[i - 1] in PERSON_NOUNS and word[0].islower():
        return low not in PERSON_NOUNS and low not in ("of", "for", "at", "from")
    if i and low in PREPOSITIONS and low not in ("of", "for"):
        return sentence.lower[i - 1] not in PERSON_NOUNS
    before = sentence.words[i - 1] if i else ""
    if word[0].islower() and before in BODIES:
        return low.removesuffix("s") not in PERSON_NOUNS and low not in BODY_NOUNS
    if word[0].islower() and i and names_someone(before):
        return low not in PERSON_NOUNS and low not in PREPOSITIONS and low not in PARTICLES
    return (
        word[0].islower()
        and low.endswith("ed")
        and i > 0
        and (sentence.lower[i - 1] not in DETERMINERS)
    )


def subject_span(sentence: Sentence, verb: int, first: int = 0) -> tuple[int, int] | None:
    """Words `start:end` of the subject left of a verb, appositions included."""
    words, lower = sentence.words, sentence.lower
    j = verb - 1
    while j >= first:
        low = lower[j]
        if (
            low in AUXILIARY
            or (low.endswith("ly") and words[j][0].islower() and len(low) > 4)
            or low in TIME
            or (low in ("last", "next", "late", "early", "this") and j < verb - 1)
            or (low == "on" and j < verb - 1 and lower[j + 1] in ("twitter", "facebook", "x"))
            or (low == "on" and words[j + 1] in TIME)
        ):
            j -= 1
        else:
            break
    if j < first:
        return None
    if words[j] in (",", "–", "—", ")", "-"):
        return _appositive_start(sentence, j, first)
    if lower[j] in ("who", "which", "that") and j > first:
        end = j - 1 if words[j - 1] == "," else j
        start = _phrase_start(sentence, end - 1, first)
        for i in range(end - 2, start, -1):
            if lower[j] == "who" and lower[i] in AGENTS and lower[i + 1] in DETERMINERS:
                start = i + 1
                break
        if words[j - 1] == "," and words[start - 1 : start] == [","]:
            wider = _appositive_start(sentence, end, first)
            return wider or (start, end)
        return (start, end) if start < end else None
    relative = next(
        (
            k
            for k in range(j, max(first, j - 12), -1)
            if lower[k] in ("who", "which") or words[k] in ",;:–—" or words[k][0] == BLANK
        ),
        -1,
    )
    if relative > first and lower[relative] == "which" and lower[relative - 1] in PREPOSITIONS:
        # "a memo in which an analyst wrote"
        return relative + 1, j + 1
    that = (
        lower.index("that", relative, j) if relative > first and "that" in lower[relative:j] else j
    )
    if not any(w in FINITE for w in lower[that:j]) and that < j:
        # "The mayor, who won a vote that observers called": the clause within the clause.
        relative = -1
    if relative > first and lower[relative] in ("who", "which") and words[relative - 1] != ",":
        # "A diplomat who was in the room said"
        return _phrase_start(sentence, relative - 1, first), relative
    start = _phrase_start(sentence, j, first)
    if start > j:
        # "and said": the verb shares the subject of the clause before.
        return None
    return (start, j + 1) if lower[start] not in PREPOSITIONS else None


def _phrase_start(sentence: Sentence, end: int, first: int) -> int:
    """Leftmost word of the noun phrase that ends with word `end`."""
    words, lower = sentence.words, sentence.lower
    if lower[end] in PRONOUNS:
        return end if lower[end] != "who" else end + 1
    k = end
    while k >= first:
        low, word = lower[k], words[k]
        if not word[0].isalnum():
            break
        if low in PRONOUNS or (k != end and (k in sentence.verbs or low == "that")):
            break
        if low == "which":
            break
        if low in SUBORDINATORS:
            break
        if low in BREAKS:
            joins = (
                low == "and"
                and k > first
                and k < end
                and is_capitalised(words[k + 1])
                and is_capitalised(words[k - 1])
                and words[k - 1] not in STARTERS
                and k - 1 > first - 1
            )
            if not joins:
                break
        elif low in TIME and word[0].isupper():
            break
        elif low in DETERMINERS and k > first and lower[k - 1] not in PREPOSITIONS:
            if lower[k - 1] not in DETERMINERS:
                return k
        elif low in AUXILIARY and low not in (
            "first",
            "even",
            "only",
            "further",
            "then",
            "all",
            "both",
        ):
            break
        k -= 1
    start = k + 1
    while start <= end and (
        lower[start]
        in ("but", "and", "then", "later", "meanwhile", "however", "now", "so", "still")
        or words[start] == BLANK
    ):
        start += 1
    if k >= first and lower[k] in FINITE and k < start <= end:
        # "X has sent us a paper that says": the participle is no part of the phrase.
        return next((i for i in range(start, end + 1) if lower[i] in DETERMINERS), start)
    # An introductory phrase without a comma: "In Geneva the envoy", "On Friday Sand".
    if start <= end and lower[start] in PREPOSITIONS:
        for i in range(start + 1, end + 1):
            if lower[i] in DETERMINERS and lower[i - 1] not in PREPOSITIONS:
                return i
        return end if is_capitalised(words[end]) else start
    return start


def _appositive_start(sentence: Sentence, comma: int, first: int) -> tuple[int, int] | None:
    """Subject of "Sela Ordan, the foreign minister, said": words up to the comma at `comma`."""
    words, lower = sentence.words, sentence.lower
    segments: list[tuple[int, int]] = []
    end = comma
    while end > first and len(segments) < 7:
        start = end
        while start > first and words[start - 1] not in (",", ";", ":", "–", "—", ".", "(", ")"):
            if words[start - 1][0] == BLANK or words[start - 1] in MARKS:
                # Across a quotation only if the words behind it cannot begin a subject.
                behind = start
                while behind < comma and not words[behind][0].isalnum():
                    behind += 1
                low = lower[behind] if behind < comma else ""
                if low not in PREPOSITIONS and low not in AUXILIARY:
                    break
            start -= 1
        if start < end:
            segments.append((start, end))
        if start == first or words[start - 1] not in (",", "–", "—", "(", ")"):
            break
        end = start - 1
    if not segments:
        return None
    segments.reverse()
    if len(segments) > 1 and lower[segments[-2][1] - 1] in ("and", "but"):
        # "The leader left and, according to some, told": the subject is further left.
        return None
    # Drop introductory segments and parentheses such as "the report said".
    while len(segments) > 1 and _introduces(sentence, segments[0]):
        if lower[segments[1][0]] in ("then", "now", "once", "himself", "herself"):
            # "In it Ana Berg, then a deputy, said"
            start, end = segments[0]
            named = next((i for i in range(start + 1, end) if names_someone(words[i])), end)
            return (named, end) if named < end else None
        segments.pop(0)
    start = segments[0][0]
    for i, (s, e) in enumerate(segments):
        if i and lower[s] in ("and", "but", "while", "as", "so", "yet") and i + 1 < len(segments):
            start = s + 1
        if (
            i
            and lower[s] == "whose"
            and i + 1 < len(segments)
            and head_of(words[s + 1 : e]) in PERSON_NOUNS
        ):
            start = s + 1
    while start < comma and lower[start] in ("but", "and", "so", "yet", "while", "that"):
        start += 1
    head_end = next((e for s, e in segments if s <= start < e), comma)
    inner = [v for v in sentence.verbs if start < v < head_end]
    if inner:
        start = inner[-1] + 1
        if start < comma and lower[start] == "that":
            start += 1
    return (start, comma) if start < comma else None


def _introduces(sentence: Sentence, segment: tuple[int, int]) -> bool:
    start, end = segment
    lower, words = sentence.lower, sentence.words
    low = lower[start]
    if low in ("but", "and") and end - start > 1:
        low = lower[start + 1]
        start += 1
    if low in INTRODUCTORY or low.endswith("ly"):
        return True
    if low.endswith("ing") and words[start][0].islower():
        return True
    return (
        low.endswith(("ing", "ed"))
        and start == 0
        and not is_capitalised(words[min(start + 1, end - 1)])
    )


def right_span(sentence: Sentence, start: int) -> tuple[int, int] | None:
    """Words `start:end` of the noun phrase behind "said" or "according to", with apposition."""
    words, lower = sentence.words, sentence.lower
    size = len(words)
    i = start
    while i < size and lower[i] in ("also", "then", "later", "again", "further"):
        i += 1
    if i >= size or not words[i][0].isalnum():
        return None
    low = lower[i]
    if low in PREPOSITIONS or low in BREAKS or low in FINITE:
        return None
    if low in PRONOUNS:
        return (i, i + 1) if low in ("he", "she", "they", "it") else None
    if (low in TIME and not is_capitalised(words[i])) or words[i] in TIME:
        return None
    if words[i] in ("Jan", "Jan.") and words[i + 1 : i + 2] and words[i + 1][0].isdigit():
        return None
    first = i
    named = False
    while i < size:
        low, word = lower[i], words[i]
        if word[0] == BLANK or word in '.;:?!()–—”"»“':
            break
        if word == ",":
            if not _apposes(sentence, first, i, named):
                break
            if named and not is_capitalised(words[i + 1]):
                # Keep one apposition, up to its own end; a verb shows that it is none.
                comma = i
                i += 1
                while (
                    i < size
                    and words[i] not in ",.;:?!()–—"
                    and lower[i] not in ("who", "which", "whose", "adding", "after")
                ):
                    if lower[i] in FINITE:
                        i = comma
                        break
                    i += 1
                break
            named = True
        elif low in PHRASE_ENDS or (
            i > first and (low in TIME or low in ("yesterday", "earlier", "later", "last", "late"))
        ):
            break
        elif i > first and low in ("in", "on", "to", "by", "with", "at", "from", "during", "of"):
            if (
                is_capitalised(words[i - 1])
                and lower[i - 1] not in PERSON_NOUNS
                and (low not in ("of", "at", "from") or not words[i - 1][0].isupper())
            ):
                break
            if low in ("on", "to", "by", "during") and lower[i - 1] in PERSON_NOUNS:
                break
        elif (
            (low == "and" and not (i + 1 < size and is_capitalised(words[i + 1])))
            or (i > first and low in VERBS and i in sentence.verbs)
            or (i > first and low in FINITE)
        ):
            break
        if is_capitalised(word) and not named and i == first:
            named = word not in STARTERS and word not in TITLES
        i += 1
    while i > first and (words[i - 1] == "," or lower[i - 1] in PREPOSITIONS):
        i -= 1
    return first, i


def _apposes(sentence: Sentence, first: int, comma: int, named: bool) -> bool:
    """Whether the comma behind a noun phrase begins an apposition to it."""
    words, lower = sentence.words, sentence.lower
    if comma + 1 >= len(words) or not words[comma + 1][0].isalpha():
        return False
    low = lower[comma + 1]
    if low in ARTICLES or low in ("his", "her", "its", "one") or owns(low):
        return named
    phrase = words[comma + 1 : comma + 7]
    if is_capitalised(phrase[0]):
        return True
    return named and low in APPOSING
