"""Marks that hold no speech: titles, nicknames, slogans, so-called terms, wording of laws."""

from __future__ import annotations

from stance.article.phrases import subject_span
from stance.article.quotemarks import Span
from stance.article.reporting import (
    ARTICLES,
    AUXILIARY,
    BREAKS,
    DOCUMENTS,
    FINITE,
    POSSESSIVE_PRONOUNS,
    PREPOSITIONS,
    SAYING,
    VERBS,
    word_set,
)
from stance.article.sentences import Sentence, head_of, owns, starts_sentence

#: Words right before a mark that make it a name or a term and not speech.
NAMING = word_set(
    """
    so-called called named nicknamed dubbed titled entitled codenamed code-named headlined captioned
    christened self-styled self-proclaimed voted ticked pressed clicked self-described renamed
    labelled labeled branded meaning means signed spelled marked stamped termed aka alias billed
    baptised baptized subtitled styled
    """
)
#: Nouns right before a mark that make it a title, a slogan, or a word spoken about.
TITLED = word_set(
    """
    word words term terms phrase phrases slogan slogans motto banner banners placard placards tattoo
    label sticker sign signs poster posters hashtag headline chant chants film movie book novel
    memoir song album series play musical documentary exhibition programme program podcast show
    essay poem painting opera magazine newspaper newsletter weekly daily website blog pamphlet
    operation codename nickname name names category acronym letters title inscription expression
    cartoon game ship ferry vessel tanker yacht trawler boat frigate icebreaker movement initiative
    campaign project paper chapter section ballad hymn anthem single sitcom drama column
    autobiography biography thriller comedy notion shirt t-shirt graffiti designation exercise
    appeal strapline tagline tag drill group party ticket brand report article leaflet document
    clause plaque wall mural badge cap hat caption cry handbill handbills leaflets flyer flyers
    """
)
TITLED_ONLY_IF_CAPITALISED = word_set(
    """
    report article document group party appeal show play column campaign project series programme
    program movement initiative wall single paper section clause newspaper daily weekly ticket
    notion category name names drill exercise operation
    """
)
#: Verbs of display and of the crowd: what stands on a placard is a slogan.
SLOGAN_VERBS = word_set("chanted chanting chant chants reading reads read bearing saying bore")
SIGNS = word_set(
    """
    placard placards tattoo label sticker banner banners sign signs poster posters slogan slogans
    graffiti t-shirt t-shirts shirt shirts stickers badge badges notice letters flag flags
    inscription board cap caps hat hats mug plaque screen ballot bio caption handbill handbills
    leaflet leaflets flyer flyers
    """
)
#: Sources of wording that nobody speaks.
LAWS = word_set(
    "act law constitution statute treaty code rules regulation regulations charter bill"
)
#: Labels before a colon that announce a link or a picture, not a speaker.
SIGNPOSTS = word_set(
    "watch read listen see related sign photo video picture gallery more also "
    "subscribe play explainer opinion next tonight coming"
)
#: "listed as", "marketed as": what follows is a name or a class, not speech.
REGISTERING = word_set(
    """
    referred nicknamed listed registered marketed sold billed classified designated recorded filed
    advertised trademarked translated rendered abbreviated credited
    """
)
#: Findings of a court, before "of", "with" or "for": what follows is the wording of a law.
CHARGED = word_set(
    """
    charged convicted acquitted guilty cleared jailed fined arrested sentenced disqualified indicted
    prosecuted detained
    """
)
#: What a quoted compound names when one of these follows it: the “three strikes” rule.
SCHEMES = word_set(
    """
    rule rules policy policies scheme schemes programme program law laws clause tax strategy status
    list option test zone zones act bill order button initiative doctrine principle category
    """
)
#: Words that need no capital in a title.
SMALL = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "and",
        "in",
        "for",
        "to",
        "on",
        "at",
        "by",
        "with",
        "from",
        "or",
        "de",
        "la",
    ]
)
#: People in general who pass judgement: what they call a thing is speech.
CRITICS = frozenset(("critics", "opponents", "activists", "campaigners", "protesters", "residents"))
#: Verbs of naming that also pass judgement: "what she called “a farce”".
CALLING = frozenset(("called", "termed", "labelled", "labeled", "branded"))


ARTICLE_OF = (["article"], ["section"], ["clause"], ["rule"])
#: Who says a word in general, so that the word itself is meant: when you say “reform”.
ANYONE = frozenset(("you", "we", "one", "whoever", "people", "us", "everyone", "everybody"))
#: What a term or a name is, before "of": the notion of “problem wolf”.
NOTIONS = word_set("notion concept category label title name nickname rank status term class")
#: What a crowd does with a slogan.
CROWDING = frozenset(("shout", "roar", "sing", "yell", "cry", "bellow"))
#: What a thing is called by someone, if "the" stands before the name.
CALLED = frozenset(("it", "this", "that", "him", "her", "them", "these", "those", "himself"))
#: Verbs that take a thing and what is said of it: "called the film “a triumph”".
JUDGED = frozenset(("call", "brand", "describe", "label", "deem", "pronounce", "consider", "dub"))


def not_speech(span: Span, sentence: Sentence, opening: int, content: str) -> str:
    """Why the words between a pair of marks are no speech; empty if they may be.

    `opening` is the index of the opening mark among the words of the sentence.
    """
    lower = sentence.lower
    lead = lower[opening - 1] if opening else ""
    i = opening - 1
    while i >= 0 and (lower[i] in ARTICLES or lower[i] in POSSESSIVE_PRONOUNS or lower[i] == "own"):
        i -= 1
    named = written_as_name(content)
    bare = i == opening - 1 and content.split()[0].lower() in PREPOSITIONS
    if i >= 0 and (
        _is_naming(sentence, i, named, bare) or "so-called" in lower[max(0, i - 2) : i + 1]
    ):
        return "a name or a so-called term"
    if (
        _is_usage(sentence, i, opening, content)
        or _is_definite(sentence, opening, span.closed, content)
        or _is_called_behind(sentence, span.closed)
    ):
        return "a name or a so-called term"
    if i >= 0 and _is_titled(sentence, i, named):
        return "a title, a slogan or a word spoken about"
    if _is_titled_behind(sentence, sentence.before(span.closed), named):
        return "a title, a slogan or a word spoken about"
    if _is_spoken_about(sentence, opening, content):
        return "a title, a slogan or a word spoken about"
    if _is_slogan(sentence, i, opening) or lower[max(0, opening - 2) : opening] == ["meant", "by"]:
        return "a title, a slogan or a word spoken about"
    if lower[:opening] in (["see", "also"], ["read", "also"], ["read", "more"], ["see"], ["watch"]):
        return "a link or a picture"
    if lead == ":" and _is_signpost(sentence, opening):
        return "a link or a picture"
    if _is_law(sentence, opening):
        return "the wording of a law"
    after = sentence.before(span.closed)
    if _is_scare(sentence, lead, opening, after, content) or (
        _is_term(sentence, lead, opening, after, content)
    ):
        return "scare quotes"
    if named and not starts_sentence(sentence, opening) and lead not in (",", ":"):
        verb = VERBS.get(lead, ("", ""))[0] if opening - 1 in sentence.verbs else ""
        if not verb or (verb in ("write", "read", "call") and len(content.split()) > 1):
            return "a name or a so-called term"
    return lone_adverb(content)


def lone_adverb(content: str) -> str:
    """Why a word such as "necessarily" is no speech; empty for anything else."""
    lone = content.isalpha() and content.islower() and content.endswith("ly")
    return "a lone adverb" if lone else ""


def _is_naming(sentence: Sentence, i: int, named: bool, adverbial: bool) -> bool:
    """Whether the word before the mark gives a name: known as, dubbed, so-called.

    `adverbial` words are no name: "a successor would be named “within hours”".
    """
    lower = sentence.lower
    if lower[i] == "as":
        before = lower[max(0, i - 5) : i]
        if "described" in before and any(w in DOCUMENTS for w in before) and "in" in before:
            # "a policy, described in one memo as “X”"
            return True
        refers = next((v for v in sentence.verbs if VERBS[lower[v]][0] == "refer" and v < i), 0)
        subject = subject_span(sentence, refers) if refers else None
        if subject and _is_plural(sentence, subject):
            # "Colleagues referred to the clinic as “the conveyor belt”."
            return True
        before = before[-4:]
        return "known" in before or any(w in REGISTERING for w in before[-2:])
    if lower[i] not in NAMING or adverbial:
        return False
    by_someone = any(w in ("what", "that", "which") for w in lower[max(0, i - 6) : max(0, i - 1)])
    speaks = i in sentence.verbs and lower[i - 1 : i] in (["he"], ["she"], ["they"])
    return named or lower[i] not in CALLING or not (by_someone or speaks)


def _is_plural(sentence: Sentence, subject: tuple[int, int]) -> bool:
    """Whether a subject is unnamed people in general: locals, the services."""
    last = sentence.words[subject[1] - 1]
    if subject[1] == 1:
        # The first word of a sentence is a name only with another.
        last = last.lower()
    return last[0].islower() and last.endswith("s") and last not in CRITICS


def _is_usage(sentence: Sentence, i: int, opening: int, content: str) -> bool:
    """Whether people in general call a thing so: "what the services call “disposables”"."""
    lower = sentence.lower
    if i < 1 or lower[i] not in ("call", "calls"):
        return False
    subject = subject_span(sentence, i)
    if i == opening - 1 and sum(v < opening for v in sentence.verbs) < 2:
        first = subject[0] if subject else i
        by_name = lower[first] in ("he", "she", "i") or (
            first > 0 and sentence.words[first][0].isupper()
        )
        return not (by_name and lower[i] == "calls")
    return lower[i] == "call" and subject is not None and _is_plural(sentence, subject)


def _is_definite(sentence: Sentence, opening: int, closed: int, content: str) -> bool:
    """Whether "the" stands before a short name nobody has been told: spoke of the “open hand”.

    What is condemned is quoted: right behind a verb, or with a noun behind the mark.
    """
    lower = sentence.lower
    if opening < 3 or lower[opening - 1] != "the" or len(content.split()) > 3:
        return False
    if content[-1] in ".!?" or opening - 2 in sentence.verbs:
        return False
    after = sentence.before(closed)
    follower = sentence.words[after] if after < len(sentence.words) else "."
    low = follower.lower()
    ends = content[-1] == "," or not follower[0].isalnum() or low in BREAKS or low in FINITE
    return ends or lower[opening - 2] in CALLED


def _is_spoken_about(sentence: Sentence, opening: int, content: str) -> bool:
    """Whether a word is meant and not a saying: when you say “reform”; put “synergy” there."""
    lower = sentence.lower
    size = len(content.split())
    if lower[opening - 1 : opening] == [":"] and size < 4:
        named = lower[max(0, opening - 5) : opening - 1]
        return "word" in named or "term" in named or "phrase" in named
    if lower[opening - 1 : opening] == ["of"] and lower[opening - 2] in NOTIONS:
        return size < 4
    verb = max((v for v in sentence.verbs if v < opening), default=-1)
    if verb < 0 or size > 5:
        return False
    lemma, form = VERBS[lower[verb]]
    if lemma == "prefer" and verb == opening - 1:
        return size < 4
    subject = subject_span(sentence, verb)
    if subject is None:
        return False
    start, end = subject
    if form == "" and lemma == "say" and size < 3 and _is_plural(sentence, subject):
        # "When politicians say “reform”"
        return verb == opening - 1 and content[-1] not in ".!?,"
    if lower[end - 1] in ANYONE or lower[start] in ANYONE:
        return size < 4 and form in ("", "s") and content[-1] not in ".!?,"
    last = sentence.words[end - 1]
    many = last.endswith("s") and (last[0].islower() or end == 1)
    return lemma in CROWDING and (many or last in ("crowd", "hall"))


def _is_called_behind(sentence: Sentence, closed: int) -> bool:
    """Whether the words are taken up as a name: “X”, a term he has used before."""
    after = sentence.before(closed)
    behind = sentence.lower[after : after + 3]
    if behind[:2] == [",", "as"]:
        # "the “silent hills”, as pollsters call them"
        rest = sentence.lower[after + 2 : after + 8]
        return "call" in rest or "known" in rest
    return behind[:2] in ([",", "a"], [",", "the"]) and behind[2:] in (
        ["term"],
        ["pun"],
        ["nickname"],
        ["acronym"],
        ["name"],
        ["label"],
    )


def _is_titled(sentence: Sentence, i: int, named: bool) -> bool:
    """Whether the words before the mark announce a title or a slogan: the novel, its motto is."""
    lower = sentence.lower
    if lower[i] in (",", "is", "was", ":") and i and lower[i - 1] in TITLED:
        if lower[i] == ":" and not named:
            return False
        i -= 1
    if lower[i] not in TITLED or (lower[i] == "words" and i and owns(lower[i - 1])):
        return False
    if i in sentence.verbs and i and lower[i - 1] in ("he", "she", "they"):
        # "what he terms “the ear”"
        return False
    judged = any(i - 4 < v < i and VERBS[lower[v]][0] in JUDGED for v in sentence.verbs)
    if judged and not named:
        # "Critics called the film “a triumph”."
        return False
    return named or lower[i] not in TITLED_ONLY_IF_CAPITALISED


def _is_titled_behind(sentence: Sentence, after: int, named: bool) -> bool:
    """Whether the word behind the closing mark tells what it is: the “X” campaign, “X” means."""
    follower = sentence.lower[after] if after < len(sentence.lower) else ""
    if follower in ("means", "meant", "stands", "translates") and after < 6:
        return True
    if follower not in TITLED or follower in ("report", "word", "words"):
        return False
    return named or follower in SIGNS or follower in ("slogan", "banner", "movement", "campaign")


def _is_slogan(sentence: Sentence, i: int, opening: int) -> bool:
    """Whether the words are chanted, or stand on a sign."""
    lead = sentence.lower[i] if i >= 0 else ""
    if lead not in SLOGAN_VERBS:
        return False
    signs = any(w in SIGNS for w in sentence.lower[max(0, opening - 12) : opening])
    return signs or lead.startswith("chant")


def _is_signpost(sentence: Sentence, opening: int) -> bool:
    """Whether a colon stands behind a label such as "Read also"."""
    lower = sentence.lower
    if opening > 8 or not any(w in SIGNPOSTS for w in lower[: opening - 1]):
        return False
    if any(v < opening and VERBS[lower[v]][0] in SAYING for v in sentence.verbs):
        return lower[0] in SIGNPOSTS
    return lower[0] in SIGNPOSTS or (opening < 6 and FINITE.isdisjoint(lower[:opening]))


def _is_law(sentence: Sentence, opening: int) -> bool:
    """Whether it is a law that "says" the words."""
    lower = sentence.lower
    if opening and lower[opening - 1] in ("with", "of", "for"):
        if any(w in CHARGED for w in lower[max(0, opening - 4) : opening - 1]):
            return True
        if lower[opening - 2] in ("charge", "charges", "offence", "offense", "crime", "suspicion"):
            return True
    if lower[0] == "under" and not any(v < opening for v in sentence.verbs):
        return any(w in LAWS or w == "article" for w in lower[1:7])
    if any(
        v < opening and v and (lower[v - 1] in LAWS or lower[v - 2 : v - 1] in ARTICLE_OF)
        for v in sentence.verbs
    ):
        return True
    # "the act, which bars anyone “found in the area”"
    return any(
        lower[i] in ("that", "which", "to")
        and (lower[i - 1] in LAWS or (lower[i - 1] == "," and lower[i - 2] in LAWS))
        and not any(i + 1 < v < opening for v in sentence.verbs)
        and "," not in lower[i + 1 : opening]
        for i in range(2, opening - 1)
    )


def _is_scare(sentence: Sentence, lead: str, opening: int, after: int, content: str) -> bool:
    """Whether one or two words stand as an attribute nobody is said to use: the “smart” road.

    Behind a reporting verb such words are quoted: she condemned the “barbaric” attack.
    """
    if lead not in ARTICLES and lead not in POSSESSIVE_PRONOUNS:
        return False
    if len(content.split()) > 2 or any(v < opening for v in sentence.verbs):
        return False
    follower = sentence.words[after] if after < len(sentence.words) else ""
    low = follower.lower()
    attribute = follower[:1].islower() and not (
        low in PREPOSITIONS or low in BREAKS or low in AUXILIARY or low in VERBS
    )
    return attribute or (opening == 1 and low in FINITE)


def _is_term(sentence: Sentence, lead: str, opening: int, after: int, content: str) -> bool:
    """Whether two or three words name what a clause is about: said a “smart fence” would."""
    lower = sentence.lower
    size = len(content.split())
    follower = lower[after] if after < len(lower) else ""
    determined = lead in ARTICLES or lead in POSSESSIVE_PRONOUNS or lead.endswith(("’s", "'s"))
    if determined and follower in SCHEMES:
        return 1 < size < 5 or "-" in content
    if (
        not (1 if lead == "the" else 2) <= size < 4
        or follower not in FINITE
        or content[-1] in ",.!?"
    ):
        return False
    subject = opening - 2 if lead in ARTICLES else opening - 1
    return subject in sentence.verbs or lower[subject] in ("that", ",")


def is_written(speaker: str) -> bool:
    """Whether what "says" something is a sign, a shirt, an article of a law.

    Examples
    --------
    >>> is_written("a sign on the gate"), is_written("a spokesman for the gate")
    (True, False)
    """
    head = head_of(speaker.split())
    return head in SIGNS or head in LAWS or speaker.split()[:1] in (["Article"], ["Section"])


def written_as_name(content: str) -> bool:
    """Whether every word that matters is capitalised, as in a title or a nickname.

    Examples
    --------
    >>> written_as_name("The Last Ferry"), written_as_name("The last ferry")
    (True, False)
    """
    words = content.rstrip(".,").split()
    if len(content) > 80 or len(words) > 8 or content[-1] in "!?":
        return False
    weighty = [w for w in words if w.lower() not in SMALL]
    return bool(weighty) and all(w[0].isupper() or w[0].isdigit() for w in weighty)
