"""New deliveries are judged one by one: a wrong one never stops a good one."""

from __future__ import annotations

import duckdb
import pytest

from quality.engine import KEPT_KEYS
from quality.model import Suite
from quality.runner import CheckerError
from quality.screen import screen_new_deliveries

ALL = ["wave2015", "extract2015"]


@pytest.fixture(scope="module")
def arriving(suites: dict[str, Suite]) -> list[Suite]:
    return [suites["raw_survey_answers"], suites["raw_driftsstoette_lines"]]


def test_good_deliveries_of_all_sources_pass(
    raw: duckdb.DuckDBPyConnection, suites: dict[str, Suite]
) -> None:
    arriving = [suite for name, suite in suites.items() if name.startswith("raw_")]
    assert screen_new_deliveries(raw, [*ALL, "list2015", "minutes2015"], arriving) == {}


def test_nothing_new_checks_nothing(arriving: list[Suite]) -> None:
    assert screen_new_deliveries(duckdb.connect(), [], arriving) == {}


def test_only_the_wrong_delivery_is_named(
    raw: duckdb.DuckDBPyConnection, arriving: list[Suite]
) -> None:
    raw.execute("update raw.driftsstoette_lines set amount_kr = -5 where row_number = 2")
    reasons = screen_new_deliveries(raw, ALL, arriving)
    assert list(reasons) == ["extract2015"]
    (reason,) = reasons["extract2015"]
    assert (reason.rule_id, reason.column) == ("amount_kr_in_range", "amount_kr")
    assert reason.failing_keys == ({"row_number": 2},)
    assert reason.message_da.startswith("Beløb")


def test_a_delivery_that_is_not_current_yet_is_judged(
    raw: duckdb.DuckDBPyConnection, arriving: list[Suite]
) -> None:
    reasons = screen_new_deliveries(raw, ["wave2015", "wave2015old"], arriving)
    assert list(reasons) == ["wave2015old"]
    rules = [reason.rule_id for reason in reasons["wave2015old"]]
    assert rules == ["municipality_code_not_null", "municipalities_1_to_98"]


def test_the_ledger_need_not_know_the_delivery(
    raw: duckdb.DuckDBPyConnection, arriving: list[Suite]
) -> None:
    raw.execute("drop table raw.deliveries")
    assert screen_new_deliveries(raw, ALL, arriving) == {}


def test_a_warning_sets_nothing_aside(
    raw: duckdb.DuckDBPyConnection, arriving: list[Suite]
) -> None:
    raw.execute("update raw.driftsstoette_lines set residents = 9000 where row_number <= 2")
    assert screen_new_deliveries(raw, ALL, arriving) == {}


def test_no_delivery_hides_behind_another_with_many_errors(
    raw: duckdb.DuckDBPyConnection, arriving: list[Suite]
) -> None:
    raw.execute(
        "insert into raw.survey_answers by name"
        " select a.* replace ('many' as delivery_id, n as row_number, null as respondent_id)"
        f" from raw.survey_answers as a, range({2 * KEPT_KEYS}) as many(n)"
        " where row_number = 1 and delivery_id = 'wave2015'"
    )
    raw.execute(
        "update raw.survey_answers set respondent_id = null"
        " where delivery_id = 'wave2015' and row_number = 12"
    )
    reasons = screen_new_deliveries(raw, ["many", "wave2015"], arriving)
    assert set(reasons) == {"many", "wave2015"}


def test_a_broken_check_condemns_nobody(
    raw: duckdb.DuckDBPyConnection, arriving: list[Suite]
) -> None:
    raw.execute("alter table raw.driftsstoette_lines drop column status")
    with pytest.raises(CheckerError):
        screen_new_deliveries(raw, ALL, arriving)
