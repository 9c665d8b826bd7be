"""Runs are forked from a process that holds the code on disk, and end with it."""

from __future__ import annotations

import multiprocessing.forkserver
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.fingerprint import process_fingerprint
from pipelines.orchestration import code_server
from pipelines.orchestration.code_server import WarmStart

FOREVER = 3600.0
KILLED, TOLD_TO_END = -signal.SIGKILL, -signal.SIGTERM


@pytest.fixture
def warm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WarmStart]:
    monkeypatch.setattr(code_server, "PRELOADED", "forks_nothing_loaded")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    (tmp_path / "pipelines").mkdir()
    (tmp_path / "pipelines" / "code.py").write_text("a = 1\n")
    made = WarmStart(tmp_path)
    made.begin()
    yield made
    made.end()


def server_pid() -> int:
    known: Any = multiprocessing.forkserver
    return int(known._forkserver._forkserver_pid)


def sleeping(context: Any) -> Any:
    """A run that has begun and goes on."""
    begun = context.Event()
    process = context.Process(target=_sleep, args=(begun,))
    process.start()
    assert begun.wait(FOREVER)
    return process


def _sleep(begun: Any) -> None:
    begun.set()
    time.sleep(FOREVER)


def test_changed_code_is_loaded_anew_but_never_under_a_run(warm: WarmStart, tmp_path: Path) -> None:
    forking, first = warm.context(is_idle=True), server_pid()
    assert forking is not warm.cold
    assert warm.context(is_idle=False) is forking
    (tmp_path / "pipelines" / "code.py").write_text("a = 2\n")
    assert warm.context(is_idle=False) is warm.cold, "the old code would run"
    assert server_pid() == first
    assert warm.context(is_idle=True) is forking
    assert server_pid() != first


def test_a_library_of_another_version_is_other_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "site-packages"
    (place / "lib-1.0.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(place))
    before = process_fingerprint(tmp_path)
    assert process_fingerprint(tmp_path) == before
    (place / "lib-1.0.dist-info").rename(place / "lib-1.1.dist-info")
    assert process_fingerprint(tmp_path) != before


def test_a_killed_fork_server_takes_its_runs_along_and_is_started_again(warm: WarmStart) -> None:
    run, first = sleeping(warm.context(is_idle=True)), server_pid()
    os.kill(first, signal.SIGKILL)
    while Path(f"/proc/{run.pid}").exists():
        time.sleep(0.01)
    again = sleeping(warm.context(is_idle=True))
    assert server_pid() != first
    again.kill()
    again.join()
    assert again.exitcode == KILLED


def test_a_run_heeds_what_the_fork_server_does_not(warm: WarmStart) -> None:
    run = sleeping(warm.context(is_idle=True))
    os.kill(server_pid(), signal.SIGTERM)
    os.kill(run.pid, signal.SIGTERM)
    run.join()
    assert run.exitcode == TOLD_TO_END, "told by the server, which lives"


def test_where_nothing_can_be_forked_runs_begin_cold(
    warm: WarmStart, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused() -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(multiprocessing.forkserver, "ensure_running", refused)
    assert warm.context(is_idle=True) is warm.cold
