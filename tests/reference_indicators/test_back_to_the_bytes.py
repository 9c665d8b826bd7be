"""Fifty figures followed back: explanation, ledger, archive, bytes, and counted again from those.

Drawn at random, the same every time, evenly over the indicators. Every delivery that is named is
opened in the archive and hashed; where the indicator counts answers or plans, the figure is counted
again from what was read there.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from bytes_of_deliveries import SEEDS, code_book, declared, extract_lines, survey_answers
from counted_plans import count_i01, count_i10, plans_by_extract, residents_by_municipality
from counted_survey import count_survey
from evidence_rows import Cell, Evidence, Figures, Row, wave_extract
from shipped_installation import Installation

from pipelines.intake.archive import archive_of
from pipelines.intake.ledger import Ledger
from pipelines.release.explain import Explainer, Explanation
from pipelines.release.explanations import explainer
from pipelines.release.lineage import DeliveryFacts, numbers
from pipelines.settings import Settings

pytestmark = pytest.mark.slow
SEED, DRAWN = 20261123, 50
COUNTED = ("I01", "I02", "I03", "I04", "I05", "I06", "I08", "I10", "I11", "I12")
"""Indicators that count answers, plans or what the plans cover."""


@dataclass
class Opened:
    """What was found in the archive; each delivery is opened once."""

    settings: Settings
    answers: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def open(self, facts: DeliveryFacts) -> None:
        if facts.delivery_id in self.seen:
            return
        self.seen.add(facts.delivery_id)
        archive = archive_of(self.settings)
        delivery = archive.load(facts.delivery_id)
        with archive.open_payload(delivery) as folder:
            told = {part.name: part.sha256 for part in facts.files}
            assert dict(hashes(folder)) == told, facts.name
            if facts.source == "survey":
                self.answers += survey_answers(folder, facts.period)
            elif facts.source == "driftsstoette" and not facts.rows_quarantined:
                self.lines += extract_lines(folder, date.fromisoformat(facts.period))


def hashes(folder: Path) -> Iterator[tuple[str, str]]:
    for path in folder.rglob("*"):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            yield name, hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def everything(shipped: Installation) -> Explainer:
    return explainer(shipped.settings, "kandidat")


@pytest.fixture(scope="module")
def drawn(everything: Explainer) -> list[Explanation]:
    """Fifty cells, in turn of each indicator."""
    dice = random.Random(SEED)
    by_indicator: dict[str, list[Explanation]] = {}
    for explained in everything.all().values():
        by_indicator.setdefault(explained.cell.indicator_id, []).append(explained)
    for cells in by_indicator.values():
        cells.sort(key=lambda explained: explained.cell.cell_id)
        dice.shuffle(cells)
    turns = zip(*(cells[:DRAWN] for cells in by_indicator.values()), strict=False)
    found = [explained for turn in turns for explained in turn]
    return found[:DRAWN]


@pytest.fixture(scope="module")
def opened(shipped: Installation, drawn: list[Explanation]) -> Opened:
    """Everything behind the drawn cells, from the archive's bytes."""
    found = Opened(shipped.settings)
    for explained in drawn:
        for behind in explained.deliveries:
            found.open(behind.facts)
    return found


def test_each_delivery_named_is_on_the_ledger_and_in_the_archive(
    shipped: Installation, drawn: list[Explanation], opened: Opened
) -> None:
    received = {
        event.delivery_id: event
        for event in Ledger(shipped.settings.ledger_path).read()
        if event.kind == "received"
    }
    named = {b.facts.delivery_id: b.facts for e in drawn for b in e.deliveries}
    assert len(drawn) == DRAWN
    assert opened.seen == set(named)
    for delivery_id, facts in named.items():
        event = received[delivery_id]
        assert (event.source, event.period, event.name) == (
            facts.source,
            facts.period,
            facts.name,
        )


def test_the_figures_come_out_of_the_bytes(drawn: list[Explanation], opened: Opened) -> None:
    here = counted_from(opened)
    again = [e for e in drawn if e.cell.indicator_id in COUNTED and not is_beyond(e)]
    for explained in again:
        cell = explained.cell
        key = Cell(
            *(cell.indicator_id, cell.period, cell.breakdown),
            *(cell.breakdown_value, cell.category, cell.measure),
        )
        counted = here[key]
        for shown, number in (
            (cell.value, counted.value),
            (cell.numerator, counted.numerator),
            (cell.base, counted.base),
        ):
            # what is hidden is not told, so there is nothing to hold it against
            if shown is not None:
                assert number == pytest.approx(shown, rel=1e-9), cell.cell_id
    # most of the drawn ones were counted, and shown ones among them
    assert len(again) >= DRAWN // 2
    assert sum(not e.is_hidden and e.cell.value is not None for e in again) >= DRAWN // 3


def is_beyond(explained: Explanation) -> bool:
    """Whether rows behind the cell were set aside, which only the contract can say."""
    return any(
        b.facts.source == "driftsstoette" and b.facts.rows_quarantined for b in explained.deliveries
    )


def counted_from(opened: Opened) -> Figures:
    evidence = evidence_of(opened)
    return {**count_survey(evidence), **count_i01(evidence), **count_i10(evidence)}


def evidence_of(opened: Opened) -> Evidence:
    waves: list[Row] = [
        {**row, "size_extract_date": date.fromisoformat(row["size_extract_date"])}
        for row in declared(SEEDS / "survey_waves.csv")
    ]
    plain = Evidence(
        answers=[],
        code_book=[row for wave in waves_read(opened) for row in asked_in(wave)],
        lines=opened.lines,
        listed_topics=[],
        minute_topics=[],
        waves=waves,
        municipalities={
            row["municipality_code"]: row for row in declared(SEEDS / "municipalities.csv")
        },
        population={
            (row["municipality_code"], int(row["year"])): int(row["population"])
            for row in declared(SEEDS / "municipality_population.csv")
        },
        is_social={},
        listed_areas=[],
    )
    extracts = plans_by_extract(plain)
    for wave in waves:
        day = wave_extract(wave, extracts)
        with_plan = residents_by_municipality(extracts[day]) if day else {}
        # who has no plan is not asked: the contract holds such a row back
        plain.answers.extend(
            row
            for row in opened.answers
            if row["period"] == wave["wave"] and row["municipality_code"] in with_plan
        )
    return plain


def waves_read(opened: Opened) -> set[str]:
    return {row["period"] for row in opened.answers}


def asked_in(wave: str) -> list[Row]:
    return [
        {
            "wave": wave,
            "field": entry["field"],
            "asked": entry["variable"] != "-",
            "series_break": entry["series_break"] == "true",
        }
        for entry in code_book(wave)
    ]


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
