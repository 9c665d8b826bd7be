"""What `monitor metrics` prints is OpenMetrics text, and counts what is there."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest
from shipped_installation import Installation

from pipelines.alerting.alert import Alert
from pipelines.alerting.channels import Channels
from pipelines.alerting.telling import tell
from pipelines.metrics.collect import families
from pipelines.metrics.openmetrics import Family, text
from pipelines.metrics.written import write_metrics
from pipelines.settings import Settings

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
# the grammar of the specification (OpenMetrics 1.0, "ABNF"), for gauges without timestamps
METRIC = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r"[a-zA-Z_][a-zA-Z0-9_]*"
ESCAPED = r'(?:[^"\\\n]|\\["\\n])*'
SAMPLE = re.compile(
    rf'({METRIC})(?:\{{({LABEL}="{ESCAPED}"(?:,{LABEL}="{ESCAPED}")*)\}})? (-?[0-9.eE+-]+)'
)
DESCRIPTOR = re.compile(rf"# (TYPE|UNIT|HELP) ({METRIC}) (.+)")


def parsed(told: str) -> dict[str, dict[str, float]]:
    """Read the text by its grammar: each family's samples, by labels; anything else is an error."""
    lines = told.split("\n")
    assert lines[-2:] == ["# EOF", ""]
    found: dict[str, dict[str, float]] = {}
    current = ""
    for line in lines[:-2]:
        if described := DESCRIPTOR.fullmatch(line):
            kind, name, value = described.groups()
            if kind == "TYPE":
                assert name not in found, "a family stands in one place"
                current, found[name] = name, {}
                assert value == "gauge"
            assert name == current
            if kind == "UNIT":
                assert name.endswith(f"_{value}")
        else:
            sample = SAMPLE.fullmatch(line)
            assert sample, line
            name, labels, value = sample.groups()
            assert name == current
            assert (labels or "") not in found[name], "a sample stands once"
            found[name][labels or ""] = float(value)
    return found


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(root=tmp_path, data_dir=tmp_path / "data", dagster_home=tmp_path / "home")
    made.data_dir.mkdir()
    return made


def test_labels_are_escaped() -> None:
    family = Family("monitor_things", 'With "quotes", a \\ and\na line.')
    family.add(1.5, name='a "b" \\ c\nd')
    assert parsed(text([family, Family("monitor_nothing", "No samples.")])) == {
        "monitor_things": {r'name="a \"b\" \\ c\nd"': 1.5}
    }


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no name"):
        text([Family("1st", "What.")])


def test_an_empty_installation_has_its_metrics_all_the_same(settings: Settings) -> None:
    tell(settings, Alert("checks_failed", "what", NOON, ("a", "b")), Channels())
    with dg.DagsterInstance.ephemeral() as instance:
        found = parsed(text(families(settings, NOON, instance)))
    assert found["monitor_deliveries"]['source="survey",state="accepted"'] == 0
    assert found["monitor_alerts_standing"]['kind="checks_failed",severity="error"'] == 2
    assert found["monitor_alerts_unsent"][""] == 0
    assert found["monitor_runs_not_ended"]['status="started"'] == 0
    assert found["monitor_disk_free_bytes"][""] > 0
    assert "monitor_last_release_age_seconds" not in found  # nothing went out: there is no age


def test_the_file_is_written_where_the_environment_says(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert write_metrics(settings, NOON, None) is None
    monkeypatch.setenv("MONITOR_METRICS_FILE", str(tmp_path / "monitor.prom"))
    path = write_metrics(settings, NOON, None)
    assert path is not None
    assert "monitor_deliveries" in parsed(path.read_text())
    monkeypatch.setenv("MONITOR_METRICS_FILE", str(tmp_path / "nowhere" / "monitor.prom"))
    assert write_metrics(settings, NOON, None) is None


@pytest.mark.slow
def test_the_shipped_installation_is_counted(shipped: Installation) -> None:
    done = shipped.monitor("metrics")
    found = parsed(done.stdout)
    deliveries = found["monitor_deliveries"]
    ledger = shipped.monitor("ledger", "--json").stdout
    assert sum(deliveries.values()) == ledger.count('"received"')
    assert found["monitor_checks"]['outcome="failed"'] == 0
    assert found["monitor_checks"]['outcome="passed"'] > 0
    assert found["monitor_last_run_duration_seconds"][""] > 0
    assert found["monitor_runs_not_ended"]['status="started"'] == 0
    assert found["monitor_warehouse_bytes"][""] == shipped.settings.live_path.stat().st_size
