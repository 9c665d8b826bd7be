"""One writer at a time; who waits is told who holds the lock; no lock outlives its holder."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from custody_support import installation
from kills import in_child

from pipelines.settings import Settings
from pipelines.warehouse.lock import LockBusyError, holder_pid, intake_lock, writer_lock


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return installation(tmp_path)


def holding_child(settings: Settings) -> int:
    """Fork a process that takes the writer lock and keeps it until it is killed."""
    ready, told = os.pipe()
    child = os.fork()
    if child == 0:
        with writer_lock(settings):
            os.write(told, b"1")
            time.sleep(60)
        os._exit(0)
    os.read(ready, 1)
    os.close(ready)
    os.close(told)
    return child


def test_the_holder_is_named(settings: Settings) -> None:
    child = holding_child(settings)
    try:
        named = pytest.raises(LockBusyError, match=f"process {child} holds")
        with named as busy, writer_lock(settings, wait_seconds=0.1):
            pass
        assert busy.value.holder_pid == child
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_a_killed_holder_holds_nothing(settings: Settings) -> None:
    child = holding_child(settings)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with writer_lock(settings):
        assert holder_pid(settings.lock_path) == os.getpid()


def test_waiting_is_rewarded(settings: Settings) -> None:
    child = holding_child(settings)

    def wait() -> None:
        with writer_lock(settings, wait_seconds=10):
            pass

    waiting = os.fork()
    if waiting == 0:
        wait()
        os._exit(0)
    time.sleep(0.1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(os.waitpid(waiting, 0)[1]) == 0


def test_the_same_process_does_not_get_it_twice(settings: Settings) -> None:
    with writer_lock(settings), pytest.raises(LockBusyError), writer_lock(settings):
        pass


def test_it_is_free_after_an_error(settings: Settings) -> None:
    with pytest.raises(ZeroDivisionError), writer_lock(settings):
        raise ZeroDivisionError
    with writer_lock(settings):
        pass


def test_receiving_may_go_on_beside_a_build(settings: Settings) -> None:
    def receive() -> None:
        with intake_lock(settings):
            pass

    with writer_lock(settings):
        assert in_child(receive) == 0


def test_a_link_in_place_of_the_lock_is_not_followed(settings: Settings, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("keep")
    settings.data_dir.mkdir(parents=True)
    settings.lock_path.symlink_to(victim)
    with pytest.raises(OSError, match="symbolic"), writer_lock(settings):
        pass
    assert victim.read_text() == "keep"
