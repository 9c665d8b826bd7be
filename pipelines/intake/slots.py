"""Slots: what a later delivery takes the place of, and what only adds to it.

A full delivery's slot is its source and period; of a source with lists and minutes the list has one
of its own below that, and so has each meeting. So has an increment: it supersedes nothing, and
counts until a full delivery is received after it.
"""

from __future__ import annotations

from typing import Final

INCREMENT: Final = "/increment/"
_MINUTES: Final = "/minutes/"
_ID_CHARACTERS: Final = 12


def full_slot(source: str, period: str) -> str:
    """The slot of a source's full deliveries for a period."""
    return f"{source}/{period}"


def list_slot(base: str) -> str:
    """The slot of a list, where minutes are delivered for the same period."""
    return f"{base}/list"


def minutes_slot(base: str, meeting: str) -> str:
    """The slot of one meeting's minutes."""
    return f"{base}{_MINUTES}{meeting}"


def is_minutes_slot(slot: str) -> bool:
    """Whether a slot is one meeting's."""
    return _MINUTES in slot


def increment_slot(base: str, delivery_id: str) -> str:
    """The slot of an increment to the deliveries of a slot."""
    return f"{base}{INCREMENT}{delivery_id[:_ID_CHARACTERS]}"


def base_of(slot: str) -> str | None:
    """The slot that an increment adds to; None for a slot that is no increment's."""
    base, mark, _ = slot.partition(INCREMENT)
    return base if mark else None
