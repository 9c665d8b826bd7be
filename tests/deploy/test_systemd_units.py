"""The systemd units do what docs/deployment.md says: hardened, on loopback, the key for one."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.contracts.loader import source_names
from pipelines.environment import (
    CODE_SOCKET_ENV,
    DATA_DIR_ENV,
    KEY_FILE_ENV,
    SMTP_PASSWORD_ENV,
    VARIABLES,
    VIEWER_PORT_ENV,
    WEBHOOK_TOKEN_ENV,
    WEBHOOK_URL_ENV,
)
from pipelines.orchestration.run import viewer_command
from pipelines.settings import Settings

SYSTEMD = Path(__file__).resolve().parents[2] / "deploy" / "systemd"
PREFIX = "boligsocial-monitor-"
HARDENING = SYSTEMD / f"{PREFIX}.service.d" / "hardening.conf"
SERVICES = sorted(SYSTEMD.glob("*.service"), key=lambda path: path.name)
WEB = ("web", "viewer")
ROOT = "/opt/boligsocial-monitor/current/.venv/bin/"
MOST_EXPOSED = 2.0
"""systemd's own measure, from 0 (safe) to 10; a unit without any hardening has 9.6."""
NOT_OURS = {"DAGSTER_DISABLE_TELEMETRY", "DO_NOT_TRACK"}


class Repeated(dict):
    """A section in which an option may stand more than once: all its lines, in order."""

    def __setitem__(self, key, value):
        if key in self and isinstance(value, list):
            self[key].extend(value)
        else:
            super().__setitem__(key, value)


def unit(path: Path) -> dict[str, dict[str, str]]:
    parser = configparser.RawConfigParser(strict=False, dict_type=Repeated, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment]
    parser.read_string(path.read_text("utf-8"))
    return {name: dict(parser[name]) for name in parser.sections()}


def service(name: str) -> dict[str, str]:
    return unit(HARDENING)["Service"] | unit(SYSTEMD / f"{PREFIX}{name}.service")["Service"]


def environment() -> dict[str, str]:
    lines = (SYSTEMD / "environment.example").read_text("utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name: value.strip(chr(34)) for name, value in pairs}


def test_every_service_is_hardened_by_its_name() -> None:
    assert [path.name for path in SERVICES] == [
        f"{PREFIX}{name}.service" for name in ("code", "daemon", "inbox", "viewer", "web")
    ]
    hardening = unit(HARDENING)["Service"]
    for option, value in {
        "User": "monitor",
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "PrivateDevices": "yes",
        "RestrictNamespaces": "yes",
        "SystemCallArchitectures": "native",
    }.items():
        assert hardening[option] == value
    for path in SERVICES:
        own = unit(path)["Service"]
        # files with variables add up, every other option takes back what stands before it
        assert set(own) & set(hardening) <= {"EnvironmentFile"}, f"{path.name} takes back"


@pytest.mark.parametrize("name", WEB)
def test_web_servers_listen_on_loopback_and_see_neither_key_nor_data(name: str) -> None:
    options = service(name)
    command = options["ExecStart"].split()
    if name == "viewer":
        assert command[1:] == ["viewer"]
        command = viewer_command(Settings.from_env({}), 3001, Path("socket"))
    assert command[command.index("--host") + 1] == "127.0.0.1"
    assert ("--read-only" in command) is (name == "viewer")
    data, key = Path(environment()[DATA_DIR_ENV]), Path(environment()[KEY_FILE_ENV])
    hidden = {Path(place.lstrip("-")) for place in options["InaccessiblePaths"].split()}
    assert {key.parent, data} == hidden
    assert not data.is_relative_to(options["ReadWritePaths"])
    assert (options["IPAddressDeny"], options["IPAddressAllow"]) == ("any", "localhost")


def test_metrics_can_be_written_where_the_document_puts_them() -> None:
    text = (SYSTEMD.parents[1] / "docs" / "serving.md").read_text("utf-8")
    [place] = re.findall(r"MONITOR_METRICS_FILE=(/\S+)/[^/`]+`", text)
    for name in ("code", "inbox"):
        assert f"-{place}" in service(name)["ReadWritePaths"].split()


def test_what_a_run_says_to_a_person_is_not_in_the_journal() -> None:
    assert service("inbox")["StandardOutput"] == "null"


def test_two_web_servers_do_not_want_one_port() -> None:
    [port] = re.findall(r"--port (\d+)", service("web")["ExecStart"])
    viewer = next(each for each in main.commands["viewer"].params if each.name == "port")
    assert viewer.envvar == VIEWER_PORT_ENV
    assert int(port) != viewer.default


def test_what_alerts_go_out_by_is_told_to_those_alone_that_send_them() -> None:
    told = {
        name: unit(SYSTEMD / f"{PREFIX}{name}.service")["Service"].get("EnvironmentFile", "")
        for name in ("code", "daemon", "inbox", "viewer", "web")
    }
    secrets = f"{Path(environment()[KEY_FILE_ENV]).parent}/secrets"
    assert {name: file for name, file in told.items() if file} == {
        "code": f"-{secrets}",
        "inbox": f"-{secrets}",
    }, "hidden from the others with the key"
    assert {SMTP_PASSWORD_ENV, WEBHOOK_URL_ENV, WEBHOOK_TOKEN_ENV} & set(environment()) == set()
    assert f". {secrets}" in (SYSTEMD.parent / "monitor").read_text("utf-8")


def test_only_what_starts_runs_can_read_the_key() -> None:
    key = Path(environment()[KEY_FILE_ENV]).parent.as_posix()
    reads = {
        name
        for name in ("code", "daemon", "inbox", "viewer", "web")
        if key not in service(name).get("InaccessiblePaths", "").split()
    }
    assert reads == {"code", "inbox"}


def test_what_is_started_is_a_command_that_there_is() -> None:
    for path in SERVICES:
        program, *arguments = unit(path)["Service"]["ExecStart"].removeprefix(ROOT).split()
        if program == "monitor":
            assert arguments[0] in main.commands
        else:
            assert program == "dagster-webserver"
            assert f"${{{CODE_SOCKET_ENV}}}" in arguments


def test_the_example_sets_variables_that_there_are_and_no_secret() -> None:
    declared = {each.name for each in VARIABLES}
    assert set(environment()) - declared == NOT_OURS
    for name, value in environment().items():
        assert not re.search(r":[^/@]+@", value), f"{name} holds a password"
    socket = Path(environment()[CODE_SOCKET_ENV])
    assert socket.parent.as_posix() == f"/run/{service('code')['RuntimeDirectory']}"


def test_the_path_unit_looks_at_every_source() -> None:
    text = (SYSTEMD / f"{PREFIX}inbox.path").read_text("utf-8")
    inbox = f"{environment()[DATA_DIR_ENV]}/inbox"
    assert set(re.findall(r"^PathChanged=(.+)$", text, re.M)) == {
        inbox,
        *(f"{inbox}/{source}" for source in source_names()),
    }


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
def test_systemd_itself_finds_them_right_and_little_exposed(tmp_path: Path) -> None:
    # systemd looks for the programs; here they are in no /opt
    for path in SYSTEMD.rglob("*"):
        if path.is_file():
            copy = tmp_path / path.relative_to(SYSTEMD)
            copy.parent.mkdir(exist_ok=True)
            copy.write_text(re.sub(rf"={ROOT}\S+", "=/bin/true", path.read_text("utf-8")))
    env = os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"}
    units = sorted(
        str(path)
        for path in tmp_path.iterdir()
        if path.stem.startswith("boligsocial") and path.is_file()
    )

    def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["systemd-analyze", *arguments]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    verified = analyze("verify", "--man=no", *units)
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
    for path in SERVICES:
        told = analyze("security", "--offline=yes", path.name)
        [exposure] = re.findall(r"exposure level for \S+: ([\d.]+)", told.stdout)
        assert float(exposure) <= MOST_EXPOSED, path.name
