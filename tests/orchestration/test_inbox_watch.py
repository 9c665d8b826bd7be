"""Who waits for the inbox is woken by a change, and by nothing else.

A pause of an hour that is not cut short would end these tests by their time limit.
"""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from watchdog.events import FileOpenedEvent
from watchdog.observers import Observer

from pipelines.orchestration import inbox_watch
from pipelines.orchestration.inbox_watch import InboxWatch, inbox_watched

HOUR = 3600.0


def test_a_delivery_wakes_every_thread_that_waits(tmp_path: Path) -> None:
    shutdown, woken = threading.Event(), []
    with inbox_watched(tmp_path / "inbox") as watch:
        pauses = [watch.pauses(shutdown) for _ in range(2)]
        waiting = [threading.Thread(target=lambda p=p: woken.append(p.wait(HOUR))) for p in pauses]
        for thread in waiting:
            thread.start()
        place = tmp_path / "inbox" / "survey" / "2016"
        place.mkdir(parents=True)
        (place / "wave.csv").write_text("a;b\n")
        for thread in waiting:
            thread.join()
        assert watch.is_busy
    assert woken == [False, False], "not to end, but to look"


def test_looking_at_the_inbox_is_no_change(tmp_path: Path) -> None:
    watch = InboxWatch()
    watch.on_any_event(FileOpenedEvent(str(tmp_path)))
    assert not watch.is_busy
    assert watch.pauses(threading.Event()).wait(0.01) is False


def test_who_waits_is_told_to_end(tmp_path: Path) -> None:
    shutdown = threading.Event()
    pauses = InboxWatch().pauses(shutdown)
    threading.Timer(0.05, shutdown.set).start()
    assert pauses.wait(HOUR)
    assert pauses.is_set()


def test_without_the_kernel_s_help_nobody_is_woken_and_nothing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Refusing(Observer):
        def start(self) -> None:
            raise OSError("inotify instance limit reached")

    monkeypatch.setattr(inbox_watch, "Observer", Refusing)
    with inbox_watched(tmp_path / "inbox") as watch:
        assert not watch.is_busy
