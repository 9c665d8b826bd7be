"""The container file and compose say what docs/deployment.md says of them.

Whether the image builds is for a machine with a container engine; here what stands in the files is
held against the repository and against the rules.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.environment import (
    CODE_SOCKET_ENV,
    DOCS_URL_ENV,
    INSTALLATION_ENV,
    KEY_ENV,
    LOG_ENV,
    METRICS_FILE_ENV,
    POSTGRES_ENV,
    VARIABLES,
)
from pipelines.settings import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "deploy" / "container"
OURS = ("code", "daemon", "web", "viewer")
TELLING = {INSTALLATION_ENV, DOCS_URL_ENV, METRICS_FILE_ENV} | {
    each.name for each in VARIABLES if each.name.startswith(("MONITOR_ALERT_", "MONITOR_SMTP_"))
}
"""What alerts and metrics need."""
COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def instructions() -> list[tuple[str, str]]:
    text = (FOLDER / "Containerfile").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n", " ", "\n".join(lines))
    return [
        (line.split(" ", 1)[0], " ".join(line.split(" ", 1)[1].split()))
        for line in joined.splitlines()
        if line.strip()
    ]


def last_stage() -> list[tuple[str, str]]:
    found = instructions()
    start = max(place for place, (what, _) in enumerate(found) if what == "FROM")
    return found[start:]


def test_the_image_is_of_two_stages_and_runs_as_nobody_in_particular() -> None:
    found = instructions()
    assert sum(what == "FROM" for what, _ in found) == 2
    assert [given for what, given in last_stage() if what == "USER"] == ["10001:10001"]
    assert [given for what, given in last_stage() if what == "HEALTHCHECK"]
    # nothing is installed in the stage that runs, and nothing fetched without its hash
    assert not [given for what, given in last_stage() if what == "RUN" and "pip" in given]
    installs = [given for what, given in found if what == "RUN" and "pip install" in given]
    assert all("--require-hashes" in run or "--no-deps" in run for run in installs)


def test_what_is_copied_is_there_and_let_through() -> None:
    ignore = (FOLDER / "Containerfile.dockerignore").read_text("utf-8").splitlines()
    assert ignore[1] == "*", "nothing but what is named"
    let_through = {line[1:] for line in ignore if line.startswith("!")}
    copied = set()
    for what, given in instructions():
        if what == "COPY" and "--from" not in given:
            copied |= set(given.split()[:-1])
    assert copied == let_through
    assert [name for name in copied if not (PROJECT_ROOT / name).exists()] == []


def test_no_secret_and_no_person_is_in_the_image() -> None:
    text = " ".join(given for what, given in instructions() if what in ("ENV", "ARG"))
    assert not [each.name for each in VARIABLES if each.is_secret and each.name in text]
    assert {"warehouse", "tests", ".git", "deliveries"} & set(text.split()) == set()


@pytest.mark.parametrize("name", OURS)
def test_every_service_of_ours_is_shut_in(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["user"] == "10001:10001"
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"] and service["pids_limit"]
    assert service["restart"] == "unless-stopped"


def test_ports_are_opened_on_loopback_only_and_by_web_servers_only() -> None:
    opened = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert opened == {"web": ["127.0.0.1:3000:3000"], "viewer": ["127.0.0.1:3001:3000"]}
    commands = {name: SERVICES[name]["command"] for name in opened}
    assert {name for name, command in commands.items() if "--read-only" in command} == {"viewer"}


def test_only_what_starts_runs_has_the_key_and_web_servers_no_data() -> None:
    assert {name for name in SERVICES if KEY_ENV in SERVICES[name].get("environment", {})} == {
        "code"
    }
    mounts = {
        name: {volume.split(":")[0] for volume in SERVICES[name]["volumes"]} for name in SERVICES
    }
    assert {name for name in SERVICES if "data" in mounts[name]} == {"code", "daemon"}
    assert set().union(*mounts.values()) == set(COMPOSE["volumes"])


def test_all_of_them_keep_their_records_in_one_postgres() -> None:
    urls = {SERVICES[name]["environment"][POSTGRES_ENV] for name in OURS}
    assert len(urls) == 1
    [url] = urls
    made = SERVICES["postgres"]["environment"]
    assert f"//{made['POSTGRES_USER']}:" in url
    assert url.endswith(f"@postgres:5432/{made['POSTGRES_DB']}")
    assert COMPOSE["networks"]["records"] == {"internal": True}
    assert "ports" not in SERVICES["postgres"]


def test_secrets_come_from_the_environment_and_must_be_set() -> None:
    text = (FOLDER / "compose.yaml").read_text("utf-8")
    assert set(re.findall(r"\$\{(\w+):\?", text)) == {"POSTGRES_PASSWORD", KEY_ENV}
    used = set(re.findall(r"\$\{(\w+)", text))
    assert used == {"POSTGRES_PASSWORD", KEY_ENV, "MONITOR_IMAGE_TAG", LOG_ENV} | TELLING


def test_who_tells_is_told_where_to_and_nobody_else_is() -> None:
    environments = {name: SERVICES[name]["environment"] for name in OURS}
    for name, environment in environments.items():
        assert set(environment) & TELLING == (TELLING if name == "code" else set())
        assert environment[LOG_ENV] == "${MONITOR_LOG:-text}"
    assert all(environments["code"][name].startswith(f"${{{name}:-") for name in TELLING)


def test_they_meet_at_the_socket_of_the_image() -> None:
    [given] = [given for what, given in last_stage() if what == "ENV"]
    socket = dict(pair.split("=", 1) for pair in given.split())[CODE_SOCKET_ENV]
    for name in ("web", "viewer"):
        command = SERVICES[name]["command"]
        assert command[command.index("--grpc-socket") + 1] == socket
    for name in OURS:
        assert f"run:{Path(socket).parent}" in SERVICES[name]["volumes"]


def test_services_wait_for_what_they_need_to_be_healthy() -> None:
    for name, needs in {"code": "postgres", "daemon": "code", "web": "code"}.items():
        assert SERVICES[name]["depends_on"] == {needs: {"condition": "service_healthy"}}
    watched = {name for name in SERVICES if "healthcheck" in SERVICES[name]}
    assert watched == {"postgres", "daemon", "web", "viewer"}, "code has the image's own"
