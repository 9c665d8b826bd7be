"""What is said under each topic in the made-up minutes.

Danish office prose with the wordings that trip a tagger: a topic that is denied is still discussed
("ingen problemer med tryghed"), a *fysisk helhedsplan* is no boligsocial one. All of it invented.
"""

from __future__ import annotations

from typing import Final

# Topic -> (heading, sentences). Where a topic is missing its label is the heading.
TEXTS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "accounts_economy": (
        "Regnskab og økonomi",
        (
            "Boligorganisationen gennemgik årsregnskabet. Egenkapitalen er uændret.",
            "Henlæggelserne er tilstrækkelige, og budgettet overholdes.",
        ),
    ),
    "letting_key_figures": (
        "Nøgletal for udlejning",
        (
            "Der er kort venteliste og ingen tomgang. Fraflytningen er faldet lidt.",
            "Nøgletallene for udlejningen blev taget til efterretning.",
        ),
    ),
    "maintenance": (
        "Vedligeholdelse",
        ("Planen for vedligeholdelse blev gennemgået; istandsættelserne følger den.",),
    ),
    "efficiency": (
        "Effektivisering",
        ("Organisationen arbejder med effektiv drift og et fælles driftskontor.",),
    ),
    "physical_condition": (
        "Bygningernes fysiske tilstand",
        ("Tilstandsrapporten viser enkelte byggeskader i to afdelinger.",),
    ),
    "physical_plan": (
        "Fysisk helhedsplan",
        (
            "Den fysiske helhedsplan for afdeling 2 ventes godkendt til næste år.",
            "Renoveringen omfatter tage og facader.",
        ),
    ),
    "new_building": (
        "Nybyggeri",
        ("Der er ansøgt om grundkapital til nybyggeri på en kommunal grund.",),
    ),
    "rent_level": ("Huslejeniveau", ("Huslejen stiger mindre end prisudviklingen.",)),
    "administration": (
        "Administration",
        ("Vedtægterne er ajourført. Administrationen flytter til nye lokaler.",),
    ),
    "resident_democracy": (
        "Beboerdemokrati",
        ("Der har været fremmøde til afdelingsmøderne, og bestyrelserne er fuldtallige.",),
    ),
    "follow_up": (
        "Opfølgning på sidste års aftaler",
        ("Aftalerne fra sidste år er gennemført, bortset fra én, som videreføres.",),
    ),
    "letting_rules": (
        "Udlejningsregler",
        (
            "Aftalen om fleksibel udlejning løber videre i to år.",
            "Kommunen ønsker udlejningskriterierne vurderet inden fornyelsen.",
        ),
    ),
    "municipal_allocation": (
        "Kommunal anvisning",
        ("Kommunen anviser til hver fjerde ledige bolig; anvisningsaftalen drøftes igen.",),
    ),
    "resident_composition": (
        "Beboersammensætning",
        (
            "Beboersammensætningen er stabil, men der er flere ældre i to afdelinger.",
            "Beboerprofilen blev omdelt.",
        ),
    ),
    "resident_safety": (
        "Tryghed",
        (
            "Der er ingen problemer med tryghed i afdelingerne, og der er ikke set hærværk.",
            "SSP-samarbejdet fortsætter uændret.",
        ),
    ),
    "social_effort": (
        "Den boligsociale indsats",
        (
            "Den boligsociale helhedsplan forløber som planlagt med lektiehjælp og fritidsjob.",
            "Den sociale vicevært har fået flere henvendelser.",
        ),
    ),
    "vulnerable_areas": (
        "Udsatte boligområder",
        ("Ingen af organisationens afdelinger står på listen over særligt udsatte boligområder.",),
    ),
    "evictions": (
        "Udsættelser og restancer",
        ("Antallet af udsættelser er faldet. Restancer følges hver måned.",),
    ),
}
WELCOME = "Formanden bød velkommen, og deltagerne præsenterede sig. Dagsordenen blev godkendt."
ANY_OTHER = "Intet at bemærke. Næste møde holdes om et år."
AGREED = "Aftale: Punktet følges op på næste møde."
ALL_INVENTED = "Alle personer og oplysninger i dette referat er opdigtede."
