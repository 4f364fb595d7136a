"""The words by which English-language news tells who said what: plain lists, no logic to speak of.

Verbs are listed as lemmas and spelled out into their forms once, at import.
"""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a list that is written as one text."""
    return frozenset(text.split())


def _forms(lemma: str) -> dict[str, str]:
    """Third person, past and participle of a regular verb, each with the name of the form."""
    if lemma.endswith("y") and lemma[-2] not in "aeou":
        return {lemma[:-1] + "ies": "s", lemma[:-1] + "ied": "ed", lemma + "ing": "ing"}
    if lemma.endswith("e"):
        return {lemma + "s": "s", lemma + "d": "ed", lemma[:-1] + "ing": "ing"}
    s = "es" if lemma.endswith(("ss", "sh", "ch", "x", "z")) else "s"
    stem = lemma + lemma[-1] if lemma in DOUBLING else lemma
    return {lemma + s: "s", stem + "ed": "ed", stem + "ing": "ing"}


DOUBLING = word_set("slam quip admit blog rip commit refer prefer concur beg dub pan")

#: Verbs that can carry a quotation of their own: "...," X said.
SAYING = word_set(
    """
    add admit advise affirm agree announce answer argue ask assert assure bark beam boast caution
    charge chuckle claim clarify comment complain concede conclude confess confide confirm continue
    contend counter cry declare demand deny detail disclose drawl echo elaborate emphasise emphasize
    enquire exclaim explain fume gasp groan growl grumble hint inform inquire insist instruct
    interject joke lament laugh mumble murmur muse mutter note observe opine plead point pledge post
    predict promise pronounce protest proclaim query question quip recall recollect recount reflect
    reiterate relate remark remind repeat reply report respond retort reveal scoff shout sigh snap
    state stress suggest testify thunder tweet underline underscore urge venture volunteer vow wail
    warn whisper wonder yell conjecture snort shrug reckon begin analyse texted email signal message
    lecture exhort appeal threaten allege estimate maintain intone grunt gush snarl summarise
    summarize accept concur disagree implore beg bellow holler roar scream shriek hiss croak sob
    smile grin deadpan jeer interrupt persist sneer sniff stammer stutter counsel theorise theorize
    speculate
    """
)

#: Verbs that take a judgement or a thought: they carry fragments, not sentences.
JUDGING = word_set(
    """
    accuse acknowledge applaud assail assess attack attribute await believe berate blame blast
    bemoan brand call castigate celebrate challenge champion characterise characterize chide commend
    compare condemn congratulate consider criticise criticize decry defend deem demand denounce
    deplore deride describe dismiss doubt envisage envision expect explain express fear hail hope
    invoke label laud liken lambast lambaste link mock oppose outline paint portray praise promise
    propose propound question rebuke rebuff refer regard reject refuse regret renounce reprimand
    ridicule rubbish salute scold slam slate stress support term thank trumpet vent vilify voice vow
    want warn welcome pan credit fault prefer guarantee invite rail apologise apologize complain
    admire lash blog deliver stipulate specify find recommend conclude vouch pray seek rate dub
    picture reckon offer extend convey rally
    """
)

IRREGULAR = {
    "say": "says:s said:ed saying:ing",
    "begin": "begins:s began:ed beginning:ing",
    "tell": "tells:s told:ed telling:ing",
    "write": "writes:s wrote:ed writing:ing",
    "speak": "speaks:s spoke:ed speaking:ing",
    "swear": "swears:s swore:ed swearing:ing",
    "put": "puts:s putting:ing",
    "think": "thinks:s thought:ed thinking:ing",
    "feel": "feels:s felt:ed feeling:ing",
    "see": "sees:s saw:ed seeing:ing",
    "know": "knew:ed",
    "go": "went:ed",
    "read": "reads:s read:ed reading:ing",
    "uphold": "upheld:ed",
    "hold": "held:ed",
    "cite": "cited:ed cites:s citing:ing",
    "quote": "quoted:ed quotes:s quoting:ing",
    "let": "let:ed",
    "make": "made:ed makes:s making:ing",
    "find": "found:ed finds:s finding:ing",
    "seek": "sought:ed seeks:s seeking:ing",
}
#: Irregular verbs that count as SAYING; the others count as JUDGING.
IRREGULAR_SAYING = word_set("say tell write read swear quote begin")
#: Verbs that report only in set phrases: "made clear", "let it be known", "went on", "spoke of".
PHRASAL = {
    "make": word_set("clear plain known"),
    "let": word_set("it be known slip"),
    "go": word_set("on further"),
    "put": word_set("it"),
    "hold": word_set("that"),
    "speak": word_set("of about"),
    "point": word_set("out to"),
    "lash": word_set("out"),
    "see": word_set("as it the no"),
    "refer": word_set("to"),
    "read": word_set("*"),
    "find": word_set("it the that"),
    "link": word_set("*"),
    "seek": word_set("*"),
    "know": word_set("that"),
    "deliver": word_set("what a"),
    "begin": word_set("by"),
    "agree": word_set("that"),
}
#: Bare and third-person forms that are more often nouns.
NOUNS_TOO = word_set(
    """
    report claim call comment state point question answer demand promise pledge vow hope fear doubt
    attack blame brand label link mock paint post praise rate rebuke regret remark reply stress
    support term voice charge challenge credit cry detail echo estimate fault hint joke lament laugh
    lecture shout message murmur mutter picture protest query quip retort sigh signal slate slam
    snap tweet welcome whisper yell read appeal guarantee champion blog blast pan quote deal account
    review reveal want warning note reflect project bill refuse outline address lead
    """
)
#: Verbs of thought: under "X said that Y thought", the words are X's.
THINKING = word_set(
    """
    think feel believe consider regard expect want see know find fear deem seek support oppose
    challenge attack link prefer guarantee hold offer doubt extend hope refuse confirm demand need
    """
)
MODALS = word_set("would could should might may will must can")
OBJECTS = {"him": "he", "her": "she", "them": "they"}

#: form -> (lemma, form name); "" is the bare form of the plural.
VERBS: dict[str, tuple[str, str]] = {}
for _lemma in sorted(SAYING | JUDGING):
    if _lemma not in IRREGULAR:
        VERBS[_lemma] = (_lemma, "")
        for _form, _kind in _forms(_lemma).items():
            VERBS.setdefault(_form, (_lemma, _kind))
for _lemma, _listed in IRREGULAR.items():
    VERBS[_lemma] = (_lemma, "")
    for _pair in _listed.split():
        _form, _kind = _pair.split(":")
        VERBS[_form] = (_lemma, _kind)
SAYING = SAYING | IRREGULAR_SAYING

AUXILIARY = word_set(
    """
    has have had having did does do will would could should can cannot may might must is was are
    were be been being not never n't hasn’t hadn’t didn’t also then later now already once again too
    even just only simply still first further earlier previously often always sometimes soon
    therefore thus instead meanwhile however reportedly yesterday today tonight both all privately
    've
    """
)
BEING = word_set("is was are were be been being got gets")
WEEKDAYS = word_set("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
#: Without those that are names as well: May, Jan.
MONTHS = word_set(
    """
    January February March April June July August September October November December Feb Mar
    Apr Jun Jul Aug Sep Sept Oct Nov Dec
    """
)
TIME = (
    WEEKDAYS
    | MONTHS
    | word_set(
        "morning afternoon evening night week month year weekend day today yesterday tomorrow noon"
    )
)
PRONOUNS = word_set("he she they it i we you who")
ARTICLES = word_set("the a an")
DETERMINERS = ARTICLES | word_set(
    """
    his her its their our my this that these those one another some several many two three four five
    six both few most each every other no any all
    """
)
PREPOSITIONS = word_set(
    """
    of for from at in to with on by inside near against between under over within across about below
    beside behind beneath above amongst throughout past except into outside after before during
    since through among around without onto amid despite beyond towards toward via upon off
    alongside per
    """
)
#: Words that begin a clause, so that a subject cannot reach across them.
BREAKS = word_set(
    """
    that and but while when as because if whether although though what how why where whose which who
    than or so yet nor once until unless whom like
    """
)
#: Words that begin an introductory phrase before the subject.
INTRODUCTORY = (
    PREPOSITIONS
    | BREAKS
    | word_set(
        """
    asked speaking following according citing quoting referring responding answering addressing
    commenting pressed questioned reacting writing earlier later meanwhile however yesterday today
    still also instead then now finally perhaps even only just yet here there nevertheless
    nonetheless moreover separately similarly elsewhere tonight originally given standing sitting
    turning using calling describing dismissing accusing appearing testifying replying returning
    pointing holding looking having being facing challenged born known nicknamed dubbed unlike last
    next this echoing recalling noting adding saying
    """
    )
)
#: Documents that "say" things; whose they are is looked for behind "by", "from" or a possessive.
DOCUMENTS = word_set(
    """
    statement report letter tweet message email e-mail resolution communique communiqué note post
    text declaration release article document memo petition manifesto notice tweets filing motion
    survey study leaflet editorial speech interview telegram website page readout draft paper
    """
)
SPEECH_NOUNS = DOCUMENTS | word_set(
    """
    claim claims remark remarks comment comments warning warnings call calls promise pledge
    assertion description words accusation accusations criticism demand demands vow allegation
    allegations suggestion charge verdict phrase threat threats plea appeal insistence reference
    praise contention view complaint apology boast answer reply response assurance assurances
    condemnation denunciation argument
    """
)


ABBREVIATIONS = word_set(
    """
    mr mrs ms dr prof gen col maj capt lt adm cmdr sgt brig sen gov rep hon rev st jr sr no vs jan
    feb mar apr jun jul aug sep sept oct nov dec inc ltd corp co etc fig vol art messrs mt dept est
    approx al u.s u.k u.n e.u a.m p.m d.c u.s.a i.e e.g
    """
)
POSSESSIVE_PRONOUNS = {"his": "he", "her": "she", "its": "it", "their": "they"}
#: Auxiliaries with a tense: where one stands, a clause has its verb.
FINITE = word_set(
    "has have had is was were are be been do does did will would can could may might must"
)
#: Common verbs in the past that do not look it: the subject ends before them.
PAST = word_set(
    """
    took went came gave got left met held stood sat won lost fell led began spent sent hit ran drew
    kept broke brought built caught chose fled fought flew grew heard paid rose sold spoke threw
    wore became shot struck drove rode slept woke
    """
)
#: Words before the subject that need no comma.
OPENERS = word_set("but and yet so however meanwhile later earlier then still now also or instead")
#: Words no subject to their right reaches across.
SUBORDINATORS = word_set("after before since during following amid despite")
#: Words that end a noun phrase behind "said".
PHRASE_ENDS = SUBORDINATORS | word_set(
    "who whom which whose that as when while but if because adding ahead where"
)
