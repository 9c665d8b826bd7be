"""An installation's life from file to live warehouse, in steps that can be killed and done again.

Everything is real but for dbt and the quality gate, which follow from what is loaded: files,
inbox, archive with its keys, ledger, corrections, child processes, warehouse. Whatever opens a
database does so in a forked child, so that the forking process never holds one.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from custody_support import custody, installation
from kills import forked
from looks import CANARY, ERASED, Sight, generation, sight

from pipelines.contracts import loader
from pipelines.contracts.corrections import Corrections
from pipelines.durable import Checkpoint
from pipelines.intake.delivery import DeliveryMeta, manifest_json
from pipelines.intake.erase import erase
from pipelines.intake.events import deliveries
from pipelines.intake.ledger import Ledger
from pipelines.intake.placing import deliver
from pipelines.intake.take_in import take_in
from pipelines.intake.withdraw import reinstate, withdraw
from pipelines.orchestration import dbt_execution, dbt_runner
from pipelines.orchestration.rebuild import compare_with_live
from pipelines.settings import Settings
from pipelines.warehouse.hashes import TableHash
from pipelines.warehouse.lock import writer_lock
from pipelines.warehouse.store import promote

HEADINGS = (
    "Sagsnr;Helhedsplan;Boligorganisation;LBF-nr;Kommunekode;Kommune;Pulje;Indsatsområde;"
    "Bevilling fra;Bevilling til;Status;Antal boliger;Antal beboere;Finansieringskilde;"
    "Beløb (kr.);Timer;Sagsbehandler"
)
NOT_AN_AMOUNT = "6,000.00"
CORRECTIONS = Corrections.model_validate(
    {
        "corrections": [
            {
                "id": "rettelse-1",
                "period": "2015-06-30",
                "key": {"case_number": "2011-0001"},
                "column": "amount_kr",
                "expect": "600,00",
                "value": "700,00",
                "reason": "tastefejl",
                "provider": "Eksempel Bolig",
                "date": date(2029, 1, 1),
            }
        ]
    }
)


def extract(owner: str, *amounts: str) -> str:
    """An extract of plans, one an amount."""
    rows = (
        f"2011-{number:04};Parken;{owner};0123;461;Odense;2011-14;;01-01-2013;31-12-2016;"
        f"Aktiv;1.204;2.890;Landsbyggefonden;{amount};;{CANARY}"
        for number, amount in enumerate(amounts, start=1)
    )
    return "\n".join([HEADINGS, *rows, ""])


FIRST = extract("Eksempel Bolig", "600,00", "601,00", NOT_AN_AMOUNT)
SECOND = extract(ERASED, "650,00", "651,00", NOT_AN_AMOUNT)
MEETINGS = (
    "År;Kommunekode;Kommune;Boligorganisation;LBF-nr;Mødedato;Emne;Aftale\n"
    "2015;461;Odense;Eksempel Bolig;0123;11-11-2015;Beboertryghed;ja\n"
)


def now(step: int) -> datetime:
    return datetime(2030, 1, 1, 12, tzinfo=UTC) + timedelta(days=step)


def by_hand(settings: Settings, place: str, text: str) -> None:
    """Put a file into the inbox as a person does: under another name first."""
    path = settings.inbox_dir / place
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.part")
    half.write_text(text, encoding="utf-8")
    half.rename(path)


def send(settings: Settings, name: str, text: str, checkpoint: Checkpoint | None = None) -> None:
    """Deliver an extract with `monitor deliver`; done again, nothing is doubled."""
    path = settings.root / name
    path.write_text(text, encoding="utf-8")
    meta = DeliveryMeta(confirmed_smaller=True, note=CANARY)
    more = {} if checkpoint is None else {"checkpoint": checkpoint}
    deliver(settings, path, "driftsstoette", "2015-06-30", meta, **more)


def run(settings: Settings, step: int, checkpoint: Checkpoint) -> None:
    """What `monitor run` does, but for dbt, the quality gate and publishing."""
    with writer_lock(settings):
        take_in(settings, now=now(step), by="run", settle_seconds=0, checkpoint=checkpoint)
        promote(settings, checkpoint=checkpoint)


def delivery_id(settings: Settings, name: str) -> str:
    states = deliveries(Ledger(settings.ledger_path).read())
    return next(state.delivery_id for state in states if state.name == name)


def _nothing_before(settings: Settings) -> None:
    del settings


def _a_list_by_hand(settings: Settings) -> None:
    by_hand(settings, "styringsdialog/2015/møder.csv", MEETINGS)


def _a_second_version(settings: Settings) -> None:
    send(settings, "b.csv", SECOND)


def _archived_before_archives_were_encrypted(settings: Settings) -> None:
    _, archive = custody(settings)
    delivery = archive.load(delivery_id(settings, "møder.csv"))
    for folder in (delivery.payload_dir.parent, delivery.payload_dir):
        folder.chmod(0o755)
    manifest = delivery.payload_dir.with_name("manifest.json")
    manifest.unlink()
    manifest.write_bytes(manifest_json(replace(delivery, encryption=None)))
    for stored in delivery.payload_dir.iterdir():
        stored.unlink()
    (delivery.payload_dir / "møder.csv").write_text(MEETINGS, encoding="utf-8")
    (settings.keys_dir / f"{delivery.delivery_id}.age").unlink()


def _sent(settings: Settings, checkpoint: Checkpoint) -> None:
    send(settings, "a.csv", FIRST, checkpoint)


def _first(settings: Settings, checkpoint: Checkpoint) -> None:
    run(settings, 1, checkpoint)


def _second(settings: Settings, checkpoint: Checkpoint) -> None:
    run(settings, 2, checkpoint)


def _withdrawn_and_reinstated(settings: Settings, checkpoint: Checkpoint) -> None:
    happened = {e.kind for e in Ledger(settings.ledger_path).read() if e.name == "b.csv"}
    about = {"at": now(3), "by": "me", "checkpoint": checkpoint}
    if "withdrawn" not in happened:
        withdraw(settings, delivery_id(settings, "b.csv"), reason="forkert fil", **about)
    if "reinstated" not in happened:
        reinstate(settings, delivery_id(settings, "b.csv"), reason="dog rigtig", **about)
    run(settings, 3, checkpoint)


def _erased(settings: Settings, checkpoint: Checkpoint) -> None:
    for name in ("b.csv", "møder.csv"):
        which = delivery_id(settings, name)
        erase(settings, which, reason="ønsket", at=now(4), by="me", checkpoint=checkpoint)
    run(settings, 4, checkpoint)


def _rebuilt(settings: Settings, checkpoint: Checkpoint) -> None:
    with no_dbt():
        assert compare_with_live(settings, checkpoint=checkpoint).differences == ()


@contextmanager
def no_dbt() -> Iterator[None]:
    """What is rebuilt ends at the raw layer; to be said in a forked child."""
    nothing_failed = SimpleNamespace(failed=[], error=None)
    with (
        mock.patch.object(dbt_runner, "build", lambda *_: nothing_failed),
        mock.patch.object(dbt_execution, "build", lambda *_: nothing_failed),
    ):
        yield


@dataclass(frozen=True)
class Step:
    """Something done to the installation; `before` is what others did meanwhile, never killed."""

    name: str
    work: Callable[[Settings, Checkpoint], None]
    before: Callable[[Settings], None] = _nothing_before


STEPS: Mapping[str, Step] = {
    step.name: step
    for step in (
        Step("sent", _sent, _a_list_by_hand),
        Step("first", _first),
        Step("second", _second, _a_second_version),
        Step("withdrawn", _withdrawn_and_reinstated),
        Step("erased", _erased, _archived_before_archives_were_encrypted),
        Step("rebuilt", _rebuilt),
    )
}


@contextmanager
def prepared() -> Iterator[None]:
    """Everything loaded that a forked child would load again: libraries, contracts, corrections."""
    corrected = {"driftsstoette": CORRECTIONS}
    with mock.patch.object(
        loader, "load_corrections", lambda folder: corrected.get(folder.name, Corrections())
    ):
        _forget_contracts()
        for library in ("pyrage", "pyarrow.dataset", "openpyxl"):
            import_module(library)
        for source in loader.source_names():
            loader.load_source(source)
            for period in ("2015", "2015-06-30"):
                loader.contract_fingerprint(source, period)
        yield
    _forget_contracts()


def _forget_contracts() -> None:
    loader.load_source.cache_clear()
    loader.contract_fingerprint.cache_clear()


@dataclass
class Story:
    """The undisturbed life: what stood before each step, what it passes, and what came of it."""

    folder: Path
    passed: dict[str, list[str]] = field(default_factory=dict)
    generations: dict[str, list[Mapping[str, TableHash]]] = field(default_factory=dict)
    """What readers saw before a step, and at every swap in it."""
    sights: dict[str, Sight] = field(default_factory=dict)

    def live_through(self) -> Story:
        """Live it once, keeping a copy of the installation as it was before every step."""
        settings = installation(self.folder / "life")
        settings.root.mkdir(parents=True)
        for name, step in STEPS.items():
            step.before(settings)
            shutil.copytree(settings.root, self._kept(name))
            lived = forked(lambda step=step: _lived(step, settings))
            self.passed[name], self.generations[name], self.sights[name] = lived
        return self

    def before(self, step: str, place: Path) -> Settings:
        """An installation as it stood before a step."""
        shutil.copytree(self._kept(step), place)
        return installation(place)

    def _kept(self, step: str) -> Path:
        return self.folder / f"before {step}"


def _lived(
    step: Step, settings: Settings
) -> tuple[list[str], list[Mapping[str, TableHash]], Sight]:
    passed: list[str] = []
    seen = [generation(settings)]

    def checkpoint(name: str, /) -> None:
        passed.append(name)
        if name == "promote.replaced":
            seen.append(generation(settings))

    step.work(settings, checkpoint)
    return passed, seen, sight(settings)
