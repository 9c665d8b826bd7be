"""The report's figures on the 2015 survey, as a readable list of what the answers must satisfy.

Each `Total` names the lines of the report it comes from, or says that it is our assumption; every
`NoFew` is one.
`OUT_OF_REACH` are the published figures that no answers can meet.
"""

from __future__ import annotations

from dataclasses import dataclass

from scripts.make_deliveries.constraints import (
    COORDINATOR,
    FORMS,
    FORUMS,
    FREQUENCY,
    LEADERS,
    OTHER_CHOICES,
    POLITICIANS,
    TIME,
    UNIT,
    Among,
    NoFew,
    Total,
)


def _often(same: str) -> tuple[str, ...]:
    return (f"dialogue.{same}/always", f"dialogue.{same}/often")


def _same(same: str) -> tuple[str, ...]:
    return tuple(f"dialogue.{same}/{often}" for often in FREQUENCY)


@dataclass(frozen=True)
class OutOfReach:
    """A published figure that no internally possible set of answers meets, and why."""

    name: str
    lines: str
    published: str
    why: str


TOTALS = (
    Total("answered", "L111", "41 af 44 kommuner", ("completed",), "=", 41, base=44),
    Total(
        "case municipalities answered",
        "L297",
        "casekommuner",
        ("completed",),
        "=",
        5,
        "cases",
        basis="assumption",
    ),
    Total(
        "who leaves the panel later has answered",
        "",
        "",
        ("completed",),
        "=",
        5,
        "leavers",
        basis="assumption",
    ),
    Total("stated the time", "L366", "38 kommuner", TIME, "=", 38, base=41),
    Total("stated the time, large", "L366", "16 store", TIME, "=", 16, "large", 16),
    Total("stated the time, small", "L366", "22 små", TIME, "=", 22, "small", 28),
    Total(
        "full-time or more, large", "L180, L362", "44 %; næsten 45 %", TIME[:1], "=", 7, "large", 16
    ),
    Total(
        "full-time or more, small", "L180, L362", "13 %; under 15 %", TIME[:1], "=", 3, "small", 22
    ),
    Total("half-time or less, small", "L362", "over 60 %", TIME[2:], ">=", 14, "small", 22),
    Total(
        "half-time or less is not everyone",
        "L362",
        "over 60 %",
        TIME[2:],
        "<=",
        15,
        "small",
        22,
        basis="assumption",
    ),
    Total("coordinator appointed", "L234", "90 %", COORDINATOR, "=", 37, base=41),
    Total("no coordinator", "L358", "10 %", ("coordinator.no",), "=", 4, base=41),
    Total(
        "neutral unit", "L246, L856", "godt halvdelen; ca. halvdelen", UNIT[:1], "=", 19, base=37
    ),
    Total("specialist unit", "L246, L856", "de øvrige", UNIT[1:], "=", 18, base=37),
    Total("staff resources", "L941", "over 9 ud af 10", FORMS[:1], "=", 37, base=41),
    Total("several forms", "L339", "mange kommuner", ("form.at_least_two",), ">=", 25, base=41),
    Total(
        "leaders' priority satisfactory", "L252, L945", "halvdelen", LEADERS[:1], "=", 19, base=38
    ),
    Total(
        "leaders' priority to some degree",
        "L945",
        "den anden halvdel",
        LEADERS[1:],
        "=",
        19,
        base=38,
    ),
    Total("satisfactory alike, large", "L375", "nærmest ens", LEADERS[:1], "=", 8, "large", 16),
    Total("satisfactory alike, small", "L375", "nærmest ens", LEADERS[:1], "=", 11, "small", 22),
    Total(
        "politicians alike, large",
        "L375",
        "nærmest ens",
        POLITICIANS[:1],
        "=",
        8,
        "large",
        16,
        "assumption",
    ),
    Total(
        "politicians alike, small",
        "L375",
        "nærmest ens",
        POLITICIANS[:1],
        "=",
        11,
        "small",
        22,
        "assumption",
    ),
    Total(
        "one person coordinates both",
        "L695",
        "hyppigere",
        _same("yes"),
        "=",
        17,
        base=41,
        basis="assumption",
    ),
    Total(
        "different persons", "L695", "hyppigere", _same("no"), "=", 23, base=41, basis="assumption"
    ),
    Total(
        "social topics often, one person",
        "L695",
        "hyppigere",
        _often("yes"),
        ">=",
        13,
        base=17,
        basis="assumption",
    ),
    Total(
        "social topics often, different persons",
        "L695",
        "hyppigere",
        _often("no"),
        "<=",
        10,
        base=23,
        basis="assumption",
    ),
)

WHOLE_FIGURE = (
    "Vores antagelse: Rapporten trykte hele figurens fordeling, så ingen celle i den kan dække "
    "over en eller to kommuner."
)
SAME_TABLE = (
    "Vores antagelse: Lederne og politikerne er i samme tabel, og den kan kun vises hel, når ingen "
    "celle i den dækker over en eller to kommuner."
)
# (question, items, lines, published, why): the distributions by size that can be printed whole.
PRINTED = (
    ("time", TIME, "L370", "figur 3", WHOLE_FIGURE),
    ("leaders' priority", LEADERS, "L387", "figur 4", WHOLE_FIGURE),
    ("politicians' priority", POLITICIANS, "L375", "nærmest ens", SAME_TABLE),
)
BASES: tuple[tuple[Among, int], ...] = (("large", 16), ("small", 22))
NO_FEW = tuple(
    NoFew(f"{question}: {item.partition('.')[2]}, {size}", lines, figure, item, size, base, why)
    for question, items, lines, figure, why in PRINTED
    for size, base in BASES
    for item in items
)

# What the report says about its five case municipalities.
CASE_TOTALS = (
    Total(
        "Albertslund: coordinator",
        "L653",
        "Den boligsociale koordinator",
        COORDINATOR,
        "=",
        1,
        "165",
    ),
    Total(
        "Albertslund: forums",
        "L653",
        "strategiske som det taktiske niveau",
        FORUMS[:2],
        "=",
        2,
        "165",
    ),
    Total(
        "Køge: specialist unit", "L860", "placeret i denne fagforvaltning", UNIT[1:], "=", 1, "259"
    ),
    Total("Odense: neutral unit", "L868", "i Borgmesterforvaltningen", UNIT[:1], "=", 1, "461"),
    Total("Odense: tactical forum", "L893", "på det taktiske niveau", FORUMS[1:2], "=", 1, "461"),
    Total(
        "Odense: middle managers",
        "L1030",
        "deltager mellemledere",
        OTHER_CHOICES[:1],
        "=",
        1,
        "461",
    ),
    Total(
        "Odense: municipal plan",
        "L921",
        "skrevet ind i kommuneplanen",
        OTHER_CHOICES[1:],
        "=",
        1,
        "461",
    ),
    Total("Sønderborg: one person", "L705", "samles hos en person", _same("yes"), "=", 1, "540"),
    Total("Sønderborg: coordinator", "L705", "samtidig koordinator", COORDINATOR, "=", 1, "540"),
    Total(
        "Herning: operational forum", "L720", "indsatsnære følgegrupper", FORUMS[2:], "=", 1, "657"
    ),
)

OUT_OF_REACH = (
    OutOfReach(
        "staff resources on all 44",
        "L341",
        "91 % af de 44",
        "Kun 40 af 44 giver 91 %, og kun 41 svarede: 40 af 41 ville være 98 % af svarene. "
        "Valgt er 37 af 41 (90 %), det nærmeste ved 91 % og over 9 ud af 10. I "
        "driftsstøtteudtrækket, der dækker alle 44, har 40 kommuner medarbejdertimer.",
    ),
    OutOfReach(
        "staff resources, figure 2",
        "L334",
        "91 %, N=38",
        "Intet helt antal af 38 (eller 41) giver 91 %.",
    ),
    OutOfReach(
        "one rounding rule",
        "L180",
        "44 % og 13 %",
        "7/16 = 43,75 er 44 efter afrunding, 3/22 = 13,6 er 13 efter afkortning: én regel kan ikke "
        "give begge. Antallene 7 og 3 er de eneste mulige.",
    ),
    OutOfReach(
        "time stated without a coordinator",
        "L234, L366",
        "37 med koordinator, 38 med tidsforbrug",
        "Spørgsmålet stilles kun, hvor der er en koordinator. Præcis én kommune uden koordinator "
        "har derfor svaret alligevel.",
    ),
)
