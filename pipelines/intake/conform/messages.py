"""The rules every contract has: what can be wrong with a cell, a column or a delivery.

Messages in Danish and English stand here once, with an example for the delivery guide. Rules of
one source are in its `source.yml`, rules about files as such in `intake.findings`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pipelines.contracts.model import FieldType
from pipelines.intake.findings import DeliveryRejected, Finding, Severity


@dataclass(frozen=True, slots=True)
class ContractRule:
    """A rule that holds for every source; `severity` None means the whole file is rejected."""

    rule: str
    severity: Severity | None
    message_da: str
    message_en: str
    example_da: str


_TABLE: tuple[ContractRule, ...] = (
    ContractRule(
        "C01_required_missing",
        "error",
        "Cellen er tom, men »{label}« skal være udfyldt.",
        "The cell is empty, but “{label}” must be filled in.",
        "En række uden sagsnummer.",
    ),
    ContractRule(
        "C02_not_a_number",
        "error",
        "Cellen er ikke et tal, der kan læses. Skriv {expected}.",
        "The cell is not a number that can be read. Write {expected_en}.",
        "1,500.00 eller »ca. 1500«.",
    ),
    ContractRule(
        "C03_not_a_date",
        "error",
        "Cellen er ikke en dato, der kan læses. Skriv {expected}.",
        "The cell is not a date that can be read. Write {expected_en}.",
        "31-02-2015 eller 06/30/2015.",
    ),
    ContractRule(
        "C04_unknown_code",
        "error",
        "Cellen er ikke en af de værdier, »{label}« kan have.{proposal_da}",
        "The cell is none of the values “{label}” can have.{proposal_en}",
        "Emnet »Beboertryghet«.",
    ),
    ContractRule(
        "C05_out_of_range",
        "error",
        "Værdien ligger uden for det tilladte: {range_da}.",
        "The value is outside what is allowed: {range_en}.",
        "Et negativt beløb.",
    ),
    ContractRule(
        "C06_held_back_with_its_group",
        "error",
        "Rækken er i orden, men hører sammen med en række, der er holdt tilbage, og venter på den. "
        "Ret den anden række; her er intet at rette.",
        "The row is fine, but belongs with a row that is held back, and waits for it. "
        "Mend that one; there is nothing to mend here.",
        "En anden finansieringskilde i samme plan har et forkert beløb.",
    ),
    ContractRule(
        "C07_unknown_column",
        "warning",
        "Kolonnen er ukendt og er ikke indlæst. Er det en nødvendig kolonne, så tjek overskriften.",
        "The column is unknown and was not loaded. If it is a needed one, check its heading.",
        "En ekstra kolonne »Bemærkninger«.",
    ),
    ContractRule(
        "C08_personal_column_cut",
        "warning",
        "Kolonnen kan indeholde personoplysninger og er skåret fra, før noget blev indlæst. "
        "Send den ikke med næste gang.",
        "The column may hold personal data and was cut off before anything was loaded. "
        "Leave it out next time.",
        "En kolonne med e-mailadresser.",
    ),
    ContractRule(
        "C09_personal_data_in_cell",
        "error",
        "Her står en e-mailadresse, et telefonnummer eller et CPR-nummer, som ikke må indlæses. "
        "Slet oplysningen, og send filen igen.",
        "This holds an e-mail address, a phone number or a CPR number, which must not be loaded. "
        "Remove it and send the file again.",
        "En kontaktpersons e-mailadresse i helhedsplanens navn.",
    ),
    ContractRule(
        "C10_date_order",
        "error",
        "Datoen kan læses på to måder, for andre datoer i kolonnen har måneden først. Skriv dem "
        "alle som dd-mm-åååå, for eksempel 30-06-2015.",
        "The date can be read in two ways, since others in the column have the month first. Write "
        "all of them as dd-mm-yyyy, such as 30-06-2015.",
        "06/07/2015 i en kolonne, hvor der også står 06/30/2015.",
    ),
    ContractRule(
        "K01_no_code_book",
        None,
        "Der er ingen kodebog for bølgen {period}. CFBU skal lave den, før svarene kan indlæses.",
        "There is no code book for wave {period}. CFBU must make it before answers can be loaded.",
        "En ny undersøgelse, som ingen har beskrevet endnu.",
    ),
    ContractRule(
        "K02_other_period",
        None,
        "Filen siger, at den gælder {stated}, men den er leveret for {period}. Lever den under "
        "den rigtige dato, eller ret datoen i filen.",
        "The file says it is for {stated_en}, but it was delivered for {period}. Deliver it under "
        "the right date, or mend the date in the file.",
        "Udtræksdato 31-12-2015 i mappen for 30-06-2015.",
    ),
    ContractRule(
        "K03_totals_disagree",
        None,
        "Sumrækken afviger fra summen af rækkerne. Der mangler rækker, eller nogle er ændret. "
        "Lav udtrækket igen.",
        "The totals row differs from the sum of the rows. Rows are missing or were changed. "
        "Make the extract again.",
        "En række slettet, efter at summen blev dannet.",
    ),
    ContractRule(
        "K04_no_row_accepted",
        None,
        "Ingen af filens {rows} rækker kan indlæses. Ret fejlene nedenfor, og send hele filen "
        "igen.",
        "None of the file's {rows} rows can be loaded. Mend the errors below and send the whole "
        "file again.",
        "Alle kommunekoder er forkerte.",
    ),
    ContractRule(
        "K05_variable_missing",
        None,
        "Datasættet mangler variabler, som kodebogen for {period} bruger: {variables}. Eksportér "
        "igen med alle variabler.",
        "The dataset lacks variables that the code book of {period} uses: {variables_en}. Export "
        "it again with all variables.",
        "Eksporten er lavet uden baggrundsvariablen kommunekode.",
    ),
    ContractRule(
        "K06_unknown_municipality",
        None,
        "Kommunen i referatets hoved er ikke en af de 98 kommuner. Ret navnet.",
        "The municipality in the head of the minutes is none of the 98. Mend the name.",
        "»Storkøbing Kommune« i hovedet.",
    ),
    ContractRule(
        "K08_no_topic_found",
        None,
        "Referatet er læst, men ingen af emnerne fra emnelisten blev fundet i det. Tjek, at det er "
        "det rigtige dokument.",
        "The minutes were read, but none of the listed topics was found in them. Check that it is "
        "the right document.",
        "En dagsorden uden punkter.",
    ),
    ContractRule(
        "K07_quality_gate",
        None,
        "Leverancen som helhed er usandsynlig, og intet er indlæst; kontakt CFBU. Det her skulle "
        "gælde, men gør det ikke: {reasons}.",
        "The delivery as a whole is implausible, and nothing was loaded; contact CFBU. This should "
        "hold, but does not: {reasons_en}.",
        "En bølge, hvor samme kommune svarer for alle.",
    ),
    ContractRule(
        "K09_no_rows",
        None,
        "Filen har overskrifter, men ingen rækker under dem. Lav udtrækket igen.",
        "The file has headings but no rows below them. Make the extract again.",
        "Et udtræk med et filter, som intet slipper igennem.",
    ),
    ContractRule(
        "K10_most_rows_held_back",
        None,
        "{held} af filens {rows} rækker kan ikke indlæses, så resten ville give et forkert "
        "billede. Intet er indlæst. Ret fejlene nedenfor, og send hele filen igen.",
        "{held} of the file's {rows} rows cannot be loaded, so the rest would mislead. Nothing was "
        "loaded. Mend the errors below and send the whole file again.",
        "Et udtræk, hvor næsten alle beløb mangler øre.",
    ),
    ContractRule(
        "K11_smaller_than_before",
        None,
        "Leverancen er langt mindre end den forrige ({period}): {falls}. Intet er indlæst, for "
        "filen kan være skåret af. Lav udtrækket igen – eller, hvis det er rigtigt, lever det med "
        "en bekræftelse og en forklaring (monitor deliver --confirm-smaller, eller "
        "confirmed_smaller og note i .meta.json).",
        "The delivery is far smaller than the one before it ({period}): {falls_en}. Nothing was "
        "loaded, since the file may have been cut off. Make the extract again or, if it is right, "
        "deliver it with a confirmation and an explanation (monitor deliver --confirm-smaller, or "
        "confirmed_smaller and note in the .meta.json).",
        "En fil, der er skåret af ved et linjeskift, så kun de første 40 af 140 planer er med.",
    ),
    ContractRule(
        "K12_confirmed_smaller",
        "warning",
        "Leverancen er langt mindre end den forrige ({period}): {falls}. Afsenderen har bekræftet, "
        "at det er rigtigt, og den er indlæst.",
        "The delivery is far smaller than the one before it ({period}): {falls_en}. The sender "
        "confirmed that this is right, and it was loaded.",
        "Et udtræk efter at afsluttede planer er flyttet til et andet system.",
    ),
    ContractRule(
        "K13_no_increments",
        None,
        "Leverancen er mærket som ændringer siden sidst (is_incremental), men {source_da} modtages "
        "kun i sin helhed. Lav hele udtrækket, og send det uden mærket.",
        "The delivery is marked as changes since last time (is_incremental), but {source_en} is "
        "received whole only. Make the whole extract and send it without the mark.",
        "Et driftsstøtteudtræk leveret med monitor deliver --incremental.",
    ),
    ContractRule(
        "K14_increment_without_export",
        None,
        "Leverancen er ændringer siden sidst (is_incremental), men der er ingen fuld eksport af "
        "{period} at føje dem til. Send først den fulde eksport og så ændringerne igen.",
        "The delivery is changes since last time (is_incremental), but there is no full export of "
        "{period} to add them to. Send the full export first, then the changes again.",
        "En eksport af de nye svar, før hele undersøgelsen er leveret.",
    ),
    ContractRule(
        "K15_increment_without_times",
        None,
        "Leverancen er ændringer siden sidst (is_incremental), men kodebogen for {period} kender "
        "ingen kolonne med tidspunktet for ændringen (modified), så det nyeste svar kan ikke "
        "findes. Send den fulde eksport i stedet.",
        "The delivery is changes since last time (is_incremental), but the code book of {period} "
        "knows no column with the time of the change (modified), so the newest answer cannot be "
        "told. Send the full export instead.",
        "En eksport af ændringer uden kolonnen modified.",
    ),
    ContractRule(
        "K16_answers_recoded",
        None,
        "Svarkoderne for {variables} betyder noget andet i eksporten end i kodebogen for {period}, "
        "så svarene ville blive læst forkert. Er det den rigtige bølges eksport, så kontakt CFBU; "
        "ellers send den rigtige.",
        "The answer codes of {variables} mean something else in the export than in the code book "
        "of {period}, so the answers would be read wrong. If it is the right wave's export, "
        "contact CFBU; else send the right one.",
        "Koden 1 er »Nej« i eksporten, men »Ja« i kodebogen.",
    ),
    ContractRule(
        "K17_date_order_turns",
        None,
        "Datoerne i kolonnen {column} har nogle steder dagen først og andre steder måneden, så "
        "flere af dem kan læses på to måder. Skriv dem alle som dd-mm-åååå, og send filen igen.",
        "The dates of the column {column} have the day first in some places and the month in "
        "others, so several of them can be read in two ways. Write all as dd-mm-yyyy, and send "
        "the file again.",
        "02/03/2013 i den første del af en stor fil og 01/31/2013 i den sidste.",
    ),
)

CONTRACT_RULES: Mapping[str, ContractRule] = MappingProxyType({r.rule: r for r in _TABLE})

UNREADABLE: Mapping[FieldType, str] = MappingProxyType(
    {
        FieldType.CODE: "C04_unknown_code",
        FieldType.CODES: "C04_unknown_code",
        FieldType.INTEGER: "C02_not_a_number",
        FieldType.KRONER: "C02_not_a_number",
        FieldType.DECIMAL: "C02_not_a_number",
        FieldType.DATE: "C03_not_a_date",
        FieldType.TIMESTAMP: "C03_not_a_date",
        FieldType.BOOLEAN: "C04_unknown_code",
    }
)
"""Which rule a cell breaks that holds something else than its type."""


def contract_rejection(rule: str, *, file: str, **details: object) -> DeliveryRejected:
    """The rejection of a whole file by a rule of this table."""
    entry = CONTRACT_RULES[rule]
    return DeliveryRejected(
        rule, entry.message_da.format(**details), entry.message_en.format(**details), file=file
    )


def contract_finding(
    rule: str,
    *,
    file: str,
    sheet: str | None = None,
    row: int | None = None,
    column: str | None = None,
    **details: object,
) -> Finding:
    """A finding by a rule of this table; `details` never hold a cell's value."""
    entry = CONTRACT_RULES[rule]
    return Finding(
        file,
        sheet,
        row,
        column,
        rule,
        entry.severity or "error",
        entry.message_da.format(**details),
        entry.message_en.format(**details),
    )
