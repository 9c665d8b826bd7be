"""The inbox: what lies there, what of it is complete, what is refused and why.

Layout: `inbox/<source>/<period>/<item>`, where an item is a file or a flat folder of files, with
`<item>.meta.json` and `<item>.sha256` beside it if the sender likes. An item straight under the
source's folder takes its period from its name. Looking changes nothing; putting things in and
taking them out is in `placing`, keeping them in `archive`. Links are never followed.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipelines.intake import names
from pipelines.intake.completeness import quiet_seconds
from pipelines.intake.items import (
    HeldError,
    InboxItem,
    Scrutiny,
    entries_of,
    examine,
    item_of_sidecar,
    refusal_of_kind,
)
from pipelines.intake.names import Reason
from pipelines.intake.placing import deliver
from pipelines.settings import Settings

__all__ = ["GIVE_UP_SECONDS", "HeldItem", "InboxItem", "InboxScan", "deliver", "scan", "waiting"]

GIVE_UP_SECONDS = 900.0
"""An item that is quiet this long and still not complete will not become so: it is refused."""
UNREADABLE = Reason(
    "inbox.unreadable",
    "Filen kan ikke læses (rettigheder eller diskfejl).",
    "The file cannot be read (permissions or disk error).",
    "En fil, som modtagelsen ikke har læseadgang til.",
)


@dataclass(frozen=True)
class HeldItem:
    """An entry that is not taken: not yet complete, or refused. `location` is safe to print."""

    location: str
    source: str | None
    period: str | None
    reason: Reason


@dataclass(frozen=True)
class InboxScan:
    """All that a look at the inbox found."""

    ready: tuple[InboxItem, ...] = ()
    waiting: tuple[HeldItem, ...] = ()
    refused: tuple[HeldItem, ...] = ()


@dataclass(frozen=True)
class _Look:
    """What one look at the inbox is made with."""

    root: Path
    scrutiny: Scrutiny
    give_up_seconds: float
    kinds: Mapping[str, str]


def scan(
    settings: Settings,
    known_sources: Collection[str],
    *,
    now: datetime,
    settle_seconds: float = 2.0,
    give_up_seconds: float = GIVE_UP_SECONDS,
    period_kinds: Mapping[str, str] | None = None,
    verify_manifests: bool = True,
) -> InboxScan:
    """Look at everything in the inbox.

    Args:
        settings: Where the inbox is.
        known_sources: The sources whose folders are read.
        now: The present, aware.
        settle_seconds: How long an item nobody vouches for must have been quiet.
        give_up_seconds: After how long an item that never became complete is refused.
        period_kinds: Whether a source's periods are years or dates; unlisted ones take either.
        verify_manifests: Hash the items that come with a `.sha256`. A sensor that looks every
            second turns it off; the receiver checks again while it copies.

    Returns:
        The complete items in the order of source, period, age and name, and the others by reason.
    """
    look = _Look(
        settings.inbox_dir,
        Scrutiny(now, settle_seconds, verify_manifests),
        give_up_seconds,
        period_kinds or {},
    )
    ready: list[InboxItem] = []
    waiting: list[HeldItem] = []
    refused: list[HeldItem] = []
    for found in _walk(look, known_sources):
        if isinstance(found, InboxItem):
            ready.append(found)
        else:
            held, may_mend = found
            (waiting if may_mend else refused).append(held)
    ready.sort(key=_order)
    return InboxScan(tuple(ready), tuple(waiting), tuple(refused))


def waiting(
    settings: Settings,
    known_sources: Collection[str],
    *,
    now: datetime,
    settle_seconds: float = 2.0,
    period_kinds: Mapping[str, str] | None = None,
    verify_manifests: bool = True,
) -> list[InboxItem]:
    """List the complete items that wait to be received; `scan` tells of the others too."""
    found = scan(
        settings,
        known_sources,
        now=now,
        settle_seconds=settle_seconds,
        period_kinds=period_kinds,
        verify_manifests=verify_manifests,
    )
    return list(found.ready)


def _order(item: InboxItem) -> tuple[str, str, int, str]:
    return item.source, item.period, max(file.mtime_ns for file in item.files), item.name


_Found = InboxItem | tuple[HeldItem, bool]


def _walk(look: _Look, known_sources: Collection[str]) -> Iterator[_Found]:
    for entry in entries_of(look.root):
        if not entry.is_dir(follow_symlinks=False):
            yield _held(look, Path(entry.path), None, None, _kind_refusal(entry, names.NO_SOURCE))
        elif entry.name not in known_sources:
            if any(entries_of(Path(entry.path))):
                yield _held(look, Path(entry.path), None, None, names.UNKNOWN_SOURCE)
        else:
            yield from _walk_source(look, Path(entry.path), entry.name)


def _walk_source(look: _Look, folder: Path, source: str) -> Iterator[_Found]:
    loose = []
    for entry in entries_of(folder):
        is_dir = entry.is_dir(follow_symlinks=False)
        if not (is_dir and names.looks_like_period(entry.name)):
            loose.append(entry)
        elif names.fits(entry.name, source, look.kinds):
            yield from _items(look, entries_of(Path(entry.path)), source, entry.name)
        elif any(entries_of(Path(entry.path))):
            yield _held(look, Path(entry.path), source, entry.name, names.WRONG_PERIOD)
    yield from _items(look, loose, source, None)


def _items(
    look: _Look, entries: list[os.DirEntry[str]], source: str, period: str | None
) -> Iterator[_Found]:
    present = {entry.name for entry in entries}
    doubled = names.doubled(present)
    for entry in entries:
        if names.is_received_leftover(entry.name):
            continue
        path = Path(entry.path)
        its_period = period or names.period_from_name(entry.name, look.kinds.get(source))
        try:
            if item_of_sidecar(entry.name) in present:
                continue
            if entry.name in doubled:
                raise HeldError(names.SAME_NAME)
            yield examine(look.scrutiny, entry, present, source, its_period)
        except HeldError as held:
            try:
                has_time = held.may_mend and _quiet(path, look.scrutiny.now) < look.give_up_seconds
            except FileNotFoundError:
                continue  # its sender has just given it its own name
            yield _held(look, path, source, its_period, held.reason, may_mend=has_time)
        except OSError:
            if os.path.lexists(path):
                yield _held(look, path, source, its_period, UNREADABLE)


def _kind_refusal(entry: os.DirEntry[str], otherwise: Reason) -> Reason:
    return names.refusal_of_name(entry.name) or refusal_of_kind(entry) or otherwise


def _quiet(path: Path, now: datetime) -> float:
    status = os.lstat(path)
    return quiet_seconds((status.st_mtime_ns, status.st_ctime_ns), now)


def _held(
    look: _Look,
    path: Path,
    source: str | None,
    period: str | None,
    reason: Reason,
    *,
    may_mend: bool = False,
) -> tuple[HeldItem, bool]:
    location = names.printable(str(path.relative_to(look.root)))
    return HeldItem(location, source, period, reason), may_mend
