"""DAGSTER_HOME holds a link to the tracked configuration and all of Dagster's state."""

import os

import dagster as dg
from installations import REPOSITORY, FakeLayers, new_settings

from pipelines.definitions import definitions
from pipelines.orchestration.home import opened_instance, prepare_dagster_home
from pipelines.orchestration.run import dev_command, dev_environment
from pipelines.settings import Settings


def test_the_link_is_made_and_mended(settings: Settings) -> None:
    home = prepare_dagster_home(settings)
    assert (home / "dagster.yaml").readlink() == settings.root / "dagster.yaml"
    (home / "dagster.yaml").unlink()
    (home / "dagster.yaml").write_text("telemetry: {enabled: true}")
    prepare_dagster_home(settings)
    assert (home / "dagster.yaml").is_symlink()
    assert os.environ["DAGSTER_HOME"] == str(home)


def test_the_instance_is_quiet_at_home_and_lets_one_run_write(settings: Settings) -> None:
    with opened_instance(settings) as instance:
        assert not instance.telemetry_enabled
        assert not instance.nux_enabled
        assert instance.run_monitoring_enabled
        limits = instance.get_concurrency_config().run_queue_config.tag_concurrency_limits
        assert {"key": "monitor/writes", "value": "warehouse", "limit": 1} in limits
        assert settings.dagster_home.as_posix() in instance.storage_directory()
    assert {p.name for p in settings.root.iterdir()} == {"dagster.yaml", "dbt_project"}


def test_dev_listens_on_this_machine_only_with_its_sensors_on(
    tmp_path, settings: Settings, layers: FakeLayers, monkeypatch
) -> None:
    command = dev_command(settings, 3999)
    assert command[command.index("--host") + 1] == "127.0.0.1"
    environment = dev_environment(settings)
    monkeypatch.setenv("MONITOR_SENSORS", environment["MONITOR_SENSORS"])
    defs = definitions(settings, layers)
    sensor = defs.resolve_sensor_def("inbox_sensor")
    assert sensor.default_status == dg.DefaultSensorStatus.RUNNING
    # the daemon wakes it when the inbox changes: a second keeps it from running without pause
    assert 1 <= (sensor.minimum_interval_seconds or 0) <= 5


def test_sensors_are_off_unless_asked_for(settings: Settings, layers: FakeLayers) -> None:
    sensor = definitions(settings, layers).resolve_sensor_def("inbox_sensor")
    assert sensor.default_status == dg.DefaultSensorStatus.STOPPED


def test_the_tracked_configuration_is_the_repository_s(tmp_path) -> None:
    settings = new_settings(tmp_path)
    assert (REPOSITORY / "dagster.yaml").is_file()
    assert (settings.root / "dagster.yaml").is_file()
