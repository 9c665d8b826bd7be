"""Where one released cell comes from: definition, SQL, deliveries and rows, checks, earlier values.

Works on what a release holds of itself; nothing here looks at the warehouse. A cell that is hidden
is explained without its value, and no answer given in confidence is traced to a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.disclosure.status import FREE
from pipelines.publish.model import Indicator, Release, ReleasedCell
from pipelines.release.checks import CheckReport
from pipelines.release.diff import Change
from pipelines.release.lineage import DeliveryFacts, Lineage, numbers
from pipelines.release.models import Chain, Models
from pipelines.release.versions import ReleaseError, both
from pipelines.release.ways import Station, way_of
from pipelines.release.withheld import WithheldExplanation, withheld_of

CHECKS_OF_A_FIGURE: Final = (
    *("files", "suite_pub_indicator_cells", "suite_released_cells"),
    *("disclosure", "grim", "diff"),
)
"""The checks of a release that look at its figures; the calendar says nothing of them."""


class NoSuchCellError(ReleaseError):
    """The release has no cell of that id."""


@dataclass(frozen=True)
class BehindDelivery:
    """A delivery behind a cell, and which of its rows may be named."""

    facts: DeliveryFacts
    rows: str | None
    """Row numbers in the file, as `2-5,9`; None where rows are not named."""
    rows_count: int | None
    """How many rows: those named, else all that were accepted of the delivery."""
    active_rows: str | None = None
    """Those of the named rows that are of active plans, where the source tells."""


@dataclass(frozen=True)
class EarlierValue:
    """What an earlier release showed in the cell; empty text where it had no such cell."""

    version: str
    published_at: str
    display_da: str


@dataclass(frozen=True)
class Explanation:
    """All that may be told of one cell."""

    cell: ReleasedCell
    version: str
    indicator: Indicator | None
    notes_da: tuple[str, ...]
    chain: Chain | None
    deliveries: tuple[BehindDelivery, ...]
    way: tuple[Station, ...]
    """What is left after each step from rows to figure; empty of a hidden figure."""
    checks: tuple[str, ...]
    """What was checked and found good, in Danish."""
    earlier: tuple[EarlierValue, ...]
    change: Change | None
    """How the cell differs from the release before, and why; None where it does not."""

    @property
    def is_hidden(self) -> bool:
        """Whether the figure is held back for confidentiality."""
        return self.cell.conf_status != FREE


@dataclass(frozen=True)
class Explainer:
    """Everything that the explanations of one release are taken from."""

    release: Release
    lineage: Lineage
    models: Models
    report: CheckReport | None
    changes: Mapping[str, Change]
    earlier: Sequence[tuple[str, str, Mapping[str, ReleasedCell]]]
    """Version, time of publication and cells of each release published before, oldest first."""

    def all(self) -> dict[str, Explanation]:
        """Explain every cell of the release, by cell id."""
        indicators = {each.indicator_id: each for each in self.release.indicators}
        notes = {note.note_id: note.text_da for note in self.release.notes}
        checks = {each: self._checks(each) for each in self.models.chains}
        released = {cell.cell_id: cell for cell in self.release.cells}
        behind: dict[tuple[tuple[str, ...], str, str, bool], tuple[BehindDelivery, ...]] = {}
        found = {}
        for cell in self.release.cells:
            ids = self.lineage.cells.get(cell.cell_id, ())
            is_named = not cell.is_confidential and cell.conf_status == FREE
            place = (ids, cell.breakdown, cell.breakdown_value, is_named)
            if place not in behind:
                behind[place] = tuple(self._behind(ids, cell, is_named=is_named))
            found[cell.cell_id] = Explanation(
                cell=cell,
                version=self.release.info.version,
                indicator=indicators.get(cell.indicator_id),
                notes_da=tuple(notes[note] for note in cell.notes if note in notes),
                chain=self.models.chains.get(cell.indicator_id),
                deliveries=behind[place],
                way=way_of(cell, released, self.lineage.steps.get(cell.cell_id, ())),
                checks=checks.get(cell.indicator_id, ()),
                earlier=tuple(self._earlier(cell.cell_id)),
                change=self.changes.get(cell.cell_id),
            )
        return found

    def of(self, cell_id: str) -> Explanation | WithheldExplanation:
        """Explain one cell, or why its table is withheld.

        Raises:
            NoSuchCellError: If the release has neither.
        """
        if found := self.all().get(cell_id):
            return found
        if withheld := withheld_of(self.release, cell_id):
            return withheld
        version = self.release.info.version
        near = [c.cell_id for c in self.release.cells if cell_id.casefold() in c.cell_id.casefold()]
        if near:
            told = ", ".join(near[:5])
            hint_da, hint_en = f"Mente du {told}?", f"did you mean {told}?"
        else:
            hint_da = "Kolonnen celle_id i udgivelsens CSV-filer har dem alle."
            hint_en = "column celle_id of the release's CSV files lists them"
        raise NoSuchCellError(
            both(
                f"Udgivelse {version} har ingen celle {cell_id!r}. {hint_da}",
                f"release {version} has no cell {cell_id!r}; {hint_en}",
            )
        )

    def _behind(
        self, ids: Iterable[str], cell: ReleasedCell, *, is_named: bool
    ) -> Iterable[BehindDelivery]:
        for delivery_id in ids:
            facts = self.lineage.deliveries[delivery_id]
            rows = None
            if is_named and not facts.is_confidential:
                rows = self.lineage.rows_behind(delivery_id, cell.breakdown, cell.breakdown_value)
            if rows is None:
                # of a confidential or hidden cell nothing is said of its group: all is counted
                yield BehindDelivery(facts, None, facts.rows_accepted)
                continue
            active = self.lineage.active_rows(delivery_id, rows)
            yield BehindDelivery(facts, rows, len(numbers(rows)), active)

    def _checks(self, indicator_id: str) -> tuple[str, ...]:
        chain = self.models.chains[indicator_id]
        told = [
            f"{result.title_da}: {result.message_da}"
            for result in (self.report.results if self.report else ())
            if result.name in CHECKS_OF_A_FIGURE and result.status == "passed"
        ]
        tests = sorted({test for name in chain.all_models for test in self.models.sql[name].tests})
        if tests:
            told.append(
                f"dbt: {len(tests)} test af modellerne i kæden holdt, da lageret blev bygget."
            )
        return tuple(told)

    def _earlier(self, cell_id: str) -> Iterable[EarlierValue]:
        for version, published_at, cells in self.earlier:
            cell = cells.get(cell_id)
            yield EarlierValue(version, published_at, cell.display_da if cell else "")
