"""Breaks in series: carried past what is withheld, marked in figures, tables and workbooks."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from pipelines.publish.breaks import break_notes, carry_breaks
from pipelines.publish.danish import BREAK_MARK
from pipelines.publish.figure_content import BREAK, break_text
from pipelines.publish.figure_data import figure_contents
from pipelines.publish.figures import WIDE, draw
from pipelines.publish.language import language
from pipelines.publish.model import Note, Release

NOTE = Note(
    "break_2016_leaders_priority",
    "Databrud 2016: Spørgsmålet er stillet på en ny måde.",
    "Break in series 2016: the question was put in a new way.",
)


def cells(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Cells of one series: period, status, notes."""
    return pd.DataFrame(
        {
            "cell_id": f"I08.{period}",
            "indicator_id": "I08",
            "period": period,
            "breakdown": "size",
            "breakdown_value": "large",
            "category": "yes",
            "measure": "share_pct",
            "obs_status": status,
            "note_ids": notes,
        }
        for period, status, notes in rows
    )


ALL = cells(
    ("2015", "A", ""), ("2016", "B", f"size_class|{NOTE.note_id}"), ("2017", "A", "size_class")
)


def statuses(frame: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(zip(frame["period"], frame["obs_status"], frame["note_ids"], strict=True))


def test_a_break_whose_own_figure_is_withheld_is_told_at_the_next_one() -> None:
    shown = carry_breaks(ALL, ALL[ALL["period"] != "2016"])
    assert statuses(shown) == [("2015", "A", ""), ("2017", "B", f"size_class|{NOTE.note_id}")]


def test_a_break_that_is_shown_stays_where_it_is() -> None:
    assert statuses(carry_breaks(ALL, ALL)) == statuses(ALL)


def test_nothing_after_a_withheld_break_crosses_nothing() -> None:
    shown = carry_breaks(ALL, ALL[ALL["period"] == "2015"])
    assert statuses(shown) == [("2015", "A", "")]


def test_other_series_are_left_alone() -> None:
    other = ALL.assign(category="no", cell_id=ALL["cell_id"] + ".no", obs_status="A", note_ids="")
    everything = pd.concat([ALL, other], ignore_index=True)
    shown = carry_breaks(everything, everything[everything["cell_id"] != "I08.2016"])
    assert (shown[shown["category"] == "no"]["obs_status"] == "A").all()


def test_a_comparison_that_a_break_stops_says_nothing_of_the_next_pair() -> None:
    pairs = cells(("2015/2016", "B", NOTE.note_id), ("2016/2017", "A", ""))
    shown = carry_breaks(pairs, pairs[pairs["period"] == "2016/2017"])
    assert statuses(shown) == [("2016/2017", "A", "")]


def broken(release: Release, indicator_id: str, period: str) -> Release:
    """The release with a break in one period of an indicator."""
    marked = tuple(
        dataclasses.replace(
            c, obs_status="B", note_ids="|".join(filter(None, (c.note_ids, NOTE.note_id)))
        )
        if (c.indicator_id, c.period) == (indicator_id, period)
        else c
        for c in release.cells
    )
    return dataclasses.replace(release, cells=marked, notes=(*release.notes, NOTE))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("indicator_id", "figure_id"), [("I08", "figur-4"), ("I06", "figur-2"), ("I05", "figur-3")]
)
def test_a_figure_that_crosses_a_break_says_so_in_the_drawing_and_under_it(
    release: Release, indicator_id: str, figure_id: str
) -> None:
    contents = {c.figure_id: c for c in figure_contents(broken(release, indicator_id, "2016"))}
    figure = contents.pop(figure_id)
    assert f"{BREAK_MARK} {NOTE.text_da}" in figure.caption
    texts = {bar.text for bar in figure.bars}
    assert break_text(language("da")) in texts or any(t.startswith(BREAK_MARK) for t in texts)
    assert BREAK_MARK in draw(figure, WIDE)
    for other in contents.values():
        assert NOTE.text_da not in " ".join(other.caption)


def test_a_break_in_the_first_period_shown_is_not_crossed(release: Release) -> None:
    contents = {c.figure_id: c for c in figure_contents(broken(release, "I08", "2015"))}
    figure = contents["figur-4"]
    assert not [bar for bar in figure.bars if bar.group == BREAK]
    assert NOTE.text_da not in " ".join(figure.caption)


def test_the_notes_of_breaks_are_told_apart_from_others(release: Release) -> None:
    marked = broken(release, "I08", "2016").cells_of("I08")
    assert break_notes(marked) == (NOTE.note_id,)
