"""The report's figures by themselves: every row of the domain notes' table of published figures.

Independent of what is rebuilt: the counts that fit follow from the printed per cent and its base.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pytest

from pipelines.statistics.grim import ROUNDINGS, counts_that_fit

pytestmark = pytest.mark.slow

NONE = "∅"


@dataclass(frozen=True)
class Row:
    """What the notes say: line, figures in the seed, counts rounded and cut off, what that is."""

    line: str
    figures: tuple[str, ...]
    rounded: str | None
    cut_off: str | None
    fit: str
    bases: str | None = None


# In the order of the notes. Where they part from arithmetic, the reason stands beside.
TABLE = (
    Row("L63", ("F01",), None, None, "count"),
    Row("L176", ("F02",), None, None, "count"),
    Row("L111", ("F04",), None, None, "count"),
    Row("L366", ("F06", "F07", "F08"), None, None, "count"),
    Row("L180", ("F09",), "7", NONE, "rounding_only"),  # 7/16 = 43.75; 8/16 = 50
    Row("L180", ("F10",), NONE, "3", "truncation_only"),  # 3/22 = 13.6, which rounds to 14
    Row("L362", ("F11", "F12", "F13"), None, None, "wording"),
    # The notes have 40 in both columns; 40/44 = 90.9, which is 90 when cut off.
    Row("L341", ("F14",), "40", NONE, "rounding_only", "44"),
    Row("L334", ("F15",), NONE, NONE, "impossible", "44"),  # 34/38 = 89.5, 35/38 = 92.1
    Row("L234", ("F18",), "37", "37", "any_rule", "41"),  # 34/38 = 89.5 is 89, 40/44 = 90.9 is 91
    Row("L358", ("F19",), "4", NONE, "rounding_only", "41"),  # 4/41 = 9.8
    Row("L945", ("F23", "F24"), "19", "19", "any_rule", "38, 44"),  # not 41: no half of it
    Row("L252", ("F25",), "19", "19", "any_rule", "38, 44"),
    Row("L246", ("F20",), None, None, "wording"),
    Row("L856", ("F21",), None, None, "wording"),
    Row("L313", ("F26",), None, None, "wording"),
    Row("L689", ("F28",), "64", "64", "any_rule"),
    Row("L689", ("F29",), "82", "83", "any_rule"),
    Row("L689", ("F30",), "81", "82", "any_rule"),
    Row("L294", ("F31", "F32"), None, None, "wording"),
)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.line}-{row.figures[0]}")
def test_the_mart_says_what_the_notes_say(tiny: duckdb.DuckDBPyConnection, row: Row) -> None:
    for figure in row.figures:
        found = tiny.execute(
            """
            select counts_fitting_rounding, counts_fitting_truncation, fit, bases_fitting
            from marts.backtest_report_2015
            where figure_id = ? and contains(report_lines, ?)
            """,
            [figure, row.line],
        ).fetchone()
        assert found == (row.rounded, row.cut_off, row.fit, row.bases), figure


def test_all_three_rules_give_the_counts_of_exact_arithmetic(
    tiny: duckdb.DuckDBPyConnection,
) -> None:
    figures = tiny.execute(
        """
        select figure_id, cast(published_value as integer), stated_base,
            counts_fitting_rounding, counts_fitting_half_even, counts_fitting_truncation
        from marts.backtest_report_2015 where published_kind = 'pct'
        """
    ).fetchall()
    assert len(figures) == 13
    for figure, published, base, *counts in figures:
        exact = [counts_that_fit(published, base, rounding) for rounding in ROUNDINGS]
        assert counts == [", ".join(map(str, found)) or NONE for found in exact], figure


def test_only_the_time_of_coordinators_cannot_be_rounded_by_one_rule(
    tiny: duckdb.DuckDBPyConnection,
) -> None:
    # L180: 44 % of 16 is rounded, 13 % of 22 cut off. I06: 91 % of 44 and 100 % go together, and
    # 91 % of 38 by no rule at all.
    rows = tiny.execute(
        """
        select indicator_id, bool_and(is_one_rule_possible), count(*)
        from marts.backtest_report_2015 where fit <> 'impossible' and published_kind = 'pct'
        group by indicator_id order by indicator_id
        """
    ).fetchall()
    assert rows == [("I03", True, 2), ("I05", False, 2), ("I06", True, 2), ("I08", True, 3),
                    ("I09", True, 3)]  # fmt: skip


def test_the_parts_the_notes_add_up(tiny: duckdb.DuckDBPyConnection) -> None:
    """L366: 16 large and 22 small are the 38. L234, L358: 37 with and 4 without are the 41."""
    published = dict(
        tiny.execute(
            "select figure_id, cast(published_value as integer) from marts.backtest_report_2015"
        ).fetchall()
    )
    assert published["F07"] + published["F08"] == published["F06"]
    counts = dict(
        tiny.execute(
            "select figure_id, counts_fitting_rounding from marts.backtest_report_2015"
        ).fetchall()
    )
    assert int(counts["F18"]) + int(counts["F19"]) == 41
    assert int(counts["F23"]) + int(counts["F24"]) == 38


def test_every_figure_of_the_seed_is_in_the_table_of_the_notes(
    tiny: duckdb.DuckDBPyConnection,
) -> None:
    seeded = {
        figure
        for (figure,) in tiny.execute(
            "select figure_id from reference.report_published_figures"
        ).fetchall()
    }
    named = {figure for row in TABLE for figure in row.figures}
    # F03: those invited; F05: L111 again; F16, F17: wordings of L341; F22, F27: of L858 and L176.
    assert seeded - named == {"F03", "F05", "F16", "F17", "F22", "F27"}
