"""Looking around: what nobody's run stumbles over, and still has to be told.

Each look gives an alert of one kind or nothing. The quick ones read no more than a folder; the slow
ones read the ledger, the warehouse's list of deliveries and the release log.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from pipelines.alerting.alert import Alert
from pipelines.alerting.telling import look, tell
from pipelines.disk_full import bytes_needed
from pipelines.intake.events import deliveries
from pipelines.intake.ledger import Ledger, LedgerDamagedError
from pipelines.overview import inbox, period_statuses
from pipelines.release.calendar import load_calendar
from pipelines.release.schedule import announcements_out, schedule
from pipelines.settings import Settings

RELEASE_GRACE = timedelta(hours=1)

Look = Callable[[Settings, datetime], Alert | None]


def inbox_refused(settings: Settings, now: datetime) -> Alert | None:
    """What lies in the inbox and cannot be received; names stay on this machine."""
    held = inbox(settings, now).refused
    if not held:
        return None
    subjects = tuple(
        f"{each.source or 'inbox'}, item {hashlib.sha256(each.location.encode()).hexdigest()[:12]}"
        for each in held
    )
    return Alert("inbox_refused", f"{len(held)} item(s) in the inbox", now, subjects)


def disk_low(settings: Settings, now: datetime) -> Alert | None:
    """Whether a run would run out of disk."""
    place = settings.data_dir if settings.data_dir.is_dir() else settings.data_dir.parent
    if not place.is_dir():
        return None
    free = shutil.disk_usage(place).free
    needed = bytes_needed(settings)
    if free >= needed:
        return None
    what = f"{free >> 20} MiB free where the data are; a run needs {needed >> 20} MiB"
    return Alert("disk_low", what, now)


def delivery_unread(settings: Settings, now: datetime) -> Alert | None:
    """Deliveries that our own code could not process when it last tried."""
    failing = [s for s in deliveries(Ledger(settings.ledger_path).read()) if s.failure]
    if not failing:
        return None
    subjects = tuple(f"{s.source}/{s.period} {s.delivery_id[:12]}" for s in failing)
    return Alert("delivery_unread", f"{len(failing)} deliveries not processed", now, subjects)


def delivery_late(settings: Settings, now: datetime) -> Alert | None:
    """Deliveries that the calendar expects and nobody has sent."""
    late = [
        each for each in period_statuses(settings, opens_live=False) if each.is_overdue(now.date())
    ]
    if not late:
        return None
    subjects = tuple(f"{s.source}/{s.period}, expected by {s.expected_by}" for s in late)
    return Alert("delivery_late", f"{len(late)} deliveries late", now, subjects)


def release_late(settings: Settings, now: datetime) -> Alert | None:
    """Announced releases whose time has passed, of installations that publish releases."""
    out = announcements_out(settings)
    late = [
        each
        for each in (schedule(load_calendar(), out) if out else ())
        if each.is_expected and now > each.at + RELEASE_GRACE
    ]
    if not late:
        return None
    subjects = tuple(f"{each.version}, announced for {each.at:%Y-%m-%d %H:%M}" for each in late)
    return Alert("release_late", f"{len(late)} announced releases are not out", now, subjects)


QUICK: Mapping[str, Look] = MappingProxyType({"inbox_refused": inbox_refused, "disk_low": disk_low})
SLOW: Mapping[str, Look] = MappingProxyType(
    {
        "delivery_unread": delivery_unread,
        "delivery_late": delivery_late,
        "release_late": release_late,
    }
)


def look_around(settings: Settings, now: datetime, looks: Mapping[str, Look]) -> list[str]:
    """Look, tell what is new, forget what is over; gives the kinds that were found."""
    found = []
    for kind_id, finding in looks.items():
        try:
            alert = finding(settings, now)
        except LedgerDamagedError:
            tell(settings, Alert("ledger_damaged", f"found by the look for {kind_id}", now))
            found.append("ledger_damaged")
            continue
        look(settings, alert, kind_id)
        if alert is not None:
            found.append(kind_id)
    return found
