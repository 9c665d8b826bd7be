"""The same way out in Dagster: candidate, blocking checks, sign-off as an event, publication."""

from __future__ import annotations

import dagster as dg
import pytest
from small_release import AFTER, CALENDAR, material, render

from pipelines.orchestration.home import opened_instance
from pipelines.orchestration.layers import Layers
from pipelines.orchestration.release_events import APPROVAL, record_approval
from pipelines.orchestration.signed_releases import (
    CHECKS,
    approval_asset,
    published_release,
    release_candidate,
    release_checks,
    release_jobs,
)
from pipelines.release.checks import CheckReport, CheckResult, Status, keep_report
from pipelines.release.folder import release_folder
from pipelines.release.prepare import Prepared, prepare
from pipelines.release.published import current_version
from pipelines.release.schedule import Correction
from pipelines.release.signing import approve, publish
from pipelines.release.versions import Version
from pipelines.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick")]
YEAR = {"ops": {"release__candidate": {"config": {"year": "2016", "by": "otto"}}}}
OUT = {"ops": {"release__published": {"config": {"version": "2016.1", "by": "anna"}}}}


class SmallLayers(Layers):
    """Layers over the small release; every check is of the status given."""

    status: Status = "passed"

    def prepare_release(
        self, year: int, *, by: str, correction: Correction | None = None
    ) -> Prepared:
        return prepare(
            *(self.settings, year, material()),
            by=by,
            now=AFTER,
            calendar=CALENDAR,
            render=render,
            correction=correction,
        )

    def check_release(self, version: Version) -> CheckReport:
        folder = release_folder(self.settings, version)
        names = ["suite_released_cells", *(n for n in CHECKS if n != "outgoing_suites")]
        results = tuple(CheckResult(name, name, self.status, "Fundet.") for name in names)
        keep_report(folder, report := CheckReport(folder.candidate_hash(), results))
        return report

    def publish_release(self, version: Version, *, by: str):
        return publish(self.settings, version, by=by, calendar=CALENDAR, now=AFTER)


@pytest.fixture
def installed(tmp_path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    home = tmp_path / "dagster"
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    return Settings.from_env(
        {"MONITOR_DATA_DIR": str(tmp_path / "data"), "DAGSTER_HOME": str(home), "HOME": "/x"}
    )


def run(layers: SmallLayers, job: str, config: dict[str, object], instance: dg.DagsterInstance):
    defs = dg.Definitions(
        assets=[release_candidate, approval_asset(), published_release],
        asset_checks=[release_checks],
        jobs=release_jobs(),
        resources={"writer": layers},
    )
    return defs.resolve_job_def(job).execute_in_process(
        run_config=config, instance=instance, raise_on_error=False
    )


def test_from_candidate_to_publication(installed: Settings) -> None:
    layers = SmallLayers(installed)
    with opened_instance(installed) as instance:
        assert run(layers, "prepare_release", YEAR, instance).success
        unsigned = run(layers, "publish_release", OUT, instance)
        assert not unsigned.success
        [failed] = unsigned.filter_events(lambda e: e.is_step_failure)
        assert "nobody has signed 2016.1" in str(failed.step_failure_data)
    event = approve(
        installed, Version(2016, 1), by="anna", note="Set igennem", calendar=CALENDAR, now=AFTER
    )
    record_approval(installed, event)
    with opened_instance(installed) as instance:
        made = instance.get_latest_materialization_event(APPROVAL)
        assert made is not None and made.asset_materialization is not None
        told = {k: v.value for k, v in made.asset_materialization.metadata.items()}
        assert (told["by"], told["candidate"]) == ("anna", event.candidate)
        assert run(layers, "publish_release", OUT, instance).success
    assert current_version(installed) == Version(2016, 1)


def test_a_failed_check_blocks_and_says_which(installed: Settings) -> None:
    layers = SmallLayers(installed)
    layers.status = "failed"
    with dg.DagsterInstance.ephemeral() as instance:
        done = run(layers, "prepare_release", YEAR, instance)
    found = {e.check_name: e for e in done.get_asset_check_evaluations()}
    assert set(found) == set(CHECKS)
    assert {(e.passed, e.severity.value) for e in found.values()} == {(False, "ERROR")}
    # blocking: what comes after the candidate in the same run would not start
    assert not done.success
