"""Kill a receiver or a sender at a named point, run it again, and say what was lost or doubled.

The processes are forked children that kill themselves with SIGKILL, so nothing is cleaned up for
them. `VARIANTS` are receivers broken on purpose: a harness that does not catch them is no proof.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

from custody_support import KINDS, SOURCES, custody, installation, much_later, put
from kills import in_child

from pipelines.durable import Checkpoint
from pipelines.intake import receive as receive_module
from pipelines.intake.archive import Archive
from pipelines.intake.delivery import manifest_json
from pipelines.intake.events import LedgerEvent
from pipelines.intake.inbox import deliver
from pipelines.intake.ledger import reconcile
from pipelines.settings import Settings

FILE = b"kode;navn\n101;K\xf8benhavn\n"
FOLDER = {"dataset.csv": b"x\n" * 5000, "labels.csv": b"y\n"}

Work = Callable[[Settings, Checkpoint], object]
Variant = Callable[[ExitStack], None]


def receive_all(settings: Settings, checkpoint: Checkpoint) -> None:
    receive_module.receive(
        settings, SOURCES, now=much_later(), period_kinds=KINDS, checkpoint=checkpoint
    )


def send_both(settings: Settings, checkpoint: Checkpoint) -> None:
    deliver(settings, settings.root / "sent" / "a.csv", "survey", "2015", checkpoint=checkpoint)
    deliver(settings, settings.root / "sent" / "set", "survey", "2016", checkpoint=checkpoint)


def prepare(folder: Path, *, delivered: bool) -> Settings:
    """Set up an installation with a file (straight copy) and a folder (delivered) to receive."""
    shutil.rmtree(folder, ignore_errors=True)
    settings = installation(folder)
    sent = folder / "sent"
    (sent / "set").mkdir(parents=True)
    (sent / "a.csv").write_bytes(FILE)
    for name, data in FOLDER.items():
        (sent / "set" / name).write_bytes(data)
    if delivered:
        put(settings, "survey/2015/a.csv", FILE)
        deliver(settings, sent / "set", "survey", "2016")
    return settings


def points(folder: Path, work: Work, *, delivered: bool) -> list[str]:
    """List the named points that a run passes, each as often as it passes it."""
    settings = prepare(folder, delivered=delivered)
    passed: list[str] = []
    work(settings, passed.append)
    return passed


def killing(at: int) -> Checkpoint:
    """Make a hook that kills its own process at the n-th point passed."""
    passed = 0

    def checkpoint(name: str, /) -> None:
        nonlocal passed
        passed += 1
        if passed > at:
            os.kill(os.getpid(), signal.SIGKILL)

    return checkpoint


def killed_at(settings: Settings, work: Work, at: int, variant: Variant | None = None) -> bool:
    """Run work in a child that dies at the n-th point; gives whether it came that far."""

    def child() -> None:
        with ExitStack() as stack:
            if variant is not None:
                variant(stack)
            work(settings, killing(at))

    status = in_child(child)
    assert status in (0, -signal.SIGKILL), "the child failed by itself"
    return status != 0


def wrongs(settings: Settings) -> list[str]:
    """Say what is lost, doubled, half or left over once everything has been received."""
    ledger, archive = custody(settings)
    found = [f"{problem.kind}: {problem.message}" for problem in reconcile(ledger, archive)]
    names = Counter(event.name for event in ledger.read() if event.kind == "received")
    found += [
        f"received {names[each]} times: {each}" for each in ("a.csv", "set") if names[each] != 1
    ]
    listing = "".join(
        f"{name}\0{hashlib.sha256(FOLDER[name]).hexdigest()}\n" for name in sorted(FOLDER)
    )
    wanted = {hashlib.sha256(each).hexdigest() for each in (FILE, listing.encode())}
    if set(archive.all_ids()) != wanted:
        found.append("the archive does not hold exactly what was sent")
    left = [path.name for path in settings.inbox_dir.glob("*/*/*")]
    found += [f"left in the inbox: {name}" for name in left]
    found += [f"left in the archive: {path.name}" for path in archive.root.glob(".*")]
    return found


def removes_before_ledger(stack: ExitStack) -> None:
    """Broken: the inbox is cleared before the ledger knows."""
    receipt = receive_module._Receipt
    write_down, clear = receipt._write_down, receipt._clear

    def swapped(self: object, delivery: object, item: object) -> None:
        clear(self, item, delivery.delivery_id)
        write_down(self, delivery, item)

    stack.enter_context(mock.patch.object(receipt, "_write_down", swapped))
    stack.enter_context(mock.patch.object(receipt, "_clear", lambda *_: None))


def writes_archive_in_place(stack: ExitStack) -> None:
    """Broken: an entry's manifest is there before its payload."""

    def store(self: Archive, candidate: object, *, received_at: object, checkpoint: Checkpoint):
        with mock.patch.object(Archive, "_move_in", lambda *_: None):
            entry = original(self, candidate, received_at=received_at)
        if entry.payload_dir.exists():
            return entry
        entry.payload_dir.mkdir(parents=True)
        (entry.payload_dir.parent / "manifest.json").write_bytes(manifest_json(entry))
        for name, path in candidate.files.items():
            checkpoint("archive.payload_copied")
            shutil.copy(path, entry.payload_dir / name)
        return entry

    original = Archive.store
    stack.enter_context(mock.patch.object(Archive, "store", store))


def forgets_what_it_knows(stack: ExitStack) -> None:
    """Broken: what is on the ledger already is written once more."""

    def nothing(_events: list[LedgerEvent]) -> list[object]:
        return []

    stack.enter_context(mock.patch.object(receive_module, "deliveries", nothing))


def removes_folders_in_place(stack: ExitStack) -> None:
    """Broken: a received folder is deleted file by file under its own name."""

    def take_out(_settings: Settings, item, _id: str, *, checkpoint: Checkpoint) -> bool:
        for sidecar in item.sidecars:
            sidecar.unlink()
        for file in item.files:
            file.path.unlink()
            checkpoint("inbox.item_removed")
        if item.is_folder:
            item.path.rmdir()
        return True

    stack.enter_context(mock.patch.object(receive_module, "take_out", take_out))


VARIANTS: tuple[Variant, ...] = (
    removes_before_ledger,
    writes_archive_in_place,
    forgets_what_it_knows,
    removes_folders_in_place,
)
