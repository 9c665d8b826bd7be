"""How many periods of a table a screen or a sheet of paper shows without moving sideways.

Reckoned in pixels of the widest font that a page may be shown in; what is narrower fits as well.
The measures below are those of `style.css`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

ROOM: Final = 700.0
"""Beside the labels of a folded table: 62rem less margins, frame and the labels' 14rem."""
_PADDING: Final = 16.0
_DIGIT, _SIGN, _LETTER = 9.8, 5.6, 10.5
_MARK: Final = 22.0
"""A note's number of two digits, raised, with the space before it."""
_BREAK: Final = 12.0


@dataclass(frozen=True)
class Printed:
    """What one place of a column shows: its text, and how many marks stand beside it."""

    text: str
    marks: int = 0
    is_break: bool = False

    @property
    def width(self) -> float:
        """Its width without the space around it."""
        text = sum(
            _DIGIT if sign.isdigit() else _LETTER if sign.isalpha() else _SIGN for sign in self.text
        )
        return text + self.marks * _MARK + self.is_break * _BREAK


def column_width(places: Iterable[Printed]) -> float:
    """Return how wide the column is in which these stand below each other."""
    return max(place.width for place in places) + _PADDING
