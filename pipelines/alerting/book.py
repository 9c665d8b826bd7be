"""What has been told already: one line a kind and subject, so that nobody is told twice.

A file of its own beside the alerts. Losing it costs a repeated message, nothing else; a damaged
one is begun anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.alerting.alert import Alert
from pipelines.durable import make_durable_dir, write_replacing
from pipelines.settings import Settings
from pipelines.warehouse.lock import kernel_lock

LOCK_SECONDS = 10.0
BOOK_NAME = ".told"
KEPT = timedelta(days=2 * 365)


@dataclass
class Standing:
    """A thing that was told of, and is not over as far as anybody knows."""

    first: datetime
    last: datetime
    told: datetime
    times: int

    @classmethod
    def of(cls, value: dict[str, Any]) -> Standing:
        """Read one back."""
        return cls(
            first=datetime.fromisoformat(value["first"]),
            last=datetime.fromisoformat(value["last"]),
            told=datetime.fromisoformat(value["told"]),
            times=int(value["times"]),
        )

    def kept(self) -> dict[str, Any]:
        """Write one down."""
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "told": self.told.isoformat(),
            "times": self.times,
        }


class Book:
    """Everything that stands, by kind and subject."""

    def __init__(self, standing: dict[tuple[str, str], Standing]) -> None:
        self._standing = standing

    def note(self, alert: Alert) -> tuple[str, ...]:
        """Write an alert's subjects down; gives those that are to be told of now."""
        repeat = timedelta(hours=alert.kind.repeat_hours)
        fresh = []
        for subject in dict.fromkeys(alert.subjects):
            known = self._standing.get((alert.kind_id, subject))
            if known is None:
                known = Standing(alert.at, alert.at, alert.at, 0)
                self._standing[alert.kind_id, subject] = known
                fresh.append(subject)
            elif alert.at - known.told >= repeat:
                known.told = alert.at
                fresh.append(subject)
            known.last, known.times = alert.at, known.times + 1
        return tuple(fresh)

    def close(
        self, kind_id: str, still: Collection[str] = (), before: datetime | None = None
    ) -> int:
        """Forget what is over of a kind.

        Args:
            kind_id: The kind.
            still: The subjects that still stand.
            before: Only what was last seen before this moment.
        """
        over = [
            key
            for key, each in self._standing.items()
            if key[0] == kind_id and key[1] not in still and (before is None or each.last < before)
        ]
        for key in over:
            del self._standing[key]
        return len(over)

    def standing(self) -> Iterator[tuple[str, str, Standing]]:
        """Everything that stands, oldest first."""
        for (kind_id, subject), each in sorted(
            self._standing.items(), key=lambda item: item[1].first
        ):
            yield kind_id, subject, each

    def thin_out(self, now: datetime) -> None:
        """Drop what has not been seen for years."""
        for key in [k for k, each in self._standing.items() if now - each.last > KEPT]:
            del self._standing[key]

    def lines(self) -> list[dict[str, Any]]:
        """The book as it is written."""
        return [
            {"kind": kind_id, "subject": subject, **each.kept()}
            for kind_id, subject, each in self.standing()
        ]


def alerts_dir(settings: Settings) -> Path:
    """Where alerts are kept, newest name last."""
    return settings.data_dir / "alerts"


def read_book(settings: Settings) -> Book:
    """Read the book; an empty one where there is none, or none that can be read."""
    try:
        lines = json.loads((alerts_dir(settings) / BOOK_NAME).read_bytes())
        return Book({(each["kind"], each["subject"]): Standing.of(each) for each in lines})
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return Book({})


@contextmanager
def open_book(settings: Settings) -> Iterator[Book]:
    """Hold the book alone for the block, and write it down when it has changed."""
    folder = alerts_dir(settings)
    make_durable_dir(folder)
    with kernel_lock(folder / ".told.lock", wait_seconds=LOCK_SECONDS, purpose="alerts"):
        book = read_book(settings)
        before = book.lines()
        yield book
        if (after := book.lines()) != before:
            write_replacing(folder / BOOK_NAME, json.dumps(after, indent=1).encode())
