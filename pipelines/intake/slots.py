"""Slots: what a later delivery takes the place of, and what only adds to it.

A full delivery's slot is its source and period. An increment has a slot of its own below that: it
supersedes nothing, and counts until a full delivery is received after it.
"""

from __future__ import annotations

from typing import Final

INCREMENT: Final = "/increment/"
_ID_CHARACTERS = 12


def increment_slot(base: str, delivery_id: str) -> str:
    """The slot of an increment to the deliveries of a slot."""
    return f"{base}{INCREMENT}{delivery_id[:_ID_CHARACTERS]}"


def base_of(slot: str) -> str | None:
    """The slot that an increment adds to; None for a slot that is no increment's."""
    base, mark, _ = slot.partition(INCREMENT)
    return base if mark else None
