"""Putting a delivery into the inbox, and taking a received one out, so that no half is ever seen.

Both are one rename: a copy is made under a hidden name first, and what has been received gets a
hidden name before it is deleted. The names in the inbox change under the inbox lock only.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pipelines.durable import (
    Checkpoint,
    copy_hashed,
    fsync_dir,
    make_durable_dir,
    no_checkpoint,
    part_sibling,
    sha256_of,
    write_new,
)
from pipelines.intake import names
from pipelines.intake.completeness import EMPTY
from pipelines.intake.delivery import DeliveryMeta
from pipelines.intake.items import InboxItem
from pipelines.intake.names import Reason
from pipelines.settings import Settings
from pipelines.warehouse.lock import inbox_lock

_OF_A_SENDER = re.compile(r"\..+\.[0-9a-f]{12}\.part", re.DOTALL)
"""What `part_sibling` calls the folder in which a delivery is copied."""


class DeliverRefusedError(ValueError):
    """The path, its name or its address is not one that the inbox takes.

    `reason` says it in both languages where the refusal is one of the inbox's own rules.
    """

    def __init__(self, message: str, reason: Reason | None = None) -> None:
        super().__init__(message)
        self.reason = reason


def _refusal(reason: Reason, name: str) -> DeliverRefusedError:
    return DeliverRefusedError(f"{names.printable(name)}: {reason.message_en}", reason)


def deliver(
    settings: Settings,
    path: Path,
    source: str,
    period: str,
    meta: DeliveryMeta | None = None,
    *,
    checkpoint: Checkpoint = no_checkpoint,
) -> Path:
    """Drop a file or a flat folder into the inbox: whole or not at all, vouched for by its hashes.

    Args:
        settings: Where the inbox is.
        path: What to deliver; it is copied and stays where it is.
        source: The source's name.
        period: Year or ISO date.
        meta: What to say of it.
        checkpoint: Called between the steps, for fault-injection tests.

    Returns:
        The item in the inbox.

    Raises:
        DeliverRefusedError: If the inbox would refuse it, or if another delivery of that name
            still waits there.
    """
    files = files_to_deliver(path, source, period)
    folder = settings.inbox_dir / source / period
    make_durable_dir(folder)
    target = folder / unicodedata.normalize("NFC", path.name)
    with _being_sent(settings, target) as temporary:
        copy = temporary / target.name
        hashes = _copy(files, copy, is_folder=path.is_dir())
        checkpoint("deliver.copied")
        with inbox_lock(settings):
            if target.exists():
                return _same_item(target, hashes)
            _put_sidecars(target, temporary, hashes, meta)
            checkpoint("deliver.sidecars_written")
            copy.rename(target)
            checkpoint("deliver.renamed")
            fsync_dir(folder)
    return target


@contextmanager
def _being_sent(settings: Settings, target: Path) -> Iterator[Path]:
    """A hidden folder beside the target to copy into; its lock tells it from a killed sender's."""
    temporary = part_sibling(target)
    with inbox_lock(settings):
        _sweep_unsent(target.parent)
        temporary.mkdir()
        held = os.open(temporary, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        fcntl.flock(held, fcntl.LOCK_EX)
    try:
        yield temporary
    finally:
        _remove(temporary)
        os.close(held)


def _sweep_unsent(folder: Path) -> None:
    """Remove what killed senders left; the caller holds the inbox lock."""
    for left in folder.glob(".*.part"):
        if left.is_dir() and not left.is_symlink() and _OF_A_SENDER.fullmatch(left.name):
            descriptor = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(left)
            except BlockingIOError:
                continue  # still being copied
            finally:
                os.close(descriptor)


def take_out(
    settings: Settings,
    item: InboxItem,
    delivery_id: str,
    *,
    checkpoint: Checkpoint = no_checkpoint,
) -> bool:
    """Remove an item that is safe in archive and ledger, with its side files.

    Args:
        settings: Where the inbox is.
        item: The item as it was archived.
        delivery_id: What it became; part of the hidden name, so that a crash can be cleared up.
        checkpoint: Called between the steps, for fault-injection tests.

    Returns:
        False when the item is no longer the one that was archived: it is left where it is.
    """
    with inbox_lock(settings):
        if not _is_unchanged(item, item.path):
            return False
        hidden = item.path.with_name(f"{names.RECEIVED_PREFIX}{delivery_id}")
        _remove(hidden)
        item.path.rename(hidden)
        checkpoint("inbox.item_hidden")
        if not _is_unchanged(item, hidden):
            hidden.rename(item.path)
            return False
        # before the hidden item, by which a sweep knows whose they are; never before the item is
        # hidden, which without them may not be seen to be whole
        for sidecar in item.sidecars:
            sidecar.unlink(missing_ok=True)
        checkpoint("inbox.sidecars_removed")
        _remove(hidden)
        checkpoint("inbox.item_removed")
        fsync_dir(item.path.parent)
    return True


def sweep_received(settings: Settings, known: Mapping[str, str]) -> tuple[str, ...]:
    """Finish the removals that a crash interrupted; only what the ledger knows is removed.

    What a killed `deliver` left half copied goes too: its sender still has it.

    Args:
        settings: Where the inbox is.
        known: The deliveries on the ledger, and what each was called in the inbox.

    Returns:
        The hidden names removed.
    """
    removed = []
    pattern = f"{names.RECEIVED_PREFIX}*"
    with inbox_lock(settings):
        for folder in settings.inbox_dir.glob("*/*/"):
            _sweep_unsent(folder)
        for depth in (f"*/{pattern}", f"*/*/{pattern}"):
            for path in sorted(settings.inbox_dir.glob(depth)):
                name = known.get(path.name.removeprefix(names.RECEIVED_PREFIX))
                if name is not None:
                    if not path.with_name(name).exists():
                        for suffix in (names.META_SUFFIX, names.MANIFEST_SUFFIX):
                            path.with_name(name + suffix).unlink(missing_ok=True)
                    _remove(path)
                    removed.append(path.name)
    return tuple(removed)


def files_to_deliver(path: Path, source: str, period: str) -> dict[str, Path]:
    """The files of a file or flat folder, by the names they will keep.

    Raises:
        DeliverRefusedError: If the inbox would refuse it for what it is called or what it is.
    """
    if not names.is_source_name(source):
        raise _refusal(names.UNKNOWN_SOURCE, source)
    if names.period_kind(period) is None:
        raise _refusal(names.WRONG_PERIOD, period)
    entries = sorted(path.iterdir()) if path.is_dir() else [path]
    doubled = names.doubled(entry.name for entry in entries)
    files: dict[str, Path] = {}
    for entry in entries:
        if path.is_dir() and entry.name.casefold() in names.DESKTOP_FILES:
            continue
        if names.is_in_progress(entry.name):
            raise _refusal(names.IN_PROGRESS, entry.name)
        if path.is_dir() and entry.is_symlink():
            raise _refusal(names.SYMBOLIC_LINK, entry.name)
        if path.is_dir() and entry.is_dir():
            raise _refusal(names.SUBFOLDER, entry.name)
        if not entry.is_file():
            raise _refusal(names.SPECIAL_FILE, entry.name)
        if entry.name in doubled:
            raise _refusal(names.SAME_NAME, entry.name)
        name = unicodedata.normalize("NFC", entry.name)
        files[name] = entry.resolve()
    for name in (path.name, *files):
        if (reason := names.refusal_of_name(name)) is not None:
            raise _refusal(reason, name)
    if path.name.endswith((names.META_SUFFIX, names.MANIFEST_SUFFIX)):
        raise _refusal(names.SIDE_FILE, path.name)
    if not files:
        raise _refusal(EMPTY, path.name)
    return files


def _copy(files: Mapping[str, Path], target: Path, *, is_folder: bool) -> dict[str, str]:
    if not is_folder:
        ((name, path),) = files.items()
        return {name: copy_hashed(path, target)[0]}
    target.mkdir()
    hashes = {name: copy_hashed(path, target / name)[0] for name, path in files.items()}
    fsync_dir(target)
    return hashes


def _put_sidecars(
    target: Path, temporary: Path, hashes: Mapping[str, str], meta: DeliveryMeta | None
) -> None:
    listing = "".join(f"{digest}  {name}\n" for name, digest in hashes.items())
    said = {names.MANIFEST_SUFFIX: listing}
    if meta is None:
        target.with_name(target.name + names.META_SUFFIX).unlink(missing_ok=True)
    else:
        said[names.META_SUFFIX] = meta.to_json()
    for suffix, text in said.items():
        written = temporary / suffix
        write_new(written, text.encode())
        written.rename(target.with_name(target.name + suffix))


def _same_item(target: Path, hashes: Mapping[str, str]) -> Path:
    """Accept that the very same delivery waits already; refuse to cover another one."""
    waiting = {each.name: each for each in target.iterdir()} if target.is_dir() else None
    held = {target.name: target} if waiting is None else waiting
    if set(held) == set(hashes) and all(sha256_of(held[name]) == hashes[name] for name in hashes):
        return target
    raise DeliverRefusedError(
        f"another delivery named {target.name} still waits in the inbox; "
        "let it be received first, or rename this one"
    )


def _is_unchanged(item: InboxItem, path: Path) -> bool:
    """Hold an item against the files that were archived from it."""
    try:
        if not item.is_folder:
            return item.files[0].is_unchanged(os.lstat(path))
        expected = {file.path.name: file for file in item.files}
        found = {
            entry.name: entry
            for entry in path.iterdir()
            if entry.name.casefold() not in names.DESKTOP_FILES
        }
        return found.keys() == expected.keys() and all(
            expected[name].is_unchanged(os.lstat(found[name])) for name in found
        )
    except (FileNotFoundError, NotADirectoryError):
        return False


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
