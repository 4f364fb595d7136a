"""What counts as a quotation, where it begins and ends, and whose it is."""

from __future__ import annotations

import os
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

from extraction import score  # noqa: E402

from stance.article import Extraction, extract  # noqa: E402

SHARED = Path(os.environ.get("STANCE_SHARED", ROOT.parent / "shared"))
COMPOSED = Path(__file__).parent / "articles"


def said(text: str) -> list[tuple[str, str]]:
    """Speaker and words of each quotation."""
    return [(q.speaker, q.text) for q in extract(text).quotations]


def words(text: str) -> list[str]:
    return [q.text for q in extract(text).quotations]


def speakers(text: str) -> list[str]:
    return [q.speaker for q in extract(text).quotations]


MARKS = [
    ('Ana Berg said: "We will stay."', ["We will stay."]),
    ("Ana Berg said: “We will stay.”", ["We will stay."]),
    ("Ana Berg said: „We will stay.“", ["We will stay."]),
    ("Ana Berg said: „We will stay.”", ["We will stay."]),
    ("Ana Berg said: «We will stay.»", ["We will stay."]),
    ("Ana Berg said: « We will stay. »", ["We will stay."]),
    ("Ana Berg said: »We will stay.«", ["We will stay."]),
    ("Ana Berg said: ‚We will stay.‘", ["We will stay."]),
    ("Ana Berg said: ``We can't stay.''", ["We can't stay."]),
    ("Ana Berg said: `We can't stay.'", ["We can't stay."]),
    ("Ana Berg said: ”We will stay.”", ["We will stay."]),
    ("Ana Berg said: ‘We will stay.’", ["We will stay."]),
    ("Ana Berg said: 'We will stay.'", ["We will stay."]),
    # Apostrophes are no marks.
    ("Ana Berg said: ‘Don’t go. It’s late.’", ["Don’t go. It’s late."]),
    ("Ana Berg said: 'Don't go. It's late.'", ["Don't go. It's late."]),
    ("Ana Berg said: ‘The ministers’ talks have failed.’", ["The ministers’ talks have failed."]),
    ("Ana Berg said: 'The ministers' talks have failed.'", ["The ministers' talks have failed."]),
    ("Ana Berg said the ministers’ talks failed in the ’90s, not now.", []),
    ("Ana Berg said rock ’n’ roll and the boss's cars weren't hers.", []),
    ("Ana Berg said rock 'n' roll was born in the '50s.", []),
    ("Ana Berg said the fence was 6'2\" high and 12\" wide.", []),
    # Nested marks belong to the quotation around them.
    ("Ana Berg said: “He told me ‘go home’ and left.”", ["He told me ‘go home’ and left."]),
    ("Ana Berg said: ‘He told me “go home” and left.’", ["He told me “go home” and left."]),
    ("Ana Berg said: \"He told me 'go home' and left.\"", ["He told me 'go home' and left."]),
    # Split by the reporting clause.
    ("“We came,” Ana Berg said, “and we saw it all.”", ["We came, and we saw it all."]),
    ("“We came,” said Ana Berg. “We saw it all.”", ["We came, We saw it all."]),
    ("‘We came’, said Ana Berg. ‘We saw it all.’", ["We came We saw it all."]),
    ("“We came,” said Ana Berg in April, “This is ours.”", ["We came, This is ours."]),
    ("“We came,” said Ana Berg. “And, yes, we saw.”", ["We came, And, yes, we saw."]),
    ("“We came,” said Ana Berg. “and we saw it all.”", ["We came, and we saw it all."]),
    ("“In April,” said Ana Berg, “Ordan fell to them.”", ["In April, Ordan fell to them."]),
    ("“Did we come?” asked Ana Berg. “We did not.”", ["Did we come? We did not."]),
    # A clause of its own begins another quotation.
    ("“We came,” Ana Berg said. “We saw,” she added.", ["We came,", "We saw,"]),
    ("“We came,” Ana Berg said, adding: “We saw it all.”", ["We came,", "We saw it all."]),
    # Several paragraphs: the opening mark is repeated, the closing one comes at the end.
    ("Ana Berg said: “One day.\n\n“Two days.\n\n“Three days.”", ["One day. Two days. Three days."]),
    ("Ana Berg said: ‘One day.\n\n‘Two days.’", ["One day. Two days."]),
    ("Ana Berg said: «One day.\n\n»Two days.»", ["One day. Two days."]),
    ("“One day.\n\n“Two days,” said Ana Berg.", ["One day. Two days,"]),
    # Hard-wrapped lines are folded.
    ("Ana Berg said: “We will\n stay here.”", ["We will stay here."]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MARKS)
def test_marks(text: str, expected: list[str]) -> None:
    assert words(text) == expected


SPEAKERS = [
    # Every order of speaker and verb.
    ("Ana Berg said: “We will not leave the town.”", "Ana Berg"),
    ("“We will not leave the town,” said Ana Berg.", "Ana Berg"),
    ("“We will not leave the town,” Ana Berg said.", "Ana Berg"),
    ("“We will not leave the town,” Ana Berg told Radio Ordan.", "Ana Berg"),
    ("“We will not leave the town,” according to Ana Berg.", "Ana Berg"),
    ("According to Ana Berg, the plan is “a disgrace to the town”.", "Ana Berg"),
    ("Ana Berg: “We will not leave the town.”", "Ana Berg"),
    ("Ana Berg tweeted: “We will not leave the town.”", "Ana Berg"),
    ("Ana Berg was quoted as saying: “We will not leave the town.”", "Ana Berg"),
    ("“We will not leave the town,” Ana Berg was quoted as saying.", "Ana Berg"),
    ("The agency quoted Ana Berg as saying: “We will not leave.”", "Ana Berg"),
    ("Asked by Carl Dorn, Ana Berg said: “We will not leave.”", "Ana Berg"),
    ("In a statement on Friday, Ana Berg said: “We will not leave.”", "Ana Berg"),
    ("Speaking before the vote, Ana Berg told the station: “We will not leave.”", "Ana Berg"),
    ("Ana Berg on Monday called the plan “a disgrace”.", "Ana Berg"),
    ("The plan was described by Ana Berg as “a disgrace”.", "Ana Berg"),
    ("It was, in what Ana Berg called “a disgrace”, closed.", "Ana Berg"),
    ("The plan is “a disgrace” and will fail, Ana Berg said.", "Ana Berg"),
    ("The plan is “a disgrace” and will fail, said Ana Berg.", "Ana Berg"),
    ("Said Ana Berg: “We need beds and we need them now.”", "Ana Berg"),
    ("“We will not leave” was the answer of Ana Berg.", "Ana Berg"),
    ("Ana Berg left early, with Carl Dorn, the mayor, saying: “It is over.”", "Carl Dorn"),
    ("Leaders will, says Ana Berg, be asked to “swallow their pride”.", "Ana Berg"),
    ("As she “strongly condemned” the raid, Ana Berg wept.", ""),
    # A signature.
    ("“We will not leave.” — Ana Berg, mayor of Ordan", "Ana Berg"),
    ('"We stay" - Ana Berg', "Ana Berg"),
    ("“We stay” – the mayor left the hall at noon.", ""),
    # Jan is a first name, and seldom a month.
    ("“We will not leave the town,” said Jan Novak. “Not now.”", "Jan Novak"),
    ("Jan Novak came. “We will not leave,” said Jan. “Not now.”", "Jan Novak"),
    ("Jan Novak came, led by Jan. He said: “We will not leave.”", "Jan Novak"),
    ("Ana Berg spoke on Jan. 5. She said: “We will not leave.”", "Ana Berg"),
    # Titles, appositions, relative clauses.
    ("Ordanian Foreign Minister Ana Berg said: “We will not leave.”", "Ana Berg"),
    ("The harbour union’s lawyer Ana Berg said: “We will not leave.”", "Ana Berg"),
    ("Ana Berg, the Ordanian foreign minister, said: “We will not leave.”", "Ana Berg"),
    ("The Ordanian foreign minister, Ana Berg, said: “We will not leave.”", "Ana Berg"),
    ("Ana Berg, who lost her boat in the flood, said: “We will not leave.”", "Ana Berg"),
    ("Ana Berg, 58, said: “We will not leave the town.”", "Ana Berg"),
    ("“We will not leave,” said the harbour master, Ana Berg, on Monday.", "Ana Berg"),
    # Bodies and unnamed people stay as described.
    ("The Ordanian foreign ministry said: “We will not leave.”", "the Ordanian foreign ministry"),
    ("A senior Ordanian official said: “We will not leave.”", "a senior Ordanian official"),
    ("“We will not leave,” said a spokesman for the ministry.", "a spokesman for the ministry"),
    ("A man who was at the gate said: “We will not leave.”", "a man"),
    ("Ordan’s Harbour Ministry said: “We will not leave.”", "Ordan’s Harbour Ministry"),
    ("“They told us to wait,” a man who asked not to be named told the paper.", "a man"),
    ("Ana Berg, whose son drowned in the flood, said: “We will not leave.”", "Ana Berg"),
    (
        "A person with direct knowledge of the deal said: “We will not leave.”",
        "a person with direct knowledge of the deal",
    ),
    ("No 10 said the mayor had “full confidence” in her deputy.", "no 10"),
    ("The largest union, the OFW, said it would stay “for ever”.", "the OFW"),
    # Speaking together.
    ("Ana Berg and Carl Dorn said in a statement: “We will not leave.”", "Ana Berg and Carl Dorn"),
    ("“We will not leave,” Ministers Ana Berg and Carl Dorn said.", "Ana Berg and Carl Dorn"),
    # Set phrases.
    ("As one envoy put it: “We will not leave the town.”", "one envoy"),
    ("“We will not leave the town,” as one envoy put it.", "one envoy"),
    ("The talks, in the words of one envoy, are “not a success”.", "one envoy"),
    ("“We will not leave” – that was the message from Ana Berg.", "Ana Berg"),
    ("“We will not leave the town,” so Ana Berg.", "Ana Berg"),
    ("“A long winter” was how Ana Berg put it.", "Ana Berg"),
    ("“We will not leave,” the agency quoted Ana Berg as saying.", "Ana Berg"),
    ("The plan is “a disgrace” and will fail, according to Ana Berg.", "Ana Berg"),
    ("It was, in Ana Berg’s words, “a long winter”.", "Ana Berg"),
    ("Calling it “a farce”, Ana Berg left.", "Ana Berg"),
    ("The hall fell silent and Ana Berg wept, calling it “a farce”.", "Ana Berg"),
    ("Here is the full statement from Ana Berg: “We will not leave.”", "Ana Berg"),
    ("Jamal Karim, whose sister, Noor, said: “He was kind to us all.”", "Noor"),
    ("In Geneva the envoy said: “We will not leave.”", "the envoy"),
    # A clause inside a clause.
    ("The mayor, who won a vote that observers called “neither free nor fair”, left.", "observers"),
    ("It was opened by the mayor, who said the dam would “last for ever”.", "the mayor"),
    ("Ana Berg has sent in a paper that calls the plan “completely useless”.", "Ana Berg"),
    ("Asked about Ana Berg’s claim that the bill was “enormous”, he left.", "Ana Berg"),
    ("He answered Ana Berg’s “empty chair” remark.", "Ana Berg"),
    # May is a month and a name.
    ("Ana May left in May. May said the talks were “over for good”.", "Ana May"),
    # Nobody.
    ("“We will not leave the town. It is ours, and it always was.”", ""),
    ("To shouts of “Rubbish!” the meeting ended.", ""),
    ("The men had been told to be ready “at short notice”.", ""),
    ("Voters were asked: “Should the town keep its harbour?”", ""),
]


@pytest.mark.parametrize(("text", "expected"), SPEAKERS)
def test_speaker(text: str, expected: str) -> None:
    assert speakers(text) == [expected]


RESOLVED = [
    # Pronouns: the last subject or speaker, gender as a hint.
    ("Ana Berg closed the gate. She said: “No more.”", ["Ana Berg"]),
    ("Ana Berg met Carl Dorn. She said: “No more of this, please.”", ["Ana Berg"]),
    ("Ana Berg said the gate was shut.\n\n“It is shut for good now,” she said.", ["Ana Berg"]),
    ("Ana Berg said Carl Dorn had left and that he called it “a sad day”.", ["Carl Dorn"]),
    ("“One for all,” said Ana Berg.\n\nShe added: “All for one.”", ["Ana Berg", "Ana Berg"]),
    ("The Harbour Union left. It said: “No more of this, please.”", ["the Harbour Union"]),
    (
        "“Where is he?” Ana Berg asked Carl Dorn. “Gone,” he said.",
        ["Ana Berg", "Carl Dorn"],
    ),
    ("“We won,” said Ana Berg; “No, we did,” said Carl Dorn.", ["Ana Berg", "Carl Dorn"]),
    ("Carl Dorn denies it. His sister, Ana Berg, does not. “He did it,” she says.", ["Ana Berg"]),
    ("Ana Berg, 34, lost her job. The 34-year-old said: “It ended.”", ["Ana Berg"]),
    ("“Keys,” she says.\n\n“I have eleven of them,” Ana Berg says.", ["Ana Berg", "Ana Berg"]),
    ("Beside her a woman stood. Carl Dorn wept.\n\n“Stop,” she whispered.", ["a woman"]),
    (
        "The mother of one of the boys said her son was ill. “He is ten,” she said.",
        ["the mother of one of the boys"],
    ),
    (
        "An official responsible for the camp, who was tired, said no. “Go away,” he said.",
        ["an official responsible for the camp"],
    ),
    ("Amadou, a 19-year-old Malian, sat down. “The sea took my friend,” he said.", ["Amadou"]),
    ("Many drowned. Among them was Amadou, 17. “The sea took us,” he had written.", ["Amadou"]),
    ("Dorn’s granddaughter, Noor, voted. “They sent me home,” she said.", ["Noor"]),
    (
        "“I was lied to,” said Ana Berg.\n\nCarl Dorn asked her why. She replied: “Money.”",
        ["Ana Berg", "Ana Berg"],
    ),
    ("Ana Berg got a note from a stranger. It read: “Leave the town at once.”", ["a stranger"]),
    (
        "Ana Berg told the radio: “It is over.” The former ferry captain said it was “late”.",
        ["Ana Berg", "Ana Berg"],
    ),
    # Surnames and given names of people named before.
    ("Ana Berg closed the gate. “No more of this,” Berg said.", ["Ana Berg"]),
    ("Ana Berg closed the gate. “No more of this,” Ms Berg said.", ["Ana Berg"]),
    ("Ivo al-Sand left the room. “No more of this,” Sand said.", ["Ivo al-Sand"]),
    # Descriptions of people whose role is known.
    ("Foreign Minister Ana Berg left. “No more of this,” the minister said.", ["Ana Berg"]),
    (
        "“We are done here,” said a senior official.\n\n“We are tired,” the official added.",
        ["a senior official", "a senior official"],
    ),
    (
        "Ana Berg, the mayor, wept. Her spokesman took over. “She is tired,” the spokesman said.",
        ["the spokesman"],
    ),
    ("Ana Berg left. There was her promise of “a better winter”.", ["Ana Berg"]),
    (
        "“We are tired,” said one backbencher, who left. “We are done,” the MP added.",
        ["one backbencher", "one backbencher"],
    ),
    # A quotation without a clause belongs to whom the article is with.
    ("Ana Berg said she was tired.\n\n“I have not slept since the flood.”", ["Ana Berg"]),
    # Reported speech that goes on without a verb of its own.
    (
        "Ana Berg said the men were strangers. One had been trained “in the time it takes to row”.",
        ["Ana Berg"],
    ),
    # Somebody else's words inside the report.
    (
        "Ana Berg told reporters that her minister considered the matter “closed for good”.",
        ["Ana Berg"],
    ),
]


@pytest.mark.parametrize(("text", "expected"), RESOLVED)
def test_speaker_resolved(text: str, expected: list[str]) -> None:
    assert speakers(text) == expected


ROLES = [
    ("Harbour spokesman Carl Dorn said: “No.”", "Harbour spokesman"),
    ("Carl Dorn, the harbour spokesman, said: “No.”", "harbour spokesman"),
    ("Carl Dorn, a spokesman for the harbour, said: “No.”", "spokesman for the harbour"),
    ("“No more,” said Carl Dorn, a spokesman for the harbour.", "spokesman for the harbour"),
    ("Ordanian President Carl Dorn left. “No more,” Dorn said.", "Ordanian President"),
    ("Mr Carl Dorn said: “No.”", ""),
]


@pytest.mark.parametrize(("text", "expected"), ROLES)
def test_role(text: str, expected: str) -> None:
    (quotation,) = extract(text).quotations
    assert (quotation.speaker, quotation.role) == ("Carl Dorn", expected)


NOT_SPEECH = [
    "The gang known as “the Herons” was seen in Ordan.",
    "Carl Dorn, nicknamed “the Crane”, left the town.",
    "The so-called “long wait” is over.",
    "Her novel “The Last Ferry” came out in spring.",
    "They marched under the slogan “Bread and Water”.",
    "A banner reading “Bread and Water” hung from the bridge.",
    "He was convicted of “breach of the peace” in 1986.",
    "The word “robust” came up twice.",
    "The ship, the “Star of Ordan”, lay at anchor.",
    "The plan, dubbed “the iron fence”, failed, Ana Berg said.",
    "Ana Berg said it would “necessarily” take time.",
    "Read also: “Who owns the sea?”",
    "She said the “Free Ordan” movement had been founded in 2011.",
    "She said the box was marked “fragile”.",
    "The trip was billed as a “fact-finding mission”, the ministry said.",
    "A sign on the door said “Closed until further notice”.",
    "Article 5 states that “an armed attack on one is an attack on all”.",
    "He was charged with “conspiracy to defraud”, prosecutors said.",
    "“Kalma” means silence in Ordanian.",
    "The campaign’s motto is “Nothing about us without us”.",
    "The “brain drain” has slowed, according to the statistics office.",
    "Locals call the road “the Snake”.",
    "The Harbour Act says a vote is held if the margin is “less than a half of one per cent”.",
    "He won under the Harbour Act, which lets him do so if it is “in the public interest”.",
    "He was held on suspicion of “disturbing the public peace”, his lawyer said.",
    "Under article 12, members must “refrain from all force”, the court noted.",
    "A plan, described in one memo as “managed decline”, was found.",
    "Ana Berg said that nurses referred to the ward as “the waiting room”.",
    "He fitted the pattern of what the services call “disposables”.",
    "Ana Berg called the board “the lobby”, a term she has used for years.",
    "The broker cut its rating on the stock to “hold”.",
    "Officials said a “smart fence” would be built.",
    "The committee rejected the “three strikes” rule.",
    "“We are done,” says the sign on the door.",
    "In the capital people talk of little else than the “fish clause”.",
    "Ana Berg called this the “harbour paradox” in her lecture.",
    "The “silent hills”, as pollsters call them, decide late.",
    "When you say “reform” you should say what it costs.",
    "Whoever says “soon” has never built a bridge.",
    "The locals have a word for that: “rained”.",
    "Ana Berg said that lorries cannot pass what drivers call “the needle”.",
    "Ana Berg wrote that when ministers say “efficiency” they mean somebody else.",
    "The ministry spoke against the notion of “problem wolf”.",
    "Next week: “The Secret Life of Ferries”",
    "A review found the “passengers” were members of a choir.",
    "See also “Ten storms that changed the coast”.",
    "Many protesters shouted “Berg out” as the convoy left.",
    "Ana Berg posted a picture with the caption “New chapter”.",
]

SPEECH_ALL_THE_SAME = [
    "Ana Berg went back to what she calls “the old ways”.",
    "The town took a decision that Ana Berg calls “beyond satire”.",
    "Ana Berg condemned the “lies” of the ministry.",
    "Judge Ana Berg wrote that the law, which needs papers, was “a solution in search of ills”.",
    "Ana Berg believes in what she terms “the great ear”.",
    "Critics say the plan is “a sham”.",
    "Ana Berg called it “the worst day of my life”.",
]


@pytest.mark.parametrize("text", SPEECH_ALL_THE_SAME)
def test_speech_all_the_same(text: str) -> None:
    assert len(extract(text).quotations) == 1


@pytest.mark.parametrize("text", NOT_SPEECH)
def test_no_speech(text: str) -> None:
    found = extract(text)
    assert found.quotations == ()
    assert len(found.left_out) == 1
    assert found.left_out[0].reason


UNBALANCED = [
    ("He left.\n\nAna Berg said: “We will stay.\n\nCarl Dorn said: “No more.”", ["No more."], [3]),
    ("Ana Berg said: “We will stay. Carl Dorn said: “No more.”", ["No more."], [1]),
    ("We will stay,” Ana Berg said. “No more of this.”", ["No more of this."], [1]),
    ('Ana Berg said: "We will stay.\n\nCarl Dorn said: "No more."', ["No more."], [1]),
]


@pytest.mark.parametrize(("text", "expected", "lines"), UNBALANCED)
def test_unbalanced(text: str, expected: list[str], lines: list[int]) -> None:
    found = extract(text)
    assert [q.text for q in found.quotations] == expected
    assert [int(w.split(":")[0].removeprefix("line ")) for w in found.warnings] == lines


KINDS = [
    ("Ana Berg said: “We will never leave the town.”", "direct"),
    ("“We will never leave the town,” she said.", "direct"),
    ("Ana Berg said the town was “a place that nobody ever leaves”.", "fragment"),
    ("Ana Berg said: “No.”", "fragment"),
    ("Ana Berg said “we will never leave the town” before she left.", "fragment"),
]


@pytest.mark.parametrize(("text", "expected"), KINDS)
def test_kind(text: str, expected: str) -> None:
    assert [q.kind for q in extract(text).quotations] == [expected]


def test_offsets_and_context() -> None:
    text = "It rained.  “We came,” Ana Berg\nsaid, “and we saw.” Then she left."
    (quotation,) = extract(text).quotations
    assert [text[s:e] for s, e in quotation.parts] == ["We came,", "and we saw."]
    assert (quotation.start, quotation.end) == (quotation.parts[0][0], quotation.parts[-1][1])
    assert quotation.text == "We came, and we saw."
    assert quotation.cue == "said"
    assert quotation.context == "“We came,” Ana Berg said, “and we saw.”"


INDIRECT = [
    ("Ana Berg said that the town was lost.", "Ana Berg", "said", "the town was lost"),
    ("Ana Berg said on Monday the town was lost.", "Ana Berg", "said", "the town was lost"),
    ("Ana Berg told reporters that the town was lost.", "Ana Berg", "told", "the town was lost"),
    ("The town was lost, Ana Berg said on Monday.", "Ana Berg", "said", "The town was lost"),
    ("The town was lost, said Ana Berg.", "Ana Berg", "said", "The town was lost"),
    ("According to Ana Berg, the town was lost.", "Ana Berg", "According to", "the town was lost"),
    ("Ana Berg accused Ordan of lying.", "Ana Berg", "accused", "accused Ordan of lying"),
    ("Ana Berg denied closing the gate.", "Ana Berg", "denied", "denied closing the gate"),
    ("Ana Berg hoped the talks would go on.", "Ana Berg", "hoped", "hoped the talks would go on"),
]


@pytest.mark.parametrize(("text", "speaker", "cue", "content"), INDIRECT)
def test_indirect(text: str, speaker: str, cue: str, content: str) -> None:
    (quotation,) = extract(text, indirect=True).quotations
    assert quotation.kind == "indirect"
    assert (quotation.speaker, quotation.cue, quotation.text) == (speaker, cue, content)
    assert text[quotation.start : quotation.end] == content
    assert extract(text).quotations == ()


def test_indirect_keeps_the_direct_ones() -> None:
    text = "Ana Berg said: “No more.” She accused Ordan of lying. “It is over,” she said."
    direct = extract(text).quotations
    both = extract(text, indirect=True).quotations
    assert [q for q in both if q.kind != "indirect"] == list(direct)
    assert [(q.speaker, q.text) for q in both if q.kind == "indirect"] == [
        ("Ana Berg", "accused Ordan of lying")
    ]


@pytest.mark.parametrize("text", ["", " ", "\n", '"', "“”", "””", "''", "«", "\ue000", "\ud800"])
def test_nothing_there(text: str) -> None:
    assert extract(text).quotations == ()


CHARACTERS = "\"“”„‟«»‹›‘’'‚`″.,:;?!()[]–—-… \n\r\t\u2028\ue000\u00a0aAé1"
PHRASES = (
    "\n\n| said | Ana Berg |he said|She | told reporters|, the mayor, |who |according to |``|''"
    "|with | was quoted as saying |'s |’s |that |and |in a statement|by |calling |known as |whose "
    "|of |The minister |Mr. |U.S. |is |“|”|said Carl Dorn|another |One of them |name |as "
)
PIECES = st.sampled_from([*CHARACTERS, *PHRASES.split("|")])
ARTICLES = st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join))


@pytest.mark.parametrize("before", ["He left. ", "He said. ", "The man left. ", "It is he. "])
def test_many_pronouns(before: str) -> None:
    text = before * 3000 + "“We will never leave this town,” he said."
    assert speakers(text)[0] in ("", "the man")


@settings(max_examples=400, deadline=None)
@given(text=ARTICLES, indirect=st.booleans())
def test_any_text(text: str, indirect: bool) -> None:
    found = extract(text, indirect=indirect)
    assert isinstance(found, Extraction)
    for quotation in found.quotations:
        assert quotation.parts
        assert (quotation.start, quotation.end) == (quotation.parts[0][0], quotation.parts[-1][1])
        last = 0
        for start, end in quotation.parts:
            assert last <= start < end <= len(text)
            last = end
        printed = " ".join(" ".join(text[s:e].split()) for s, e in quotation.parts)
        assert quotation.text == printed
        assert quotation.kind in ("direct", "fragment", "indirect")
    spans = sorted(p for q in found.quotations if q.kind != "indirect" for p in q.parts)
    spans = sorted(spans + [(o.start, o.end) for o in found.left_out])
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert found == extract(text, indirect=indirect)


@settings(max_examples=100, deadline=None)
@given(
    inner=st.text(st.characters(categories=["L", "N", "Zs"])).map(str.strip).filter(bool),
    marks=st.sampled_from(["“”", '""', "„“", "«»", "»«"]),
)
def test_any_words_between_marks(inner: str, marks: str) -> None:
    text = f"Ana Berg said: {marks[0]}{inner}.{marks[1]}"
    (quotation,) = extract(text).quotations
    assert quotation.speaker == "Ana Berg"
    assert text[quotation.start : quotation.end] == f"{inner}."


DAMAGED = ['"', "“", "‘", "«", "“a ", "‘a ", "“a\n", "a", "He said. ", '"a," he said ', "“‘«"]


@pytest.mark.parametrize("piece", DAMAGED)
def test_long_and_damaged(piece: str) -> None:
    found = extract(piece * (20_000 // len(piece)))
    assert len(found.warnings) <= 20_000


@pytest.mark.parametrize(
    ("only", "exact", "whose", "kept"),
    [
        ("01-20", 0.97, 0.95, 0.95),
        ("31-54", 0.97, 0.95, 0.95),
        ("55-72", 0.96, 0.88, 0.94),
        ("73-84", 0.98, 0.93, 0.98),
        ("85-90", 0.98, 0.84, 0.90),
    ],
)
def test_composed_articles(only: str, exact: float, whose: float, kept: float) -> None:
    first, last = only.split("-")
    numbers = frozenset(f"{n:02d}" for n in range(int(first), int(last) + 1))
    scores = score(COMPOSED, numbers)
    assert scores.articles == len(numbers)
    assert scores.exact_f1("direct") >= exact
    assert scores.speaker_accuracy >= whose
    assert scores.kept_out_share >= kept


needs_shared = pytest.mark.skipif(
    not (SHARED / "articles").is_dir(),
    reason=f"no {SHARED / 'articles'}: texts that are not ours stay out of the repository",
)


@needs_shared
def test_annotated_articles() -> None:
    scores = score(SHARED / "articles" / "dev")
    assert scores.exact_f1("direct") >= 0.95
    assert scores.speaker_accuracy >= 0.90
    assert scores.kept_out_share >= 0.90


@needs_shared
def test_kerry_lavrov() -> None:
    text = (SHARED / "articles" / "kerry-lavrov-2016.txt").read_text("utf-8")
    found = extract(text)
    assert [(q.speaker, q.role, q.text.split()[0]) for q in found.quotations] == [
        ("Josh Earnest", "White House spokesman", "deep"),
        ("Josh Earnest", "White House spokesman", "But"),
        ("Vladimir Putin", "Russian President", "What"),
        ("Vladimir Putin", "Russian President", "political"),
        ("Manuel Valls", "French Prime Minister", "Russia"),
        ("Vladimir Putin", "Russian President", "fruitful"),
    ]
    assert [text[o.start : o.end] for o in found.left_out] == ["necessarily"]
    assert found.warnings == ()
