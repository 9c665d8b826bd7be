"""The workbooks: one per indicator, and one with every table of the release.

Which sheets belong together, and what their covers say. The other sheets are in
`workbook_sheets`, how all are written is in `xlsx`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipelines.publish.change_tables import is_change
from pipelines.publish.formats.facts import (
    LICENCE,
    PUBLISHER,
    disclosure_rule,
    edition,
)
from pipelines.publish.language import CODES, DANISH, ENGLISH, Language, language
from pipelines.publish.model import Indicator, Release, ReleasedCell
from pipelines.publish.note_places import note_numbers
from pipelines.publish.source_names import sources_text
from pipelines.publish.tables import (
    BreakdownTable,
    breakdown_tables,
    period_label,
    responses,
    unique,
    withheld_label,
)
from pipelines.publish.words import (
    SYNTHETIC_DA,
    SYNTHETIC_EN,
    SYNTHETIC_MARK_DA,
    WITHHELD_DA,
    WITHHELD_EN,
)
from pipelines.publish.workbook_change_sheets import change_sheets
from pipelines.publish.workbook_sheets import (
    Numbers,
    data_sheet,
    notes_sheet,
    signs_sheet,
    table_sheet,
)
from pipelines.publish.xlsx import Sheet, write_workbook

Fact = tuple[str, str, str]
_COVER_HEADER = ("Felt", "Oplysning", "In English")


def indicator_workbook(release: Release, indicator: Indicator) -> bytes:
    """Render one indicator.

    Args:
        release: The release.
        indicator: One of its indicators.

    Returns:
        The file's bytes.
    """
    tables = breakdown_tables(release, indicator.indicator_id)
    numbers = note_numbers(release, tables)
    is_synthetic = any(t.is_synthetic for t in tables)
    cells = release.cells_of(indicator.indicator_id)
    title, title_en = f"{indicator.indicator_id} {indicator.title_da}", indicator.title_en
    sheets = [
        _cover(release, indicator, tables, is_synthetic),
        *(sheet for table in tables for sheet in _table_sheets(indicator, table, numbers)),
        data_sheet(
            cells,
            numbers,
            f"{title}: alle tal i rækkeform",
            f"{title_en}: all figures in tidy form",
        ),
        *(
            [notes_sheet(release, numbers, f"{title}: noter", f"{title_en}: notes")]
            if numbers
            else []
        ),
        signs_sheet(f"{title}: tegn i tabellerne", f"{title_en}: symbols in the tables"),
    ]
    return write_workbook(
        sheets,
        title=_marked(title, is_synthetic),
        subject=title_en,
        comments=f"Udgivelse {edition(release)}",
        is_synthetic=is_synthetic,
    )


def release_workbook(release: Release) -> bytes:
    """Render every table of the release in one workbook.

    Args:
        release: The release.

    Returns:
        The file's bytes.
    """
    tables = [
        (indicator, table)
        for indicator in release.published_indicators()
        for table in breakdown_tables(release, indicator.indicator_id)
    ]
    numbers = note_numbers(release, [table for _, table in tables])
    is_synthetic = release.info.is_synthetic
    sheets = [
        _release_cover(release),
        _indicators_sheet(release),
        *(
            sheet
            for indicator, table in tables
            for sheet in _table_sheets(indicator, table, numbers, f"{indicator.indicator_id} ")
        ),
        data_sheet(
            [c for i in release.published_indicators() for c in release.cells_of(i.indicator_id)],
            numbers,
            "Alle tal i rækkeform",
            "All figures in tidy form",
        ),
        *([notes_sheet(release, numbers, "Noter", "Notes")] if numbers else []),
        signs_sheet("Tegn i tabellerne", "Symbols in the tables"),
    ]
    return write_workbook(
        sheets,
        title=_marked(f"{PUBLISHER}: alle tabeller", is_synthetic),
        subject=f"{PUBLISHER}: all tables",
        comments=f"Udgivelse {edition(release)}",
        is_synthetic=is_synthetic,
    )


def _table_sheets(
    indicator: Indicator, table: BreakdownTable, numbers: Numbers, prefix: str = ""
) -> list[Sheet]:
    if is_change(table):
        return change_sheets(indicator, table, numbers, prefix)
    return [table_sheet(indicator, table, numbers, prefix)]


def _marked(title: str, is_synthetic: bool) -> str:
    return f"{title} ({SYNTHETIC_MARK_DA})" if is_synthetic else title


def _cover(
    release: Release, indicator: Indicator, tables: Sequence[BreakdownTable], is_synthetic: bool
) -> Sheet:
    periods = unique(p for t in tables for p in t.periods)
    response = [text for period, text in responses(release).items() if period in periods]
    cells = release.cells_of(indicator.indicator_id)
    unit = _unit_label(release, indicator)
    facts = [
        ("Titel", indicator.title_da, indicator.title_en),
        ("Definition", indicator.definition_da, indicator.definition_en),
        ("Grundlag (N)", indicator.base_da, indicator.base_en),
        ("Perioder", ", ".join(map(period_label, periods)), ", ".join(periods)),
        ("Kilder", *_sources(cells)),
        *_release_facts(release),
    ]
    if "survey" in indicator.sources and response:
        answers, answers_en = zip(*((r.danish, r.english) for r in response), strict=True)
        facts.insert(3, ("Svar", "; ".join(answers), "; ".join(answers_en)))
    if indicator.report_lines:
        lines = ", ".join(line.removeprefix("L") for line in indicator.report_lines.split("|"))
        facts.append(
            (
                "Rapporten fra 2015",
                f"Linje {lines} i rapportens tekstudgave",
                f"Line {lines} of the report’s text file",
            )
        )
    danish, english = (_withheld(release, indicator, language(code)) for code in CODES)
    if danish:
        facts.append(("Tilbageholdt", f"{danish}. {WITHHELD_DA}", f"{english}. {WITHHELD_EN}"))
    if is_synthetic:
        facts.insert(0, ("Bemærk", SYNTHETIC_DA, SYNTHETIC_EN))
    return Sheet(
        "Forside",
        f"{indicator.indicator_id} {indicator.title_da}",
        indicator.title_en,
        (f"Hovedenhed: {unit}",),
        _COVER_HEADER,
        facts,
    )


def _withheld(release: Release, indicator: Indicator, language: Language) -> str:
    """Name what is not published of an indicator, each breakdown with its periods."""
    periods: dict[str, list[str]] = {}
    for table in release.withheld:
        if table.indicator_id == indicator.indicator_id:
            label = withheld_label(table, language)
            periods.setdefault(label, []).append(language.period(table.period))
    return "; ".join(f"{label}: {language.listed(when)}" for label, when in periods.items())


def _release_cover(release: Release) -> Sheet:
    periods = sorted({c.period for c in release.cells})
    facts: list[Fact] = [
        (
            "Perioder",
            ", ".join(map(period_label, periods)),
            ", ".join(periods),
        ),
        ("Kilder", *_sources(release.cells)),
        *_release_facts(release),
    ]
    if release.info.is_synthetic:
        facts.insert(0, ("Bemærk", SYNTHETIC_DA, SYNTHETIC_EN))
    return Sheet(
        "Forside",
        f"{PUBLISHER}: alle tabeller",
        f"{PUBLISHER}: all tables",
        (),
        _COVER_HEADER,
        facts,
    )


def _sources(cells: Iterable[ReleasedCell]) -> tuple[str, str]:
    """Name the sources in Danish and in English."""
    found = tuple(cells)
    return sources_text(found, language(DANISH)), sources_text(found, language(ENGLISH))


def _release_facts(release: Release) -> list[Fact]:
    rule = disclosure_rule(release)
    return [
        ("Udgivelse", edition(release), edition(release, ENGLISH)),
        ("Diskretion", rule["da"], rule["en"]),
        ("Gengivelse", LICENCE["da"], LICENCE["en"]),
    ]


def _indicators_sheet(release: Release) -> Sheet:
    rows = [
        (
            i.indicator_id,
            i.title_da,
            i.definition_da,
            i.base_da,
            i.title_en,
            i.definition_en,
            i.base_en,
        )
        for i in release.published_indicators()
    ]
    header = (
        "Id",
        "Titel",
        "Definition",
        "Grundlag (N)",
        "Title",
        "Definition (English)",
        "Base (N)",
    )
    return Sheet("Indikatorer", "Indikatorer", "Indicators", (), header, rows)


def _unit_label(release: Release, indicator: Indicator) -> str:
    labels = {c.unit: c.unit_label_da for c in release.cells_of(indicator.indicator_id)}
    return labels.get(indicator.unit, indicator.unit)
