"""One XLSX per indicator: a cover, a sheet per table, the data in tidy form, notes, symbols.

What the sheets say; how they are written is in `xlsx`.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.publish.danish import LEGEND, listed
from pipelines.publish.model import Indicator, Release, ReleasedCell
from pipelines.publish.periods import IN_A_YEAR
from pipelines.publish.tables import (
    BreakdownTable,
    TableRow,
    breakdown_tables,
    named_sources,
    note_numbers,
    period_label,
    responses,
    unique,
)
from pipelines.publish.words import (
    NO_NOTES,
    REFERENCE_DA,
    SYNTHETIC_DA,
    SYNTHETIC_EN,
    SYNTHETIC_MARK_DA,
    WITHHELD_DA,
    WITHHELD_EN,
)
from pipelines.publish.xlsx import Sheet, Value, write_workbook


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
    sheets = [
        _cover(release, indicator, tables, is_synthetic),
        *(_table_sheet(indicator, table, numbers) for table in tables),
        _data_sheet(release, indicator, numbers),
        *([_notes_sheet(release, indicator, numbers)] if numbers else []),
        _signs_sheet(indicator),
    ]
    title = f"{indicator.indicator_id} {indicator.title_da}"
    return write_workbook(
        sheets,
        title=f"{title} ({SYNTHETIC_MARK_DA})" if is_synthetic else title,
        subject=indicator.title_en,
        comments=f"Udgivelse {release.info.release_id}",
        is_synthetic=is_synthetic,
    )


def _cover(
    release: Release, indicator: Indicator, tables: Sequence[BreakdownTable], is_synthetic: bool
) -> Sheet:
    periods = unique(p for t in tables for p in t.periods)
    response = [text for period, text in responses(release).items() if period in periods]
    sources = named_sources(release.cells_of(indicator.indicator_id)) or (REFERENCE_DA,)
    withheld: dict[str, list[str]] = {}
    for table in release.withheld:
        if table.indicator_id == indicator.indicator_id:
            withheld.setdefault(table.breakdown_label_da, []).append(period_label(table.period))
    unit = _unit_label(release, indicator)
    facts = [
        ("Titel", indicator.title_da, indicator.title_en),
        ("Definition", indicator.definition_da, indicator.definition_en),
        ("Grundlag (N)", indicator.base_da, indicator.base_en),
        ("Perioder", ", ".join(map(period_label, periods)), ", ".join(periods)),
        ("Kilder", "; ".join(sources), "; ".join(sources)),
        ("Udgivelse", release.info.release_id, release.info.release_id),
        (
            "Diskretion",
            f"Fortrolige antal under {release.info.threshold} vises ikke. "
            "Det gælder også tal, som et skjult antal kunne beregnes ud fra.",
            f"Confidential counts below {release.info.threshold} are not shown, "
            "nor figures from which a hidden count could be derived.",
        ),
    ]
    if "survey" in indicator.sources and response:
        danish, english = zip(*((r.danish, r.english) for r in response), strict=True)
        facts.insert(3, ("Svar", "; ".join(danish), "; ".join(english)))
    if indicator.report_lines:
        lines = ", ".join(line.removeprefix("L") for line in indicator.report_lines.split("|"))
        facts.append(
            (
                "Rapporten fra 2015",
                f"Linje {lines} i rapportens tekstudgave",
                f"Line {lines} of the report’s text file",
            )
        )
    if withheld:
        tables_da = "; ".join(f"{label}: {listed(years)}" for label, years in withheld.items())
        facts.append(("Tilbageholdt", f"{tables_da}. {WITHHELD_DA}", WITHHELD_EN))
    if is_synthetic:
        facts.insert(0, ("Bemærk", SYNTHETIC_DA, SYNTHETIC_EN))
    lines_da = (indicator.title_en, f"Hovedenhed: {unit}")
    return Sheet(
        "Forside",
        f"{indicator.indicator_id} {indicator.title_da}",
        lines_da,
        ("Felt", "Oplysning", "In English"),
        facts,
    )


def _table_sheet(indicator: Indicator, table: BreakdownTable, numbers: dict[str, int]) -> Sheet:
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
    by += table.of_kind_da
    lines: tuple[str, ...] = (
        f"{indicator.title_en} – {table.label_en}{table.of_kind_en}",
        f"Grundlag: {indicator.base_da}. Kilder: {'; '.join(table.sources) or REFERENCE_DA}",
    )
    if table.withheld:
        missing = ", ".join(period_label(w.period) for w in table.withheld)
        lines += (f"{missing}: {table.withheld[0].reason_da}",)
    name = table.label_da if table.breakdown != "all" else "Alle"
    if table.kind == IN_A_YEAR:
        name = f"{name} pr. år"
    return Sheet(name, f"{indicator.indicator_id} {indicator.title_da}{by}", lines, header, rows)


def _notes_of(row: TableRow, table: BreakdownTable, numbers: dict[str, int]) -> str:
    """Number the notes of a row, with the periods of those that are not of the whole row."""
    cells = [(p, c) for p, c in zip(table.periods, row.cells, strict=True) if c]
    texts = []
    for note in sorted(unique(n for _, c in cells for n in c.notes), key=lambda n: numbers[n]):
        periods = [period_label(p) for p, c in cells if note in c.notes]
        where = f" ({listed(periods)})" if len(periods) < len(cells) else ""
        texts.append(f"{numbers[note]}{where}")
    return ", ".join(texts) or NO_NOTES


def _data_sheet(release: Release, indicator: Indicator, numbers: dict[str, int]) -> Sheet:
    header = (
        "Celle-id",
        "Periode",
        "Opdeling",
        "Gruppe",
        "Kategori",
        "Mål",
        "Enhed",
        "Værdi",
        "Tæller",
        "Grundlag (N)",
        "Vist",
        "Observationsstatus",
        "Fortrolighedsstatus",
        "Noter",
        "Kilde",
        "Syntetisk",
    )
    rows: list[list[Value]] = [
        [
            c.cell_id,
            c.period,
            c.breakdown_label_da,
            c.breakdown_value_label_da,
            c.category_label_da,
            c.measure_label_da,
            c.unit_label_da,
            c,
            _or_sign(c.numerator, c),
            _or_sign(c.base, c),
            c.display_da,
            c.obs_status,
            c.conf_status,
            ", ".join(str(n) for n in sorted(numbers[n] for n in c.notes)) or NO_NOTES,
            c.sources_da or REFERENCE_DA,
            "ja" if c.is_synthetic else "nej",
        ]
        for c in release.cells_of(indicator.indicator_id)
    ]
    title = f"{indicator.indicator_id} {indicator.title_da}: alle tal i rækkeform"
    line = f"{indicator.title_en}: all figures in tidy form"
    return Sheet("Data", title, (line,), header, rows, is_for_reading=False)


def _notes_sheet(release: Release, indicator: Indicator, numbers: dict[str, int]) -> Sheet:
    rows = [
        (float(numbers[n.note_id]), n.text_da, n.text_en)
        for n in release.notes
        if n.note_id in numbers
    ]
    title = f"{indicator.indicator_id} {indicator.title_da}: noter"
    return Sheet(
        "Noter", title, (f"{indicator.title_en}: notes",), ("Nr.", "Note", "In English"), rows
    )


def _signs_sheet(indicator: Indicator) -> Sheet:
    rows = [(s.sign, s.meaning_da, s.meaning_en) for s in LEGEND]
    title = f"{indicator.indicator_id} {indicator.title_da}: tegn i tabellerne"
    line = f"{indicator.title_en}: symbols in the tables"
    return Sheet("Tegn", title, (line,), ("Tegn", "Betydning", "In English"), rows)


def _unit_label(release: Release, indicator: Indicator) -> str:
    labels = {c.unit: c.unit_label_da for c in release.cells_of(indicator.indicator_id)}
    return labels.get(indicator.unit, indicator.unit)


def _or_sign(number: float | None, cell: ReleasedCell) -> Value:
    if number is not None:
        return number
    return cell.symbol if cell.conf_status != "F" else "."
