"""Sheets of the tables of change between waves: the shared form, an answer or a question a row.

Groups are columns here, for a sheet has no merged cells; the words in English stand at the end.
"""

from __future__ import annotations

from pipelines.publish.breaks import PAIR_MARK
from pipelines.publish.change_tables import ChangeTable, change_tables
from pipelines.publish.danish import NOT_APPLICABLE
from pipelines.publish.language import DANISH, ENGLISH, language
from pipelines.publish.model import Indicator
from pipelines.publish.tables import TOTAL, BreakdownTable, unique
from pipelines.publish.workbook_sheets import Numbers, about_line, numbered, sheet_name
from pipelines.publish.xlsx import Sheet, Value

_WORDS = ("question", "reply")


def change_sheets(
    indicator: Indicator, table: BreakdownTable, numbers: Numbers, prefix: str = ""
) -> list[Sheet]:
    """Return the sheets of a table of changes, in the form that all products share."""
    danish, english = (
        change_tables(table, indicator, language(code)) for code in (DANISH, ENGLISH)
    )
    return [
        _change_sheet(indicator, table, pair, numbers, prefix)
        for pair in zip(danish, english, strict=True)
    ]


def _change_sheet(
    indicator: Indicator,
    table: BreakdownTable,
    pair: tuple[ChangeTable, ChangeTable],
    numbers: Numbers,
    prefix: str,
) -> Sheet:
    """One pair of waves: an answer a row with its question and base, or a question a row."""
    shown, english = pair
    has_answers = shown.part == "change"
    words = tuple(language(DANISH).text(f"change_{name}") for name in _WORDS)
    words_en = tuple(language(ENGLISH).text(f"change_{name}") for name in _WORDS)
    labels = (*words, language(DANISH).text("change_base")) if has_answers else words[:1]
    header = (
        "Gruppe",
        *labels,
        *(column.label for column in shown.columns),
        "Noter",
        "Group",
        *(words_en if has_answers else words_en[:1]),
    )
    rows: list[list[Value]] = []
    for group, other in zip(shown.groups, english.groups, strict=True):
        for row, row_en in zip(group.rows, other.rows, strict=True):
            asked = (group.question, row.label, group.base or NOT_APPLICABLE)
            asked_en = (other.question, row_en.label)
            rows.append(
                [
                    group.group,
                    *(asked if has_answers else (row.label,)),
                    *(c or sign for c, sign in zip(row.cells, row.signs, strict=True)),
                    numbered(unique(n for c in row.cells if c for n in c.notes), numbers),
                    other.group,
                    *(asked_en if has_answers else (row_en.label,)),
                ]
            )
    by = f" efter {table.label_da.lower()}" if table.breakdown != TOTAL else ""
    pair_name = shown.period.replace(PAIR_MARK, "-")
    return Sheet(
        sheet_name(prefix, table, f" {pair_name}{'' if has_answers else ' N'}"),
        f"{indicator.indicator_id} {indicator.title_da}{by}: {shown.title}",
        f"{indicator.title_en} – {table.label_en}: {english.title}",
        (
            *(
                line
                for code in (DANISH, ENGLISH)
                for line in (
                    about_line(indicator, table, language(code)),
                    *(f"{w.period}: {language(code).label(w, 'reason')}" for w in shown.withheld),
                )
            ),
        ),
        header,
        rows,
    )
