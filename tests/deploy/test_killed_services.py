"""The services as they are deployed: a hundred deliveries at once, then everything is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from postgres_cluster import cluster, programs
from shipped_installation import settings_in

from pipelines.environment import (
    CODE_SOCKET_ENV,
    DAGSTER_HOME_ENV,
    DATA_DIR_ENV,
    KEY_FILE_ENV,
    POSTGRES_ENV,
    SENSORS_ENV,
)
from pipelines.intake.ledger import Ledger
from pipelines.orchestration.home import opened_instance
from pipelines.orchestration.jobs import PROCESS_INBOX
from pipelines.settings import PROJECT_ROOT, Settings

pytestmark = [pytest.mark.exhaustive, pytest.mark.timeout(3000)]

FILES = 100
MONITOR = Path(sys.executable).with_name("monitor")
EXTRACT = (
    PROJECT_ROOT / "deliveries" / "driftsstoette" / "2015-06-30"
    / "driftsstoette_2015-06-30_SYNTETISK.csv"
)  # fmt: skip
HEAD_AND_PLANS = 3 + 5
CLOSED_SECONDS = 120.0
FAILED = dg.DagsterRunStatus.FAILURE


def wait_for(what: Callable[[], object], seconds: float) -> float:
    """Wait until something is so; gives how long it took."""
    begun = time.monotonic()
    while not what():
        assert time.monotonic() - begun < seconds, what
        time.sleep(1)
    return time.monotonic() - begun


@contextmanager
def services(logs: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Code server and daemon, each the leader of the processes it starts."""
    started = []
    try:
        for name in ("code-server", "daemon"):
            with (logs / name).open("ab") as log:
                command = [str(MONITOR), name]
                process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
            started.append(process)
        yield started
    finally:
        kill(started)


def kill(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def hundred_extracts(settings: Settings) -> None:
    """Small extracts, one a day: the same five plans, delivered the safe way."""
    lines = EXTRACT.read_text("cp1252").splitlines(keepends=True)[:HEAD_AND_PLANS]
    assert "30-06-2015" in lines[1]
    for number in range(FILES):
        day = date(2015, 6, 30) + timedelta(days=number)
        folder = settings.inbox_dir / "driftsstoette" / day.isoformat()
        folder.mkdir(parents=True)
        text = "".join(lines).replace("30-06-2015", f"{day:%d-%m-%Y}", 1)
        path = folder / f"driftsstoette_{day}_SYNTETISK.csv"
        path.write_text(text, "cp1252")
        path.with_name(f"{path.name}.meta.json").write_text('{"is_synthetic": true}')


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    made = settings_in(tmp_path)
    with ExitStack() as stack:
        if found := programs():
            monkeypatch.setenv(POSTGRES_ENV, stack.enter_context(cluster(found)))
        monkeypatch.setenv(DATA_DIR_ENV, str(made.data_dir))
        monkeypatch.setenv(DAGSTER_HOME_ENV, str(made.dagster_home))
        monkeypatch.setenv(KEY_FILE_ENV, str(tmp_path / "key"))
        monkeypatch.setenv(CODE_SOCKET_ENV, str(tmp_path / "code.sock"))
        monkeypatch.setenv(SENSORS_ENV, "on")
        yield made


def test_everything_is_killed_and_started_again(settings: Settings, tmp_path: Path) -> None:
    hundred_extracts(settings)
    with opened_instance(settings) as instance:

        def runs(*statuses: dg.DagsterRunStatus) -> list[dg.DagsterRun]:
            wanted = dg.RunsFilter(job_name=PROCESS_INBOX, statuses=list(statuses) or None)
            return list(instance.get_runs(wanted))

        with services(tmp_path) as first:
            wait_for(lambda: runs(dg.DagsterRunStatus.STARTED), 300)
            # in the middle of taking in: some are archived, none is live
            wait_for(lambda: len(list(settings.archive_dir.glob("*/*"))) > FILES // 4, 300)
            kill(first)
        [left] = runs(dg.DagsterRunStatus.STARTED)
        with services(tmp_path):
            ended = wait_for(lambda: left.run_id in {r.run_id for r in runs(FAILED)}, 300)
            assert ended < CLOSED_SECONDS
            wait_for(lambda: runs(dg.DagsterRunStatus.SUCCESS), 1800)
            second = subprocess.run([MONITOR, "daemon"], capture_output=True, check=False)
            assert second.returncode == 1
            assert b"a daemon is at work on this data already" in second.stderr
        assert {run.status for run in runs()} == {FAILED, dg.DagsterRunStatus.SUCCESS}
    kinds = Counter(event.kind for event in Ledger(settings.ledger_path).read())
    assert (kinds["received"], kinds["accepted"]) == (FILES, FILES)
    with duckdb.connect(str(settings.live_path), read_only=True) as con:
        counted = con.execute(
            "select delivery_id, count(*), count(distinct (case_number, financing_source)) "
            "from raw.driftsstoette_lines group by delivery_id"
        ).fetchall()
    assert len(counted) == FILES
    assert {(rows, keys) for _, rows, keys in counted} == {(5, 5)}
