"""What the arriving suites ask of a whole delivery they do not ask of an increment."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.contracts.tables import raw_ddl
from pipelines.warehouse.schema import own_ddl
from quality.arriving.common import CURRENT_ROWS, ledger_rules, municipalities_rule

RULES = (
    municipalities_rule("kommuner", "municipalities", "response_status = 'completed'"),
    *ledger_rules("survey", "survey/%", "error"),
)


@pytest.mark.parametrize(
    ("slot", "failing"),
    [
        ("survey/2016", {"municipalities_1_to_98", "rows_as_in_ledger"}),
        ("survey/2016/increment/d", set()),
    ],
)
def test_an_increment_may_hold_no_completed_answer(slot: str, failing: set[str]) -> None:
    con = duckdb.connect()
    for statement in (*own_ddl(), *raw_ddl()):
        con.execute(statement)
    con.execute(
        "insert into raw.deliveries (delivery_id, source, period, slot, file_name, bytes, "
        "received_at, state, is_current, is_synthetic, rows_accepted) "
        f"values ('d', 'survey', '2016', '{slot}', 'd', 1, now(), 'accepted', true, true, 2)"
    )
    con.execute(
        "insert into raw.survey_answers (delivery_id, row_number, period, municipality_code, "
        "response_status) values ('d', 2, '2016', '461', 'some_answers')"
    )
    con.execute(f"create view judged as select * from raw.survey_answers where {CURRENT_ROWS}")
    broken = {
        rule.rule_id
        for rule in RULES
        if con.execute(rule.kwargs["unexpected_rows_query"].format(batch="judged")).fetchall()
    }
    assert broken == failing
