"""Tells waiting threads that something moves in the inbox, so that nobody looks every second.

The kernel tells of changes (inotify); a look every few seconds stays for what it does not tell, as
on a network disk. While something moves, and as long after as a file needs to count as complete,
who waits is woken several times a second.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

LOG = logging.getLogger(__name__)
BUSY_SECONDS = 6.0
"""How long after the last change to look often: a file that nobody vouches for is quiet for two."""
OFTEN_SECONDS = 0.2
_STEP_SECONDS = 1.0
"""How long a waiting thread may not notice that it is to end."""
_CHANGES = frozenset({"created", "modified", "moved", "deleted", "closed"})
"""Looking at the inbox opens files, which is no change."""


class InboxWatch(FileSystemEventHandler):
    """Whether the inbox has changed a moment ago."""

    def __init__(self) -> None:
        self._pauses: list[Pauses] = []
        self._busy_until = 0.0

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note a change, and wake who waits."""
        if event.event_type in _CHANGES:
            self._busy_until = time.monotonic() + BUSY_SECONDS
            for each in self._pauses:
                each.wake()

    @property
    def is_busy(self) -> bool:
        """Whether something moved within the last seconds."""
        return time.monotonic() < self._busy_until

    def pauses(self, shutdown: threading.Event) -> Pauses:
        """Pauses for one thread, which a change cuts short."""
        made = Pauses(self, shutdown)
        self._pauses.append(made)
        return made


class Pauses(threading.Event):
    """Stands for the event that ends a daemon's thread, whose loops pause by waiting for it."""

    def __init__(self, watch: InboxWatch, shutdown: threading.Event) -> None:
        super().__init__()
        self._watch = watch
        self._shutdown = shutdown
        self._moved = threading.Event()

    def is_set(self) -> bool:
        """Whether the thread is to end."""
        return self._shutdown.is_set()

    def wake(self) -> None:
        """Cut the pause short."""
        self._moved.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Pause until a change, the end of the thread, or so many seconds."""
        if self._watch.is_busy:
            return self._shutdown.wait(
                OFTEN_SECONDS if timeout is None else min(timeout, OFTEN_SECONDS)
            )
        until = time.monotonic() + (timeout or 0.0)
        while not self._shutdown.is_set():
            left = _STEP_SECONDS if timeout is None else until - time.monotonic()
            if left <= 0 or self._moved.wait(min(left, _STEP_SECONDS)):
                break
        self._moved.clear()
        return self._shutdown.is_set()


@contextmanager
def inbox_watched(inbox: Path) -> Iterator[InboxWatch]:
    """Watch a folder for the block; where the kernel cannot, nobody is woken."""
    watch, observer = InboxWatch(), Observer()
    inbox.mkdir(parents=True, exist_ok=True)
    observer.schedule(watch, str(inbox), recursive=True)
    try:
        observer.start()
    except OSError as error:
        LOG.warning("the inbox is looked at every few seconds: %s", type(error).__name__)
        yield watch
        return
    try:
        yield watch
    finally:
        observer.stop()
        observer.join()
