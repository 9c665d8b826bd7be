"""The project's own tests fail when there is something to find: a warehouse spoiled on purpose."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.orchestration.dbt_runner import DbtOutcome, run_dbt

pytestmark = pytest.mark.slow

# Test -> what is spoiled for it.
SPOILED = {
    "extract_totals_reconcile": """
        update marts.fct_plan_financing set amount_kr = amount_kr + 0.01
        where case_number = 'A' and financing_source = 'lbf'
    """,
    "pub_indicator_cells_grain": """
        insert into published.pub_indicator_cells
        select * from published.pub_indicator_cells where measure = 'invited' and period = '2015'
    """,
    "pub_indicator_cells_sane": """
        update published.pub_indicator_cells set category = 'cash'
        where cell_id = 'I06.2015.all.all.staff.share_pct'
    """,
    "pub_sizes_add_up": """
        update published.pub_indicator_cells set base = base + 1
        where cell_id = 'I06.2017.size.large.cash.share_pct'
    """,
    "pub_codes_have_labels": "delete from marts.dim_cell_label where code = 'half_time_or_less'",
    "pub_notes_exist": "delete from marts.dim_note where note_id = 'multiple_choice'",
    "pub_cells_are_as_catalogued": """
        update reference.indicator_catalogue set since_wave = '2016' where indicator_id = 'I03'
    """,
    "change_panel_meets_the_waves": """
        update intermediate.int_change__panel set part = 'leaver', is_member = null
        where municipality_code = '165' and category = 'yes'
    """,
    "fct_survey_answer_keys": """
        update marts.fct_survey_answer set municipality_code = '999' where municipality_code = '101'
    """,
}


@pytest.fixture(scope="module")
def failed(
    outcome: DbtOutcome,
    tiny_path: Path,
    dbt_dir: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, int | None]:
    """Failing tests of the spoiled copy, with their number of failing rows."""
    assert outcome.success
    spoiled = tmp_path_factory.mktemp("spoiled") / "monitor.duckdb"
    shutil.copy(tiny_path, spoiled)
    with duckdb.connect(str(spoiled)) as connection:
        for statement in SPOILED.values():
            connection.execute(statement)
    result = run_dbt(dbt_dir, spoiled, ["test", "--select", *SPOILED])
    return {node.name: node.failures for node in result.failed}


@pytest.mark.parametrize("name", SPOILED)
def test_spoiled_rows_are_found(failed: dict[str, int | None], name: str) -> None:
    assert failed.get(name, 0)
