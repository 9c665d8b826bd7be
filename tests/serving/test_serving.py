"""Nothing listens beyond this machine, viewers change nothing, and no file of ours has a secret."""

from __future__ import annotations

import ast
import asyncio
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import dagster as dg
import pytest
import yaml
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import EmptyWorkspaceTarget
from dagster_graphql.schema import create_schema

from pipelines.environment import VARIABLES
from pipelines.orchestration.run import dev_command, viewer_command
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.snapshot.opened import LOCKED

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
SECRETS = [each.name for each in VARIABLES if each.is_secret]
# a variable of the shell, compose or systemd, an ellipsis in a text, nothing at all
NO_LITERAL = re.compile(r"""^["'`]?(\$|%|…|\{|<|$|#)""")


def tracked() -> Iterator[tuple[Path, str]]:
    """Every file of the project that is text, but for the tests, which have secrets of no worth."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        path = PROJECT_ROOT / name
        if name and not name.startswith(("tests/", "deliveries/")) and path.is_file():
            try:
                yield path, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return {path.relative_to(PROJECT_ROOT).as_posix(): text for path, text in tracked()}


def test_the_commands_listen_on_this_machine_only() -> None:
    settings = Settings.from_env()
    for command in (
        dev_command(settings),
        viewer_command(settings, 3001, None),
        viewer_command(settings, 3001, Path("/run/monitor/code.sock")),
    ):
        assert command[command.index("--host") + 1] in LOOPBACK
    assert "--read-only" in viewer_command(settings, 3001, None)
    assert "--read-only" not in dev_command(settings)


def test_what_is_deployed_listens_on_this_machine_only(files: dict[str, str]) -> None:
    places = {n: t for n, t in files.items() if n.startswith("deploy/") or n == "Makefile"}
    hosts = {
        (name, host)
        for name, text in places.items()
        for host in re.findall(r"(?:--host|-h)[ ,=]+\"?([\d.:]+|localhost)", text)
        if "." in host or ":" in host or host == "localhost"
    }
    beyond = {name for name, host in hosts if host not in LOOPBACK}
    # inside a container there is another loopback: what counts is the port that it publishes
    assert beyond <= {"deploy/container/compose.yaml"}
    compose = yaml.safe_load(files["deploy/container/compose.yaml"])
    published = [p for each in compose["services"].values() for p in each.get("ports", ())]
    assert published
    assert all(str(port).startswith("127.0.0.1:") for port in published)


def is_given(value: str) -> bool:
    """Whether a value is one, rather than the name of where it comes from."""
    if NO_LITERAL.match(value) or "${" in value:
        return False
    bare = value.strip("\"'`")
    return urlsplit(bare).password is not None if "@" in bare else True


def secrets_in(text: str) -> list[str]:
    """The secrets that a text gives a value to, by name; a key, whoever it opens."""
    given = [
        secret
        for secret in SECRETS
        for value in re.findall(rf"\b{secret}\b[\"']?\s*[=:]\s*(\S*)", text)
        if is_given(value)
    ]
    is_key = re.search(r"MONITOR-KEY-1-[A-Z0-9]{20}|-----BEGIN [A-Z ]*PRIVATE KEY", text)
    return given + ["a key"] * bool(is_key)


def test_a_secret_would_be_found() -> None:
    assert secrets_in("MONITOR_SMTP_PASSWORD=hemmelig") == ["MONITOR_SMTP_PASSWORD"]
    assert secrets_in("MONITOR_SMTP_PASSWORD='hemmelig'") == ["MONITOR_SMTP_PASSWORD"]
    assert secrets_in('MONITOR_POSTGRES_URL="postgresql://a@/d"') == []
    assert secrets_in("MONITOR_POSTGRES_URL: postgresql://a:b@c/d") == ["MONITOR_POSTGRES_URL"]
    assert secrets_in("-----BEGIN EC PRIVATE KEY-----") == ["a key"]
    assert secrets_in("MONITOR_SMTP_PASSWORD: ${SMTP_PASSWORD}") == []


def test_no_file_of_ours_has_a_secret(files: dict[str, str]) -> None:
    # in code the names stand beside the texts that explain them
    others = {name: text for name, text in files.items() if not name.endswith(".py")}
    assert {name: found for name, text in others.items() if (found := secrets_in(text))} == {}
    told = yaml.safe_load(files["dagster.yaml"])
    assert "password" not in str(told).lower()


def test_the_document_opens_a_snapshot_as_the_code_does(files: dict[str, str]) -> None:
    [block] = re.findall(r"```python\n(.*?)```", files["docs/serving.md"], re.DOTALL)
    [config] = [
        ast.literal_eval(keyword.value)
        for node in ast.walk(ast.parse(block))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "config"
    ]
    assert config == dict(LOCKED)


def test_every_proxy_asks_for_a_login_and_hands_out_no_more_than_is_public(
    files: dict[str, str],
) -> None:
    text = files["docs/serving.md"]
    nginx, caddy = (
        re.search(rf"```{kind}\n(.*?)```", text, re.DOTALL)[1] for kind in ("nginx", "caddy")
    )
    assert set(re.findall(r"location (\S+)", nginx)) == {"/published/", "/status/", "/"}
    assert set(re.findall(r"handle (/\S+)", caddy)) == {"/published/*", "/status/*"}
    for proxy, login in ((nginx, "auth_basic_user_file"), (caddy, "basic_auth")):
        before, after = proxy.split(login)
        assert "127.0.0.1" not in before
        assert "127.0.0.1:3001" in after  # the read-only server


def test_the_tests_that_the_threat_model_names_are_there(files: dict[str, str]) -> None:
    for name in re.findall(r"`(tests/[\w/]+(?:\.py)?)`", files["docs/security.md"]):
        assert (PROJECT_ROOT / name).exists(), name


ATTEMPTS = (
    """mutation { launchRun(executionParams: {selector: {repositoryLocationName: "x",
    repositoryName: "__repository__", jobName: "reconcile"}, runConfigData: {}, mode: "default"})
    { __typename } }""",
    'mutation { deletePipelineRun(runId: "x") { __typename } }',
    'mutation { terminateRun(runId: "x") { __typename } }',
    """mutation { wipeAssets(assetPartitionRanges: [{assetKey: {path: ["raw", "deliveries"]}}])
    { __typename } }""",
    """mutation { reportRunlessAssetEvents(eventParams: {eventType: ASSET_MATERIALIZATION,
    assetKey: {path: ["raw", "deliveries"]}}) { __typename } }""",
)


def test_a_viewer_may_change_nothing(tmp_path: Path) -> None:
    schema = create_schema()
    with (
        dg.DagsterInstance.local_temp(str(tmp_path)) as instance,
        WorkspaceProcessContext(instance, EmptyWorkspaceTarget(), read_only=True) as viewing,
    ):
        for attempt in ATTEMPTS:
            asked = schema.execute_async(attempt, context_value=viewing.create_request_context())
            done = asyncio.run(asked)
            assert done.errors is None, done.errors
            [answer] = done.data.values()
            assert answer["__typename"] == "UnauthorizedError", attempt
