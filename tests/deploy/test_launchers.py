"""Launchers for Kubernetes and Celery: the shipped settings load in an instance, as they stand."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._core.launcher.default_run_launcher import DefaultRunLauncher
from shipped_installation import settings_in

from pipelines.environment import (
    CELERY_BROKER_ENV,
    DAGSTER_HOME_ENV,
    IMAGE_ENV,
    OVERLAY_ENV,
    VARIABLES,
)
from pipelines.orchestration.home import CONFIG_NAME, OverlayError, prepare_dagster_home
from pipelines.settings import PROJECT_ROOT, Settings

LAUNCHERS = PROJECT_ROOT / "deploy" / "launchers"
pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def environment_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DAGSTER_HOME_ENV, "set by prepare_dagster_home, undone after the test")


def with_overlay(place: Path, overlay: Path) -> Settings:
    plain = settings_in(place)
    return Settings.from_env(
        {
            "MONITOR_DATA_DIR": str(plain.data_dir),
            DAGSTER_HOME_ENV: str(plain.dagster_home),
            OVERLAY_ENV: str(overlay),
        }
    )


def opened(settings: Settings) -> dg.DagsterInstance:
    return dg.DagsterInstance.from_config(str(prepare_dagster_home(settings)))


def test_kubernetes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dagster_k8s import K8sRunLauncher
    from kubernetes.config import incluster_config

    # what a pod finds in its cluster
    (tmp_path / "token").write_text("a token")
    (tmp_path / "ca.crt").write_text("a certificate")
    monkeypatch.setattr(incluster_config, "SERVICE_TOKEN_FILENAME", str(tmp_path / "token"))
    monkeypatch.setattr(incluster_config, "SERVICE_CERT_FILENAME", str(tmp_path / "ca.crt"))
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "1")
    monkeypatch.setenv(IMAGE_ENV, "boligsocial-monitor:1.0.0")
    with opened(with_overlay(tmp_path, LAUNCHERS / "kubernetes.yaml")) as instance:
        launcher = instance.run_launcher
        assert isinstance(launcher, K8sRunLauncher)
        assert launcher.supports_check_run_worker_health
        assert launcher.job_image == "boligsocial-monitor:1.0.0"
        mounts = {mount["mount_path"]: mount["name"] for mount in launcher.volume_mounts}
        assert set(mounts) == {"/data", "/tmp", launcher.dagster_home}
        assert set(mounts.values()) == {volume["name"] for volume in launcher.volumes}
        assert "MONITOR_DATA_DIR=/data" in launcher.env_vars
        assert launcher.dagster_home == "/dagster"
        container = launcher.run_k8s_config["container_config"]["security_context"]
        assert container["run_as_non_root"] and container["read_only_root_filesystem"]


def test_celery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dagster_celery.launcher import CeleryRunLauncher

    monkeypatch.setenv(CELERY_BROKER_ENV, "redis://127.0.0.1:1/0")
    with opened(with_overlay(tmp_path, LAUNCHERS / "celery.yaml")) as instance:
        launcher = instance.run_launcher
        assert isinstance(launcher, CeleryRunLauncher)
        assert launcher.celery.conf.broker_url == "redis://127.0.0.1:1/0"
        assert launcher.celery.conf.task_default_queue == "boligsocial-monitor"
        assert launcher.celery.conf.worker_prefetch_multiplier == 1


def test_without_its_variable_it_says_which_is_missing(tmp_path: Path) -> None:
    with (
        opened(with_overlay(tmp_path, LAUNCHERS / "celery.yaml")) as instance,
        pytest.raises(Exception, match=CELERY_BROKER_ENV),
    ):
        assert instance.run_launcher


@pytest.mark.parametrize("name", ["kubernetes.yaml", "celery.yaml"])
def test_all_else_stays_as_dagster_yaml_has_it(tmp_path: Path, name: str) -> None:
    settings = with_overlay(tmp_path, LAUNCHERS / name)
    overlay = yaml.safe_load((LAUNCHERS / name).read_text("utf-8"))
    tracked = yaml.safe_load((PROJECT_ROOT / CONFIG_NAME).read_text("utf-8"))
    written = yaml.safe_load((prepare_dagster_home(settings) / CONFIG_NAME).read_text("utf-8"))
    assert written == {**tracked, **overlay}
    assert set(overlay) <= set(tracked), "a block that dagster.yaml has too"


def test_without_an_overlay_the_link_comes_back(tmp_path: Path) -> None:
    prepare_dagster_home(with_overlay(tmp_path, LAUNCHERS / "celery.yaml"))
    with opened(settings_in(tmp_path)) as instance:
        assert isinstance(instance.run_launcher, DefaultRunLauncher)
    assert (tmp_path / "dagster" / CONFIG_NAME).is_symlink()


@pytest.mark.parametrize("content", [None, "- a list", "a: [", "\xff"])
def test_what_is_no_overlay_is_refused_by_name(tmp_path: Path, content: str | None) -> None:
    overlay = tmp_path / "overlay.yaml"
    if content is not None:
        overlay.write_text(content, "latin-1")
    with pytest.raises(OverlayError, match=f"{OVERLAY_ENV}.*overlay.yaml"):
        prepare_dagster_home(with_overlay(tmp_path, overlay))


def test_every_variable_they_want_is_declared() -> None:
    declared = {each.name for each in VARIABLES}
    wanted = [
        line.split("env: ")[1].rstrip("}\n")
        for path in LAUNCHERS.iterdir()
        for line in path.read_text("utf-8").splitlines()
        if "{env: " in line
    ]
    assert len(wanted) == 2
    assert set(wanted) <= declared
