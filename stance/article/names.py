"""The words that names, titles and descriptions of people are made of."""

from __future__ import annotations

from stance.article.reporting import word_set

#: Title words that stand between a description and a name.
TITLES = word_set(
    """
    President Minister Premier Chancellor Secretary Senator Representative Congressman Congresswoman
    Governor Mayor Ambassador Envoy Commissioner Director Chairman Chairwoman Chair Chief General
    Colonel Major Captain Lieutenant Admiral Commander Commodore Marshal Sergeant Brigadier Judge
    Justice Professor Prof Dr Doctor Rev Reverend Father Bishop Archbishop Cardinal Rabbi Imam
    Spokesman Spokeswoman Spokesperson Speaker Deputy Leader Councillor Cllr Prosecutor Inspector
    Detective Superintendent Constable Sheriff Officer Attorney Counsel Delegate Negotiator
    Coordinator Co-ordinator Administrator Adviser Advisor Rapporteur Official Analyst Correspondent
    Editor Reporter Mr Mrs Ms Miss Mx Mister Madam Comrade Monsieur Madame Herr Frau Señor Señora
    Gen Col Maj Capt Lt Adm Cmdr Sgt Brig Sen Gov Rep Hon Mr. Mrs. Ms. Dr. Prof. Gen. Col. Maj.
    Capt. Lt. Adm. Cmdr. Sgt. Brig. Sen. Gov. Rep. Hon. Rev. St. FM PM MP MEP MINISTER PRESIDENT
    SENATOR CHAIRMAN CHAIR SECRETARY Vice-President Secretary-General Coach Manager Head Founder
    Economist Farmer Student Resident Whip Treasurer Principal Dean Provost Chaplain Lawmaker
    Activist Lawyer Author Historian Supt Insp Det PC DC DI DCI Cpl Pvt Pte
    """
)
TITLES |= {title + "s" for title in TITLES}
#: Titles that belong to the name when only one name follows.
STYLES = word_set(
    "Lord Lady Baroness Baron Sir Dame King Queen Prince Princess Pope Sheikh Emir "
    "Sultan Ayatollah Imam Mullah Emperor Empress Duke Duchess Count Countess Abu Umm "
    "Patriarch Sister Brother Saint Bishop Father"
)
HONORIFIC_GENDER = dict.fromkeys(
    word_set("Mr Mr. Mister Sir Lord King Prince Herr Monsieur Señor Father"), "m"
) | dict.fromkeys(
    word_set("Mrs Mrs. Ms Ms. Miss Lady Dame Queen Princess Baroness Frau Madame Señora"), "f"
)
ROLE_GENDER = dict.fromkeys(
    word_set(
        """
        spokesman chairman businessman congressman king prince father brother son husband uncle
        grandfather policeman fisherman man boy statesman nephew grandson stepson stepfather fiancé
        boyfriend widower fireman councilman salesman
        """
    ),
    "m",
) | dict.fromkeys(
    word_set(
        """
        spokeswoman chairwoman businesswoman congresswoman queen princess mother sister daughter
        wife aunt grandmother policewoman woman girl niece granddaughter stepdaughter stepmother
        fiancée girlfriend widow actress councilwoman
        """
    ),
    "f",
)
#: Lower-case heads of descriptions of one person: "a senior official", "the envoy".
PERSON_NOUNS = frozenset(ROLE_GENDER) | word_set(
    """
    spokesperson official minister president premier chancellor secretary envoy ambassador diplomat
    adviser advisor aide lawyer attorney barrister solicitor journalist reporter editor analyst
    economist expert scientist researcher professor teacher student doctor nurse farmer resident
    witness survivor victim source leader chief head director chair chairperson mayor governor
    senator lawmaker legislator parliamentarian mp deputy commissioner coordinator general commander
    officer soldier fighter captain colonel admiral judge prosecutor inspector detective activist
    campaigner critic author writer historian bishop archbishop priest imam cleric pope monarch
    prisoner refugee worker driver owner manager founder negotiator mediator delegate representative
    member candidate politician councillor neighbour neighbor friend colleague relative cousin
    parent volunteer veteran engineer passenger shopkeeper baker merchant trader seller hostage
    defendant pastor rabbi organiser organizer attender attendee backbencher peer executive fm pm
    nco translator pensioner pharmacist hairdresser chef miner nun monk midwife carer guard smuggler
    broker banker musician artist actor novelist poet director-general person someone insider
    counsel whip speaker pilot coach player scholar strategist pollster superintendent consultant
    principal paramedic strongman warlord rebel militant pundit commentator columnist broadcaster
    presenter singer comedian star boss tycoon billionaire entrepreneur investor whistleblower
    demonstrator protester supporter voter teenager exile dissident
    """
)
#: Capitalised words that make a name the name of a body or a place.
BODIES = word_set(
    """
    Ministry Department Office House Council Army Navy Party Union Nations Times Post News TV
    Television Radio Agency Watch International Committee Court University State States Group Forces
    Force Street Commission Bank Fund Front Authority Parliament Congress Senate Assembly
    Association Federation League Organisation Organization Institute Foundation Centre Center
    Service Services Observatory Society Network Movement Alliance Coalition Company Corporation
    Corp Inc Ltd Plc Club Board Bureau Programme Program School College Hospital Museum Church
    Police Press Journal Guardian Telegraph Herald Tribune Gazette Mail Mirror Sun Star Today
    Kingdom Republic Islands Island River Sea Ocean Bay City County Province Region District Airport
    Station Square Road Avenue Bridge Building Tower Palace Conference Summit Agreement Treaty Act
    Accord Convention Charter Protocol Agenda Plan Day Year War Cup Prize Award Trust Arabia Korea
    York Zealand Africa America Europe Asia Kong East West North South Emirates Lanka Rica Salvador
    Guinea Leone Coast Faso Bloc Brigade Militia Guard Guards Corps Command Directorate Secretariat
    Chamber Cabinet Government Administration Embassy Kremlin Pentagon Media Online Review Magazine
    Weekly Daily Crescent Cross Affairs Rights Relations Politics Studies Research Policy Economics
    Watchdog Ombudsman Inquiry Tribunal Labour Tories Conservatives Democrats Republicans Liberals
    Greens Socialists Security Trade Health Human World Development Refugees Works Mission
    Delegation Compact Truce Forum Campaign Valley Mountain Mountains Lake Gulf Strait Peninsula
    Border Hotel Twitter Facebook Healthcare Airlines Airways Motors Water Rail Railways Systems
    Technologies Capital Partners Holdings Aid Analytics Petroleum Oil Gas Steel Pharmaceuticals
    Insurance Ferries Shipping Logistics Industries Enterprises Investments Properties Homes Action
    Solidarity Monitor Chronicle Examiner Independent Express
    """
)
#: Words before a name that tell where it belongs and are no part of it.
DEMONYM_ENDINGS = ("ian", "ish", "ese", "ean", "ani", "eli", "ench", "aqi")
DEMONYMS = word_set(
    """
    US UK EU UN U.S. U.K. U.N. E.U. British French German Dutch Swiss Greek Thai Czech Iraqi Afghan
    Uzbek Kazakh Turk Uyghur Arab Kurdish Israeli Pakistani Saudi Yemeni Kuwaiti Qatari Omani
    Emirati Bahraini Somali Bengali Bangladeshi Nepali Malian Swedish American African Asian
    European Western Eastern Northern Southern Foreign Prime Interior Defence Defense Finance Health
    Former Then Deputy Vice Acting Senior First Second Third Lead Special Social Home Justice Trade
    Energy Transport Education Environment Economy Housing Labour Tory Conservative Republican
    Democrat Democratic Socialist Green Liberal Catholic Chief Regional Permanent Humanitarian
    Resident High White Downing State Treasury Commerce Industry Culture National Federal Central
    General Supreme Attorney Assistant Under Political Military Press Police Fire County City
    District Borough Parish Tax Chinese Japanese Board Party Senate Congress Parliament Federation
    Council Union Presidential Ministerial Executive Managing Crown Field Air Rear Squadron Wing
    """
)
STARTERS = word_set(
    """
    The A An But And In On At As When While If After Before Since For From To With By Of His Her Its
    Their Our My This That These Those He She It They We You I One Two Three Some Many Most All Both
    Each Another Other Last Next Earlier Later Meanwhile However Yet Still Then Now So Or Not No
    Only Even Also Asked According Speaking Following Despite During Under Over Although Though
    Because Until Unless Like Unlike What Why How Where Who Whose Which There Here Among Between
    Against About Across Inside Outside Near Perhaps Just Never Ever Once Instead Today Early Late
    Mid-May Yesterday Tomorrow Tonight Nearly Almost Around Several Few Every Citing Former Beneath
    Beside Behind Below Above Throughout Neither Nor Any Someone Everyone Others Whether Within
    Without Such More Elsewhere Asking Writing Responding Having Being
    """
)
PARTICLES = word_set(
    """
    de da di du del della der den van von bin ibn bint la le el al abu ben y dos das do ter te ten
    zu zur af av ul ap
    """
)
MALE = word_set(
    """
    Aaron Abdul Abdullah Adam Adrian Ahmad Ahmed Ahmet Akira Alan Albert Alejandro Aleksandr
    Alexander Alexei Ali Amir Anders Andre Andrei Andrew Anthony Anton Antonio Antony Arthur Barack
    Bashar Ben Benjamin Bernard Bernd Bill Bob Boris Brad Brendan Brett Brian Carl Carlo Carlos
    Charles Chris Christian Christopher Clive Colin Craig Daniel Dave David Dean Denis Dennis Diego
    Dieter Dmitri Dmitry Dominic Donald Douglas Ed Eduardo Edward Emmanuel Emil Eric Erik Ernst
    Fernando Francis Francisco Francois François Frank Franz Fred Frederick Gareth Gary Geoff George
    Gerald Gianni Giovanni Giuseppe Gordon Graham Greg Gregory Hamid Hans Harold Harry Hassan Henri
    Henry Herman Hiroshi Hugh Hugo Hussein Ian Ibrahim Igor Ivan Jack Jacob Jacques James Jan Jared
    Jason Javier Jean Jeff Jeremy Jerome Jim Jimmy Joe Joel Johan John Jonathan Jorge Jose José
    Josef Joseph Josh Joshua Juan Jurgen Jürgen Justin Karim Karl Keith Keir Ken Kenneth Kevin
    Khalid Klaus Kofi Konstantin Larry Lars Laurence Lawrence Lee Leo Leon Leonid Lewis Liam Louis
    Luca Lucas Luigi Luis Luke Lukas Magnus Mahmoud Manuel Marc Marcel Marco Marcus Mario Mark
    Markus Martin Mathieu Matt Matthew Matthias Maxim Mehmet Michael Michel Miguel Mike Mikhail
    Mohamed Mohammad Mohammed Muhammad Mustafa Nathan Neil Nicholas Nick Nicolas Nigel Nikolai Oleg
    Oliver Omar Oscar Osman Otto Pablo Pascal Patrick Paul Pavel Pedro Per Peter Petr Philip
    Philippe Phil Pierre Rafael Rahul Ralph Ramzan Rashid Raul Raymond Recep Reza Ricardo Rich
    Richard Rob Robert Roberto Robin Rodrigo Roger Roland Roman Ron Ronald Rory Roy Rupert Russell
    Ryan Sajid Salem Salman Sam Samuel Scott Sean Sebastian Sergei Sergey Sergio Seth Simon Stefan
    Stephen Steve Steven Stewart Stuart Sven Tariq Ted Terry Thomas Tim Timothy Tobias Todd Tom
    Tomas Tony Trevor Victor Viktor Vincent Vladimir Volodymyr Walter Wang Warren Wayne William
    Xavier Yasser Yousef Yusuf Yuri Yves Zac Zahid
    """
)
FEMALE = word_set(
    """
    Abigail Agnes Aisha Alexandra Alice Alison Amanda Amber Amelia Amina Amy Ana Anastasia Andrea
    Angela Anita Ann Anna Anne Annalena Annie Antonia Audrey Ayesha Barbara Beatrice Becca
    Bernadette Bethany Betty Birgit Bridget Brigitte Camille Carla Carmen Carol Caroline Carolyn
    Catherine Cecilia Charlotte Cherie Chloe Christina Christine Claire Clara Claudia Condoleezza
    Cristina Cynthia Daria Darya Deb Deborah Debbie Diana Diane Donna Dorothy Edith Eileen Elaine
    Eleanor Elena Elisabeth Elise Elizabeth Ella Ellen Emily Emma Erika Esther Eva Eve Fatima
    Federica Fiona Florence Frances Francesca Gabriela Gabriele Gina Gloria Grace Greta Hanna Hannah
    Heather Heidi Helen Helena Helene Hillary Ilse Inga Ingrid Irene Irina Isabel Isabella Ivana
    Jacinda Jacqueline Jane Janet Janice Jean Jennifer Jessica Jill Joan Joanna Joanne Josephine
    Joyce Judith Judy Julia Julie Kaja Kamala Karen Karin Kate Katherine Kathleen Katie Katrin Kelly
    Kim Kirsten Kristin Laila Lara Larisa Laura Lauren Layla Leah Leila Lena Leyla Lily Linda Lisa
    Liz Louise Lucia Lucy Lydia Madeleine Magdalena Maha Margaret Margot Maria Marie Marina Marine
    Marjatta Marta Martha Mary Maryam Maya Megan Melanie Melania Melissa Mette Mia Michelle Miriam
    Misty Molly Mona Monica Nadia Nadège Nadine Nancy Naomi Natalia Natalie Natasha Nicola Nicole
    Nikki Nina Nora Odile Olga Olivia Paola Patricia Paula Penny Petra Priti Rachel Rania Rebecca
    Rhona Rosa Rose Ruth Sabine Salma Samantha Sandra Sara Sarah Shamima Sharon Sheila Shelina
    Silvia Sofia Sonia Sophia Sophie Stella Stephanie Susan Susannah Suzanne Svetlana Sylvia Tamara
    Tanya Tatiana Teresa Theresa Tina Ursula Valentina Valerie Vanessa Vera Veronica Victoria
    Virginia Viviane Wendy Yasmin Yekaterina Yulia Yvette Yvonne Zainab Zoe
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
POSTNOMINAL = word_set("QC KC MP MEP MSP OBE CBE MBE SC PhD MD Jr Sr II III")
#: Descriptions a body's own name may follow: "the newspaper Ordan Daily".
BODY_NOUNS = word_set(
    """
    newspaper agency broadcaster company group organisation organization charity channel network
    website operator daily party magazine firm station outlet union ministry
    """
)
#: Descriptions that stand for one of many: the named person last spoken of is not meant.
UNNAMED = word_set(
    "spokesman spokeswoman spokesperson official aide source witness resident man woman "
    "boy girl reporter journalist interviewer moderator soldier person"
)
#: Offices: "the minister" is no one who is known to hold another one.
OFFICES = word_set(
    """
    minister president premier chancellor secretary senator governor mayor ambassador king queen
    pope judge commissioner general admiral colonel captain bishop archbishop speaker prosecutor
    doctor professor lawyer
    """
)
#: Words that make a role another role: the deputy minister is not the minister.
LESSER = word_set("deputy vice former ex shadow acting assistant junior then-")
GENDERED = {"he": "m", "she": "f"}
#: Words an apposition without an article begins with.
APPOSING = PERSON_NOUNS | word_set("vice head deputy former senior co-founder")
