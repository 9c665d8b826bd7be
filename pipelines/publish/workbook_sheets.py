"""Sheets of the workbooks: one per table, all cells in tidy form, notes, signs.

What the sheets say; how they are written is in `xlsx`, which belong together in `workbook`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from pipelines.publish.danish import LEGEND, listed
from pipelines.publish.formats.columns import TITLES_DA, UNCERTAINTY
from pipelines.publish.language import CODES, Language, language
from pipelines.publish.model import Indicator, Release, ReleasedCell
from pipelines.publish.periods import IN_A_YEAR
from pipelines.publish.remarks import remarks_of
from pipelines.publish.source_names import sources_text
from pipelines.publish.tables import BreakdownTable, TableRow, period_label, unique
from pipelines.publish.words import NO_NOTES
from pipelines.publish.xlsx import LONGEST_NAME, Sheet, Value

_SHORT_NAMES: Final = Path(__file__).with_name("sheet_names.yml")
Numbers = Mapping[str, int]
"""The number of each note, as a workbook refers to it."""


def table_sheet(
    indicator: Indicator, table: BreakdownTable, numbers: Numbers, prefix: str = ""
) -> Sheet:
    """Return the sheet of one table; the prefix leads its name."""
    with_base = any(c and c.base is not None for row in table.rows for c in row.cells)
    periods = tuple(map(period_label, table.periods))
    header = (
        "Gruppe",
        "Kategori",
        "Mål",
        "Enhed",
        *periods,
        *(f"Grundlag (N) {p}" for p in periods if with_base),
        "Noter",
        "Group",
        "Category",
        "Measure",
        "Unit",
    )
    rows: list[list[Value]] = []
    for row in table.rows:
        cell = row.any_cell
        rows.append(
            [
                cell.breakdown_value_label_da,
                cell.category_label_da,
                cell.measure_label_da,
                cell.unit_label_da,
                *(c or text for c, text in zip(row.cells, row.displays, strict=True)),
                *(
                    c.base if c and c.base is not None else text
                    for c, text in zip(row.cells, row.base_displays, strict=True)
                    if with_base
                ),
                _notes_of(row, table, numbers),
                cell.breakdown_value_label_en,
                cell.category_label_en,
                cell.measure_label_en,
                cell.unit_label_en,
            ]
        )
    by = f" efter {table.label_da.lower()}" if table.breakdown != "all" else ""
    by += table.of_kind_da + table.of_part_da
    suffix = f" {table.part.sheet}" if table.part else ""
    suffix += " pr. år" if table.kind == IN_A_YEAR else ""
    return Sheet(
        sheet_name(prefix, table, suffix),
        f"{indicator.indicator_id} {indicator.title_da}{by}",
        f"{indicator.title_en} – {table.label_en}{table.of_kind_en}{table.of_part_en}",
        tuple(line for code in CODES for line in _lines(indicator, table, language(code))),
        header,
        rows,
    )


def _lines(indicator: Indicator, table: BreakdownTable, spoken: Language) -> list[str]:
    """What stands above a table: its base and sources, what is withheld, how to read it."""
    lines = [about_line(indicator, table, spoken)]
    if table.withheld:
        missing = ", ".join(spoken.period(w.period) for w in table.withheld)
        lines.append(f"{missing}: {spoken.label(table.withheld[0], 'reason')}")
    return [*lines, *remarks_of(table, spoken)]


def about_line(indicator: Indicator, table: BreakdownTable, spoken: Language) -> str:
    """Name the base and the sources of a table."""
    base = spoken.label(indicator, "base")
    return spoken.text("sheet_about", base=base, sources=sources_text(table.cells, spoken))


def sheet_name(prefix: str, table: BreakdownTable, suffix: str) -> str:
    """Name a sheet by its breakdown; words that there is no room for are left out whole."""
    words = _short_names().get(table.breakdown, table.label_da).split()
    room = LONGEST_NAME - len(prefix) - len(suffix)
    while len(words) > 1 and len(" ".join(words)) > room:
        words.pop()
    return f"{prefix}{' '.join(words)[:room]}{suffix}"


@lru_cache
def _short_names() -> Mapping[str, str]:
    found: Mapping[str, str] = yaml.safe_load(_SHORT_NAMES.read_text(encoding="utf-8"))
    return found


def numbered(notes: Iterable[str], numbers: Numbers) -> str:
    """Print the numbers of some notes."""
    return ", ".join(str(n) for n in sorted(numbers[note] for note in notes)) or NO_NOTES


def _notes_of(row: TableRow, table: BreakdownTable, numbers: Numbers) -> str:
    """Number the notes of a row, with the periods of those that are not of the whole row."""
    cells = [(p, c) for p, c in zip(table.periods, row.cells, strict=True) if c]
    texts = []
    for note in sorted(unique(n for _, c in cells for n in c.notes), key=lambda n: numbers[n]):
        periods = [period_label(p) for p, c in cells if note in c.notes]
        where = f" ({listed(periods)})" if len(periods) < len(cells) else ""
        texts.append(f"{numbers[note]}{where}")
    return ", ".join(texts) or NO_NOTES


def data_sheet(cells: Iterable[ReleasedCell], numbers: Numbers, title: str, title_en: str) -> Sheet:
    """Return the sheet with a row for each cell."""
    cells = list(cells)
    uncertain = [n for n in UNCERTAINTY if any(getattr(c, n) is not None for c in cells)]
    header = (
        "Celle-id",
        "Indikator",
        "Periode",
        "Opdeling",
        "Gruppe",
        "Kategori",
        "Mål",
        "Enhed",
        "Værdi",
        "Tæller",
        "Grundlag (N)",
        *(TITLES_DA[name] for name in uncertain),
        "Vist",
        "Observationsstatus",
        "Fortrolighedsstatus",
        "Noter",
        "Kilde",
        "Syntetisk",
        "Breakdown",
        "Group",
        "Category",
        "Measure",
        "Unit",
        "Source",
    )
    danish, english = (language(code) for code in CODES)
    rows: list[list[Value]] = [
        [
            c.cell_id,
            c.indicator_id,
            c.period,
            c.breakdown_label_da,
            c.breakdown_value_label_da,
            c.category_label_da,
            c.measure_label_da,
            c.unit_label_da,
            c,
            _or_sign(c.numerator, c),
            _or_sign(c.base, c),
            *(_or_sign(getattr(c, name), c) for name in uncertain),
            c.display_da,
            c.obs_status,
            c.conf_status,
            numbered(c.notes, numbers),
            c.sources_da or danish.text("reference_data"),
            "ja" if c.is_synthetic else "nej",
            c.breakdown_label_en,
            c.breakdown_value_label_en,
            c.category_label_en,
            c.measure_label_en,
            c.unit_label_en,
            c.sources_en or english.text("reference_data"),
        ]
        for c in cells
    ]
    return Sheet("Data", title, title_en, (), header, rows, is_for_reading=False)


def notes_sheet(release: Release, numbers: Numbers, title: str, title_en: str) -> Sheet:
    """Return the sheet with the texts of the numbered notes."""
    texts = {n.note_id: n for n in release.notes}
    rows = [
        (float(number), texts[note].text_da, texts[note].text_en)
        for note, number in numbers.items()
    ]
    return Sheet("Noter", title, title_en, (), ("Nr.", "Note", "In English"), rows)


def signs_sheet(title: str, title_en: str) -> Sheet:
    """Return the sheet that explains the signs."""
    rows = [(s.sign, s.meaning_da, s.meaning_en) for s in LEGEND]
    return Sheet("Tegn", title, title_en, (), ("Tegn", "Betydning", "In English"), rows)


def _or_sign(number: float | None, cell: ReleasedCell) -> Value:
    if number is not None:
        return number
    return cell.symbol if cell.conf_status != "F" else "."
