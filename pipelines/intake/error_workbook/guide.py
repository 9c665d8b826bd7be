"""The words of an error workbook: how to mend it, what the colours mean, what is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pipelines.intake.delivery import ArchivedDelivery
from pipelines.intake.error_workbook.marks import Kind, Marks
from pipelines.intake.error_workbook.shown import ShownTable
from pipelines.intake.process import Decision

KIND_WORDS: Final[dict[Kind, str]] = {
    "error": "Fejl: skal rettes",
    "held": "Venter på en anden række",
    "blank": "Indhold ikke vist: skal udfyldes",
    "warning": "Til orientering: tjek gerne",
}
LIST_HEADER: Final = ("Ark", "Celle", "Række", "Kolonne", "Hvad", "Regel", "Besked")
SYNTHETIC: Final = "SYNTETISKE DATA: opdigtede oplysninger til afprøvning."
HOW_TO: Final = "Sådan retter I"
TOO_LONG: Final = "Tabellen er for lang til at blive vist helt"
GOOD_TO_KNOW: Final = "Godt at vide"
HEADINGS: Final = frozenset({HOW_TO, TOO_LONG, GOOD_TO_KNOW})

_BECAME: Final = {
    "accepted": "Leverancen er indlæst. Der er noget, vi gerne vil bede jer se på.",
    "quarantined": (
        "Leverancen er indlæst, men {held} af {read} rækker er holdt tilbage, til de er rettet."
    ),
    "rejected": "Leverancen er ikke indlæst. Den skal rettes og sendes igen.",
}


def state_of(decision: Decision) -> str:
    """What became of the delivery, in a sentence."""
    return _BECAME[decision.state].format(held=decision.rows_quarantined, read=decision.rows_read)


def guide_lines(
    delivery: ArchivedDelivery, decision: Decision, table: ShownTable, marks: Marks
) -> Iterator[str]:
    """The guide's lines after its title; an empty one parts the sections."""
    if delivery.meta.is_synthetic:
        yield SYNTHETIC
    yield f"Leverance: {delivery.name}"
    yield f"Kilde og periode: {delivery.source}, {delivery.period}"
    yield state_of(decision)
    yield ""
    yield from _how_to_mend(table, marks)
    if table.notes:
        yield ""
        yield GOOD_TO_KNOW
        yield from (f"• {note}" for note in table.notes)


def _how_to_mend(table: ShownTable, marks: Marks) -> Iterator[str]:
    if not table.is_whole:
        yield TOO_LONG
        yield f"• Arket {table.sheet} viser kun de rækker, der er noget i vejen med."
        yield (
            "• Ret fejlene i jeres eget system eller i den fil, I sendte, og send hele filen igen. "
            "Denne projektmappe kan ikke sendes tilbage."
        )
        return
    yield HOW_TO
    yield (
        f"1. Gå til arket {table.sheet}. Hold musen over en farvet celle for at læse, hvad der er "
        "galt, og hvad der vil være rigtigt."
    )
    yield "2. Skriv det rigtige i cellen. Tal, beløb og datoer skrives, som I plejer i Excel."
    if marks.guards:
        yield (
            "3. Hvor der står »◄ Ret rækken«, ret hele rækken, og slet så indholdet af den celle."
        )
    yield (
        f"{4 if marks.guards else 3}. Gem projektmappen, og send den på samme måde som sidst. Den "
        "erstatter den forrige leverance; arkene Fejlliste og Vejledning bliver ikke læst."
    )
    if all(row.number == row.sheet_row for row in table.rows):
        yield (
            "Rækkerne har samme numre her som i jeres egen fil. I kan også rette i den og sende "
            "den igen."
        )
