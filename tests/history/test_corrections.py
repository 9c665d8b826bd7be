"""Corrections: applied where they hold, reported where they do not, judged like any cell."""

from __future__ import annotations

from typing import Any

import pytest
from a_history import History, correction, extract

from pipelines.corrections_report import correction_lines
from pipelines.warehouse.store import connect

pytestmark = pytest.mark.slow

Row = tuple[Any, ...]


def rows(history: History, sql: str) -> list[Row]:
    with connect(history.settings.live_path, read_only=True) as con:
        return con.execute(sql).fetchall()


def amounts(history: History) -> list[Row]:
    return rows(
        history,
        "select row_number, amount_kr::varchar from raw.driftsstoette_lines l "
        "join raw.deliveries d using (delivery_id) where d.is_current order by 1",
    )


def told(history: History) -> list[Row]:
    return rows(
        history,
        "select correction_id, row_number, c.state, old_value, new_value from raw.corrections c "
        "join raw.deliveries d using (delivery_id) where d.is_current order by all",
    )


def correct(history: History, *entries: dict[str, Any]) -> None:
    history.set_corrections("driftsstoette", {"corrections": list(entries)})


def test_a_cell_is_corrected_and_the_delivery_keeps_what_was_sent(history: History) -> None:
    history.put("driftsstoette", "2015-06-30", extract("600,00", "600,00"))
    history.run()
    assert told(history) == []
    correct(history, correction(2, history.now))
    assert [line.state for line in correction_lines(history.settings)] == ["pending"]
    history.run()  # nothing came; the correction alone has it read again
    assert [line.state for line in correction_lines(history.settings)] == ["applied"]
    assert amounts(history) == [(2, "600.00"), (3, "700.00")]
    assert told(history) == [("rettelse-2", 3, "applied", "600,00", "700,00")]
    correct(history)
    history.run()
    assert amounts(history) == [(2, "600.00"), (3, "600.00")]
    assert told(history) == []


def test_a_cell_that_cannot_be_read_is_corrected_by_its_text(history: History) -> None:
    correct(history, correction(1, history.now, expect="6,000.00", value="6.000,00"))
    history.put("driftsstoette", "2015-06-30", extract("6,000.00", "600,00"))
    history.run()
    assert amounts(history) == [(2, "6000.00"), (3, "600.00")]
    assert [s.state for s in history.states()] == ["accepted"]


def test_a_wrong_correction_is_caught_by_the_contract(history: History) -> None:
    correct(history, correction(1, history.now, value="-5,00"))
    history.put("driftsstoette", "2015-06-30", extract("600,00", "600,00", "600,00"))
    history.run()
    assert amounts(history) == [(3, "600.00"), (4, "600.00")]
    assert rows(history, "select row_number, rule from raw.findings where severity = 'error'") == [
        (2, "C05_out_of_range")
    ]


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"expect": "650,00"}, "expired"),
        ({"expect": "1,00", "value": "600,00"}, "expired"),
        ({"key": {"case_number": "2011-0009"}}, "target_missing"),
        ({"key": {"case_number": "2011-0001", "status": "Afsluttet"}}, "target_missing"),
        ({"until": "2029-12-31"}, "not_applicable"),
    ],
)
def test_one_that_does_not_hold_is_reported_and_not_applied(
    history: History, change: dict[str, Any], state: str
) -> None:
    correct(history, correction(1, history.now, **change))
    history.put("driftsstoette", "2015-06-30", extract("600,00", "601,00"))
    history.run()
    assert amounts(history) == [(2, "600.00"), (3, "601.00")]
    assert [row[2] for row in told(history)] == [state]


def test_every_correction_sees_the_row_as_it_was_sent(history: History) -> None:
    """A correction of a key does not hide the row from the next one."""
    new_key = correction(
        1, history.now, column="case_number", expect="2011-0001", value="2011-0077"
    )
    second = correction(1, history.now) | {"id": "rettelse-77"}
    correct(history, new_key, second)
    history.put("driftsstoette", "2015-06-30", extract("600,00", "601,00"))
    history.run()
    found = rows(
        history, "select case_number, amount_kr::int from raw.driftsstoette_lines order by 1"
    )
    assert found == [("2011-0002", 601), ("2011-0077", 700)]


def test_another_period_is_left_alone(history: History) -> None:
    correct(history, correction(1, history.now))
    history.put("driftsstoette", "2015-12-31", extract("600,00"))
    history.run()
    assert amounts(history) == [(2, "600.00")]
    assert told(history) == []
