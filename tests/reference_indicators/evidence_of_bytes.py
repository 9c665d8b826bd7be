"""What the indicators are counted from, read from the archive: the bytes of the deliveries.

The counters are those that count the raw tables too (`both_ways`); here nothing that they get has
been through the product. A figure may be counted from a few deliveries alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from bytes_of_deliveries import SEEDS, code_book, declared, extract_lines, survey_answers
from bytes_of_meetings import listed_topics, minute_topics
from counted_plans import plans_by_extract, residents_by_municipality
from evidence_rows import Evidence, Row, wave_extract

from pipelines.intake.archive import archive_of
from pipelines.release.lineage import DeliveryFacts
from pipelines.settings import Settings

KINDS = ("answers", "lines", "listed_topics", "minute_topics")
EXTRACTS = "driftsstoette"


@dataclass
class Opened:
    """What was found in the archive, a kind of rows of each delivery."""

    settings: Settings
    facts: dict[str, DeliveryFacts] = field(default_factory=dict)
    rows: dict[str, tuple[str, list[Row]]] = field(default_factory=dict)

    def open(self, facts: DeliveryFacts) -> None:
        """Hash what the archive has of a delivery, and read it."""
        archive = archive_of(self.settings)
        with archive.open_payload(archive.load(facts.delivery_id)) as folder:
            told = {part.name: part.sha256 for part in facts.files}
            assert dict(hashes(folder)) == told, facts.name
            self.rows[facts.delivery_id] = _rows_of(folder, facts)
        self.facts[facts.delivery_id] = facts

    def extracts(self) -> set[str]:
        """The deliveries that tell of plans."""
        return {key for key, facts in self.facts.items() if facts.source == EXTRACTS}

    def evidence(self, deliveries: Iterable[str]) -> Evidence:
        """What there is to count from some of the deliveries."""
        rows: dict[str, list[Row]] = {kind: [] for kind in KINDS}
        for delivery_id in sorted(deliveries):
            kind, found = self.rows[delivery_id]
            rows[kind] += found
        asked = self._with_plan() if rows["answers"] else {}
        # who has no plan is not asked: the contract holds such a row back
        rows["answers"] = [
            row for row in rows["answers"] if row["municipality_code"] in asked[row["period"]]
        ]
        waves = {row["period"] for row in rows["answers"]}
        book = [row for wave in sorted(waves) for row in _asked_in(wave)]
        return Evidence(**rows, code_book=book, **_declared_once())

    def _with_plan(self) -> dict[str, set[str]]:
        """The municipalities with a plan at each wave."""
        lines = [row for key in self.extracts() for row in self.rows[key][1]]
        empty: dict[str, Any] = {kind: [] for kind in KINDS}
        everything = Evidence(**{**empty, "lines": lines}, code_book=[], **_declared_once())
        extracts = plans_by_extract(everything)
        days = {wave["wave"]: wave_extract(wave, extracts) for wave in everything.waves}
        return {w: set(residents_by_municipality(extracts[d])) for w, d in days.items() if d}


def hashes(folder: Path) -> Iterator[tuple[str, str]]:
    """The name and the SHA-256 of every file in a folder."""
    for path in folder.rglob("*"):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            yield name, hashlib.sha256(path.read_bytes()).hexdigest()


def _rows_of(folder: Path, facts: DeliveryFacts) -> tuple[str, list[Row]]:
    if facts.source == "survey":
        return "answers", survey_answers(folder, facts.period)
    if facts.source == EXTRACTS:
        return "lines", extract_lines(folder, date.fromisoformat(facts.period))
    if facts.name.startswith("referat"):
        return "minute_topics", minute_topics(folder, facts.period)
    return "listed_topics", listed_topics(folder)


@cache
def _asked_in(wave: str) -> list[Row]:
    return [
        {
            "wave": wave,
            "field": entry["field"],
            "asked": entry["variable"] != "-",
            "series_break": entry["series_break"] == "true",
        }
        for entry in code_book(wave)
    ]


@cache
def _declared_once() -> dict[str, Any]:
    """What stands in the seeds."""
    return {
        "waves": [
            {**row, "size_extract_date": date.fromisoformat(row["size_extract_date"])}
            for row in declared(SEEDS / "survey_waves.csv")
        ],
        "municipalities": {
            row["municipality_code"]: row for row in declared(SEEDS / "municipalities.csv")
        },
        "population": {
            (row["municipality_code"], int(row["year"])): int(row["population"])
            for row in declared(SEEDS / "municipality_population.csv")
        },
        "is_social": {
            row["topic"]: row["is_social"] == "true"
            for row in declared(SEEDS / "styringsdialog_topics.csv")
        },
        "listed_areas": [
            {**row, "list_date": date.fromisoformat(row["list_date"])}
            for row in declared(SEEDS / "listed_areas.csv")
        ],
    }
