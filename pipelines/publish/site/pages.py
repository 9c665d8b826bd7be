"""What each page says: the release arranged for the templates, one function a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.disclosure.status import FREE
from pipelines.publish.breaks import break_notes, notes_of
from pipelines.publish.change_tables import is_change
from pipelines.publish.danish import LEGEND, Symbol, upper_first
from pipelines.publish.findings import Finding, findings_of
from pipelines.publish.formats.facts import data_date
from pipelines.publish.language import Language
from pipelines.publish.model import (
    Indicator,
    Note,
    Release,
    ReleasedCell,
    WithheldTable,
)
from pipelines.publish.site.change_tables import change_tables
from pipelines.publish.site.content import Change, SiteFigure, Surroundings
from pipelines.publish.site.downloads import Download, downloads_of
from pipelines.publish.site.explained_pages import ExplainedPage, ExplainedPages
from pipelines.publish.site.explanations import explanations_of
from pipelines.publish.site.page_tables import PageTable, signs_of
from pipelines.publish.site.quality import Quality, checks_of, quality_of
from pipelines.publish.site.revisions import revisions_by_release
from pipelines.publish.site.search import search_index
from pipelines.publish.site.tables import Printer, by_breakdown
from pipelines.publish.source_names import source_names, source_title
from pipelines.publish.tables import (
    BreakdownTable,
    breakdown_tables,
    unique,
    withheld_label,
    withheld_whole,
)
from pipelines.publish.uncertainty import is_asked, is_response, uncertainty_of

UP = "../../"
"""From a page to the folder that holds all published files."""
_MOST_CHANGES = 40
_MANY_TABLES = 3
"""From this number of tables of one breakdown on, each breakdown has a heading."""


@dataclass(frozen=True)
class Section:
    """Tables under a heading of their own; it is empty where there are few."""

    label: str
    tables: tuple[PageTable, ...]


@dataclass(frozen=True)
class IndicatorPage:
    """Everything on the page of one indicator."""

    indicator: Indicator
    unit: str
    findings: tuple[Finding, ...]
    figures: tuple[SiteFigure, ...]
    sections: tuple[Section, ...]
    signs: tuple[Symbol, ...]
    withheld: tuple[str, ...]
    notes: tuple[tuple[int, Note], ...]
    breaks: tuple[Note, ...]
    sources: tuple[str, ...]
    disclosure: str
    uncertainty: str
    hidden: int
    cells: int
    quality: Quality
    downloads: tuple[Download, ...]
    changes: tuple[Change, ...]
    change_count: int

    @property
    def note_numbers(self) -> dict[str, int]:
        """Number of each note, by id."""
        return {note.note_id: number for number, note in self.notes}


class Pages:
    """The pages of one release in one language."""

    def __init__(
        self,
        release: Release,
        language: Language,
        figures: Sequence[SiteFigure],
        surroundings: Surroundings,
    ) -> None:
        """Arrange pages of `release`."""
        self._release = release
        self._language = language
        self._figures = [f for f in figures if f.language == language.code]
        self._around = surroundings
        self._findings = findings_of(release, language)
        self._explained = ExplainedPages(release)

    def start(self) -> dict[str, Any]:
        """The start page."""
        told = {f.indicator_id for f in self._findings}
        return {
            "findings": [
                (i, [f for f in self._findings if f.indicator_id == i.indicator_id])
                for i in self._release.indicators
                if i.indicator_id in told
            ],
            "figures": [f for f in self._figures if f.is_on_start],
            "indicators": self._release.published_indicators(),
            "index": search_index(self._release, self._language),
        }

    def about(self) -> dict[str, Any]:
        """What holds for all figures: signs, confidentiality, files, deliveries."""
        return {
            "legend": LEGEND,
            "withheld": self._withheld_list(),
            "downloads": downloads_of(self._around.files, "", UP),
            "source_titles": self._source_titles(),
        }

    def calendar(self) -> dict[str, Any]:
        """The announced releases, each with what has become of it when the newest data came."""
        as_of = data_date(self._release)
        entries = [(e, e.status(self._release.info.version, as_of)) for e in self._around.calendar]
        return {"entries": entries, "as_of": as_of}

    def revisions(self) -> dict[str, Any]:
        """The register of revisions."""
        return {"releases": revisions_by_release(self._around.revisions, self._language)}

    def explanations(self, indicator: Indicator) -> tuple[ExplainedPage, ...]:
        """The pages on how the figures of an indicator came about."""
        return self._explained.of_indicator[indicator.indicator_id]

    def explanation(self, indicator: Indicator, page: ExplainedPage) -> dict[str, Any]:
        """How the figures of an indicator's table, or of a part of it, came about."""
        labels, language = self.breakdowns(indicator), self._language
        pages = self.explanations(indicator)
        of_table = [each for each in pages if each.breakdown == page.breakdown]
        steps = self._around.calculations.get(indicator.indicator_id, ())
        by = by_breakdown(language, page.breakdown, labels[page.breakdown])
        if len(of_table) > 1:
            by += f": {page.label(language)}"
        return {
            "indicator": indicator,
            "by": by,
            "explanations": explanations_of(
                self._release, page.cells, language, self._around.trails
            ),
            # the steps are the same for all tables; they stand on the first one's page
            "calculations": steps if page == pages[0] else (),
            "checks": checks_of(page.cells, language, [t for step in steps for t in step.tests]),
            "calculation_file": pages[0].file(language) if steps and page != pages[0] else "",
            "others": {
                each.file(language): labels[each.breakdown]
                for each in pages
                if each.breakdown != page.breakdown and each.number == 1
            },
            "parts": {
                each.file(language): "" if each == page else each.label(language)
                for each in (of_table if len(of_table) > 1 else ())
            },
            "part": page.label(language),
            "source_titles": self._source_titles(),
        }

    def breakdowns(self, indicator: Indicator) -> dict[str, str]:
        """Return the breakdowns of an indicator and what they are called."""
        return {
            c.breakdown: self._language.label(c, "breakdown_label")
            for c in self._release.cells_of(indicator.indicator_id)
        }

    def indicator(self, indicator: Indicator) -> dict[str, Any]:
        """The page of one indicator."""
        language, release = self._language, self._release
        cells = release.cells_of(indicator.indicator_id)
        tables = breakdown_tables(release, indicator.indicator_id)
        sections = self._sections(tables, indicator)
        printed = tuple(table for section in sections for table in section.tables)
        texts = {note.note_id: note for note in release.notes}
        used = unique(note for table in printed for note in table.all_note_ids)
        units = {c.unit: language.label(c, "unit_label") for c in cells}
        changes = self._changes_of(indicator.indicator_id)
        page = IndicatorPage(
            indicator=indicator,
            unit=units.get(indicator.unit, indicator.unit),
            findings=tuple(f for f in self._findings if f.indicator_id == indicator.indicator_id),
            figures=tuple(f for f in self._figures if f.indicator_id == indicator.indicator_id),
            sections=sections,
            signs=signs_of(printed),
            withheld=tuple(
                f"{language.label(indicator, 'title')}{self._by(parts[0])}, "
                f"{self._periods(parts)}: {language.label(parts[0], 'reason')}"
                for parts in withheld_whole(release, indicator.indicator_id, tables).values()
            ),
            notes=tuple(enumerate((texts[note_id] for note_id in used), 1)),
            breaks=notes_of(release, break_notes(cells)),
            sources=source_names(cells, language),
            disclosure=_disclosure(indicator, cells),
            uncertainty=uncertainty_of(indicator, cells),
            hidden=sum(c.conf_status != FREE for c in cells),
            cells=len(cells),
            quality=quality_of(release, indicator, language),
            downloads=downloads_of(self._around.files, indicator.indicator_id, UP),
            changes=changes[:_MOST_CHANGES],
            change_count=len(changes),
        )
        return {
            "page": page,
            "changes_since": self._around.changes,
            "explanation_file": self.explanations(indicator)[0].file(language),
            "explained": {c.cell_id: self._explained.link(language, c) for c in cells if changes},
            "source_titles": self._source_titles(),
        }

    def _sections(
        self, tables: Sequence[BreakdownTable], indicator: Indicator
    ) -> tuple[Section, ...]:
        """Put the tables under headings by breakdown, where a breakdown has many."""
        language, explained = self._language, self._explained
        printer = Printer(indicator, language, explained)
        found: dict[str, list[PageTable]] = {}
        for table in tables:
            of_breakdown = found.setdefault(_section_label(table, language), [])
            if is_change(table):
                of_breakdown += change_tables(table, indicator, language, explained)
            else:
                of_breakdown.append(printer.table(table))
        if max(map(len, found.values()), default=0) < _MANY_TABLES:
            return (Section("", tuple(t for of_label in found.values() for t in of_label)),)
        return tuple(
            Section(label, tuple(of_label)) for label, of_label in found.items() if of_label
        )

    def _changes_of(self, indicator_id: str) -> tuple[Change, ...]:
        """Return an indicator's changes: revised figures before those that are new or gone."""
        found = self._around.changes
        its = [c for c in found.cells if c.indicator_id == indicator_id] if found else []
        return tuple(sorted(its, key=lambda change: not (change.old and change.new)))

    def _source_titles(self) -> Mapping[str, str]:
        """Return what each source is called."""
        code = self._language.code
        return {d.source: source_title(d, code) for d in self._release.deliveries}

    def _withheld_list(self) -> list[str]:
        """Name every table that is not published, once with all its periods."""
        titles = {
            i.indicator_id: self._language.label(i, "title") for i in self._release.indicators
        }
        tables: dict[tuple[str, str], list[WithheldTable]] = {}
        for table in self._release.withheld:
            tables.setdefault((table.indicator_id, table.breakdown), []).append(table)
        return [
            f"{indicator_id} {titles.get(indicator_id, '')}{self._by(parts[0])}: "
            f"{self._periods(parts)}"
            for (indicator_id, _), parts in tables.items()
        ]

    def _by(self, table: WithheldTable) -> str:
        label = withheld_label(table, self._language)
        return by_breakdown(self._language, table.breakdown, label)

    def _periods(self, tables: Sequence[WithheldTable]) -> str:
        return self._language.listed([self._language.period(t.period) for t in tables])


def _section_label(table: BreakdownTable, language: Language) -> str:
    """What the tables of a breakdown have as their heading: 'Samlet', 'Efter region'."""
    by = by_breakdown(language, table.breakdown, language.label(table, "label"))
    return upper_first(by.strip()) or language.text("section_total")


def _disclosure(indicator: Indicator, cells: Sequence[ReleasedCell]) -> str:
    """Name the text that says what is hidden here: answers, a few register figures, nothing."""
    if is_response(indicator):
        return "disclosure_response"
    if not any(c.is_confidential for c in cells):
        return "disclosure_public"
    return "disclosure_confidential" if is_asked(indicator) else "disclosure_partly"
