"""How values and files are written: what each type and each format is called and looks like.

Words and examples for the people who send and read data. The examples are held against the
parsers by the tests, so the documents cannot promise a form that the gate would turn down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pipelines.contracts.model import Field, FieldType


@dataclass(frozen=True, slots=True)
class TypeForm:
    """How the cells of one type are written: in words, with forms that are and are not read."""

    label_da: str
    label_en: str
    written_da: str
    written_en: str
    accepted: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    asked_da: str = ""
    asked_en: str = ""
    """What a message asks for, after "write"; empty where any text may stand, or a list's value."""


TYPE_FORMS: Mapping[FieldType, TypeForm] = MappingProxyType(
    {
        FieldType.TEXT: TypeForm(
            "tekst",
            "text",
            "Tekst, som den skal stå. Nuller foran et nummer tæller med, så gem sådan en kolonne "
            "som tekst i Excel",
            "Text as it should stand. Leading zeros of a number count, so keep such a column as "
            "text in Excel",
        ),
        FieldType.CODE: TypeForm(
            "en værdi fra listen",
            "one value of the list",
            "Præcis én af listens værdier. Store og små bogstaver, mellemrum og slags tankestreg "
            "er ligegyldige",
            "Exactly one of the list's values. Case, blanks and the kind of dash do not matter",
        ),
        FieldType.CODES: TypeForm(
            "en eller flere værdier fra listen",
            "one or more values of the list",
            "En eller flere af listens værdier med | imellem",
            "One or more of the list's values with | between them",
        ),
        FieldType.INTEGER: TypeForm(
            "helt tal",
            "whole number",
            "Et helt tal, med eller uden punktum for tusinder",
            "A whole number, with or without a point for thousands",
            ("1204", "1.204"),
            ("1,5", "1 204", "12.04"),
            "et helt tal, for eksempel 1204 eller 1.204",
            "a whole number",
        ),
        FieldType.KRONER: TypeForm(
            "kroner",
            "kroner",
            "Kroner med komma før ørerne; punktum for tusinder kræver, at ørerne er med",
            "Kroner with a comma before the øre; a point for thousands needs the øre to be there",
            ("6.000.000,00", "6000000,00", "1500"),
            ("1,500.00", "1.500", "1500.00", "kr. 1.500,00"),
            "kroner med komma før ørerne, for eksempel 1.500,00",
            "kroner with a comma before the øre, such as 1.500,00",
        ),
        FieldType.DECIMAL: TypeForm(
            "tal med komma",
            "decimal number",
            "Et tal med komma før decimalerne, højst to decimaler",
            "A number with a comma before the decimals, at most two of them",
            ("37", "37,5", "4.160,5"),
            ("37.5", "4.160", "1e2"),
            "et tal med komma, for eksempel 37,5",
            "a number such as 37,5",
        ),
        FieldType.DATE: TypeForm(
            "dato",
            "date",
            "Dag, måned og år med fire cifre, eller år-måned-dag",
            "Day, month and year with four digits, or year-month-day",
            ("30-06-2015", "30/06/2015", "2015-06-30"),
            ("30-06-15", "06/30/2015", "31-02-2015", "42185"),
            "en dato som dd-mm-åååå, for eksempel 30-06-2015",
            "a date as dd-mm-yyyy, such as 30-06-2015",
        ),
        FieldType.TIMESTAMP: TypeForm(
            "dato og klokkeslæt",
            "date and time",
            "År-måned-dag og klokkeslæt, som SurveyXact skriver det",
            "Year-month-day and time, as SurveyXact writes it",
            ("2015-05-12 10:24:00", "2015-05-12"),
            ("12-05-2015 10:24",),
            "et tidspunkt som åååå-mm-dd tt:mm:ss, for eksempel 2015-05-12 10:24:00",
            "a time as yyyy-mm-dd hh:mm:ss, such as 2015-05-12 10:24:00",
        ),
        FieldType.BOOLEAN: TypeForm(
            "ja eller nej",
            "yes or no",
            "Ja eller nej; i en eksport fra SurveyXact 1 (valgt) eller 0 (ikke valgt)",
            "Yes or no (ja, nej); in an export of SurveyXact 1 (chosen) or 0 (not chosen)",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A kind of delivery: what it is called, and which names it has."""

    label_da: str
    label_en: str
    suffixes: tuple[str, ...]


FILE_FORMATS: Mapping[str, FileFormat] = MappingProxyType(
    {
        "csv": FileFormat("CSV", "CSV", (".csv",)),
        "txt": FileFormat("tekstfil", "text file", (".txt",)),
        "xlsx": FileFormat("Excel-projektmappe", "Excel workbook", (".xlsx",)),
        "zip": FileFormat("zip med ét datasæt", "zip with one data set", (".zip",)),
        "folder": FileFormat("mappe med SurveyXacts filer", "folder of SurveyXact's files", ()),
        "sav": FileFormat("SPSS-fil", "SPSS file", (".sav",)),
        "docx": FileFormat("Word-dokument", "Word document", (".docx",)),
        "pdf": FileFormat("PDF med tekst", "PDF with text", (".pdf",)),
    }
)
"""Every format that a contract may list."""


UNITS_DA: Mapping[str, str] = MappingProxyType(
    {
        "": "",
        "homes": "boliger",
        "hours": "timer",
        "hours per week": "timer om ugen",
        "kr": "kr.",
        "persons": "personer",
        "year": "årstal",
    }
)
"""The units that fields are declared with, in Danish."""


def danish_day(iso: str) -> str:
    """A date as a Danish sender writes it; a year stays a year."""
    return "-".join(reversed(iso.split("-")))


def limit_da(field: Field, limit: str) -> str:
    """A declared minimum or maximum as a Danish reader writes it; empty where there is none."""
    if not limit:
        return ""
    if field.type in (FieldType.DATE, FieldType.TIMESTAMP):
        return danish_day(limit[:10])
    if field.type is FieldType.INTEGER and field.unit == "year":
        return limit
    return f"{int(limit):,}".replace(",", ".")


def range_da(field: Field) -> str:
    """What a field's values may lie between, in Danish; empty where all goes."""
    low, high = limit_da(field, field.minimum), limit_da(field, field.maximum)
    if low and high:
        return f"fra {low} til {high}"
    return f"mindst {low}" if low else f"højst {high}" if high else ""


def range_en(field: Field) -> str:
    """The same in English, dates as ISO."""
    if field.minimum and field.maximum:
        return f"{field.minimum} to {field.maximum}"
    if field.minimum or field.maximum:
        return f"at least {field.minimum}" if field.minimum else f"at most {field.maximum}"
    return ""
