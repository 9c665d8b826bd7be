"""What is counted: deliveries, rows, checks, runs, releases, alerts, room on the disk.

Each function looks at one thing and gives its families. No label holds what a sender wrote:
sources, states and kinds of alert are words of this project.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.alerting.book import read_book
from pipelines.alerting.kinds import kinds
from pipelines.alerting.telling import waiting
from pipelines.contracts.loader import source_names
from pipelines.disk_full import bytes_needed
from pipelines.intake.events import deliveries
from pipelines.intake.ledger import Ledger
from pipelines.metrics.openmetrics import Family
from pipelines.overview import inbox, period_statuses
from pipelines.release.log import publications
from pipelines.settings import Settings

if TYPE_CHECKING:
    import dagster as dg

COUNTED = ("accepted", "quarantined", "rejected", "superseded", "received", "withdrawn", "erased")
ACCEPTED = frozenset({"accepted", "quarantined", "superseded"})


def families(
    settings: Settings, now: datetime, instance: dg.DagsterInstance | None = None
) -> Iterator[Family]:
    """Every family of an installation.

    Args:
        settings: The installation.
        now: The present, aware.
        instance: Its Dagster instance; without one nothing is said of runs and checks.
    """
    yield from of_deliveries(settings, now)
    yield from of_late_deliveries(settings, now.date())
    yield from of_inbox(settings, now)
    yield from of_releases(settings, now)
    yield from of_alerts(settings, now)
    yield from of_disk(settings)
    if instance is not None:
        yield from of_runs(instance, now)


def of_deliveries(settings: Settings, now: datetime) -> Iterator[Family]:
    """Deliveries by state, their rows, and how long ago the last one was accepted."""
    states = deliveries(Ledger(settings.ledger_path).read())
    counted = Family("monitor_deliveries", "Deliveries on the ledger, by source and state.")
    accepted = Family("monitor_rows_accepted", "Rows of the deliveries that count.")
    aside = Family("monitor_rows_quarantined", "Rows set aside of the deliveries that count.")
    unread = Family("monitor_deliveries_unread", "Deliveries our own code failed on.")
    age, at = _moments("monitor_last_accepted", "the last delivery was accepted")
    for source in source_names():
        its = [state for state in states if state.source == source]
        by_state = Counter(str(state.state) for state in its)
        for name in COUNTED:
            counted.add(by_state[name], source=source, state=name)
        current = [state for state in its if state.is_current]
        accepted.add(sum(state.rows_accepted or 0 for state in current), source=source)
        aside.add(sum(state.rows_quarantined or 0 for state in current), source=source)
        unread.add(sum(state.failure is not None for state in its), source=source)
        moments = [s.decided_at for s in its if s.state in ACCEPTED and s.decided_at]
        if moments:
            age.add((now - max(moments)).total_seconds(), source=source)
            at.add(max(moments).timestamp(), source=source)
    yield from (counted, accepted, aside, unread, age, at)


def of_late_deliveries(settings: Settings, today: date) -> Iterator[Family]:
    """Deliveries that are late."""
    late = Counter(
        each.source
        for each in period_statuses(settings, opens_live=False)
        if each.is_overdue(today)
    )
    family = Family("monitor_deliveries_late", "Expected deliveries that have not come in time.")
    for source in source_names():
        family.add(late[source], source=source)
    yield family


def of_inbox(settings: Settings, now: datetime) -> Iterator[Family]:
    """What lies in the inbox."""
    found = inbox(settings, now)
    family = Family("monitor_inbox_items", "Items in the inbox, by what is to become of them.")
    for state, items in (
        ("ready", found.ready),
        ("incomplete", found.waiting),
        ("refused", found.refused),
    ):
        family.add(len(items), state=state)
    yield family


def of_releases(settings: Settings, now: datetime) -> Iterator[Family]:
    """Releases, and how long ago the last one went out."""
    out = publications(settings)
    family = Family("monitor_releases_published", "Releases published, corrections among them.")
    family.add(len(out))
    age, at = _moments("monitor_last_release", "the last release was published")
    if out:
        moment = datetime.fromisoformat(out[-1].at)
        age.add((now - moment).total_seconds())
        at.add(moment.timestamp())
    yield from (family, age, at)


def of_alerts(settings: Settings, now: datetime) -> Iterator[Family]:
    """What was told and is not over, and what could not be sent."""
    standing = Counter(kind_id for kind_id, _, _ in read_book(settings).standing())
    family = Family("monitor_alerts_standing", "Subjects told of that are not over, by kind.")
    for each in kinds().values():
        if each.over != "event":
            family.add(standing[each.id], kind=each.id, severity=each.severity)
    unsent = Family("monitor_alerts_unsent", "Alerts that have not reached every channel.")
    unsent.add(waiting(settings, now))
    yield from (family, unsent)


def of_disk(settings: Settings) -> Iterator[Family]:
    """How large things are, and how much room there is."""
    sizes = (
        ("monitor_archive_bytes", "Size of the archive.", _size(settings.archive_dir)),
        ("monitor_warehouse_bytes", "Size of the live warehouse.", _size(settings.live_path)),
    )
    for name, text, size in sizes:
        family = Family(name, text)
        family.add(size)
        yield family
    if settings.data_dir.is_dir():
        free = Family("monitor_disk_free_bytes", "Free room where the data are.")
        free.add(shutil.disk_usage(settings.data_dir).free)
        needed = Family("monitor_disk_needed_bytes", "Room that a run is sure to get by with.")
        needed.add(bytes_needed(settings))
        yield from (free, needed)


def of_runs(instance: dg.DagsterInstance, now: datetime) -> Iterator[Family]:
    """Runs under way, the last one that succeeded, and the checks of the newest."""
    import dagster as dg

    from pipelines.orchestration.runs import WRITES, under_way

    open_runs = Counter(run.status.value.lower() for run in under_way(instance))
    family = Family("monitor_runs_not_ended", "Runs that write and have not ended, by status.")
    for status in ("queued", "starting", "started", "canceling"):
        family.add(open_runs[status], status=status)
    yield family
    age, at = _moments("monitor_last_run_success", "the last run that succeeded ended")
    took = Family("monitor_last_run_duration_seconds", "Seconds that this run took.")
    good = dg.RunsFilter(tags=WRITES, statuses=[dg.DagsterRunStatus.SUCCESS])
    for record in instance.get_run_records(good, limit=1):
        if record.start_time and record.end_time:
            age.add(now.timestamp() - record.end_time)
            at.add(record.end_time)
            took.add(record.end_time - record.start_time)
    yield from (age, at, took)
    checks = Family("monitor_checks", "Checks of the newest run that has ended, by outcome.")
    ended = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]
    for run in instance.get_runs(dg.RunsFilter(tags=WRITES, statuses=ended), limit=1):
        outcomes = Counter(_outcomes(instance, run.run_id))
        for outcome in ("passed", "warned", "failed"):
            checks.add(outcomes[outcome], outcome=outcome)
    yield checks


def _outcomes(instance: dg.DagsterInstance, run_id: str) -> Iterator[str]:
    import dagster as dg

    for entry in instance.all_logs(run_id, dg.DagsterEventType.ASSET_CHECK_EVALUATION):
        if entry.dagster_event is not None:
            found = entry.dagster_event.asset_check_evaluation_data
            is_error = found.severity == dg.AssetCheckSeverity.ERROR
            yield "passed" if found.passed else "failed" if is_error else "warned"


def _moments(name: str, what: str) -> tuple[Family, Family]:
    return (
        Family(f"{name}_age_seconds", f"Seconds since {what}."),
        Family(f"{name}_timestamp_seconds", f"When {what}, as Unix time."),
    )


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(
        (Path(folder) / name).lstat().st_size
        for folder, _, names in os.walk(path)
        for name in names
    )
