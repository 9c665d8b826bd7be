"""On what is shipped, the figures counted in Python are dbt's, cell by cell."""

from __future__ import annotations

import duckdb
import pytest
from both_ways import counted_here, disagreements, made_by_dbt
from shipped_installation import Installation

pytestmark = pytest.mark.slow


def test_counted_in_python_they_are_the_same(shipped: Installation) -> None:
    with duckdb.connect(str(shipped.settings.live_path), read_only=True) as con:
        here, there = counted_here(con), made_by_dbt(con)
        indicators = con.execute(
            "select indicator_id from reference.indicator_catalogue where is_built"
        ).fetchall()
    assert disagreements(here, there) == []
    # an indicator without a figure would agree too
    assert {cell.indicator for cell in here} == {indicator for (indicator,) in indicators}
