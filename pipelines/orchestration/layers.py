"""The layers as Dagster sees them: one thin method per step, heavy imports inside.

With `release_layer` and `telling_layer`, whose methods are of it too, the only module here that
knows the layers' names and signatures. Assets, checks and sensors take a `Layers` as a resource; a
test hands them one with other methods.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from pipelines.disk_full import disk_full, disk_full_told, says_disk_full
from pipelines.durable import Checkpoint, no_checkpoint
from pipelines.in_place import damage_behind, damage_told
from pipelines.orchestration.release_layer import ReleaseLayer
from pipelines.orchestration.telling_layer import TellingLayer
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.in_place import Damage
    from pipelines.intake.inbox import InboxScan
    from pipelines.intake.items import InboxItem
    from pipelines.intake.ledger import Problem
    from pipelines.intake.receive import ReceiveReport
    from pipelines.intake.take_in import IntakeReport
    from pipelines.overview import PeriodStatus
    from quality.model import Suite
    from quality.runner import SuiteResult

Stage = Literal["arriving", "candidates", "released"]

SETTLE_SECONDS = 2.0
"""How long a file that nobody vouches for must have been quiet before it is taken."""


@dataclass(frozen=True)
class RawTable:
    """A raw table that is partitioned by the period of its deliveries."""

    table: str
    source: str
    period_kind: Literal["year", "date"]
    description: str


def now() -> datetime:
    """The present, aware."""
    return datetime.now(UTC)


class Layers(ReleaseLayer, TellingLayer):
    """Everything Dagster calls, bound to one installation."""

    def __init__(
        self,
        settings: Settings,
        *,
        from_nothing: bool = False,
        checkpoint: Checkpoint = no_checkpoint,
    ) -> None:
        self.settings = settings
        self.checkpoint = checkpoint
        """Called between the steps of a run, for fault-injection tests."""
        self.from_nothing = from_nothing
        """Whether a run begins with an empty warehouse rather than with the live one."""

    @contextmanager
    def writing(self, wait_seconds: float) -> Iterator[None]:
        """Be the one process that builds and promotes."""
        from pipelines.warehouse.lock import writer_lock

        with writer_lock(self.settings, wait_seconds=wait_seconds):
            yield

    def waiting(self) -> tuple[InboxItem, ...]:
        """The complete items in the inbox, without hashing any: cheap enough for every second."""
        return self.look(verify_manifests=False).ready

    def look(self, *, verify_manifests: bool) -> InboxScan:
        """All that lies in the inbox: ready, still being copied, refused."""
        from pipelines.contracts.loader import load_source, source_names
        from pipelines.intake.inbox import scan

        names = source_names()
        return scan(
            self.settings,
            names,
            now=now(),
            settle_seconds=SETTLE_SECONDS,
            period_kinds={name: load_source(name).period_kind for name in names},
            verify_manifests=verify_manifests,
        )

    def build_reason(self) -> str | None:
        """Why the live warehouse is not the one a run would make now; None when it is."""
        from pipelines.pipeline import build_needed

        with self.troubles_told():
            reason = build_needed(self.settings)
        if reason is None and self._published_fingerprint() != self._wanted_publication():
            return "the warehouse, or a release, went out since the cells were made"
        return reason

    def wanted_fingerprint(self) -> str:
        """A hash of all that a run made now would depend on."""
        from pipelines.fingerprint import wanted_fingerprint

        return wanted_fingerprint(self.settings)

    def receive(self, *, by: str) -> ReceiveReport:
        """Bring what lies in the inbox into custody, without reading it."""
        from pipelines.contracts.loader import source_names
        from pipelines.intake.receive import receive
        from pipelines.intake.take_in import kinds

        with self.troubles_told():
            return receive(
                self.settings,
                source_names(),
                now=now(),
                by=by,
                settle_seconds=SETTLE_SECONDS,
                period_kinds=kinds(),
            )

    def take_in(self, *, by: str, again: Iterable[tuple[str, str]] = ()) -> IntakeReport:
        """Receive, decide and load into the build copy all that waits."""
        from pipelines.pipeline import take_in

        with self.troubles_told():
            return take_in(
                self.settings,
                now=now(),
                by=by,
                again=again,
                from_nothing=self.from_nothing,
                checkpoint=self.checkpoint,
            )

    @contextmanager
    def troubles_told(self) -> Iterator[None]:
        """Tell of a full disk, and of damage to what readers have, in words."""
        with damage_told(self.settings), disk_full_told(self.settings):
            yield

    def insist_on_room(self, *said: str | None) -> None:
        """Tell of a full disk or a damaged warehouse that a library met, in other words than its.

        Raises:
            DiskFullError: If one of the texts says so.
            OutputDamagedError: If something was said, and the live warehouse is damaged.
        """
        if says_disk_full(*said):
            raise disk_full(self.settings)
        if any(said) and (damaged := damage_behind(self.settings, "")):
            raise damaged

    def promote(self) -> None:
        """Swap the build copy in as the live warehouse."""
        from pipelines.pipeline import promote

        with self.troubles_told():
            promote(self.settings, checkpoint=self.checkpoint)

    def release_cells(self) -> None:
        """Make the release of the live warehouse; it is checked before it is published."""
        from pipelines.publish.service import release_cells

        with self.troubles_told():
            release_cells(self.settings)
        self.checkpoint("publish.cells_made")

    def publish_files(self) -> None:
        """Publish the checked release: `publish.duckdb`, workbooks, CSV files and the page."""
        from pipelines.publish.service import publish_files

        with self.troubles_told():
            publish_files(self.settings, checkpoint=self.checkpoint)
            self.checkpoint("publish.before_stamp")
            self._published_stamp.write_text(self._wanted_publication(), encoding="ascii")
        self.checkpoint("publish.stamped")

    @property
    def _published_stamp(self) -> Path:
        return self.settings.build_path.with_name("published.fingerprint")

    def _published_fingerprint(self) -> str | None:
        try:
            return self._published_stamp.read_text(encoding="ascii")
        except FileNotFoundError:
            return None

    def _wanted_publication(self) -> str:
        """What the freshest cells follow from: the live warehouse, and every release before them.

        Disclosure control holds cells against what was published earlier.
        """
        from pipelines.release.log import publications
        from pipelines.warehouse.store import live_build_fingerprint

        earlier = publications(self.settings)
        live = live_build_fingerprint(self.settings) or ""
        return f"{live} {earlier[-1].hash}" if earlier else live

    def run_suite(self, stage: Stage, suite: Suite) -> SuiteResult:
        """Run one Great Expectations suite on the file of its stage.

        Raises:
            CheckerError: The check itself could not run; says nothing about the data.
        """
        from quality.runner import run_suite

        return run_suite(self.database(stage), suite.table, suite, self.results_dir)

    def database(self, stage: Stage) -> Path:
        """The file a stage's tables are in while they are checked."""
        if stage != "released":
            return self.settings.build_path
        from pipelines.publish.service import unpublished_path

        return unpublished_path(self.settings)

    @property
    def results_dir(self) -> Path:
        """Where suites leave their results and the keys of failing rows."""
        return self.settings.quarantine_dir / "checks"

    def build_docs(self) -> Path:
        """Build the Data Docs from the suites' last results; gives the page to open."""
        from quality.data_docs import build_data_docs

        every = [suite for stage in get_args(Stage) for suite in self.suites(stage)]
        return build_data_docs(self.results_dir, self.settings.data_docs_dir, every)

    def reconcile(self) -> list[Problem]:
        """Hold the ledger and the archive against each other, hashing every archived file."""
        from pipelines.intake.archive import archive_of
        from pipelines.intake.ledger import Ledger, reconcile

        return reconcile(Ledger(self.settings.ledger_path), archive_of(self.settings))

    def damages(self) -> list[Damage]:
        """What readers have and is not as it was made, by hashing every byte of it."""
        from pipelines.in_place import damages

        return damages(self.settings)

    def overdue(self) -> list[PeriodStatus]:
        """The expected deliveries that are late."""
        from pipelines.overview import period_statuses

        today = now().date()
        return [each for each in period_statuses(self.settings) if each.is_overdue(today)]

    def raw_tables(self) -> tuple[RawTable, ...]:
        """The partitioned raw tables, as the contracts declare them."""
        from pipelines.contracts.loader import load_source, source_names
        from pipelines.contracts.tables import MINUTE_TOPICS_TABLE

        tables = []
        for name in source_names():
            source = load_source(name)
            grain = " and ".join(source.key)
            tables.append(
                RawTable(
                    source.table,
                    name,
                    source.period_kind,
                    f"One row per delivery and {grain}. {source.title_en}: accepted rows of all "
                    f"versions, partitioned by {source.period_kind}.",
                )
            )
        meetings = load_source("styringsdialog")
        tables.append(
            RawTable(
                MINUTE_TOPICS_TABLE,
                meetings.source,
                meetings.period_kind,
                "One row per delivered minutes and topic found in them; positions as evidence, "
                "never text. Partitioned by year.",
            )
        )
        return tuple(tables)

    def suites(self, stage: Stage) -> tuple[Suite, ...]:
        """The Great Expectations suites of a stage, as plain data; nothing heavy is imported."""
        if stage == "arriving":
            from pipelines.contracts.loader import load_source
            from quality.arriving import SOURCES, arriving_suites

            return arriving_suites({name: load_source(name) for name in SOURCES})
        from quality.outgoing import candidate_suites, released_suites

        return candidate_suites() if stage == "candidates" else released_suites()
