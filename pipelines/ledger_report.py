"""The ledger as people read it: two lines an event, at most 100 columns, times in UTC.

And as JSON, the sealed events as they are. What events mean is `intake.events`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipelines.intake.events import LedgerEvent
from pipelines.intake.names import printable

WIDTH = 100
_INDENT = " " * 4


def chosen(
    events: Iterable[LedgerEvent],
    *,
    delivery: str | None = None,
    source: str | None = None,
    period: str | None = None,
) -> list[LedgerEvent]:
    """The events of one delivery (by the beginning of its id), source or period."""
    wanted = (delivery or "").strip().lower()
    return [
        event
        for event in events
        if event.delivery_id.startswith(wanted)
        and source in (None, event.source)
        and period in (None, event.period)
    ]


def as_json(events: Iterable[LedgerEvent]) -> list[dict[str, Any]]:
    """The events as plain data, without what is not said."""
    return [{k: v for k, v in asdict(event).items() if v is not None} for event in events]


def lines(events: Sequence[LedgerEvent]) -> Iterator[str]:
    """The history, oldest event first."""
    names = {event.delivery_id: printable(event.name) for event in events}
    for event in events:
        moment = f"{event.at[:19].replace('T', ' ')} UTC"
        address = f"{event.source}/{event.period}"
        yield (f"{moment}  {event.kind:<11}  {event.delivery_id[:12]}  {address:<26}  {event.by}")[
            :WIDTH
        ].rstrip()
        yield from textwrap.wrap(
            _what(event, names),
            WIDTH,
            initial_indent=_INDENT,
            subsequent_indent=_INDENT,
            break_long_words=True,
        )


def what_to_do(path: Path) -> str:
    """How a damaged ledger is mended; nothing else may be done before that."""
    return (
        f"Nothing is received, decided or withdrawn until {path} is mended:\n"
        "  1. Restore it from a backup; what was received since comes back with "
        "`monitor ledger --readopt`.\n"
        "  2. Without a backup: move it aside (keep it), then `monitor ledger --readopt` and "
        "`monitor run`.\n"
        "     Receipts come back from the archive and every delivery is decided anew; "
        "withdrawals,\n     and who decided what when, are then in the old file only."
    )


def _what(event: LedgerEvent, names: dict[str, str]) -> str:
    parts = [printable(event.name)]
    if event.kind == "received":
        parts.append(f"{event.bytes or 0} bytes")
        if event.is_synthetic:
            parts.append("synthetic")
        if event.provider:
            parts.append(f"from {printable(event.provider)}")
    if event.rows_read is not None:
        parts.append(
            f"{event.rows_read} rows read, {event.rows_accepted or 0} accepted, "
            f"{event.rows_quarantined or 0} set aside"
        )
    if event.reason:
        parts.append(printable(event.reason))
    if event.related:
        other = names.get(event.related)
        parts.append(f"{event.related[:12]}" + (f" ({other})" if other else ""))
    return "; ".join(parts)
