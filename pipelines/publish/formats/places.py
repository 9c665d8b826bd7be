"""Where a cube's notes belong: to all of it, to a value of a dimension, or to some cells.

A note is put at the widest place that is true of every cell there, so that a table of two thousand
cells does not carry two thousand copies. Words are not of concern here.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from pipelines.publish.breaks import BREAK_STATUS
from pipelines.publish.danish import BREAK_MARK, PROVISIONAL
from pipelines.publish.formats.cube import Cube
from pipelines.publish.model import ReleasedCell

Pattern = tuple[str | None, ...]
"""A code for each dimension; None stands for all of its codes."""
_Key = TypeVar("_Key", bound=tuple[str, ...])

_STATUS_MARKS = {BREAK_STATUS: BREAK_MARK, "P": PROVISIONAL}


def marks_of(cell: ReleasedCell) -> tuple[str, ...]:
    """Return what stands beside a cell: its notes, and the sign of its status."""
    sign = _STATUS_MARKS.get(cell.obs_status)
    return (*cell.notes, sign) if sign else cell.notes


def note_patterns(cube: Cube) -> dict[Pattern, tuple[str, ...]]:
    """Return the notes (and signs) of each place in the cube, the widest places first."""
    marks = {
        key: marks_of(slot)
        for key, slot in zip(cube.keys, cube.slots, strict=True)
        if isinstance(slot, ReleasedCell)
    }
    found: dict[Pattern, list[str]] = {}
    for note in dict.fromkeys(n for notes in marks.values() for n in notes):
        for pattern in widest(note, marks):
            found.setdefault(pattern, []).append(note)
    order = sorted(found, key=lambda pattern: sum(code is not None for code in pattern))
    return {pattern: tuple(found[pattern]) for pattern in order}


def widest(note: str, marks: Mapping[_Key, Sequence[str]]) -> tuple[Pattern, ...]:
    """Return the fewest and widest places that cover exactly the cells with a note.

    Args:
        note: The note.
        marks: The notes of every cell that is there.
    """
    noted = [key for key, notes in marks.items() if note in notes]
    bare = [key for key, notes in marks.items() if note not in notes]
    width = len(noted[0])
    for size in range(width):
        choices = []
        for chosen in itertools.combinations(range(width), size):
            wanted = _projected(noted, chosen)
            if wanted.keys().isdisjoint(_projected(bare, chosen)):
                choices.append(tuple(_pattern(codes, chosen, width) for codes in wanted))
        if choices:
            return min(choices, key=len)
    return tuple(noted)


def _projected(keys: Iterable[_Key], chosen: Sequence[int]) -> dict[tuple[str, ...], None]:
    return dict.fromkeys(tuple(key[i] for i in chosen) for key in keys)


def _pattern(codes: Sequence[str], chosen: Sequence[int], width: int) -> Pattern:
    given = dict(zip(chosen, codes, strict=True))
    return tuple(given.get(i) for i in range(width))
