"""What a person gets when something fails: retries where they help, an alert, what to do next."""

import json
from datetime import UTC, datetime

import dagster as dg
import pytest
from installations import FakeLayers

from pipelines.alerting.book import alerts_dir
from pipelines.alerting.telling import tell
from pipelines.definitions import definitions
from pipelines.intake.ledger import Problem
from pipelines.orchestration import raw_assets
from pipelines.orchestration.alerts import FailedStep, alert_of
from pipelines.orchestration.run import run_process_inbox
from pipelines.settings import Settings

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_assets, "RETRY_SECONDS", 0.01)


@pytest.mark.slow
def test_a_disk_that_was_busy_is_tried_again(settings: Settings, layers: FakeLayers) -> None:
    layers.inbox, layers.intake_errors = ["2015"], [OSError("device busy")]
    assert run_process_inbox(settings, layers=layers).success
    assert layers.calls.count("take_in") == 2


def test_an_error_of_ours_is_not_tried_again(settings: Settings, layers: FakeLayers) -> None:
    layers.inbox, layers.intake_errors = ["2015"], [KeyError("a bug")]
    outcome = run_process_inbox(settings, layers=layers)
    assert not outcome.success
    assert layers.calls == ["take_in"]
    assert "error in our code" in outcome.messages[0]


def test_a_disk_that_stays_broken_says_so(settings: Settings, layers: FakeLayers) -> None:
    layers.inbox = ["2015"]
    layers.intake_errors = [OSError(5, "Input/output error") for _ in range(9)]
    outcome = run_process_inbox(settings, layers=layers)
    assert "Input/output error" in outcome.messages[0]
    assert "disk is failing" in outcome.messages[0]


@pytest.mark.slow
def test_a_failure_leaves_one_alert(settings: Settings, layers: FakeLayers) -> None:
    layers.inbox, layers.fails_suite = ["2015"], "arriving"
    outcome = run_process_inbox(settings, layers=layers)
    [path] = alerts_dir(settings).glob("*.json")
    alert = json.loads(path.read_text())
    assert alert["run_id"] == outcome.run_id
    assert alert["what"] == "step check_arriving"
    assert alert["kind"] == "checks_failed"
    assert alert["subjects"] == ["raw/survey_answers: great_expectations"]
    assert alert["next_steps"]


def test_the_alert_of_a_run_that_died_outside_its_steps(settings: Settings) -> None:
    alert = alert_of("run-1", "process_inbox", [], "killed", NOON)
    assert "as they were before" in alert.text()
    assert tell(settings, alert) == tell(settings, alert)


@pytest.mark.parametrize(
    ("error_class", "advice"),
    [
        ("LockBusyError", "Another run is writing"),
        ("CheckerError", "nothing about the data"),
        ("ZeroDivisionError", "error in our code"),
    ],
)
def test_advice_fits_the_error(error_class: str, advice: str) -> None:
    steps = [FailedStep("intake", error_class, "what happened")]
    assert advice in alert_of("run-1", "process_inbox", steps, "", NOON).text()


@pytest.mark.slow
def test_the_failure_sensor_tells_of_daemon_runs_only(
    settings: Settings, layers: FakeLayers, instance: dg.DagsterInstance
) -> None:
    layers.inbox, layers.fails_suite = ["2015"], "arriving"
    defs = definitions(settings, layers)
    job = defs.resolve_job_def("process_inbox")
    sensor = defs.resolve_sensor_def("failure_alerts")
    for tags, alerts in (({"monitor/in_person": "x"}, 0), ({}, 1)):
        result = job.execute_in_process(instance=instance, raise_on_error=False, tags=tags)
        context = dg.build_run_status_sensor_context(
            sensor_name="failure_alerts",
            dagster_event=result.get_run_failure_event(),
            dagster_instance=instance,
            dagster_run=result.dagster_run,
        ).for_run_failure()
        sensor(context)
        assert len(list(alerts_dir(settings).glob("*.json"))) == alerts


def test_a_run_in_person_that_was_killed_is_told_by_the_sensor(
    settings: Settings, layers: FakeLayers, instance: dg.DagsterInstance
) -> None:
    defs = definitions(settings, layers)
    job = defs.resolve_job_def("process_inbox")
    run = instance.create_run_for_job(job, tags={"monitor/in_person": "monitor run"})
    context = dg.build_run_status_sensor_context(
        sensor_name="failure_alerts",
        dagster_event=instance.report_run_failed(run, "its process is gone"),
        dagster_instance=instance,
        dagster_run=run,
    ).for_run_failure()
    defs.resolve_sensor_def("failure_alerts")(context)
    [path] = alerts_dir(settings).glob("*.json")
    assert json.loads(path.read_text())["kind"] == "run_died"


def test_the_nightly_comparison_alerts_and_the_calendar_warns(
    settings: Settings, layers: FakeLayers, instance: dg.DagsterInstance
) -> None:
    layers.problems = [Problem("archive_damaged", "abc", "payload differs")]
    defs = definitions(settings, layers)
    result = defs.resolve_job_def("reconcile").execute_in_process(instance=instance)
    [check] = result.get_asset_check_evaluations()
    assert not check.passed
    assert len(list(alerts_dir(settings).glob("*.json"))) == 1

    layers.overdue = lambda: []  # type: ignore[method-assign]
    result = defs.resolve_job_def("wave_expected").execute_in_process(instance=instance)
    [check] = result.get_asset_check_evaluations()
    assert check.passed
