"""MONITOR_LOG=json: a line of JSON an event, with run, step, asset and seconds; else not a line."""

from __future__ import annotations

import json
import logging

import pytest
from installations import FakeLayers

from pipelines.logs import JsonLines, RunLines
from pipelines.orchestration.run import dev_command, run_process_inbox, viewer_command
from pipelines.settings import Settings

CANARY = "kanariefugl"


def lines_of(said: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in said.splitlines() if line.startswith("{")]


def test_a_run_in_lines(
    settings: Settings,
    layers: FakeLayers,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MONITOR_LOG", "json")
    layers.inbox, layers.intake_errors = ["2015"], [KeyError(CANARY)]
    outside = JsonLines()  # as the command line has it
    logging.getLogger("pipelines").addHandler(outside)
    try:
        failed = run_process_inbox(settings, layers=layers)
    finally:
        logging.getLogger("pipelines").removeHandler(outside)
    told = lines_of(capfd.readouterr().err)
    assert {line["run_id"] for line in told if "run_id" in line} == {failed.run_id}
    [failure] = [line for line in told if line["message"] == "step_failure"]
    assert (failure["step"], failure["error"]) == ("intake", "KeyError")
    assert any(line["logger"] == "pipelines.alerting.telling" for line in told)
    assert CANARY in failed.messages[0]  # the person at the terminal reads it
    assert [line for line in told if CANARY in str(line)] == []


@pytest.mark.slow
def test_a_good_run_tells_of_deliveries_assets_and_checks(
    settings: Settings,
    layers: FakeLayers,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MONITOR_LOG", "json")
    layers.inbox = ["2015"]
    assert run_process_inbox(settings, layers=layers).success
    told = lines_of(capfd.readouterr().err)
    [delivery] = [line for line in told if "delivery" in line]
    assert (delivery["source"], delivery["period"], delivery["state"]) == (
        "survey",
        "2015",
        "accepted",
    )
    assets = {line["asset"]: line for line in told if line["message"] == "asset_materialization"}
    assert assets["published/pub_indicator_cells"]["rows"] == 1  # one wave, one row
    checks = [line for line in told if line["message"] == "asset_check_evaluation"]
    assert all(line["passed"] or line["severity"] == "warn" for line in checks)
    assert any(line["check"] == "great_expectations" for line in checks)
    steps = [line for line in told if line["message"] == "step_success"]
    assert all(line["seconds"] >= 0 for line in steps)


def test_nobody_asked_for_lines(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    record = logging.LogRecord("pipelines.x", logging.ERROR, "x.py", 1, "what", None, None)
    for asked, count in (("json", 1), ("text", 0)):
        monkeypatch.setenv("MONITOR_LOG", asked)
        RunLines().handle(record)
        assert len(lines_of(capfd.readouterr().err)) == count


def test_dagster_s_own_commands_are_asked_for_lines_too(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for asked in ("text", "json"):
        monkeypatch.setenv("MONITOR_LOG", asked)
        for command in (dev_command(settings), viewer_command(settings, 3001, None)):
            assert (command[-2:] == ["--log-format", "json"]) is (asked == "json")


def test_an_error_is_told_by_its_class(capfd: pytest.CaptureFixture[str]) -> None:
    logger = logging.getLogger("pipelines.test_json_lines")
    handler = JsonLines()
    logger.addHandler(handler)
    try:
        raise ValueError(CANARY)
    except ValueError:
        logger.exception("it failed", extra={"source": "survey", "other": CANARY})
    finally:
        logger.removeHandler(handler)
    [line] = lines_of(capfd.readouterr().err)
    assert line["error"] == "ValueError"
    assert line["source"] == "survey"
    assert CANARY not in json.dumps(line)
