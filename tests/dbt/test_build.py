"""What dbt makes of the tiny warehouse: a green build, and the cells worked out by hand."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.orchestration.dbt_outcome import DbtOutcome

pytestmark = pytest.mark.slow

Cell = tuple[float | None, float | None, float | None, str]

CELLS: dict[str, Cell] = {
    # Six of 98 municipalities have an active plan; 461's finished one does not count.
    "I01.2015.all.all.all.municipalities": (6, 98, 6, "A"),
    "I01.2015.all.all.all.plans": (7, None, 7, "A"),
    "I01.2015.all.all.all.plan_areas": (None, None, None, "M"),
    # Six invited, five answered: 540 did not, whatever its superseded answer says.
    "I02.2015.all.all.all.invited": (6, 6, 6, "A"),
    "I02.2015.all.all.all.answered": (5, 6, 5, "A"),
    "I02.2015.size.small.all.answered": (2, 3, 2, "A"),
    # 461 of the two invited there.
    "I02.2015.region.Syddanmark.all.unit_response_pct": (1, 2, 50, "A"),
    # Three with a coordinator and one without answered the time question: it is asked of four.
    "I02.2015.all.all.coordinator_time_band.item_answered": (4, 4, 4, "A"),
    "I02.2015.all.all.same_person_coordinates.item_response_pct": (4, 5, 80, "A"),
    # 461 answered twice, "no" and then "yes": the newest counts.
    "I03.2015.all.all.yes.share_pct": (3, 5, 60, "A"),
    "I03.2015.size.large.yes.share_pct": (3, 3, 100, "A"),
    # Asked of the three with a coordinator; 751 left it out.
    "I04.2015.all.all.neutral_unit.share_pct": (1, 2, 50, "A"),
    # 4,000 residents is small, 4,001 in two plans is large.
    "I05.2015.size.large.full_time_or_more.share_pct": (2, 3, 100 * 2 / 3, "A"),
    "I05.2015.size.small.half_time_or_less.share_pct": (1, 1, 100, "A"),
    # 55.5 and 18.5 hours are two full-time equivalents, for 5,000 residents; a break in series.
    "I05.2017.all.all.all.fte_total": (2, 2, 2, "B"),
    "I05.2017.all.all.all.fte_mean": (2, 2, 1, "B"),
    "I05.2017.all.all.all.fte_per_1000_residents": (2, 2, 0.4, "B"),
    "I06.2015.all.all.staff.share_pct": (5, 5, 100, "A"),
    "I06.2015.size.large.cash.share_pct": (1, 3, 100 / 3, "A"),
    # Four judged the leaders (461's newest answer again), three of them the politicians too.
    "I08.2015.all.all.satisfactory.leaders_share_pct": (2, 4, 50, "A"),
    "I08.2015.all.all.satisfactory.politicians_share_pct": (1, 3, 100 / 3, "A"),
    "I08.2015.size.large.satisfactory.leaders_share_pct": (2, 3, 100 * 2 / 3, "A"),
    "I08.2015.size.large.dont_know.politicians_share_pct": (1, 2, 50, "A"),
    "I08.2015.size.small.not_satisfactory.leaders_share_pct": (1, 1, 100, "A"),
    "I08.2015.size.small.not_satisfactory.politicians_share_pct": (0, 1, 0, "A"),
    "I08.2017.all.all.satisfactory.leaders_share_pct": (1, 1, 100, "A"),
    # Exactly 25 % reaches the floor; 199.95 of 1,000 does not.
    "I07.2015-06-30.all.all.all.plans_local_25_pct": (5, 7, 100 * 5 / 7, "A"),
    "I07.2015-06-30.all.all.lbf.amount_kr": (2650.05, 7, 2650.05, "A"),
    "I07.2015-06-30.grant_pool.2015-18.local.share_pct": (0, 100, 0, "A"),
    "I07.2015-06-30.region.Midtjylland.municipality_staff.staff_hours": (0, 1, 0, "A"),
    # B (19.995 %) and H (nothing but the fund) are below the floor; 101 has A and B.
    "I07.2015-06-30.all.all.all.plans_below_25_pct": (2, 7, 100 * 2 / 7, "A"),
    "I07.2015-06-30.municipality.101.all.plans_below_25_pct": (1, 2, 50, "A"),
    "I07.2015-06-30.municipality.101.lbf.amount_kr": (1550.05, 2, 1550.05, "A"),
    # A's 250 kr for 100.5 hours are 2.49 kr an hour: counted, and told of.
    "I07.2015-06-30.all.all.municipality_staff.staff_hour_kr": (250, 1, 250 / 100.5, "A"),
    "I07.2015-06-30.all.all.municipality_staff.plans_staff_hour_implausible": (1, 1, 1, "A"),
    "I07.2015-06-30.municipality.751.municipality_staff.staff_hour_kr": (None, 0, None, "M"),
    # B, C, E, G and H by 2015, A and F by 2016, all 2013 to 2017; D is 900 kr of 1 July 2009 to
    # 30 June 2012. A year of 365 in 1,826 days: 3,050.05 kr from the fund and 1,000.00 from others
    # give by source 149.92 (A) + 159.92 (B) + 19.99 (C) + 3 * 59.97 (E, F, G) + 19.99 (H) = 529.73.
    "I07.2013.all.all.lbf.year_amount_kr": (529.73, 7, 529.73, "A"),
    # 184 of D's 1,096 days.
    "I07.2009.all.all.all.year_amount_kr": (151.09, 1, 151.09, "A"),
    "I07.2009.all.all.lbf.year_share_pct": (151.09, 151.09, 100, "A"),
    # After the newest extract, of 31 December 2016: what is granted already.
    "I07.2017.all.all.lbf.year_amount_kr": (529.73, 7, 529.73, "P"),
    # Odense has an active plan in the extract D is told of by; none is known of a size of its own.
    "I07.2009.size.large.all.year_amount_kr": (151.09, 1, 151.09, "A"),
    # 461 (list and minutes), 101 and 751 (in January) met; 101 discussed nothing social.
    "I09.2015.all.all.any_social.share_pct": (2, 3, 100 * 2 / 3, "A"),
    "I09.2015.all.all.social.topics_per_meeting": (3, 3, 1, "A"),
    "I09.2015.same_person.yes.resident_composition.share_pct": (1, 1, 100, "A"),
    # 461 of 461 against neither 101 nor 751: one of three ways to choose the one.
    "I09.2015.same_person.yes_against_no.resident_composition.difference_pct_points": (
        None,
        3,
        100,
        "A",
    ),
    "I09.2015.same_person.yes_against_no.resident_composition.fisher_exact_p": (
        None,
        3,
        1 / 3,
        "A",
    ),
    "I09.2015.same_person.yes_against_no.resident_composition.may_be_chance": (None, 3, 1, "A"),
    "I09.2015.same_person.yes_against_no.resident_composition.odds_ratio": (None, 3, None, "M"),
    "I11.2015.all.all.knowledge_sharing.share_pct": (1, 2, 50, "A"),
    # A "no" to one forum is an answer to the question: 461 has no strategic forum.
    "I12.2015.all.all.forum_strategic.share_pct": (1, 2, 50, "A"),
    "I12.2015.all.all.forum_operational.share_pct": (1, 2, 50, "A"),
    "I12.2015.all.all.written_agreement.share_pct": (None, None, None, "M"),
    # 101 and 165 answered both: 101 has kept its coordinator, 165 got one. One changed: 2 * 1/2,
    # less 1/2 for mid-p. 461, 751 and 259 are gone.
    "I15.2015/2017.all.all.coordinator_appointed__yes.share_before_pct": (1, 2, 50, "A"),
    "I15.2015/2017.all.all.coordinator_appointed__yes.share_after_pct": (2, 2, 100, "A"),
    "I15.2015/2017.all.all.coordinator_appointed__yes.change_pct_points": (1, 2, 50, "A"),
    "I15.2015/2017.all.all.coordinator_appointed__yes.gained": (1, 2, 1, "A"),
    "I15.2015/2017.size.small.coordinator_appointed__no.lost": (1, 1, 1, "A"),
    "I15.2015/2017.all.all.coordinator_appointed__yes.mcnemar_exact_p": (None, 2, 1, "A"),
    "I15.2015/2017.all.all.coordinator_appointed__yes.mcnemar_mid_p": (None, 2, 0.5, "A"),
    "I15.2015/2017.all.all.coordinator_appointed__yes.may_be_chance": (None, 2, 1, "A"),
    "I15.2015/2017.all.all.coordinator_appointed.leavers": (3, None, 3, "A"),
    "I15.2015/2017.all.all.coordinator_appointed.size_movers": (0, None, 0, "A"),
    # Seven plans began in 2013; the finished one of 2009 ended in 2012.
    "I13.2013.all.all.all.plans_started": (7, None, 7, "A"),
    "I13.2012.all.all.all.plans_ended": (1, None, 1, "A"),
    "I13.2016.all.all.all.plans_continued": (7, None, 7, "A"),
    "I13.2016.all.all.all.years_with_plans": (8, None, 8, "A"),
    "I13.2016.grant_pool.2015-18.all.years_with_plans": (4, None, 4, "A"),
    "I14.2015.municipality.101.all.residents": (4001, None, 4001, "A"),
    # 2009-2012 finished, 2013-2015 running: seven calendar years.
    "I14.2015.municipality.461.all.years_with_plans": (7, None, 7, "A"),
    "I14.2015.municipality.461.all.listed_areas": (None, None, None, "M"),
}


def test_build_is_green(outcome: DbtOutcome) -> None:
    assert [f"{node.name}: {node.message}" for node in outcome.failed] == []
    assert outcome.success


@pytest.mark.parametrize("cell_id", CELLS)
def test_cell_is_the_one_worked_out_by_hand(tiny: duckdb.DuckDBPyConnection, cell_id: str) -> None:
    row = tiny.execute(
        """
        select numerator, base, value, obs_status from published.pub_indicator_cells
        where cell_id = ?
        """,
        [cell_id],
    ).fetchone()
    assert row is not None
    assert row == pytest.approx(CELLS[cell_id])


def test_question_that_a_wave_does_not_ask_has_no_row(tiny: duckdb.DuckDBPyConnection) -> None:
    assert _values(
        tiny, "select distinct measure from {cells} where indicator_id = 'I05' and period = '2017'"
    ) == {"fte_mean", "fte_total", "fte_per_1000_residents"}
    assert _values(
        tiny, "select distinct measure from {cells} where indicator_id = 'I05' and period = '2015'"
    ) == {"share_pct"}
    assert _values(
        tiny, "select distinct measure from {cells} where indicator_id = 'I08' and period = '2017'"
    ) == {"leaders_share_pct"}


def test_a_wave_sent_to_others_than_planned_is_a_warning(outcome: DbtOutcome) -> None:
    # The calendar has 44 invited for both waves; the tiny warehouse invites six and two.
    (found,) = (node for node in outcome.nodes if node.name == "wave_response_as_expected")
    assert (found.status, found.failures) == ("warn", 2)


def test_wave_without_an_extract_of_its_year_has_no_profile(
    tiny: duckdb.DuckDBPyConnection,
) -> None:
    # The size class of wave 2017 may come from the extract before; its plans may not.
    assert _values(
        tiny, "select distinct period from {cells} where indicator_id in ('I01', 'I14')"
    ) == {"2015"}
    notes = _values(
        tiny,
        "select distinct note_ids from {cells} where cell_id = 'I03.2017.size.large.yes.share_pct'",
    )
    assert notes == {
        "dont_know_counts|size_class|size_fallback_extract|low_base|partial_quarantine"
    }


def test_cell_tells_of_rows_held_back(tiny: duckdb.DuckDBPyConnection) -> None:
    assert _values(
        tiny,
        "select distinct period from {cells} "
        "where note_ids like '%partial_quarantine%' and indicator_id <> 'I13' "
        "and measure not like 'year_%'",
    ) == {"2016-12-31", "2017", "2015/2017"}
    # a plan's history is read from all extracts, the one with rows held back among them
    assert _values(
        tiny,
        "select distinct note_ids like '%partial_quarantine%' from {cells} "
        "where indicator_id = 'I13'",
    ) == {True}


def test_cell_names_the_deliveries_behind_it(tiny: duckdb.DuckDBPyConnection) -> None:
    behind = {
        "I05.2015.all.all.full_time_or_more.share_pct": ["survey-2015"],
        "I05.2015.size.large.full_time_or_more.share_pct": ["extract-2015", "survey-2015"],
        "I05.2017.size.large.all.fte_mean": ["extract-2016", "survey-2017"],
        "I09.2015.all.all.any_social.share_pct": ["list-2015", "minutes-2015"],
        "I09.2015.same_person.no.any_social.share_pct": ["list-2015", "survey-2015"],
        "I14.2015.municipality.101.all.inhabitants": [],
    }
    for cell_id, deliveries in behind.items():
        row = tiny.execute(
            "select delivery_ids from published.pub_indicator_cells where cell_id = ?", [cell_id]
        ).fetchone()
        assert row == (deliveries,), cell_id


def test_synthetic_and_confidential_follow_what_is_behind(tiny: duckdb.DuckDBPyConnection) -> None:
    marks = {
        str(cell_id): (is_synthetic, is_confidential)
        for cell_id, is_synthetic, is_confidential in tiny.execute(
            "select cell_id, is_synthetic, is_confidential from published.pub_indicator_cells"
        ).fetchall()
    }
    assert marks["I07.2015-06-30.all.all.lbf.amount_kr"] == (False, False)
    assert marks["I07.2016-12-31.all.all.lbf.amount_kr"] == (True, False)
    assert marks["I03.2015.all.all.yes.share_pct"] == (True, True)
    # A register figure, split by a survey answer.
    assert marks["I09.2015.all.all.any_social.share_pct"] == (True, False)
    assert marks["I09.2015.same_person.yes.any_social.share_pct"] == (True, True)


def test_minutes_add_topics_and_evidence_to_the_list(tiny: duckdb.DuckDBPyConnection) -> None:
    rows = tiny.execute(
        """
        select topic, topic_source, minutes_score, minutes_char_offset
        from marts.fct_styringsdialog_topic where municipality_code = '461' order by topic
        """
    ).fetchall()
    assert rows == [
        ("accounts_economy", "list", None, None),
        ("resident_composition", "minutes", 0.8, 700),
        ("resident_safety", "list", 0.9, 400),
    ]


def test_backtest_knows_what_can_be_right(tiny: duckdb.DuckDBPyConnection) -> None:
    fits = {
        str(figure): (rounded, cut_off)
        for figure, rounded, cut_off in tiny.execute(
            """
            select figure_id, counts_fitting_rounding, counts_fitting_truncation
            from marts.backtest_report_2015 where published_kind = 'pct'
            """
        ).fetchall()
    }
    assert fits["F09"] == ("7", "∅")
    assert fits["F10"] == ("∅", "3")
    assert fits["F15"] == ("∅", "∅")
    assert fits["F29"] == ("82", "83")


def test_backtest_holds_the_leaders_priority_against_published_cells(
    tiny: duckdb.DuckDBPyConnection,
) -> None:
    found = tiny.execute(
        """
        select figure_id, rebuilt_cell_id, is_published, rebuilt_value
        from marts.backtest_report_2015 where indicator_id = 'I08' order by figure_id
        """
    ).fetchall()
    to_some_degree = "I08.2015.all.all.to_some_degree.leaders_share_pct"
    assert found == [
        ("F23", "I08.2015.all.all.satisfactory.leaders_share_pct", True, 50),
        ("F24", to_some_degree, True, 25),
        ("F25", to_some_degree, True, 25),
    ]


def test_cells_are_printed_question_by_question(tiny: duckdb.DuckDBPyConnection) -> None:
    rows = tiny.execute(
        """
        select measure, category from published.pub_i08_priority
        where period = '2015' and breakdown = 'all' order by sort_order
        """
    ).fetchall()
    answers = ("satisfactory", "to_some_degree", "not_satisfactory", "dont_know")
    assert rows == [
        (f"{group}_share_pct", answer) for group in ("leaders", "politicians") for answer in answers
    ]


def test_analysts_find_a_comment_on_every_column(tiny: duckdb.DuckDBPyConnection) -> None:
    bare = tiny.execute(
        """
        select schema_name, table_name, column_name from duckdb_columns()
        where schema_name in ('marts', 'published') and coalesce(comment, '') = ''
        """
    ).fetchall()
    assert bare == []


def _values(connection: duckdb.DuckDBPyConnection, sql: str) -> set[object]:
    rows = connection.execute(sql.format(cells="published.pub_indicator_cells")).fetchall()
    return {value for (value,) in rows}
