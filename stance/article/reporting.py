"""The words by which English-language news tells who said what: plain lists, no logic to speak of.

Verbs are listed as lemmas and spelled out into their forms once, at import.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
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


DOUBLING = _words("slam quip admit blog rip commit refer prefer concur beg dub pan")

#: Verbs that can carry a quotation of their own: "...," X said.
SAYING = _words(
    """
    add admit advise affirm agree announce answer argue ask assert assure bark beam boast caution
    charge chuckle claim clarify comment complain concede conclude confess confide confirm
    continue contend counter cry declare demand deny detail disclose drawl echo elaborate
    emphasise emphasize enquire exclaim explain fume gasp groan growl grumble hint inform inquire
    insist instruct interject joke lament laugh mumble murmur muse mutter note observe opine plead
    point pledge post predict promise pronounce protest proclaim query question quip recall
    recollect recount reflect reiterate relate remark remind repeat reply report respond retort
    reveal scoff shout sigh snap state stress suggest testify thunder tweet underline underscore
    urge venture volunteer vow wail warn whisper wonder yell conjecture snort shrug reckon begin
    advise analyse comment texted email signal message lecture exhort appeal threaten allege
    estimate maintain intone grunt gush snarl summarise summarize accept concur disagree implore
    beg bellow holler roar scream shriek hiss croak sob smile grin deadpan jeer interrupt persist
    sneer sniff stammer stutter counsel theorise theorize speculate
    """
)

#: Verbs that take a judgement or a thought: they carry fragments, not sentences.
JUDGING = _words(
    """
    accuse acknowledge applaud assail assess attack attribute await believe berate blame blast
    bemoan brand call castigate celebrate challenge champion characterise characterize chide
    commend compare condemn congratulate consider criticise criticize decry defend deem demand
    denounce deplore deride describe dismiss doubt envisage envision expect explain express fear
    hail hope invoke label laud liken lambast lambaste link mock oppose outline paint portray
    praise promise propose propound question rebuke rebuff refer regard reject refuse regret
    renounce reprimand ridicule rubbish salute scold slam slate stress support term thank trumpet
    vent vilify voice vow want warn welcome pan credit fault prefer guarantee invite rail
    apologise apologize complain admire lash blog deliver stipulate specify find recommend
    conclude vouch pray seek rate dub picture reckon offer extend convey rally
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
IRREGULAR_SAYING = _words("say tell write read swear quote begin")
#: Verbs that report only in set phrases: "made clear", "let it be known", "went on", "spoke of".
PHRASAL = {
    "make": _words("clear plain known"),
    "let": _words("it be known slip"),
    "go": _words("on further"),
    "put": _words("it"),
    "hold": _words("that"),
    "speak": _words("of about"),
    "point": _words("out to"),
    "lash": _words("out"),
    "see": _words("as it the no"),
    "refer": _words("to"),
    "read": _words("*"),
    "find": _words("it the that"),
    "link": _words("*"),
    "seek": _words("*"),
    "know": _words("that"),
    "deliver": _words("what a"),
    "begin": _words("by"),
    "agree": _words("that"),
}
#: Bare and third-person forms that are more often nouns.
NOUNS_TOO = _words(
    """
    report claim call comment state point question answer demand promise pledge vow hope fear
    doubt attack blame brand label link mock paint post praise rate rebuke regret remark reply
    stress support term voice charge challenge credit cry detail echo estimate fault hint joke
    lament laugh lecture shout cry message murmur mutter picture protest query quip retort sigh signal slate
    slam snap tweet welcome whisper yell read appeal guarantee champion blog blast pan quote deal
    account review reveal want warning note reflect project bill pan refuse outline address lead
    """
)
#: Verbs of thought: under "X said that Y thought", the words are X's.
THINKING = _words(
    """
    think feel believe consider regard expect want see know find fear deem seek support oppose
    challenge attack link prefer guarantee hold offer doubt extend hope refuse confirm demand need
    """
)
#: Descriptions that stand for one of many: the named person last spoken of is not meant.
UNNAMED = _words(
    "spokesman spokeswoman spokesperson official aide source witness resident man woman "
    "boy girl reporter journalist interviewer moderator soldier person"
)
#: Offices: "the minister" is no one who is known to hold another one.
OFFICES = _words(
    """
    minister president premier chancellor secretary senator governor mayor ambassador king queen
    pope judge commissioner general admiral colonel captain bishop archbishop speaker prosecutor
    doctor professor lawyer
    """
)
MODALS = _words("would could should might may will must can")
#: Words that make a role another role: the deputy minister is not the minister.
LESSER = _words("deputy vice former ex shadow acting assistant junior then-")
#: Sources of wording that nobody speaks.
LAWS = _words("act law constitution statute treaty code rules regulation regulations charter bill")
#: What a quoted compound names when one of these follows it: the “three strikes” rule.
SCHEMES = _words(
    """
    rule rules policy policies scheme schemes programme program law laws clause tax strategy status
    list option test zone zones act bill order button initiative doctrine principle category
    """
)
#: Labels before a colon that announce a link or a picture, not a speaker.
SIGNPOSTS = _words(
    "watch read listen see related sign photo video picture gallery more also "
    "subscribe play explainer opinion"
)
#: Descriptions a body's own name may follow: "the newspaper Ordan Daily".
BODY_NOUNS = _words(
    """
    newspaper agency broadcaster company group organisation organization charity channel network
    website operator daily party magazine firm station outlet union ministry
    """
)
#: Short forms in which a title may stand before a name.
SHORT_TITLES = {
    "senator": "sen",
    "governor": "gov",
    "general": "gen",
    "representative": "rep",
    "congressman": "rep",
    "congresswoman": "rep",
    "professor": "prof",
    "colonel": "col",
    "doctor": "dr",
    "captain": "capt",
    "admiral": "adm",
    "lieutenant": "lt",
    "premier": "minister",
    "pm": "prime",
}
#: Letters behind a name.
POSTNOMINAL = _words("QC KC MP MEP MSP OBE CBE MBE SC PhD MD Jr Sr II III")
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

AUXILIARY = _words(
    """
    has have had having did does do will would could should can cannot may might must is was are
    were be been being not never n't hasn’t hadn’t didn’t also then later now already once again
    again too even just only simply still first further earlier previously often always sometimes
    once soon therefore thus instead meanwhile however reportedly yesterday today tonight both all
    privately 've
    """
)
BEING = _words("is was are were be been being got gets")
WEEKDAYS = _words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
MONTHS = _words(
    """
    January February March April June July August September October November December Jan Feb
    Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec
    """
)
TIME = (
    WEEKDAYS
    | MONTHS
    | _words(
        "morning afternoon evening night week month year weekend day today yesterday tomorrow noon"
    )
)
PRONOUNS = _words("he she they it i we you who")
GENDERED = {"he": "m", "she": "f"}
ARTICLES = _words("the a an")
DETERMINERS = ARTICLES | _words(
    """
    his her its their our my this that these those one another some several many two three four
    five six both few most each every other no any all
    """
)
PREPOSITIONS = _words(
    """
    of for from at in to with on by inside near against between under over within across about
    below beside behind beneath above amongst throughout past except
    into outside behind after before during since through among around without onto amid despite
    beyond towards toward via upon off alongside per
    """
)
#: Words that begin a clause, so that a subject cannot reach across them.
BREAKS = _words(
    """
    that and but while when as because if whether although though what how why where whose which
    who than or so yet nor once until unless whom like
    """
)
#: Words that begin an introductory phrase before the subject.
INTRODUCTORY = (
    PREPOSITIONS
    | BREAKS
    | _words(
        """
    asked speaking following according citing quoting referring responding answering addressing
    commenting pressed questioned reacting writing earlier later meanwhile however yesterday today
    still also instead then now finally perhaps even only just yet here there nevertheless
    nonetheless moreover separately similarly elsewhere tonight originally given standing sitting
    turning using calling describing dismissing accusing appearing testifying replying returning
    pointing holding looking having being facing challenged born known nicknamed dubbed unlike
    last next this echoing recalling noting adding saying
    """
    )
)
#: Documents that "say" things; whose they are is looked for behind "by", "from" or a possessive.
DOCUMENTS = _words(
    """
    statement report letter tweet message email e-mail resolution communique communiqué note post
    text declaration release article document memo petition manifesto notice tweets filing motion
    survey study leaflet editorial speech interview telegram website page readout draft paper
    """
)
SPEECH_NOUNS = DOCUMENTS | _words(
    """
    claim claims remark remarks comment comments warning warnings call calls promise pledge
    assertion description words accusation accusations criticism demand demands vow allegation
    allegations suggestion charge verdict phrase threat threats plea appeal insistence reference
    praise contention view complaint apology boast answer reply response assurance assurances
    condemnation denunciation argument
    """
)
#: Words right before a mark that make it a name or a term and not speech.
NAMING = _words(
    """
    so-called called named nicknamed dubbed titled entitled codenamed code-named headlined
    captioned christened self-styled self-proclaimed voted ticked pressed clicked self-described
    renamed labelled labeled branded meaning means signed spelled marked stamped termed aka alias
    billed baptised baptized subtitled styled
    """
)
#: Nouns right before a mark that make it a title, a slogan, or a word spoken about.
TITLED = _words(
    """
    word words term terms phrase phrases slogan slogans motto banner banners placard placards
    tattoo label sticker sign signs poster posters hashtag headline chant chants film movie book
    novel memoir song album series play musical documentary exhibition programme program podcast
    show essay poem painting opera magazine newspaper newsletter weekly daily website blog
    pamphlet operation codename nickname name names label category acronym letters title
    inscription expression cartoon game ship ferry vessel tanker yacht trawler boat frigate
    icebreaker movement initiative campaign project paper chapter section ballad hymn anthem
    single sitcom drama column autobiography biography thriller comedy notion shirt t-shirt
    graffiti designation exercise appeal strapline tagline tag drill group party ticket brand
    column report article leaflet document clause plaque wall mural badge cap hat
    """
)
TITLED_ONLY_IF_CAPITALISED = _words(
    """
    report article document group party appeal show play column campaign project series programme
    program movement initiative wall single paper section clause newspaper daily weekly ticket
    notion category name names drill exercise operation
    """
)
#: Verbs of display and of the crowd: what stands on a placard is a slogan.
SLOGAN_VERBS = _words("chanted chanting chant chants reading reads read bearing saying bore")
SIGNS = _words(
    """
    placard placards tattoo label sticker banner banners sign signs poster posters slogan slogans
    graffiti t-shirt t-shirts shirt shirts sticker stickers badge badges notice letters flag flags
    inscription board cap caps hat hats mug plaque screen ballot bio caption
    """
)

#: Title words that stand between a description and a name.
TITLES = _words(
    """
    President Minister Premier Chancellor Secretary Senator Representative Congressman
    Congresswoman Governor Mayor Ambassador Envoy Commissioner Director Chairman Chairwoman Chair
    Chief General Colonel Major Captain Lieutenant Admiral Commander Commodore Marshal Sergeant
    Brigadier Judge Justice Professor Prof Dr Doctor Rev Reverend Father Bishop Archbishop
    Cardinal Rabbi Imam Spokesman Spokeswoman Spokesperson Speaker Deputy Leader Councillor Cllr
    Prosecutor Inspector Detective Superintendent Constable Sheriff Officer Attorney Counsel
    Delegate Negotiator Coordinator Co-ordinator Administrator Adviser Advisor Representative
    Rapporteur Official Analyst Correspondent Editor Reporter Mr Mrs Ms Miss Mx Mister Madam
    Comrade Monsieur Madame Herr Frau Señor Señora Gen Col Maj Capt Lt Adm Cmdr Sgt Brig Sen Gov
    Rep Hon Mr. Mrs. Ms. Dr. Prof. Gen. Col. Maj. Capt. Lt. Adm. Cmdr. Sgt. Brig. Sen. Gov. Rep.
    Hon. Rev. St. FM PM MP MEP MINISTER PRESIDENT SENATOR CHAIRMAN CHAIR SECRETARY Vice-President
    Secretary-General Coach Manager Manager Head Founder Economist Farmer Student Resident Whip
    Treasurer Principal Dean Provost Chaplain Lawmaker Activist Lawyer Author Historian Professor
    Supt Insp Det PC DC DI DCI Cpl Pvt Pte
    """
)
#: Titles that belong to the name when only one name follows.
STYLES = _words(
    "Lord Lady Baroness Baron Sir Dame King Queen Prince Princess Pope Sheikh Emir "
    "Sultan Ayatollah Imam Mullah Emperor Empress Duke Duchess Count Countess Abu Umm "
    "Patriarch Sister Brother Saint Bishop Father"
)
HONORIFIC_GENDER = dict.fromkeys(
    _words("Mr Mr. Mister Sir Lord King Prince Herr Monsieur Señor Father"), "m"
) | dict.fromkeys(
    _words("Mrs Mrs. Ms Ms. Miss Lady Dame Queen Princess Baroness Frau Madame Señora"), "f"
)
ROLE_GENDER = dict.fromkeys(
    _words(
        """
        spokesman chairman businessman congressman king prince father brother son husband uncle
        grandfather policeman fisherman man boy statesman nephew grandson stepson stepfather fiancé
        boyfriend widower fireman councilman salesman
        """
    ),
    "m",
) | dict.fromkeys(
    _words(
        """
        spokeswoman chairwoman businesswoman congresswoman queen princess mother sister daughter
        wife aunt grandmother policewoman woman girl niece granddaughter stepdaughter stepmother
        fiancée girlfriend widow actress councilwoman
        """
    ),
    "f",
)
#: Lower-case heads of descriptions of one person: "a senior official", "the envoy".
PERSON_NOUNS = frozenset(ROLE_GENDER) | _words(
    """
    spokesperson official minister president premier chancellor secretary envoy ambassador
    diplomat adviser advisor aide lawyer attorney barrister solicitor journalist reporter editor
    analyst economist expert scientist researcher professor teacher student doctor nurse farmer
    resident witness survivor victim source leader chief head director chair chairperson mayor
    governor senator lawmaker legislator parliamentarian mp deputy commissioner coordinator
    general commander officer soldier fighter captain colonel admiral judge prosecutor inspector
    detective activist campaigner critic author writer historian bishop archbishop priest imam
    cleric pope monarch prisoner refugee worker driver owner manager founder negotiator mediator
    delegate representative member candidate politician councillor neighbour neighbor friend
    colleague relative cousin parent volunteer veteran engineer passenger shopkeeper baker
    merchant trader seller hostage defendant veteran pastor rabbi organiser organizer attender
    attendee backbencher peer executive fm pm nco prosecutor translator pensioner pharmacist
    hairdresser chef miner nun monk midwife carer survivor guard smuggler trader broker banker
    musician artist actor novelist poet director-general person someone insider counsel whip
    minister speaker envoy pilot coach player scholar strategist pollster superintendent
    consultant principal paramedic
    """
)
#: Capitalised words that make a name the name of a body or a place.
BODIES = _words(
    """
    Ministry Department Office House Council Army Navy Party Union Nations Times Post News TV
    Television Radio Agency Watch International Committee Court University State States Group
    Forces Force Street Commission Bank Fund Front Authority Parliament Congress Senate Assembly
    Association Federation League Organisation Organization Institute Foundation Centre Center
    Service Services Observatory Society Network Movement Alliance Coalition Company Corporation
    Corp Inc Ltd Plc Club Board Bureau Programme Program School College Hospital Museum Church
    Police Press Journal Guardian Telegraph Herald Tribune Gazette Post Mail Mirror Sun Star Today
    Kingdom Republic Islands Island River Sea Ocean Bay City County Province Region District
    Airport Station Square Road Avenue Bridge Building Tower Palace Conference Summit Agreement
    Treaty Act Accord Convention Charter Protocol Agenda Plan Day Year War Cup Prize Award Trust
    Arabia Korea York Zealand Africa America Europe Asia Kong East West North South Emirates Lanka
    Rica Salvador Guinea Leone Coast Faso Union Bloc Brigade Militia Guard Guards Corps Command
    Directorate Secretariat Chamber Cabinet Government Administration Embassy Kremlin Pentagon
    Media Online Review Magazine Weekly Daily Crescent Cross Affairs Rights Relations Politics
    Studies Research Policy Economics Watchdog Ombudsman Inquiry Tribunal Labour Tories
    Conservatives Democrats Republicans Liberals Greens Socialists Security Trade Health Human
    World Development Refugees Works Mission Delegation Compact Truce Summit Forum Campaign Valley
    Mountain Mountains Lake Gulf Strait Peninsula Border Hotel Twitter Facebook Healthcare
    Airlines Airways Motors Water Rail Railways Systems Technologies Capital Partners Holdings Aid
    Analytics Petroleum Oil Gas Steel Pharmaceuticals Insurance Ferries Shipping Logistics
    Industries Enterprises Investments Properties Homes Action Solidarity Monitor Chronicle
    Examiner Guardian Independent Express
    """
)
#: Words before a name that tell where it belongs and are no part of it.
DEMONYM_ENDINGS = ("ian", "ish", "ese", "ean", "ani", "eli", "ench", "aqi")
DEMONYMS = _words(
    """
    US UK EU UN U.S. U.K. U.N. E.U. British French German Dutch Swiss Greek Thai Czech Iraqi
    Afghan Uzbek Kazakh Turk Uyghur Arab Kurdish Israeli Pakistani Saudi Yemeni Kuwaiti Qatari
    Omani Emirati Bahraini Somali Bengali Bangladeshi Nepali Malian Swedish American African Asian
    European Western Eastern Northern Southern Foreign Prime Interior Defence Defense Finance
    Health Former Then Deputy Vice Acting Senior First Second Third Lead Special Social Home
    Justice Trade Energy Transport Education Environment Economy Housing Labour Tory Conservative
    Republican Democrat Democratic Socialist Green Liberal Catholic Chief Regional Permanent
    Humanitarian Resident High White Downing State Treasury Commerce Industry Culture National
    Federal Central General Supreme Attorney Assistant Under Political Military Press Police Fire
    County City District Borough Parish Tax Chinese Japanese Board Party Senate Congress
    Parliament Federation Council Union Presidential Ministerial Executive Managing Crown Field
    Air Rear Squadron Wing
    """
)
STARTERS = _words(
    """
    The A An But And In On At As When While If After Before Since For From To With By Of His Her
    Its Their Our My This That These Those He She It They We You I One Two Three Some Many Most
    All Both Each Another Other Last Next Earlier Later Meanwhile However Yet Still Then Now So Or
    Not No Only Even Also Asked According Speaking Following Despite During Under Over Although
    Though Because Until Unless Like Unlike What Why How Where Who Whose Which There Here Among
    Between Against About Across Inside Outside Near Perhaps Just Never Ever Once Instead Today
    Early Late Mid-May Yesterday Tomorrow Tonight Nearly Almost About Around Several Few Every Citing Former Beneath
    Beside Behind Below Above Throughout Neither Nor Any Someone Everyone Others Whether Within
    Without Though Such More Meanwhile Elsewhere Asking Writing Speaking Responding Having Being
    """
)
PARTICLES = _words(
    """
    de da di du del della der den van von bin ibn bint la le el al abu ben y dos das do ter te ten
    zu zur af av ul ap
    """
)

MALE = _words(
    """
    Aaron Abdul Abdullah Adam Adrian Ahmad Ahmed Ahmet Akira Alan Albert Alejandro Aleksandr
    Alexander Alexei Ali Amir Anders Andre Andrei Andrew Anthony Anton Antonio Antony Arthur
    Barack Bashar Ben Benjamin Bernard Bernd Bill Bob Boris Brad Brendan Brett Brian Carl Carlo
    Carlos Charles Chris Christian Christopher Clive Colin Craig Daniel Dave David Dean Denis
    Dennis Diego Dieter Dmitri Dmitry Dominic Donald Douglas Ed Eduardo Edward Emmanuel Emil Eric
    Erik Ernst Fernando Francis Francisco Francois François Frank Franz Fred Frederick Gareth Gary
    Geoff George Gerald Gianni Giovanni Giuseppe Gordon Graham Greg Gregory Hamid Hans Harold
    Harry Hassan Henri Henry Herman Hiroshi Hugh Hugo Hussein Ian Ibrahim Igor Ivan Jack Jacob
    Jacques James Jan Jared Jason Javier Jean Jeff Jeremy Jerome Jim Jimmy Joe Joel Johan John
    Jonathan Jorge Jose José Josef Joseph Josh Joshua Juan Jurgen Jürgen Justin Karim Karl Keith
    Keir Ken Kenneth Kevin Khalid Klaus Kofi Konstantin Larry Lars Laurence Lawrence Lee Leo Leon
    Leonid Lewis Liam Louis Luca Lucas Luigi Luis Luke Lukas Magnus Mahmoud Manuel Marc Marcel
    Marco Marcus Mario Mark Markus Martin Mathieu Matt Matthew Matthias Maxim Mehmet Michael
    Michel Miguel Mike Mikhail Mohamed Mohammad Mohammed Muhammad Mustafa Nathan Neil Nicholas
    Nick Nicolas Nigel Nikolai Oleg Oliver Omar Oscar Osman Otto Pablo Pascal Patrick Paul Pavel
    Pedro Per Peter Petr Philip Philippe Phil Pierre Rafael Rahul Ralph Ramzan Rashid Raul Raymond
    Recep Reza Ricardo Rich Richard Rob Robert Roberto Robin Rodrigo Roger Roland Roman Ron Ronald
    Rory Roy Rupert Russell Ryan Sajid Salem Salman Sam Samuel Scott Sean Sebastian Sergei Sergey
    Sergio Seth Simon Stefan Stephen Steve Steven Stewart Stuart Sven Tariq Ted Terry Thomas Tim
    Timothy Tobias Todd Tom Tomas Tony Trevor Victor Viktor Vincent Vladimir Volodymyr Walter Wang
    Warren Wayne William Xavier Yasser Yousef Yusuf Yuri Yves Zac Zahid
    """
)
FEMALE = _words(
    """
    Abigail Agnes Aisha Alexandra Alice Alison Amanda Amber Amelia Amina Amy Ana Anastasia Andrea
    Angela Anita Ann Anna Anne Annalena Annie Antonia Audrey Ayesha Barbara Beatrice Becca
    Bernadette Bethany Betty Birgit Bridget Brigitte Camille Carla Carmen Carol Caroline Carolyn
    Catherine Cecilia Charlotte Cherie Chloe Christina Christine Claire Clara Claudia Condoleezza
    Cristina Cynthia Daria Darya Deb Deborah Debbie Diana Diane Donna Dorothy Edith Eileen Elaine
    Eleanor Elena Elisabeth Elise Elizabeth Ella Ellen Emily Emma Erika Esther Eva Eve Fatima
    Federica Fiona Florence Frances Francesca Gabriela Gabriele Gina Gloria Grace Greta Hanna
    Hannah Heather Heidi Helen Helena Helene Hillary Ilse Inga Ingrid Irene Irina Isabel Isabella
    Ivana Jacinda Jacqueline Jane Janet Janice Jean Jennifer Jessica Jill Joan Joanna Joanne
    Josephine Joyce Judith Judy Julia Julie Kaja Kamala Karen Karin Kate Katherine Kathleen Katie
    Katrin Kelly Kim Kirsten Kristin Laila Lara Larisa Laura Lauren Layla Leah Leila Lena Leyla
    Lily Linda Lisa Liz Louise Lucia Lucy Lydia Madeleine Magdalena Maha Margaret Margot Maria
    Marie Marina Marine Marjatta Marta Martha Mary Maryam Maya Megan Melanie Melania Melissa Mette
    Mia Michelle Miriam Misty Molly Mona Monica Nadia Nadège Nadine Nancy Naomi Natalia Natalie
    Natasha Nicola Nicole Nikki Nina Nora Odile Olga Olivia Paola Patricia Paula Penny Petra Priti
    Rachel Rania Rebecca Rhona Rosa Rose Ruth Sabine Salma Samantha Sandra Sara Sarah Shamima
    Sharon Sheila Shelina Silvia Sofia Sonia Sophia Sophie Stella Stephanie Susan Susannah Suzanne
    Svetlana Sylvia Tamara Tanya Tatiana Teresa Theresa Tina Ursula Valentina Valerie Vanessa Vera
    Veronica Victoria Virginia Viviane Wendy Yasmin Yekaterina Yulia Yvette Yvonne Zainab Zoe
    """
)

ABBREVIATIONS = _words(
    """
    mr mrs ms dr prof gen col maj capt lt adm cmdr sgt brig sen gov rep hon rev st jr sr no vs jan
    feb mar apr jun jul aug sep sept oct nov dec inc ltd corp co etc fig vol art messrs mt dept
    est approx al u.s u.k u.n e.u a.m p.m d.c u.s.a i.e e.g
    """
)
POSSESSIVE_PRONOUNS = {"his": "he", "her": "she", "its": "it", "their": "they"}
#: "listed as", "marketed as": what follows is a name or a class, not speech.
REGISTERING = _words(
    """
    referred nicknamed listed registered marketed sold billed classified designated recorded filed
    advertised trademarked translated rendered abbreviated credited
    """
)
#: Findings of a court, before "of", "with" or "for": what follows is the wording of a law.
CHARGED = _words(
    """
    charged convicted acquitted guilty cleared jailed fined arrested sentenced disqualified
    indicted prosecuted detained
    """
)
#: Auxiliaries with a tense: where one stands, a clause has its verb.
FINITE = _words(
    "has have had is was were are be been do does did will would can could may might must"
)
#: Words before the subject that need no comma.
OPENERS = _words("but and yet so however meanwhile later earlier then still now also or instead")
#: Words no subject to their right reaches across.
SUBORDINATORS = _words("after before since during following amid despite")
#: Words that end a noun phrase behind "said".
PHRASE_ENDS = SUBORDINATORS | _words(
    "who whom which whose that as when while but if because adding ahead where"
)
#: Words an apposition without an article begins with.
APPOSING = PERSON_NOUNS | _words("vice head deputy former senior co-founder")
