"""A release arranged for reading: one table per indicator and breakdown, periods side by side.

Dates and years are never columns of one table: an indicator that has both gets a table for each,
and so does one whose figures are of several kinds (`table_parts`).

Arrangement only, shared by workbook and page; the words and printed numbers come with the cells.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipelines.publish.breaks import BREAK_STATUS
from pipelines.publish.danish import NOT_APPLICABLE, SUPPRESSED, number
from pipelines.publish.language import Language
from pipelines.publish.model import Release, ReleasedCell, WithheldTable
from pipelines.publish.periods import ON_A_DATE, PeriodKind, period_kind
from pipelines.publish.source_names import source_periods
from pipelines.publish.table_parts import TablePart, part_of, parts_of

TOTAL = "all"
RESPONSE = "I02"
"""The indicator that counts who answered the survey."""
_ON_EXTRACT = "active_plans"
"""The note of figures on the plans that are active on an extract's date."""
RowKey = tuple[str, str, str]


@dataclass(frozen=True)
class TableRow:
    """One row: a category of a group in one measure, over the periods."""

    group: str
    category: str
    measure: str
    cells: tuple[ReleasedCell | None, ...]
    displays: tuple[str, ...]

    @property
    def any_cell(self) -> ReleasedCell:
        """A cell of the row, for its labels."""
        return next(cell for cell in self.cells if cell is not None)

    @property
    def base_displays(self) -> tuple[str, ...]:
        """The printed bases."""
        return tuple(map(_base_text, self.cells, self.displays))

    @property
    def breaks(self) -> tuple[bool, ...]:
        """Whether the series breaks at the period."""
        return tuple(cell is not None and cell.obs_status == BREAK_STATUS for cell in self.cells)


@dataclass(frozen=True)
class BreakdownTable:
    """All of one indicator by one breakdown; `kind` is set where its periods are of two kinds."""

    indicator_id: str
    breakdown: str
    label_da: str
    label_en: str
    periods: tuple[str, ...]
    rows: tuple[TableRow, ...]
    withheld: tuple[WithheldTable, ...]
    kind: PeriodKind | None = None
    part: TablePart | None = None

    @property
    def of_kind_da(self) -> str:
        """What a title adds to tell the table from the one of the other kind of period."""
        return f", {self.kind.label_da}" if self.kind else ""

    @property
    def of_kind_en(self) -> str:
        """The same in English."""
        return f", {self.kind.label_en}" if self.kind else ""

    @property
    def of_part_da(self) -> str:
        """What a title adds at its end to tell the table from those of other kinds."""
        return f": {self.part.label_da}" if self.part else ""

    @property
    def of_part_en(self) -> str:
        """The same in English."""
        return f": {self.part.label_en}" if self.part else ""

    @property
    def groups(self) -> tuple[tuple[str, tuple[TableRow, ...]], ...]:
        """The rows by group, in order."""
        groups: dict[str, list[TableRow]] = defaultdict(list)
        for row in self.rows:
            groups[row.group].append(row)
        return tuple((group, tuple(rows)) for group, rows in groups.items())

    @property
    def note_ids(self) -> tuple[str, ...]:
        """Ids of all notes of the table, in order of appearance."""
        return unique(note for row in self.rows for c in row.cells if c for note in c.notes)

    @property
    def cells(self) -> tuple[ReleasedCell, ...]:
        """All cells of the table."""
        return tuple(c for row in self.rows for c in row.cells if c)

    @property
    def is_synthetic(self) -> bool:
        """Whether any figure of the table rests on made-up deliveries."""
        return any(c.is_synthetic for row in self.rows for c in row.cells if c)

    @property
    def days(self) -> tuple[str, ...]:
        """The days the figures are of, by period; nothing where the periods say all there is."""
        found = [
            unique(as_of(cell) for row in self.rows if (cell := row.cells[at]) is not None)
            for at in range(len(self.periods))
        ]
        is_told = found != [(period,) for period in self.periods]
        is_one_a_period = all(len(days) == 1 for days in found)
        return tuple(days[0] for days in found) if is_told and is_one_a_period else ()

    def latest(self, count: int) -> BreakdownTable:
        """The table of its latest periods, without the rows that have none of them."""
        first = max(0, len(self.periods) - count)
        rows = (
            replace(row, cells=row.cells[first:], displays=row.displays[first:])
            for row in self.rows
            if any(cell is not None for cell in row.cells[first:])
        )
        return replace(self, periods=self.periods[first:], rows=tuple(rows))

    @property
    def has_one_measure(self) -> bool:
        """Whether naming the measure in each row would only repeat it."""
        return len({row.measure for row in self.rows}) == 1

    @property
    def has_one_category(self) -> bool:
        """Whether naming the category in each row would only repeat it."""
        return len({row.category for row in self.rows}) == 1

    def named_by_measure(self, row: TableRow) -> bool:
        """Whether the measure alone is what a row is called: it is of a total, or of all there is.

        The total beside its parts in one measure is called a total.
        """
        if self.has_one_category:
            return True
        return row.category == TOTAL and not self.has_one_measure

    @property
    def is_wide(self) -> bool:
        """Whether there are many groups of few figures, better read with measures as columns."""
        return len(self.groups) > 12 or self.breakdown == "municipality"


def breakdown_tables(release: Release, indicator_id: str) -> tuple[BreakdownTable, ...]:
    """Arrange an indicator's cells; a breakdown of which everything is withheld is left out."""
    cells_of: dict[tuple[str, bool, TablePart | None], list[ReleasedCell]] = defaultdict(list)
    for cell in release.cells_of(indicator_id):
        is_year = period_kind(cell.period) != ON_A_DATE
        cells_of[cell.breakdown, is_year, part_of(indicator_id, cell.measure)].append(cell)
    has_both = len({is_year for _, is_year, _ in cells_of}) > 1
    periods = sorted({c.period for c in release.cells_of(indicator_id)})
    place = {name: n for n, name in enumerate(unique(name for name, *_ in cells_of))}
    parts = (*parts_of(indicator_id), None)
    return tuple(
        _table(cells_of[key], periods, release.withheld, has_both, key[2])
        for key in sorted(cells_of, key=lambda key: (place[key[0]], key[1], parts.index(key[2])))
    )


@dataclass(frozen=True)
class Response:
    """How many answered a wave."""

    period: str
    answered: str
    invited: str
    per_cent: str

    @property
    def danish(self) -> str:
        """The response in words."""
        return f"{self.period}: {self.answered} af {self.invited} kommuner ({self.per_cent} pct.)"

    @property
    def english(self) -> str:
        """The response in English words."""
        per_cent = self.per_cent.replace(",", ".")
        return f"{self.period}: {self.answered} of {self.invited} municipalities ({per_cent} %)"


def responses(release: Release) -> dict[str, Response]:
    """Return how many answered, by wave."""
    by_period: dict[str, dict[str, str]] = defaultdict(dict)
    for cell in release.cells_of(RESPONSE):
        if cell.breakdown == TOTAL and cell.category == TOTAL:
            by_period[cell.period][cell.measure] = cell.display_da
    measures = ("answered", "invited", "unit_response_pct")
    return {
        period: Response(period, *(shown[m] for m in measures))
        for period, shown in sorted(by_period.items())
        if shown.keys() >= set(measures)
    }


def as_of(cell: ReleasedCell) -> str:
    """Return the day a figure is of, where its period only names the year, else its period.

    What is counted of the plans active in an extract is of the extract's day, and two years'
    extracts need not be of the same day of the year.
    """
    if period_kind(cell.period) == ON_A_DATE or _ON_EXTRACT not in cell.notes:
        return cell.period
    dates = [period for period in source_periods(cell) if period_kind(period) == ON_A_DATE]
    return dates[0] if len(dates) == 1 else cell.period


def period_label(period: str) -> str:
    """Print a period: a date as Danes write it, a year as it is."""
    year, *rest = period.split("-")
    return "-".join([*reversed(rest), year])


def short(label: str) -> str:
    """Return a label without its explanation: 'Store kommuner (over …)' -> 'Store kommuner'."""
    return label.split(" (", 1)[0]


def withheld_whole(
    release: Release, indicator_id: str, tables: Iterable[BreakdownTable]
) -> dict[str, tuple[WithheldTable, ...]]:
    """Return the withheld tables of the breakdowns of which nothing is published, by breakdown."""
    shown = {table.breakdown for table in tables}
    found: dict[str, list[WithheldTable]] = defaultdict(list)
    for table in release.withheld:
        if table.indicator_id == indicator_id and table.breakdown not in shown:
            found[table.breakdown].append(table)
    return {breakdown: tuple(tables) for breakdown, tables in found.items()}


def withheld_label(table: WithheldTable, language: Language) -> str:
    """Name the breakdown of a withheld table; older releases have its Danish name alone."""
    return language.label(table, "breakdown_label") or table.breakdown_label_da


def unique(items: Iterable[str]) -> tuple[str, ...]:
    """Return the items once each, in order of appearance."""
    return tuple(dict.fromkeys(items))


def _table(
    cells: Sequence[ReleasedCell],
    all_periods: list[str],
    all_withheld: Iterable[WithheldTable],
    has_both: bool,
    part: TablePart | None,
) -> BreakdownTable:
    first, kind = cells[0], period_kind(cells[0].period)
    withheld = tuple(
        w
        for w in all_withheld
        if (w.indicator_id, w.breakdown) == (first.indicator_id, first.breakdown)
        and period_kind(w.period) == kind
    )
    shown = {c.period for c in cells} | {w.period for w in withheld}
    periods = [p for p in all_periods if p in shown]
    rows: dict[RowKey, dict[str, ReleasedCell]] = defaultdict(dict)
    for cell in cells:
        rows[cell.breakdown_value, cell.category, cell.measure][cell.period] = cell
    groups = ranks((c.period, c.breakdown_value) for c in cells)
    inner = ranks((c.period, f"{c.category}\t{c.measure}") for c in cells)
    order = sorted(rows, key=lambda key: (groups[key[0]], inner[f"{key[1]}\t{key[2]}"]))
    return BreakdownTable(
        indicator_id=first.indicator_id,
        breakdown=first.breakdown,
        label_da=first.breakdown_label_da,
        label_en=first.breakdown_label_en,
        periods=tuple(periods),
        rows=tuple(_row(key, rows[key], periods, {w.period for w in withheld}) for key in order),
        withheld=withheld,
        kind=kind if has_both else None,
        part=part,
    )


def _row(
    key: RowKey, cells: dict[str, ReleasedCell], periods: list[str], withheld: set[str]
) -> TableRow:
    absent = {p: SUPPRESSED if p in withheld else NOT_APPLICABLE for p in periods}
    return TableRow(
        *key,
        cells=tuple(cells.get(p) for p in periods),
        displays=tuple(cells[p].display_da if p in cells else absent[p] for p in periods),
    )


def _base_text(cell: ReleasedCell | None, display: str) -> str:
    if cell is None:
        return display
    if cell.base is None:
        return NOT_APPLICABLE if cell.conf_status == "F" else SUPPRESSED
    return number(cell.base)


def ranks(items: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Rank codes by where they stand in each period, the latest period first.

    What only earlier periods have comes after, so that a row stays where readers look for it.
    """
    by_period: dict[str, list[str]] = defaultdict(list)
    for period, code in items:
        by_period[period].append(code)
    ordered = unique(
        code for period in sorted(by_period, reverse=True) for code in by_period[period]
    )
    return {code: rank for rank, code in enumerate(ordered)}
