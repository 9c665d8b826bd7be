"""A small installation to test the wiring: a real DuckDB, a tiny real dbt project, fake layers.

The fakes do in ten lines of SQL what the layers do in earnest; whether the layers do it right is
tested elsewhere.
"""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.intake.delivery import ArchivedDelivery, DeliveryMeta
from pipelines.intake.findings import Finding
from pipelines.intake.inbox import HeldItem, InboxScan
from pipelines.intake.ledger import Problem
from pipelines.intake.process import Decision
from pipelines.intake.receive import ReceiveReport
from pipelines.intake.take_in import IntakeReport, Taken
from pipelines.orchestration.layers import Layers, RawTable, Stage
from pipelines.settings import Settings
from quality.model import Suite, not_null, unique
from quality.runner import FailedExpectation, SuiteResult

HERE = Path(__file__).parent
REPOSITORY = HERE.parent
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def new_settings(place: Path, project: Path = HERE / "tiny_project") -> Settings:
    """An installation of its own in `place`, with a copy of a dbt project."""
    root = place / "root"
    shutil.copytree(project, root / "dbt_project", ignore=shutil.ignore_patterns("target", "logs"))
    (root / "dagster.yaml").write_bytes((REPOSITORY / "dagster.yaml").read_bytes())
    return Settings(root=root, data_dir=place / "data", dagster_home=place / "home")


def archived(period: str, name: str = "survey_syntetisk.zip") -> ArchivedDelivery:
    """A delivery in the archive, as far as the wiring looks at one."""
    return ArchivedDelivery(
        delivery_id=f"delivery-{period}",
        source="survey",
        period=period,
        name=name,
        files=(),
        payload_dir=Path("nowhere"),
        meta=DeliveryMeta(is_synthetic=True),
        received_at=NOON,
        content_sha256=f"delivery-{period}",
    )


class FakeLayers(Layers):
    """Layers over a handful of rows; what they are to do next is set by the test."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.inbox: list[str] = []
        """Waves that wait, one row each."""
        self.reason: str | None = None
        self.code_by_wave: dict[str, str | None] = {}
        self.fails_suite: Stage | None = None
        self.checker_raises = False
        self.problems: list[Problem] = []
        self.refused: list[HeldItem] = []
        self.intake_errors: list[Exception] = []
        self.calls: list[str] = []
        self.again: list[tuple[str, str]] = []
        self.was_locked: list[bool] = []
        self._holds = False

    @contextmanager
    def writing(self, wait_seconds: float) -> Iterator[None]:
        with super().writing(wait_seconds):
            self._holds = True
            yield
        self._holds = False

    def build_reason(self) -> str | None:
        return self.reason

    def wanted_fingerprint(self) -> str:
        return "fingerprint"

    def raw_tables(self) -> tuple[RawTable, ...]:
        text = "One row per delivery and respondent."
        return (RawTable("survey_answers", "survey", "year", text),)

    def take_in(self, *, by: str, again: Iterable[tuple[str, str]] = ()) -> IntakeReport:
        self._note("take_in")
        if self.intake_errors:
            raise self.intake_errors.pop(0)
        self.again = list(again)
        waves = [*self.inbox, *(period for _, period in self.again)]
        self._load(waves)
        self.inbox = []
        return IntakeReport(ReceiveReport(), tuple(_taken(wave) for wave in waves))

    def _load(self, waves: list[str]) -> None:
        build = self.settings.build_path
        build.parent.mkdir(parents=True, exist_ok=True)
        if self.settings.live_path.exists():
            shutil.copyfile(self.settings.live_path, build)
        with duckdb.connect(str(build)) as con:
            con.execute("create schema if not exists raw")
            for ddl in (
                "deliveries (delivery_id varchar, is_current boolean)",
                "findings (delivery_id varchar)",
                "survey_codebook (wave varchar)",
                "survey_answers (delivery_id varchar, period varchar, municipality_code varchar, "
                "coordinator_appointed varchar)",
            ):
                con.execute(f"create table if not exists raw.{ddl}")
            for wave in waves:
                key = f"delivery-{wave}"
                for table in ("deliveries", "survey_answers"):
                    con.execute(f"delete from raw.{table} where delivery_id = ?", [key])
                con.execute("insert into raw.deliveries values (?, true)", [key])
                code = self.code_by_wave.get(wave, "101")
                con.execute(
                    "insert into raw.survey_answers values (?, ?, ?, 'no')", [key, wave, code]
                )

    def promote(self) -> None:
        self._note("promote")
        self.settings.build_path.replace(self.settings.live_path)
        self.reason = None

    def release_cells(self) -> None:
        self._note("release_cells")
        self.settings.publish_path.unlink(missing_ok=True)
        with duckdb.connect(str(self.settings.publish_path)) as con:
            con.execute(f"attach '{self.settings.live_path}' as live (read_only)")
            con.execute("create table released_cells as from live.published.pub_indicator_cells")

    def publish_files(self) -> None:
        self._note("publish_files")
        self.settings.published_dir.mkdir(parents=True, exist_ok=True)
        (self.settings.published_dir / "index.html").write_text("page")

    def suites(self, stage: Stage) -> tuple[Suite, ...]:
        table = {
            "arriving": "raw.survey_answers",
            "candidates": "published.pub_indicator_cells",
            "released": "main.released_cells",
        }[stage]
        column = "municipality_code" if stage == "arriving" else "cell_id"
        rules = (not_null(column), *(() if stage == "arriving" else (unique(column),)))
        return (Suite(table.split(".")[1], table, "Titel", "Title", (column,), rules),)

    def run_suite(self, stage: Stage, suite: Suite) -> SuiteResult:
        self._note(f"suite {suite.table}")
        if self.checker_raises:
            from quality.runner import CheckerError

            raise CheckerError("the checker broke")
        rule = suite.rules[0]
        failed = FailedExpectation(
            rule.rule_id, rule.kind, rule.column, "error", "", "", 1, ({"cell_id": "x"},), None
        )
        is_bad = stage == self.fails_suite
        return SuiteResult(suite.name, suite.table, not is_bad, 1, (failed,) * is_bad, 0.1)

    def build_docs(self) -> Path:
        self._note("build_docs")
        return self.settings.data_docs_dir / "index.html"

    def reconcile(self) -> list[Problem]:
        return self.problems

    def look(self, *, verify_manifests: bool) -> InboxScan:
        return InboxScan(refused=tuple(self.refused))

    def waiting(self):
        return tuple(_Item(wave) for wave in self.inbox)

    def _note(self, call: str) -> None:
        self.calls.append(call)
        self.was_locked.append(self._holds)


class _Item:
    """What the sensor reads of an item in the inbox."""

    def __init__(self, wave: str) -> None:
        self.source, self.period, self.signature = "survey", wave, f"signature {wave}"


def _taken(wave: str) -> Taken:
    finding = Finding("file", None, 3, "S_1", "S01", "warning", "dansk", "english | text")
    return Taken(
        archived(wave),
        Decision("accepted", f"survey/{wave}", "survey_answers", 1, 1, (finding,)),
    )
