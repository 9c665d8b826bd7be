"""An installation that lives through days: deliveries, withdrawals, corrections, each day a run.

Runs are real (archive, ledger, reading, loading, swap) but for the quality gate and dbt, which
follow from what is loaded. Days are made up, so that the state as of any of them can be asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pipelines.contracts import loader
from pipelines.contracts.corrections import Corrections
from pipelines.intake.archive import archive_of
from pipelines.intake.delivery import DeliveryMeta
from pipelines.intake.events import DeliveryState, deliveries, until
from pipelines.intake.ledger import Ledger
from pipelines.intake.placing import deliver
from pipelines.intake.replay import Replay, replay
from pipelines.intake.take_in import IntakeReport, take_in
from pipelines.intake.withdraw import reinstate, withdraw
from pipelines.settings import Settings
from pipelines.warehouse.hashes import TableHash, table_hashes
from pipelines.warehouse.store import promote

EXTRACT = (
    "Sagsnr;Helhedsplan;Boligorganisation;LBF-nr;Kommunekode;Kommune;Pulje;Indsatsområde;"
    "Bevilling fra;Bevilling til;Status;Antal boliger;Antal beboere;Finansieringskilde;"
    "Beløb (kr.);Timer"
)
LIST = "År;Kommunekode;Kommune;Boligorganisation;LBF-nr;Mødedato;Emne;Aftale"
FIRST_DAY = dt.datetime(2030, 1, 1, 12, tzinfo=dt.UTC)


def plan(number: int, amount: str = "600,00") -> str:
    return (
        f"2011-{number:04};Parken;Eksempel Bolig;0123;461;Odense;2011-14;;01-01-2013;31-12-2016;"
        f"Aktiv;1.204;2.890;Landsbyggefonden;{amount};"
    )


def extract(*amounts: str) -> str:
    lines = (plan(place, amount) for place, amount in enumerate(amounts, start=1))
    return "\n".join([EXTRACT, *lines, ""])


def meetings(year: str, *topics: str) -> str:
    lines = (f"{year};461;Odense;Eksempel Bolig;0123;11-11-{year};{topic};ja" for topic in topics)
    return "\n".join([LIST, *lines, ""])


@dataclass
class History:
    """The installation, its days so far, and what its warehouse was at the end of each."""

    settings: Settings
    set_corrections: Callable[[str, dict[str, Any]], None]
    day: int = 0
    hashes: list[dict[str, TableHash]] = field(default_factory=list)

    @property
    def now(self) -> dt.datetime:
        return FIRST_DAY + dt.timedelta(days=self.day)

    def put(self, source: str, period: str, text: str, name: str = "fil.csv") -> None:
        """Deliver a file; the same bytes under the same name and address are the same delivery."""
        path = self.settings.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        meta = DeliveryMeta(confirmed_smaller=True, note="prøve")
        deliver(self.settings, path, source, period, meta)

    def run(self) -> IntakeReport:
        report = take_in(self.settings, now=self.now, by="test", settle_seconds=0)
        promote(self.settings)
        self.hashes.append(table_hashes(self.settings.live_path))
        self.day += 1
        return report

    def states(self) -> list[DeliveryState]:
        return deliveries(Ledger(self.settings.ledger_path).read())

    def withdraw(self, delivery_id: str) -> None:
        withdraw(self.settings, delivery_id, reason="forkert fil", at=self.now, by="test")

    def reinstate(self, delivery_id: str) -> None:
        reinstate(self.settings, delivery_id, reason="den var rigtig", at=self.now, by="test")

    def as_of(self, day: int, place: Path) -> tuple[dict[str, TableHash], Replay]:
        """The raw layer made anew as it was at the end of a day."""
        moment = FIRST_DAY + dt.timedelta(days=day)
        events = until(Ledger(self.settings.ledger_path).read(), moment)
        database = place / "monitor.duckdb"
        made = replay(database, archive_of(self.settings), events, corrections_until=moment.date())
        return table_hashes(database), made


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[History]:
    settings = Settings(root=tmp_path, data_dir=tmp_path / "data", dagster_home=tmp_path / "dag")
    kept: dict[str, Corrections] = {}

    def set_corrections(source: str, declared: dict[str, Any]) -> None:
        kept[source] = Corrections.model_validate(declared)
        loader.load_source.cache_clear()
        loader.contract_fingerprint.cache_clear()

    monkeypatch.setattr(
        loader, "load_corrections", lambda folder: kept.get(folder.name, Corrections())
    )
    set_corrections("driftsstoette", {})
    made = History(settings, set_corrections)
    yield made
    loader.load_source.cache_clear()
    loader.contract_fingerprint.cache_clear()


def correction(number: int, day: dt.datetime, **more: Any) -> dict[str, Any]:
    return {
        "id": f"rettelse-{number}",
        "period": "2015-06-30",
        "key": {"case_number": f"2011-{number:04}"},
        "column": "amount_kr",
        "expect": "600,00",
        "value": "700,00",
        "reason": "tastefejl",
        "provider": "Eksempel Bolig",
        "date": day.date(),
    } | more
