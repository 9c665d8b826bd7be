"""Who prepared, signed, published or withdrew a release: a line an event, hash-chained.

Append-only, in the manner of the deliveries' ledger: a line counts once its newline is there, holds
the hash of the line before it, and nothing is appended to a log that has been changed.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, Literal, get_args

from pipelines.durable import Checkpoint, append_all, fsync_dir, make_durable_dir, no_checkpoint
from pipelines.intake.delivery import utc_time
from pipelines.release.versions import ReleaseError
from pipelines.settings import Settings

EventKind = Literal["prepared", "approved", "published", "withdrawn"]
GENESIS_HASH: Final = "0" * 64
LOG_NAME: Final = "log.jsonl"
_KINDS: Final = frozenset(get_args(EventKind))


class LogDamagedError(ReleaseError):
    """A line is not what was written after the one before it; nothing is appended until mended."""


class ClockError(ReleaseError):
    """The clock has gone back since the last event: now, or then, it was wrong."""


@dataclass(frozen=True)
class ReleaseEvent:
    """One thing that happened to one release. `at` is a UTC text.

    `candidate` is the hash that everything in the release's folder follows from, `checks` the one
    of the check results that the person had in front of them.
    """

    kind: EventKind
    at: str
    by: str
    version: str
    candidate: str
    checks: str
    note: str
    seq: int = 0
    prev_hash: str = ""
    hash: str = ""


@dataclass(frozen=True)
class ReleaseLog:
    """The log in one file."""

    path: Path

    def read(self) -> list[ReleaseEvent]:
        """Read every whole event; an unfinished last line is not one yet.

        Raises:
            LogDamagedError: If a line is not the event that was sealed after the one before it.
        """
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return []
        return _chained(data)

    def append(
        self, event: ReleaseEvent, *, checkpoint: Checkpoint = no_checkpoint
    ) -> ReleaseEvent:
        """Seal an event onto the chain and flush it to disk.

        Raises:
            LogDamagedError: If the log is not whole.
            ClockError: If the event is before the last one.
        """
        make_durable_dir(self.path.parent)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(self.path, flags, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            data = self.path.read_bytes()
            events = _chained(data)
            if events and utc_time(event.at) < utc_time(events[-1].at):
                raise ClockError(
                    f"the clock says {event.at}, and the release log ends at {events[-1].at}; an "
                    "embargo is no better than the clock: set it right"
                )
            end = data.rfind(b"\n") + 1
            sealed = _seal(event, events)
            checkpoint("release_log.before_write")
            # what a crash left of an append is no event, and is cut off
            append_all(descriptor, end, _line(sealed), lambda: checkpoint("release_log.written"))
            fsync_dir(self.path.parent)
        finally:
            os.close(descriptor)
        return sealed


def release_log(settings: Settings) -> ReleaseLog:
    """The log of an installation's releases."""
    return ReleaseLog(settings.releases_dir / LOG_NAME)


def publications(settings: Settings) -> list[ReleaseEvent]:
    """The publications, in order."""
    return [event for event in release_log(settings).read() if event.kind == "published"]


def events_of(events: Sequence[ReleaseEvent], version: str) -> list[ReleaseEvent]:
    """The events of one version, in order."""
    return [event for event in events if event.version == version]


def preparers(events: Sequence[ReleaseEvent], version: str, candidate: str) -> list[str]:
    """Everybody who prepared exactly this candidate, in order."""
    return [
        event.by
        for event in events_of(events, version)
        if event.kind == "prepared" and event.candidate == candidate
    ]


def _chained(data: bytes) -> list[ReleaseEvent]:
    events: list[ReleaseEvent] = []
    for number, line in enumerate(data.split(b"\n")[:-1], start=1):
        try:
            event = ReleaseEvent(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise LogDamagedError(f"the release log's line {number} is no event") from error
        unsealed = replace(event, seq=0, prev_hash="", hash="")
        if event.kind not in _KINDS or event != _seal(unsealed, events):
            raise LogDamagedError(
                f"the release log's line {number} is not the one that was written; restore "
                f"{LOG_NAME} from a backup"
            )
        events.append(event)
    return events


def _seal(event: ReleaseEvent, before: Sequence[ReleaseEvent]) -> ReleaseEvent:
    prev_hash = before[-1].hash if before else GENESIS_HASH
    chained = replace(event, seq=len(before) + 1, prev_hash=prev_hash, hash="")
    return replace(chained, hash=hashlib.sha256(_line(chained)).hexdigest())


def _line(event: ReleaseEvent) -> bytes:
    text = json.dumps(asdict(event), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode() + b"\n"
