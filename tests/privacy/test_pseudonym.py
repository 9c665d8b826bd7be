"""Pseudonyms: the same for the same value and key, of no use without the key."""

from __future__ import annotations

import duckdb
import pytest
from pydantic import ValidationError

from pipelines.contracts.loader import load_source
from pipelines.contracts.model import Source
from pipelines.privacy.pseudonym import pseudonym, pseudonymise

KEY, OTHER = bytes(32), bytes([1] * 32)


def test_one_value_has_one_pseudonym() -> None:
    # the bytes are fixed: another reading of the key would cut every link in the warehouse
    assert pseudonym(KEY, "survey.respondent_id", "1001") == "fpuqtpmcx5kyoaclvdmkyyek"
    different = {
        pseudonym(key, field, value)
        for key in (KEY, OTHER)
        for field in ("a.b", "a.c")
        for value in ("1", "2", "1\0", "")
    }
    assert len(different) == 16
    assert {len(each) for each in different} == {24}


def test_a_column_is_replaced_and_still_links() -> None:
    with duckdb.connect() as con:
        con.execute(
            "create temp table t as select * from (values (1, '1001', 'x'), "
            "(2, '1002', 'y'), (3, '1001', 'z'), (4, null, '1001')) as v(n, id, said)"
        )
        pseudonymise(con, "t", "survey", ["id"], KEY)
        rows = con.execute("select id, said from t order by n").fetchall()
    first, second = (pseudonym(KEY, "survey.id", each) for each in ("1001", "1002"))
    assert rows == [(first, "x"), (second, "y"), (first, "z"), (None, "1001")]


def test_no_respondents_number_is_declared_to_pass_the_gate() -> None:
    assert load_source("survey").pseudonymised == ("respondent_id",)


@pytest.mark.parametrize("field", ["email", "completed_at", "nothing"])
def test_what_cannot_be_pseudonymised(field: str) -> None:
    declared = load_source("survey").model_dump()
    with pytest.raises((ValidationError, KeyError)):
        Source(**{**declared, "pseudonymised": (field,)})
