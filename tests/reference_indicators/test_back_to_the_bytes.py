"""Every figure followed back: explanation, ledger, archive, bytes, and counted again from those.

Not fifty drawn ones but all of them, for reading takes the time and counting little. Every delivery
that is named is opened in the archive and hashed, and each figure is counted again from what was
read there: from the deliveries that its explanation names and no others, so that one which is named
too few is found. A hidden figure is counted too, and held against what the warehouse has; the
release is held to not telling it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import duckdb
import pytest
from both_ways import made_by_dbt
from counted_change import count_i15
from counted_dialogue import count_i09
from counted_financing import count_i07
from counted_plans import count_i01, count_i10, count_i13
from counted_profiles import count_i14
from counted_survey import count_survey
from evidence_of_bytes import KINDS, Opened
from evidence_rows import Cell, Evidence, Figure, Figures
from shipped_installation import Installation

from pipelines.disclosure.status import FREE
from pipelines.intake.ledger import Ledger
from pipelines.publish.model import ReleasedCell
from pipelines.release.explain import Explainer, Explanation
from pipelines.release.explanations import explainer
from pipelines.release.lineage import numbers

pytestmark = pytest.mark.slow
REGISTERS: dict[str, Callable[[Evidence], Figures]] = {
    "I01": count_i01,
    "I07": count_i07,
    "I09": count_i09,
    "I10": count_i10,
    "I13": count_i13,
    "I14": count_i14,
    "I15": count_i15,
}
"""Who counts an indicator; the others are the survey's."""
PROFILE = "I14"


@pytest.fixture(scope="module")
def everything(shipped: Installation) -> Explainer:
    return explainer(shipped.settings, "kandidat")


@pytest.fixture(scope="module")
def opened(shipped: Installation, everything: Explainer) -> Opened:
    """Every delivery behind some figure, from the archive's bytes."""
    found = Opened(shipped.settings)
    for facts in everything.lineage.deliveries.values():
        found.open(facts)
    return found


def test_each_delivery_named_is_on_the_ledger_and_in_the_archive(
    shipped: Installation, opened: Opened
) -> None:
    received = {
        event.delivery_id: event
        for event in Ledger(shipped.settings.ledger_path).read()
        if event.kind == "received"
    }
    # of every source, lists and minutes among them
    assert {kind for kind, _ in opened.rows.values()} == set(KINDS)
    for delivery_id, facts in opened.facts.items():
        event = received[delivery_id]
        assert (event.source, event.period, event.name) == (
            facts.source,
            facts.period,
            facts.name,
        )


def test_every_figure_comes_out_of_the_bytes_it_is_said_to_rest_on(
    shipped: Installation, everything: Explainer, opened: Opened
) -> None:
    with duckdb.connect(str(shipped.settings.live_path), read_only=True) as con:
        there = made_by_dbt(con)
    found: dict[tuple[str, frozenset[str]], Figures] = {}
    wrong, followed = [], Counter[str]()
    for explained in everything.all().values():
        cell = place_of(explained)
        behind = {b.facts.delivery_id for b in explained.deliveries}
        if cell.indicator == PROFILE:
            # that there is a profile at all is for an extract to say, whatever the figure
            behind |= opened.extracts()
        key = (cell.indicator, frozenset(behind))
        if key not in found:
            count = REGISTERS.get(cell.indicator, count_survey)
            found[key] = count(opened.evidence(behind))
        counted = found[key].get(cell)
        if counted is None or not (
            is_near(counted, there[cell]) and is_told(explained.cell, counted)
        ):
            wrong.append(f"{explained.cell.cell_id}: counted {counted}")
        followed[cell.indicator] += 1
    assert wrong == []
    # all fifteen indicators, the few figures of I03 and the thousands of I07
    assert (len(followed), min(followed.values()) > 20) == (15, True)
    assert followed.total() > 10_000


def is_told(shown: ReleasedCell, counted: Figure) -> bool:
    """Whether a reader is told what was counted; of a hidden figure at most its base."""
    if shown.conf_status != FREE:
        is_silent = (shown.value, shown.numerator) == (None, None)
        return is_silent and shown.base in (counted.base, None)
    return is_near(counted, Figure(shown.numerator, shown.base, shown.value, shown.obs_status))


def place_of(explained: Explanation) -> Cell:
    cell = explained.cell
    return Cell(
        *(cell.indicator_id, cell.period, cell.breakdown),
        *(cell.breakdown_value, cell.category, cell.measure),
    )


def is_near(counted: Figure, told: Figure) -> bool:
    """The same numbers; of one that is not told, none was counted."""
    return counted.status == told.status and all(
        one is None if other is None else one == pytest.approx(other, rel=1e-9)
        for one, other in zip(counted[:3], told[:3], strict=True)
    )


def test_the_rows_named_are_the_rows_counted(everything: Explainer) -> None:
    """Numbered in the raw table, counted in the staging model: two ways to the same rows."""
    compared = 0
    for explained in everything.all().values():
        steps = {s.model: s for s in everything.lineage.steps.get(explained.cell.cell_id, ())}
        lines = steps.get("stg_driftsstoette__lines")
        if lines is None or explained.is_hidden:
            continue
        named = [b for b in explained.deliveries if b.facts.source == "driftsstoette"]
        assert lines.rows == sum(len(numbers(b.rows or "")) for b in named)
        assert lines.active == sum(len(numbers(b.active_rows or "")) for b in named)
        compared += 1
    assert compared > 5000  # most of the register figures
