"""Change between waves in every product: an answer a row, its measures beside; who is compared."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest

from pipelines.publish.change_tables import is_change
from pipelines.publish.danish import BREAK_MARK, show
from pipelines.publish.formats.pdf_tables import TablePrinter
from pipelines.publish.language import language
from pipelines.publish.model import Indicator, Note, Release, ReleasedCell, ReleaseInfo
from pipelines.publish.no_change import without_a_change
from pipelines.publish.site.change_tables import change_tables
from pipelines.publish.site.explained_pages import ExplainedPages
from pipelines.publish.site.page_tables import PageTable
from pipelines.publish.tables import breakdown_tables
from pipelines.publish.workbook import indicator_workbook

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
    note = Note("break_2017_x", "Databrud", "Break")
    return Release(info, tuple(cells), (INDICATOR,), (note,), (), ())


def _printed(release: Release, code: str) -> dict[str, PageTable]:
    (table,) = breakdown_tables(release, "I15")
    assert is_change(table)
    tables = change_tables(table, INDICATOR, language(code), ExplainedPages(release))
    return {t.table_id.partition("all-")[2]: t for t in tables}


def test_a_pair_is_a_table_with_the_answer_in_one_row(compared: Release) -> None:
    table = _printed(compared, "da")["2015-2016"]
    assert [c.label for c in table.columns[:3]] == [
        "2015, pct.",
        "2016, pct.",
        "Ændring, pct.-point",
    ]
    assert table.caption == "Ændring: fra 2015 til 2016"
    (group,) = table.groups
    assert group.label == "Koordinator udpeget (N = 34)"
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


def test_who_is_compared_is_a_table_of_its_own(compared: Release) -> None:
    table = _printed(compared, "da")["2015-2016-sammenlignede"]
    assert [c.label for c in table.columns] == ["I begge (N)", "Nye", "Frafaldne"]
    ((row,),) = [g.rows for g in table.groups]
    assert (row.label, [c.text for c in row.cells]) == ("Koordinator", ["34"] * 3)


def test_the_latest_pair_comes_first(compared: Release) -> None:
    assert list(_printed(compared, "da")) == [
        "2016-2017",
        "2016-2017-sammenlignede",
        "2015-2016",
        "2015-2016-sammenlignede",
    ]
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


def test_the_pdf_has_the_same_form(compared: Release) -> None:
    (table,) = breakdown_tables(compared, "I15")
    printed = TablePrinter(INDICATOR, language("da")).tables(table)
    assert [t["caption"] for t in printed] == [
        "I15 Ændring: fra 2016 til 2017 (SYNTETISKE DATA)",
        "I15 Ændring: hvem der er sammenlignet fra 2016 til 2017 (SYNTETISKE DATA)",
        "I15 Ændring: fra 2015 til 2016 (SYNTETISKE DATA)",
        "I15 Ændring: hvem der er sammenlignet fra 2015 til 2016 (SYNTETISKE DATA)",
    ]
    assert printed[0]["marks"] == ["break_2017_x"]
    for page, pdf in zip(_printed(compared, "da").values(), printed, strict=True):
        assert [c["label"] for c in pdf["columns"]] == [c.label for c in page.columns]
        assert [g["label"] for g in pdf["groups"]] == [g.label for g in page.groups]
        for written, shown in zip(pdf["groups"], page.groups, strict=True):
            assert [r["label"] for r in written["rows"]] == [r.label for r in shown.rows]
            texts = [[c["text"].removeprefix("¦ ") for c in r["cells"]] for r in written["rows"]]
            assert texts == [[c.text for c in r.cells] for r in shown.rows]


def test_the_workbook_has_the_same_form(compared: Release) -> None:
    book = openpyxl.load_workbook(io.BytesIO(indicator_workbook(compared, INDICATOR)))
    names = [name for name in book.sheetnames if name.startswith("Alle")]
    assert names == ["Alle 2016-2017", "Alle 2016-2017 N", "Alle 2015-2016", "Alle 2015-2016 N"]
    sheet = book["Alle 2015-2016"]
    rows = [[c.value for c in row] for row in sheet[sheet.tables[next(iter(sheet.tables))].ref]]
    read = dict(zip(*rows, strict=True))
    assert (read["Spørgsmål"], read["Svar"]) == ("Koordinator udpeget", "Ja")
    assert (read["Question"], read["Answer"]) == ("Coordinator appointed", "Yes")
    assert read["2016, pct."] == float(f"{1700 / 34:.16G}")
    assert read["Mål may_be_chance"] == "ja"


def test_of_a_nil_change_nobody_asks_whether_it_may_be_chance(compared: Release) -> None:
    """The value stays what the test says; only what is printed tells that nothing changed."""

    def nil(cell: ReleasedCell) -> ReleasedCell:
        is_nil = cell.measure == "change_pct_points" and cell.period == "2015/2016"
        return replace(cell, value=0.0, display_da="-") if is_nil else cell

    cells = without_a_change(nil(c) for c in compared.cells)
    judged = [c for c in cells if c.measure == "may_be_chance"]
    assert [(c.period, c.display_da, c.value) for c in judged] == [
        ("2015/2016", "ingen ændring", 1.0),
        ("2016/2017", "…", None),  # stopped by the break
    ]
    ((row,),) = [g.rows for g in _printed(replace(compared, cells=cells), "en")["2015-2016"].groups]
    assert row.cells[-1].text == "no change"
    assert without_a_change(compared.cells) == compared.cells
