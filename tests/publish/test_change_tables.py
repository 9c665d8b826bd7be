"""Change between waves on the page: a table a pair, an answer a row, its measures beside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.publish.danish import BREAK_MARK, show
from pipelines.publish.language import language
from pipelines.publish.model import Indicator, Release, ReleasedCell, ReleaseInfo
from pipelines.publish.site.change_tables import change_tables, is_change
from pipelines.publish.site.tables import PageTable
from pipelines.publish.tables import breakdown_tables

QUESTION = "coordinator_appointed"
# 12 of 34 before, 17 after: 6 gained, 1 lost. 2 * (1 + 7) / 128 = 0.125, less 7/128 for mid-p.
COUNTED = {
    "share_before_pct": ("pct", 1200 / 34),
    "share_after_pct": ("pct", 1700 / 34),
    "change_pct_points": ("pct_points", 500 / 34),
    "gained": ("count", 6.0),
    "lost": ("count", 1.0),
    "mcnemar_exact_p": ("p_value", 0.125),
    "mcnemar_mid_p": ("p_value", 0.125 - 7 / 128),
    "may_be_chance": ("yes_no", 1.0),
}
DECIMALS = {"pct": 1, "pct_points": 1, "count": 0, "p_value": 3, "yes_no": 0}


def _cell(period: str, category: str, measure: str, *, stopped: bool = False) -> ReleasedCell:
    unit, value = COUNTED.get(measure, ("count", 34.0))
    is_answer = "__" in category
    status = "B" if stopped else "A"
    shown = show(None if stopped else value, decimals=DECIMALS[unit], obs_status=status, unit=unit)
    return ReleasedCell(
        cell_id=f"I15.{period}.all.all.{category}.{measure}",
        indicator_id="I15",
        period=period,
        breakdown="all",
        breakdown_value="all",
        category=category,
        measure=measure,
        unit=unit,
        numerator=None,
        base=None,
        value=None if stopped else value,
        decimals=DECIMALS[unit],
        obs_status=status,
        conf_status="F",
        symbol=shown.symbol,
        display_da=shown.text,
        note_ids="break_2017_x" if stopped else "",
        is_confidential=True,
        is_synthetic=True,
        sort_order=1,
        indicator_title_da="Ændring",
        indicator_title_en="Change",
        breakdown_label_da="Alle",
        breakdown_label_en="All",
        breakdown_value_label_da="Alle kommuner",
        breakdown_value_label_en="All municipalities",
        category_label_da="Koordinator udpeget: Ja" if is_answer else "Spørgsmål: koordinator",
        category_label_en="Coordinator appointed: Yes" if is_answer else "Question: coordinator",
        measure_label_da=f"Mål {measure}",
        measure_label_en=f"Measure {measure}",
        unit_label_da=unit,
        unit_label_en=unit,
        sources_da="Spørgeskema 2015 (syntetisk)",
    )


INDICATOR = Indicator(
    indicator_id="I15",
    title_da="Ændring",
    title_en="Change",
    definition_da="",
    definition_en="",
    unit="pct",
    base_da="",
    base_en="",
    sources="survey",
    since_wave="2015/2016",
    owner="survey",
    confidentiality="confidential",
    is_sensitive=False,
    report_lines="",
    position=15,
)


@pytest.fixture(scope="module")
def compared() -> Release:
    """One answer compared over two pairs of waves; a break stops the second comparison."""
    cells = []
    for period in ("2015/2016", "2016/2017"):
        stopped = period == "2016/2017"
        cells += [_cell(period, QUESTION, m) for m in ("panel", "joiners", "leavers")]
        cells += [_cell(period, f"{QUESTION}__yes", m, stopped=stopped) for m in COUNTED]
    info = ReleaseInfo("2017-x", "0" * 64, True, 3, "test")
    return Release(info, tuple(cells), (INDICATOR,), (), (), ())


def _printed(release: Release, code: str) -> dict[str, PageTable]:
    (table,) = breakdown_tables(release, "I15")
    assert is_change(table)
    tables = change_tables(table, INDICATOR, language(code))
    return {t.table_id.partition("all-")[2]: t for t in tables}


def test_a_pair_is_a_table_with_the_answer_in_one_row(compared: Release) -> None:
    table = _printed(compared, "da")["2015-2016"]
    assert [c.label for c in table.columns[:3]] == [
        "2015, procent",
        "2016, procent",
        "Mål change_pct_points",
    ]
    (group,) = table.groups
    assert group.label == (
        "Koordinator udpeget (kommuner i begge undersøgelser: 34, nye: 34, frafaldne: 34)"
    )
    (row,) = group.rows
    assert row.label == "Ja"
    texts = [c.text for c in row.cells]
    assert texts == ["35,3", "50,0", "14,7", "6", "1", "0,125", "0,070", "ja"]


def test_in_english_numbers_and_yes_are_english(compared: Release) -> None:
    ((row,),) = [g.rows for g in _printed(compared, "en")["2015-2016"].groups]
    assert [c.text for c in row.cells] == [
        "35.3", "50.0", "14.7", "6", "1", "0.125", "0.070", "yes",
    ]  # fmt: skip


def test_what_a_break_stops_has_no_figure_and_is_marked(compared: Release) -> None:
    table = _printed(compared, "da")["2016-2017"]
    ((row,),) = [g.rows for g in table.groups]
    assert {(c.text, c.is_break) for c in row.cells} == {("…", True)}
    assert table.note_ids == ("break_2017_x",)


def test_the_latest_pair_comes_first(compared: Release) -> None:
    assert list(_printed(compared, "da")) == ["2016-2017", "2015-2016"]
    assert BREAK_MARK not in str(_printed(compared, "da")["2015-2016"])


def test_a_question_of_which_nothing_is_shown_takes_one_row(compared: Release) -> None:
    hidden = tuple(
        replace(c, value=None, conf_status="C", display_da="..") if "__" in c.category else c
        for c in compared.cells
    )
    table = _printed(replace(compared, cells=hidden), "da")["2015-2016"]
    ((row,),) = [g.rows for g in table.groups]
    assert row.label == "Alle tal i gruppen"
    assert [c.text for c in row.cells] == [".."] * len(COUNTED)
