"""The sensor that looks around: it starts nothing, tells what it finds, and writes the pages."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
from installations import FakeLayers

from pipelines.alerting.alert import Alert
from pipelines.alerting.book import read_book
from pipelines.orchestration.alert_sensor import alert_sensor
from pipelines.orchestration.layers import now
from pipelines.settings import Settings


def looked(instance: dg.DagsterInstance, layers: FakeLayers, cursor: str | None) -> str:
    context = dg.build_sensor_context(
        instance=instance, cursor=cursor, resources={"layers": layers}
    )
    told = alert_sensor(is_on=True)(context)
    assert isinstance(told, dg.SkipReason)
    assert context.cursor == f"{now():%Y-%m-%dT%H}" or cursor is None
    return str(told.skip_message)


def test_it_tells_and_writes(
    settings: Settings,
    layers: FakeLayers,
    instance: dg.DagsterInstance,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MONITOR_METRICS_FILE", str(tmp_path / "monitor.prom"))
    (settings.inbox_dir / "nowhere" / "2015").mkdir(parents=True)
    (settings.inbox_dir / "nowhere" / "2015" / "file.csv").write_text("a;b")
    told = looked(instance, layers, None)
    # the calendar of the project has deliveries that this installation never got
    assert told == "inbox_refused, delivery_late found, 0 alerts wait to be sent"
    assert "monitor_deliveries" in (tmp_path / "monitor.prom").read_text()
    assert (settings.data_dir / "status" / "index.html").is_file()


def test_it_leaves_the_warehouse_alone(
    settings: Settings, layers: FakeLayers, instance: dg.DagsterInstance
) -> None:
    # sensors are threads of one process: where one has the file open with other settings than the
    # inbox sensor, that one fails
    settings.data_dir.mkdir(parents=True)
    settings.live_path.write_bytes(b"this is no database, and whoever opens it fails")
    assert "delivery_late" in looked(instance, layers, None)
    assert (settings.data_dir / "status" / "index.html").is_file()


def test_within_the_hour_it_looks_at_folders_alone(
    settings: Settings, layers: FakeLayers, instance: dg.DagsterInstance
) -> None:
    assert looked(instance, layers, f"{now():%Y-%m-%dT%H}").startswith("nothing found")


def test_a_failed_run_stands_until_a_later_one_succeeds(
    settings: Settings, layers: FakeLayers, instance: dg.DagsterInstance
) -> None:
    layers.tell(Alert("run_died", "what", now()))
    looked(instance, layers, f"{now():%Y-%m-%dT%H}")
    assert [kind_id for kind_id, _, _ in read_book(settings).standing()] == ["run_died"]


def test_a_page_that_cannot_be_written_stops_no_alert(
    settings: Settings,
    layers: FakeLayers,
    instance: dg.DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(layers, "write_status_page", full)
    assert "0 alerts wait" in looked(instance, layers, None)
