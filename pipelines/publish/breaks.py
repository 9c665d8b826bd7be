"""Breaks in series: every table and figure that crosses one says so, whatever is held back of it.

That a wave breaks a series is data, with its note (the wave's code book). Here a break is carried
on to the next figure that is shown when the wave's own is not, and found again in what is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import pandas as pd

from pipelines.publish.language import Language
from pipelines.publish.model import Note, Release, ReleasedCell

BREAK_STATUS: Final = "B"
NOTE_PREFIX: Final = "break_"
"""Notes that tell of a break are called so (`int_survey__breaks`)."""
_YEAR: Final = re.compile(r"^(?:Databrud|Break in series) \d{4}: ")
PAIR_MARK: Final = "/"
"""Between the two waves of a comparison, which a break stops; the next pair does not cross it."""
_NORMAL: Final = "A"
_SERIES = ["indicator_id", "breakdown", "breakdown_value", "category", "measure"]


def is_break_note(note_id: str) -> bool:
    """Whether a note tells of a break in series."""
    return note_id.startswith(NOTE_PREFIX)


def break_notes(cells: Iterable[ReleasedCell]) -> tuple[str, ...]:
    """Ids of the notes on breaks that some cells carry, in order of appearance."""
    return tuple(dict.fromkeys(n for cell in cells for n in cell.notes if is_break_note(n)))


def notes_of(release: Release, note_ids: Iterable[str]) -> tuple[Note, ...]:
    """The notes of some ids, in the release's order."""
    wanted = set(note_ids)
    return tuple(note for note in release.notes if note.note_id in wanted)


def reason_of(note: Note, language: Language) -> str:
    """Why a series breaks, without the year that the note begins with."""
    return _YEAR.sub("", language.label(note, "text"))


def carry_breaks(candidates: pd.DataFrame, shown: pd.DataFrame) -> pd.DataFrame:
    """Mark the first figure that is shown after a break whose own figure is not.

    Args:
        candidates: All cells, before disclosure control.
        shown: Those that are left of them.

    Returns:
        The cells shown; where a table with a break was withheld, the next period's cells of the
        same series carry the break and its notes.
    """
    is_pair = candidates["period"].str.contains(PAIR_MARK, regex=False)
    held = candidates[~candidates["cell_id"].isin(shown["cell_id"]) & ~is_pair]
    broken = held[held["note_ids"].str.contains(NOTE_PREFIX, regex=False)]
    if broken.empty:
        return shown
    carried = shown.copy()
    places = {key: group.sort_values("period") for key, group in shown.groupby(_SERIES)}
    for record in broken.to_dict("records"):
        series = places.get(tuple(record[name] for name in _SERIES))
        later = [] if series is None else series.index[series["period"] > record["period"]]
        if not len(later):
            continue
        at = later[0]
        notes = [n for n in str(record["note_ids"]).split("|") if is_break_note(n)]
        kept = [n for n in str(carried.at[at, "note_ids"]).split("|") if n]
        carried.at[at, "note_ids"] = "|".join(dict.fromkeys([*kept, *notes]))
        if carried.at[at, "obs_status"] == _NORMAL:
            carried.at[at, "obs_status"] = BREAK_STATUS
    return carried
