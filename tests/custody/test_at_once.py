"""A hundred deliveries at once, by several senders, while several processes take them in."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from custody_support import KINDS, SOURCES, custody, installation, much_later
from kills import in_child

from pipelines.intake.ledger import reconcile
from pipelines.intake.placing import DeliverRefusedError, deliver
from pipelines.intake.receive import receive
from pipelines.settings import Settings

FILES = 100
SENDERS, RECEIVERS = 3, 2


def beside(*works: Callable[[], object]) -> list[int]:
    """Do works in a process each, all at once; gives their exit codes."""
    children = []
    for work in works:
        child = os.fork()
        if child == 0:
            os._exit(in_child(work))
        children.append(child)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def sending(settings: Settings, folder: Path, first: int) -> Callable[[], object]:
    """Sends every file; each sender begins at another place."""

    def send() -> None:
        for number in range(FILES):
            path = folder / f"møder {(first + number) % FILES}.csv"
            try:
                deliver(settings, path, "styringsdialog", "2015")
            except DeliverRefusedError as refused:
                # another sender's copy of the same file is on its way
                assert path.name in str(refused)

    return send


def receiving(settings: Settings, done: Path) -> Callable[[], object]:
    """Takes in what waits until the senders are done, and what is left then."""

    def take_in() -> None:
        while True:
            is_last = done.exists()
            receive(
                settings, SOURCES, now=much_later(), by="a receiver", period_kinds=KINDS,
                settle_seconds=0,
            )  # fmt: skip
            if is_last:
                return

    return take_in


def test_a_hundred_at_once_none_lost_none_doubled(tmp_path: Path) -> None:
    settings, sent, done = installation(tmp_path / "it"), tmp_path / "sent", tmp_path / "done"
    sent.mkdir()
    for number in range(FILES):
        (sent / f"møder {number}.csv").write_text(f"a;b\n1;{number}\n")

    def senders() -> None:
        starts = range(0, FILES, FILES // SENDERS)
        codes = beside(*(sending(settings, sent, start) for start in starts[:SENDERS]))
        done.touch()
        assert codes == [0] * SENDERS

    receivers = [receiving(settings, done) for _ in range(RECEIVERS)]
    assert beside(senders, *receivers) == [0] * (1 + RECEIVERS)
    ledger, archive = custody(settings)
    received = Counter(event.name for event in ledger.read() if event.kind == "received")
    assert received == {f"møder {number}.csv": 1 for number in range(FILES)}
    assert reconcile(ledger, archive) == []
    assert len(archive.all_ids()) == FILES
    assert [path for path in settings.inbox_dir.rglob("*") if path.is_file()] == []
