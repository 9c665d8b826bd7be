"""What stands where: a summary of the last run and the status of every source and period.

Read-only, from the ledger and the files that runs leave; it never opens the warehouse for
writing and works while a run is under way.
"""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pipelines.contracts.loader import SEEDS_DIR, load_source, source_names
from pipelines.durable import sha256_of
from pipelines.intake.delivery import DeliveredFile, content_sha256
from pipelines.intake.events import DeliveryState, deliveries
from pipelines.intake.inbox import InboxScan, scan
from pipelines.intake.ledger import Ledger
from pipelines.intake.names import DESKTOP_FILES, printable
from pipelines.intake.sender_report import findings_path, workbook_path
from pipelines.settings import Settings
from pipelines.warehouse.store import connect


@dataclass(frozen=True, slots=True)
class PeriodStatus:
    """One source and period: what was expected, what came, what became of it."""

    source: str
    period: str
    expected_by: date | None
    received: int
    accepted: int
    partly: int
    rejected: int
    rows: int
    rows_quarantined: int
    is_published: bool
    newest: datetime | None

    def is_overdue(self, today: date) -> bool:
        """Whether a delivery was expected by now and none has been accepted."""
        return self.expected_by is not None and today > self.expected_by and self.rows == 0


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """A delivery with findings, the list of them, and the sender's rows with them marked."""

    delivery: str
    state: str
    rows_quarantined: int
    reason: str | None
    findings: Path
    workbook: Path | None
    """Missing where there are no rows to mend: minutes, and files of which no table was read."""

    @property
    def is_accepted(self) -> bool:
        """Whether all of it was loaded: what there is to say is for the sender to look at."""
        return self.state == "accepted"

    @property
    def to_send(self) -> Path:
        """What goes back to the sender."""
        return self.workbook or self.findings


@dataclass(frozen=True, slots=True)
class Published:
    """What the released layer holds."""

    indicators: int
    cells: int
    suppressed: int
    withheld_tables: int
    is_synthetic: bool


def delivery_counts(settings: Settings) -> Counter[str]:
    """How many deliveries stand in each state."""
    return Counter(s.state for s in _states(settings))


def failing(settings: Settings) -> Iterator[tuple[str, str]]:
    """The deliveries that our own code could not process when it last tried, and why."""
    for state in _states(settings):
        if state.failure is not None:
            yield f"{state.source}/{state.period}/{printable(state.name)}", state.failure


def period_statuses(settings: Settings, *, opens_live: bool = True) -> Iterator[PeriodStatus]:
    """Every source and period that was expected or delivered, in order.

    Args:
        settings: The installation.
        opens_live: Whether to see what is published. Sensors do without: several run in threads of
            one process, where an open warehouse is in the way of the others.
    """
    states = _states(settings)
    expected = dict(_expected())
    live = _live_deliveries(settings) if opens_live else set()
    keys = {(s.source, s.period) for s in states} | set(expected)
    order = {name: place for place, name in enumerate(source_names())}
    for source, period in sorted(keys, key=lambda k: (order.get(k[0], 99), k[1])):
        of_key = [s for s in states if (s.source, s.period) == (source, period)]
        current = [s for s in of_key if s.is_current]
        kinds = Counter("accepted" if s.state == "superseded" else s.state for s in of_key)
        yield PeriodStatus(
            source,
            period,
            expected.get((source, period)),
            len(of_key),
            kinds["accepted"],
            kinds["quarantined"],
            kinds["rejected"],
            sum(s.rows_accepted or 0 for s in current),
            sum(s.rows_quarantined or 0 for s in current),
            bool(current) and all(s.delivery_id in live for s in current),
            max((s.received_at for s in of_key), default=None),
        )


def open_matters(settings: Settings) -> Iterator[OpenMatter]:
    """What there is to tell senders: rows set aside of what counts, files that nothing replaced.

    And what counts, is whole, and still has something in it that is worth a look.

    A later delivery that was accepted replaces a rejected one of its slot or of its name: of
    minutes that were turned down nobody knows which meeting they are of.
    """
    states = _states(settings)
    accepted: dict[tuple[str, ...], datetime] = {}
    for state in states:
        if state.is_current:
            for key in _names_of(state):
                accepted[key] = state.received_at
    for state in states:
        is_partly = state.state == "quarantined" and state.is_current
        is_turned_down = state.state == "rejected" and not any(
            accepted.get(key, state.received_at) > state.received_at for key in _names_of(state)
        )
        findings = findings_path(settings, state.delivery_id)
        is_remarked = state.state == "accepted" and state.is_current and findings.is_file()
        if is_partly or is_turned_down or is_remarked:
            yield OpenMatter(
                f"{state.source}/{state.period}/{printable(state.name)}",
                state.state,
                state.rows_quarantined or 0,
                state.reason,
                findings,
                workbook_path(settings, state.delivery_id),
            )


def received_before(
    settings: Settings, path: Path, source: str, period: str
) -> DeliveryState | None:
    """The delivery that the same bytes made before, for the same source and period."""
    inside = path.iterdir() if path.is_dir() else (path,)
    files = [
        DeliveredFile(unicodedata.normalize("NFC", p.name), sha256_of(p.resolve()), 0)
        for p in inside
        if p.name.casefold() not in DESKTOP_FILES
    ]
    content = content_sha256(files, is_folder=path.is_dir())
    return next(
        (
            s
            for s in _states(settings)
            if (s.content_sha256, s.source, s.period) == (content, source, period)
        ),
        None,
    )


def inbox(settings: Settings, now: datetime) -> InboxScan:
    """What lies in the inbox: ready for the next run, not complete yet, refused."""
    names = source_names()
    kinds: Mapping[str, str] = {name: load_source(name).period_kind for name in names}
    return scan(settings, names, now=now, period_kinds=kinds, verify_manifests=False)


def published(settings: Settings) -> Published | None:
    """Counts of the released layer; None before the first release."""
    if not settings.publish_path.is_file():
        return None
    with connect(settings.publish_path, read_only=True) as con:
        row = con.execute(
            "select count(distinct indicator_id), count(*), "
            "count(*) filter (where conf_status <> 'F'), bool_or(is_synthetic) from released_cells"
        ).fetchone()
        withheld = con.execute("select count(*) from withheld_tables").fetchone()
    if row is None or withheld is None:
        return None
    return Published(row[0], row[1], row[2], withheld[0], bool(row[3]))


def _names_of(state: DeliveryState) -> tuple[tuple[str, ...], ...]:
    return (state.slot,), (state.source, state.period, state.name)


def _states(settings: Settings) -> Sequence[DeliveryState]:
    return deliveries(Ledger(settings.ledger_path).read())


def _expected() -> Iterator[tuple[tuple[str, str], date]]:
    path = next(SEEDS_DIR.rglob("expected_deliveries.csv"))
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            yield (row["source"], row["period"]), date.fromisoformat(row["expected_by"])


def _live_deliveries(settings: Settings) -> set[str]:
    """The deliveries that count in the warehouse analysts see now."""
    if not settings.live_path.is_file():
        return set()
    with connect(settings.live_path, read_only=True) as con:
        rows = con.execute("select delivery_id from raw.deliveries where is_current").fetchall()
    return {row[0] for row in rows}
