"""Every bad delivery through the real gate: what becomes of it, and what its sender reads.

A new group is a module `group_<name>.py` with `GROUP` and `CASES`, named in `GROUPS`.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import group_dates
import group_delimited
import group_encodings
import group_headings
import group_minutes
import group_numbers
import group_rules
import group_sav
import group_sound
import group_survey
import group_xlsx
import group_zip
import pytest
from bad_input_harness import (
    WITH_WORKBOOK,
    Case,
    check,
    check_workbook,
    decided,
    laid_out,
    parameters,
)

GROUPS = (
    group_sound,
    group_encodings,
    group_delimited,
    group_numbers,
    group_dates,
    group_rules,
    group_headings,
    group_survey,
    group_xlsx,
    group_zip,
    group_sav,
    group_minutes,
)


@pytest.mark.parametrize(
    "case", [each for group in GROUPS for each in parameters(group.GROUP, group.CASES)]
)
def test_a_bad_delivery_ends_as_it_must(
    case: Case, gate: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in case.environment:
        monkeypatch.setenv(variable, value)
    delivery = laid_out(case, tmp_path)
    decision = decided(gate, case, delivery, tmp_path)
    check(case, decision)
    if any(case in group.CASES[WITH_WORKBOOK] for group in GROUPS):
        check_workbook(delivery, tmp_path, decision)
