"""What the page tells, gathered from ledger, calendar, release log and the alerts that stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from pipelines.alerting.book import read_book
from pipelines.alerting.kinds import kinds
from pipelines.contracts.loader import load_source
from pipelines.intake.events import deliveries
from pipelines.intake.ledger import Ledger
from pipelines.overview import period_statuses
from pipelines.release.calendar import load_calendar
from pipelines.release.schedule import announcements_out, schedule
from pipelines.settings import Settings
from pipelines.status_page.problems import Problem, known_problems

MOST_DELIVERIES = 10
MOST_EXPECTED = 5


@dataclass(frozen=True)
class Delivered:
    """A delivery that counts: of which source and period, and when it came."""

    title_da: str
    title_en: str
    period: str
    on: date
    is_in_part: bool


@dataclass(frozen=True)
class Awaited:
    """A delivery or a release that is to come."""

    title_da: str
    title_en: str
    period: str
    on: date
    is_late: bool


@dataclass(frozen=True)
class Facts:
    """Everything on the page."""

    now: datetime
    updated_at: datetime | None
    """When the figures were last made anew."""
    is_stuck: bool
    """Whether the last run failed, so that the figures are older ones."""
    is_synthetic: bool
    delivered: tuple[Delivered, ...]
    awaited: tuple[Awaited, ...]
    last_release: Awaited | None
    next_release: Awaited | None
    problems: tuple[Problem, ...]


def gather(settings: Settings, now: datetime) -> Facts:
    """Gather the facts of an installation."""
    states = deliveries(Ledger(settings.ledger_path).read())
    current = sorted(
        (s for s in states if s.is_current), key=lambda s: (s.received_at, s.period), reverse=True
    )
    of_runs = {each.id for each in kinds().values() if each.over == "run"}
    live = settings.live_path
    return Facts(
        now=now,
        updated_at=(
            datetime.fromtimestamp(live.stat().st_mtime, now.tzinfo) if live.is_file() else None
        ),
        is_stuck=any(kind_id in of_runs for kind_id, _, _ in read_book(settings).standing()),
        is_synthetic=any(s.is_synthetic for s in current),
        delivered=_distinct(
            Delivered(
                load_source(s.source).title_da,
                load_source(s.source).title_en,
                s.period,
                s.received_at.date(),
                s.state == "quarantined",
            )
            for s in current
        ),
        awaited=_awaited(settings, now.date()),
        last_release=_last_release(settings),
        next_release=_next_release(settings, now),
        problems=tuple(p for p in known_problems() if p.is_shown(now.date())),
    )


def _distinct(found: Iterable[Delivered]) -> tuple[Delivered, ...]:
    """The newest, a source and period once: a year's minutes come as many files."""
    first: dict[tuple[str, str], Delivered] = {}
    for each in found:
        first.setdefault((each.title_da, each.period), each)
    return tuple(first.values())[:MOST_DELIVERIES]


def _awaited(settings: Settings, today: date) -> tuple[Awaited, ...]:
    found = [
        Awaited(
            load_source(each.source).title_da,
            load_source(each.source).title_en,
            each.period,
            each.expected_by,
            each.is_overdue(today),
        )
        for each in period_statuses(settings, opens_live=False)
        if each.expected_by is not None and each.rows == 0
    ]
    return tuple(sorted(found, key=lambda each: each.on)[:MOST_EXPECTED])


def _last_release(settings: Settings) -> Awaited | None:
    out = announcements_out(settings)
    if not out:
        return None
    last = out[-1]
    return Awaited(last.title_da, last.title_en, str(last.version), last.at.date(), False)


def _next_release(settings: Settings, now: datetime) -> Awaited | None:
    expected = schedule(load_calendar(), announcements_out(settings))
    for each in expected:
        if each.is_expected and each.at > now:
            return Awaited(each.title_da, each.title_en, str(each.version), each.at.date(), False)
    return None
