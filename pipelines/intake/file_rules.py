"""The catalogue of rules about files as such: stable ids, what follows, messages in two languages.

One table. Rules of a source's contract are declared with the source; how findings are made from
these is `findings`. A number is never used again for another rule, since senders look them up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Effect = Literal["reject", "error", "warning"]


@dataclass(frozen=True, slots=True)
class FileRule:
    """A rule about files as such: what breaks it, and what the sender reads then.

    `effect` says what follows: the whole delivery is rejected, the row is set aside (error), or
    the row is loaded and the sender is told (warning). Messages are `str.format` templates.
    """

    rule: str
    effect: Effect
    message_da: str
    message_en: str
    example_da: str


_TABLE: tuple[FileRule, ...] = (
    FileRule(
        "F01_unreadable_encoding",
        "reject",
        "Filens tegnsæt kan ikke læses ({detail_da}). Gem filen som UTF-8 eller som Windows-1252 "
        "(Excels almindelige CSV) og send den igen.",
        "The file's character set cannot be read ({detail_en}). Save it as UTF-8 or as "
        "Windows-1252 and send it again.",
        "En CSV-fil gemt i et DOS- eller Mac-tegnsæt.",
    ),
    FileRule(
        "F02_empty_file",
        "reject",
        "Filen er tom. Kontrollér udtrækket og send filen igen.",
        "The file is empty. Check the extract and send the file again.",
        "En fil på 0 bytes eller kun med tomme linjer.",
    ),
    FileRule(
        "F03_columns_missing",
        "reject",
        "Kolonneoverskrifterne blev ikke fundet. Der mangler: {columns}. Overskrifterne skal stå "
        "i én række, højst fem linjer nede.",
        "The column headings were not found. Missing: {columns}. The headings must stand in one "
        "row, at most five lines down.",
        "Kolonnen Kommunekode er slettet.",
    ),
    FileRule(
        "F04_ambiguous_columns",
        "reject",
        "Flere kolonner har samme overskrift eller betyder det samme: {columns}. Behold kun én.",
        "Several columns have the same heading or mean the same: {columns}. Keep only one.",
        "Både Kommunekode og Kommunenr. findes i filen.",
    ),
    FileRule(
        "F05_wrong_container",
        "reject",
        "Filens indhold er {found_da}, men skulle være {expected}. {advice_da}",
        "The file's content is {found_en}, but should be {expected}. {advice_en}",
        "En webside gemt under navnet udtræk.xlsx.",
    ),
    FileRule(
        "F06_encrypted",
        "reject",
        "Filen er beskyttet med adgangskode eller krypteret. Fjern beskyttelsen og send den igen.",
        "The file is protected by a password or encrypted. Remove the protection and send it "
        "again.",
        "En projektmappe med adgangskode for at åbne.",
    ),
    FileRule(
        "F07_oversized_content",
        "reject",
        "Filen indeholder langt mere, end en leverance kan fylde, og er ikke læst. Send kun data, "
        "uden billeder og tomme sider.",
        "The file holds far more than a delivery can and was not read. Send the data only, without "
        "pictures and empty pages.",
        "En lille zip-fil, der pakker ud til flere gigabyte.",
    ),
    FileRule(
        "F08_unsafe_member_name",
        "reject",
        "Zip-filen indeholder et usikkert filnavn eller en genvej ({detail_da}). Pak kun "
        "almindelige filer uden mappestier.",
        "The zip file holds an unsafe file name or a link ({detail_en}). Pack only regular files "
        "without paths.",
        "Et filnavn, der begynder med ../ eller /.",
    ),
    FileRule(
        "F09_nested_archive",
        "reject",
        "Zip-filen indeholder en anden pakket fil. Pak den ud, og send filerne i én zip-fil.",
        "The zip file holds another packed file. Unpack it and send the files in one zip file.",
        "En zip-fil i en zip-fil.",
    ),
    FileRule(
        "F10_duplicate_members",
        "reject",
        "To filer i zip-filen har samme navn. Giv hver fil sit eget navn.",
        "Two files in the zip file have the same name. Give each file its own name.",
        "dataset.csv findes to gange.",
    ),
    FileRule(
        "F11_corrupt_file",
        "reject",
        "Filen er beskadiget eller ikke overført helt ({detail_da}). Send den igen.",
        "The file is damaged or was not transferred completely ({detail_en}). Send it again.",
        "En zip-fil, hvor det sidste stykke mangler.",
    ),
    FileRule(
        "F12_parse_limits",
        "reject",
        "Filen kunne ikke læses inden for de tilladte {seconds} sekunder og {mebibytes} MB "
        "hukommelse. Gem data alene i en ny fil, eller send dem som CSV.",
        "The file could not be read within the allowed {seconds} seconds and {mebibytes} MB of "
        "memory. Save the data alone in a new file, or send them as CSV.",
        "En projektmappe med millioner af tomme, formaterede celler.",
    ),
    FileRule(
        "F13_parser_crashed",
        "reject",
        "Filen fik læseprogrammet til at gå ned og kan ikke bruges. Åbn den i sit program, gem den "
        "som en ny fil, og send den.",
        "The file crashed the reader and cannot be used. Open it in its program, save it as a new "
        "file and send that.",
        "En fil med ødelagt indre opbygning.",
    ),
    FileRule(
        "F14_far_cells",
        "reject",
        "Arket har celler langt uden for tabellen (kolonne {column}). Slet alt uden for tabellen "
        "og gem igen.",
        "The sheet has cells far outside the table (column {column}). Delete everything outside "
        "the table and save again.",
        "En bemærkning skrevet i celle XFD1048576.",
    ),
    FileRule(
        "F15_several_data_sets",
        "reject",
        "Leverancen indeholder flere tabeller, der ligner data ({names}). Send ét datasæt ad "
        "gangen.",
        "The delivery holds several tables that look like data ({names}). Send one data set at a "
        "time.",
        "To ark med de samme overskrifter.",
    ),
    FileRule(
        "F16_macros",
        "reject",
        "Filen indeholder makroer. Gem den som almindelig .xlsx (eller .docx) uden makroer, og "
        "send den igen.",
        "The file holds macros. Save it as a regular .xlsx (or .docx) without macros and send it "
        "again.",
        "En .xlsm-fil omdøbt til .xlsx.",
    ),
    FileRule(
        "F17_forbidden_markup",
        "reject",
        "Filen indeholder en dokumenttype eller entiteter, som ikke accepteres. Åbn den i sit "
        "program, gem den på ny, og send den nye fil.",
        "The file holds a document type or entities, which are not accepted. Open it in its "
        "program, save it anew and send the new file.",
        "Et Word-dokument, hvor XML'en er ændret i hånden.",
    ),
    FileRule(
        "F18_survey_set_incomplete",
        "reject",
        "SurveyXact-sættet er ikke komplet. Der mangler: {parts}. Eksportér datasæt, labels og "
        "struktur samlet.",
        "The SurveyXact set is not complete. Missing: {parts}. Export dataset, labels and "
        "structure together.",
        "structure.csv er ikke med.",
    ),
    FileRule(
        "F19_survey_set_inconsistent",
        "reject",
        "Filerne i SurveyXact-sættet passer ikke sammen ({detail_da}). Eksportér dem igen fra "
        "samme undersøgelse.",
        "The files of the SurveyXact set do not fit together ({detail_en}). Export them again "
        "from the same survey.",
        "Labels fra en anden undersøgelse end datasættet.",
    ),
    FileRule(
        "F20_document_without_text",
        "reject",
        "Dokumentet indeholder ingen tekst; det er formentlig indskannet. Send det som tekst "
        "(DOCX eller PDF med tekst).",
        "The document holds no text; it is probably scanned. Send it as text (DOCX or PDF with "
        "text).",
        "En indskannet PDF.",
    ),
    FileRule(
        "F21_minutes_head_incomplete",
        "reject",
        "Referatets hoved mangler: {parts}. Skriv kommune, boligorganisation og mødedato øverst.",
        "The head of the minutes lacks: {parts}. Write municipality, housing organisation and "
        "meeting date at the top.",
        "Et referat uden mødedato.",
    ),
    FileRule(
        "F22_unsupported_format",
        "reject",
        "Filtypen {extension} kan ikke modtages her. Send en af disse: {accepted}.",
        "The file type {extension} cannot be received here. Send one of these: {accepted}.",
        "Et billede i stedet for en tabel.",
    ),
    FileRule(
        "F23_unclosed_quote",
        "reject",
        "Et anførselstegn, der begynder i linje {line}, bliver aldrig afsluttet. Ret linjen og "
        "send filen igen.",
        "A quotation mark that begins in line {line} is never closed. Mend the line and send the "
        "file again.",
        'Navnet "Parken uden afsluttende anførselstegn.',
    ),
    FileRule(
        "F24_binary_content",
        "reject",
        "Filen er ikke en tekstfil: den indeholder styretegn. Gem den som CSV og send den igen.",
        "The file is not a text file: it holds control characters. Save it as CSV and send it "
        "again.",
        "Et billede omdøbt til .csv.",
    ),
    FileRule(
        "F25_garbled_headings",
        "reject",
        "Overskrifterne er ødelagt af et forkert tegnsæt (for eksempel BelÃ¸b eller Bel?b i stedet "
        "for Beløb), så disse kolonner ikke kan genkendes: {columns}. Lav udtrækket igen som UTF-8 "
        "eller Windows-1252.",
        "The headings were garbled by a wrong character set (such as BelÃ¸b or Bel?b for Beløb), "
        "so these columns cannot be recognised: {columns}. Make the extract again as UTF-8 or "
        "Windows-1252.",
        "Et udtræk i UTF-8, der er åbnet som Windows-1252 og gemt igen.",
    ),
    FileRule(
        "F26_headings_too_far_down",
        "reject",
        "Overskrifterne står først i linje {line}; højst fem linjer må stå over dem. Slet de "
        "overskydende linjer.",
        "The headings stand as far down as line {line}; at most five lines may stand above them. "
        "Delete the surplus lines.",
        "Et udtræk med en hel side forklaring over tabellen.",
    ),
    FileRule(
        "F27_too_many_bad_cells",
        "reject",
        "Arket har flere end 100.000 celler, der ikke kan læses (formler uden værdi, fejlværdier "
        "eller flettede celler). Indsæt data som værdier i et nyt ark, og send det.",
        "The sheet has more than 100,000 cells that cannot be read (formulas without a value, "
        "error values or merged cells). Paste the data as values into a new sheet and send that.",
        "Et ark, hvor alle opslag giver #I/T.",
    ),
    FileRule(
        "R01_field_count",
        "error",
        "Rækken har {found} felter, men overskriften har {expected}. Kontrollér skilletegn og "
        "anførselstegn i rækken.",
        "The row has {found} fields, but the heading has {expected}. Check separators and "
        "quotation marks in the row.",
        "Et semikolon midt i et navn uden anførselstegn.",
    ),
    FileRule(
        "R02_broken_quoting",
        "error",
        "Anførselstegnene i rækken er ikke sat rigtigt. Sæt dem om hele feltet, og skriv dem "
        "dobbelt inde i feltet.",
        "The quotation marks in the row are not placed right. Put them around the whole field "
        "and double them inside it.",
        '"Parken" afdeling 3;…',
    ),
    FileRule(
        "R03_formula_without_value",
        "error",
        "Cellen indeholder en formel uden beregnet værdi. Åbn arket i Excel, lad det beregne, og "
        "gem – eller indsæt som værdier.",
        "The cell holds a formula without a computed value. Open the sheet in Excel, let it "
        "compute and save, or paste as values.",
        "=B2*C2 skrevet af et program, der ikke regner.",
    ),
    FileRule(
        "R04_error_value",
        "error",
        "Cellen indeholder en regnearksfejl (for eksempel #DIVISION/0! eller #I/T). Ret formlen "
        "eller skriv værdien.",
        "The cell holds a spreadsheet error (such as #DIV/0! or #N/A). Mend the formula or write "
        "the value.",
        "#I/T i kolonnen Beløb.",
    ),
    FileRule(
        "R05_merged_cells",
        "error",
        "Rækken har flettede celler, så det er uklart, hvad der hører til hvor. Ophæv fletningen "
        "og udfyld hver celle.",
        "The row has merged cells, so it is unclear what belongs where. Unmerge and fill in each "
        "cell.",
        "Helhedsplanens navn flettet over tre rækker.",
    ),
    FileRule(
        "R06_after_totals",
        "error",
        "Rækken står efter en sumrække. Data skal stå før den, og der må kun være én.",
        "The row stands after a totals row. Data must come before it, and there may be only one.",
        "En mellemsum midt i tabellen.",
    ),
    FileRule(
        "R07_garbled_text",
        "error",
        "Teksten i cellen er ødelagt af et forkert tegnsæt (for eksempel Ã¦ i stedet for æ). Lav "
        "udtrækket igen.",
        "The text in the cell was garbled by a wrong character set (such as Ã¦ for æ). Make the "
        "extract again.",
        "KÃ¸benhavn i stedet for København.",
    ),
    FileRule(
        "R08_outside_table",
        "error",
        "Rækken har indhold uden for tabellens kolonner. Slet det, eller giv kolonnen en "
        "overskrift.",
        "The row has content outside the table's columns. Delete it or give the column a heading.",
        "En bemærkning skrevet til højre for tabellen.",
    ),
    FileRule(
        "W01_hidden_rows",
        "warning",
        "{count} skjulte eller bortfiltrerede rækker er læst med.",
        "{count} hidden or filtered-out rows were read too.",
        "Et ark gemt med et aktivt filter.",
    ),
    FileRule(
        "W02_hidden_columns",
        "warning",
        "Skjulte kolonner er læst med.",
        "Hidden columns were read too.",
        "Kolonnen LBF-nr er skjult.",
    ),
    FileRule(
        "W03_hidden_sheet",
        "warning",
        "Arket er skjult, men indeholder tabellen og er læst.",
        "The sheet is hidden, but holds the table and was read.",
        "Data ligger på et skjult ark.",
    ),
    FileRule(
        "W04_dates_since_1904",
        "warning",
        "Projektmappen regner datoer fra 1904 (ældre Mac). De er omregnet; kontrollér dem.",
        "The workbook counts dates from 1904 (older Mac). They were converted; check them.",
        "Et ark lavet i en ældre Excel til Mac.",
    ),
    FileRule(
        "W05_invisible_marks",
        "warning",
        "{count} usynlige tegn (nulbredde eller skriveretning) er fjernet fra filen.",
        "{count} invisible marks (zero width or writing direction) were removed from the file.",
        "Tekst kopieret fra en webside.",
    ),
    FileRule(
        "W06_sheet_set_aside",
        "warning",
        "Arket indeholder ikke tabellen og er ikke læst.",
        "The sheet does not hold the table and was not read.",
        "Et ekstra ark med noter.",
    ),
    FileRule(
        "W07_file_set_aside",
        "warning",
        "Filen hører ikke til datasættet og er ikke læst.",
        "The file does not belong to the data set and was not read.",
        "complete.csv ved siden af dataset.csv.",
    ),
    FileRule(
        "W14_no_last_newline",
        "warning",
        "Filen slutter uden linjeskift efter den sidste række. Er den skåret af i sidste felt, kan "
        "det ikke ses: kontrollér, at sidste række er hel.",
        "The file ends without a line break after its last row. Nobody can see whether its last "
        "field was cut short: check that the last row is whole.",
        "En kopiering, der blev afbrudt i det sidste felt.",
    ),
    FileRule(
        "W08_declared_missing",
        "warning",
        "{count} svar på variablen er i SPSS-filen angivet som manglende (user-missing) og er læst "
        "som ubesvarede. Er det »ved ikke«, så fjern angivelsen, og send filen igen.",
        "{count} answers to the variable are declared missing (user-missing) in the SPSS file and "
        "were read as unanswered. If they mean “don't know”, remove the declaration and send the "
        "file again.",
        "Koden 9 for »ved ikke« er angivet som manglende værdi i SPSS.",
    ),
    FileRule(
        "W09_external_links",
        "warning",
        "Projektmappen henter værdier fra andre projektmapper. De gemte værdier er læst; "
        "kontrollér, at de er de nyeste, eller indsæt dem som værdier.",
        "The workbook fetches values from other workbooks. The stored values were read; check that "
        "they are the latest, or paste them as values.",
        "En formel, der slår op i en anden projektmappe.",
    ),
    FileRule(
        "W10_tracked_changes",
        "warning",
        "Dokumentet har ændringer, der hverken er godkendt eller afvist. Det indsatte er læst, det "
        "slettede ikke. Send gerne den endelige udgave.",
        "The document has changes that were neither accepted nor rejected. What was inserted is "
        "read, what was deleted is not. Please send the final version.",
        "Et udkast med registrerede ændringer.",
    ),
    FileRule(
        "W11_text_boxes",
        "warning",
        "Dokumentet har tekst i tekstbokse eller figurer, som ikke er læst. Skriv den i "
        "brødteksten, og send igen, hvis den hører til referatet.",
        "The document has text in text boxes or shapes, which was not read. Write it in the body "
        "and send again if it belongs to the minutes.",
        "Mødets beslutninger i en ramme på siden.",
    ),
    FileRule(
        "W12_attachments",
        "warning",
        "Dokumentet har vedhæftede filer, som ikke er læst. Send dem for sig, hvis de er "
        "referater.",
        "The document has attached files, which were not read. Send them on their own if they are "
        "minutes.",
        "En PDF-portefølje med flere referater.",
    ),
    FileRule(
        "W13_pages_without_text",
        "warning",
        "{count} af dokumentets sider har ingen tekst (formentlig indskannede) og er ikke læst. "
        "Send dem som tekst, hvis de hører til referatet.",
        "{count} of the document's pages have no text (probably scanned) and were not read. Send "
        "them as text if they belong to the minutes.",
        "Et underskrevet referat, hvor en side er indskannet.",
    ),
)

FILE_RULES: Mapping[str, FileRule] = MappingProxyType({rule.rule: rule for rule in _TABLE})
