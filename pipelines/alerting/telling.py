"""Telling: write the alert down, see whether it is news, send it; never in the way of a run.

An alert is a file in `alerts/` before anything is sent, unless the disk refuses. What could not be
sent stays marked as waiting and is tried again (`send_waiting`). Whatever a channel does (refuse,
hang, answer nonsense) is logged by its class and goes no further.
"""

from __future__ import annotations

import itertools
import json
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from pipelines.alerting import mail, webhook
from pipelines.alerting.alert import Alert
from pipelines.alerting.book import alerts_dir, open_book
from pipelines.alerting.channels import Channels, ChannelSettingsError, channels_from_env
from pipelines.alerting.kinds import kinds
from pipelines.durable import make_durable_dir, write_replacing
from pipelines.settings import Settings
from pipelines.warehouse.lock import LockBusyError, kernel_lock

LOG = logging.getLogger(__name__)
CHANNEL_SECONDS = 30.0
"""After this long a channel is left alone, whatever it is doing."""
GIVEN_UP = timedelta(days=7)
WHOEVER_CAN = "any"
"""Waits for a process that has channels: the one that wrote the alert down had none."""
_LEVELS = {"error": logging.ERROR, "warning": logging.WARNING}
_STAMP = "%Y%m%dT%H%M%SZ"
_LEFT_BEHIND: dict[str, threading.Thread] = {}
"""The last attempt by each channel: one that hangs may be under way still."""
_UNKEPT: set[tuple[str, tuple[str, ...], str]] = set()
"""What this process sent without having written it down: kind, subjects, run."""


def tell(settings: Settings, alert: Alert, channels: Channels | None = None) -> Path | None:
    """Write an alert down and send it, unless all of it has been told already.

    Args:
        settings: The installation.
        alert: What was found.
        channels: Where to send it; read from the environment when not given.

    Returns:
        The alert's file; None when there was nothing new in it, or it could not be written.
    """
    try:
        with open_book(settings) as book:
            fresh = book.note(alert)
            book.thin_out(alert.at)
        if not fresh and not alert.run_id:
            return None
        told = replace(alert, subjects=fresh) if fresh else alert
        ways = channels if channels is not None else _channels()
        # logs are collected elsewhere: they get what is sent, not an error's own words
        LOG.log(_LEVELS[alert.kind.severity], "%s", replace(told, why="").text())
        path = _write(settings, told, (ways.names() or (WHOEVER_CAN,)) if fresh else ())
    except (OSError, LockBusyError) as error:
        LOG.error("an alert (%s) could not be kept: %s", alert.kind_id, type(error).__name__)
        _send_unkept(alert, channels if channels is not None else _channels())
        return None
    _UNKEPT.clear()
    if fresh:
        with suppress(OSError):  # it is kept, and goes out with the next that does
            send_waiting(settings, told.at, ways)
    return path


def look(settings: Settings, alert: Alert | None, kind_id: str) -> Path | None:
    """Tell what a look found of its kind, and forget what it found before and now does not."""
    try:
        with open_book(settings) as book:
            book.close(kind_id, alert.subjects if alert else ())
    except (OSError, LockBusyError) as error:
        LOG.error("what was told could not be read: %s", type(error).__name__)
    return tell(settings, alert) if alert else None


def settle_runs(settings: Settings, succeeded_at: datetime) -> int:
    """Forget what a run that succeeded has put right; gives how many alerts that were."""
    with open_book(settings) as book:
        return sum(
            book.close(each.id, before=succeeded_at)
            for each in kinds().values()
            if each.over == "run"
        )


def send_waiting(settings: Settings, now: datetime, channels: Channels | None = None) -> int:
    """Send what waits, oldest first; gives how many alerts still wait.

    A channel that fails is not asked again in this call.
    """
    ways = channels if channels is not None else _channels()
    folder = alerts_dir(settings)
    make_durable_dir(folder)
    try:
        with kernel_lock(folder / ".sending.lock", wait_seconds=0.0, purpose="alert sender"):
            return _send_all(folder, now, ways)
    except LockBusyError:
        return waiting(settings, now)


def waiting(settings: Settings, now: datetime) -> int:
    """How many alerts have not reached every channel, and are still tried."""
    kept = (alert["waiting"] for _, alert in _waiting(alerts_dir(settings), now))
    return sum(names != [WHOEVER_CAN] for names in kept)


def _send_all(folder: Path, now: datetime, ways: Channels) -> int:
    if not ways.names():
        return 0
    dead: set[str] = set()
    left = 0
    for path, kept in list(_waiting(folder, now)):
        alert = _alert_of(kept)
        if alert is None:
            _rewrite(path, kept, [])
            continue
        # of channels that are set up elsewhere this process knows nothing
        still = [n for n in kept["waiting"] if n != WHOEVER_CAN] or list(ways.names())
        for name in [each for each in still if each in ways.names() and each not in dead]:
            if _sent(name, alert, ways):
                still.remove(name)
            else:
                dead.add(name)
        left += bool(still)
        if still != kept["waiting"]:
            _rewrite(path, kept, still)
    return left


def _sent(name: str, alert: Alert, ways: Channels) -> bool:
    if name == "mail" and ways.mail is not None:
        return _in_time(name, partial(mail.send, alert, ways.mail, ways))
    if name == "webhook" and ways.webhook is not None:
        return _in_time(name, partial(webhook.send, alert, ways.webhook, ways))
    return True


def _send_unkept(alert: Alert, ways: Channels) -> None:
    """Send what cannot be written down, for the disk is full most of all: once a process."""
    key = (alert.kind_id, alert.subjects, alert.run_id)
    if key not in _UNKEPT:
        _UNKEPT.add(key)
        for name in ways.names():
            _sent(name, alert, ways)


def _in_time(name: str, carry: Callable[[], None]) -> bool:
    """Do it in a thread that is left behind when it takes too long: a server may drip for ever.

    As long as one is left behind, none is added to it.
    """
    outcome: list[str] = []
    before = _LEFT_BEHIND.get(name)
    if before is not None and before.is_alive():
        LOG.warning("an alert waits: the %s server has not let go of the one before", name)
        return False

    def work() -> None:
        try:
            carry()
        except Exception as error:
            # the class alone: a server's answer may repeat an address or a login
            outcome.append(type(error).__name__)
        else:
            outcome.append("")

    thread = threading.Thread(target=work, name=f"alert by {name}", daemon=True)
    thread.start()
    thread.join(CHANNEL_SECONDS)
    _LEFT_BEHIND[name] = thread
    error = outcome[0] if outcome else f"no answer in {CHANNEL_SECONDS:.0f} s"
    if error:
        LOG.warning("an alert could not be sent by %s (%s); it is tried again", name, error)
    return not error


def _channels() -> Channels:
    try:
        return channels_from_env()
    except ChannelSettingsError as error:
        LOG.warning("alerts are not sent: %s", error)
        return Channels()


def _write(settings: Settings, alert: Alert, ways: Sequence[str]) -> Path:
    folder = alerts_dir(settings)
    make_durable_dir(folder)
    name = f"{alert.at.astimezone(UTC):{_STAMP}}-{alert.run_id[:8] or alert.kind_id}"
    path = folder / f"{name}.json"
    if not alert.run_id:  # of a run there is one; of other things two may come in a second
        number = itertools.count(2)
        while path.exists():
            path = folder / f"{name}-{next(number)}.json"
    _rewrite(path, alert.kept(), list(ways))
    return path


def _rewrite(path: Path, kept: dict[str, Any], ways: list[str]) -> None:
    value = kept | {"waiting": ways}
    # read by whoever operates the machine: an error's own words may quote a cell
    write_replacing(path, json.dumps(value, ensure_ascii=False, indent=1).encode(), mode=0o600)


def _waiting(folder: Path, now: datetime) -> Iterator[tuple[Path, dict[str, Any]]]:
    """What is to be sent, oldest first; files that are too old are not even read."""
    oldest = f"{(now - GIVEN_UP).astimezone(UTC):{_STAMP}}"
    for path in sorted(folder.glob("[0-9]*.json")):
        if path.name < oldest:
            continue
        try:
            kept = json.loads(path.read_bytes())
        except (OSError, ValueError):
            continue
        if isinstance(kept, dict) and kept.get("waiting"):
            yield path, kept


def _alert_of(kept: dict[str, Any]) -> Alert | None:
    """Read an alert back; one of another version of this program stands in no other's way."""
    try:
        return Alert.read_back(kept) if kept.get("kind") in kinds() else None
    except (KeyError, ValueError, TypeError):
        return None
