"""Only what changed is made again; that is told, and nothing old is taken for new."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipelines.orchestration import dbt_execution, dbt_plan
from pipelines.orchestration.dbt_execution import build
from pipelines.orchestration.dbt_outcome import DbtOutcome
from pipelines.settings import Settings
from pipelines.warehouse.made import contents_of

pytestmark = pytest.mark.slow

STAGED, CELLS, SEED = "stg_survey__answers", "pub_indicator_cells", "municipalities"


def load(settings: Settings, *codes: str | None) -> None:
    settings.build_path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(settings.build_path)) as con:
        con.execute("drop schema if exists raw cascade")
        con.execute("create schema raw")
        con.execute("create table raw.deliveries as select 'd1' as delivery_id, true as is_current")
        con.execute(
            "create table raw.survey_answers as select 'd1' as delivery_id, '2015' as period, "
            "unnest(?::varchar[]) as municipality_code, 'no' as coordinator_appointed",
            [list(codes)],
        )


def made(outcome: DbtOutcome) -> set[str]:
    return {
        n.name for n in outcome.nodes if n.unchanged_since is None and n.resource_type != "test"
    }


def asked(outcome: DbtOutcome) -> int:
    return sum(n.unchanged_since is None and n.resource_type == "test" for n in outcome.nodes)


def run(settings: Settings, only: set[str] | None = None) -> DbtOutcome:
    return build(settings.dbt_dir, settings.build_path, only)


def cells(settings: Settings) -> list[object]:
    with duckdb.connect(str(settings.build_path), read_only=True) as con:
        return [row[0] for row in con.execute(f"select value from published.{CELLS}").fetchall()]


def test_nothing_is_made_or_asked_twice(settings: Settings) -> None:
    load(settings, "101", "461")
    first = run(settings)
    assert made(first) == {STAGED, CELLS, SEED}
    assert asked(first) == len([n for n in first.nodes if n.resource_type == "test"]) > 0
    again = run(settings)
    assert (made(again), asked(again)) == (set(), 0)
    # all are told of, as before
    assert [(n.name, n.status) for n in again.nodes] == [(n.name, n.status) for n in first.nodes]


def test_what_reads_changed_rows_is_made_again_and_what_does_not_is_not(settings: Settings) -> None:
    load(settings, "101")
    run(settings)
    load(settings, "101", "461")
    assert made(run(settings)) == {STAGED, CELLS}
    assert cells(settings) == [2.0]
    # the rows stand in another order: the same contents
    load(settings, "461", "101")
    assert made(run(settings)) == set()


def test_a_table_that_comes_out_the_same_changes_nothing_after_it(settings: Settings) -> None:
    load(settings, "101", "461")
    run(settings)
    with duckdb.connect(str(settings.build_path)) as con:
        con.execute("alter table raw.survey_answers add column note varchar")
    # the view names its columns, and shows what it showed
    assert made(run(settings)) == {STAGED}


def test_changed_code_makes_what_it_changes(settings: Settings) -> None:
    load(settings, "101", "461")
    run(settings)
    model = next(settings.dbt_dir.rglob(f"{CELLS}.sql"))
    model.write_text(model.read_text() + "\n-- a remark")
    assert made(run(settings)) == {CELLS}
    seed = settings.dbt_dir / "seeds" / f"{SEED}.csv"
    seed.write_text(seed.read_text().replace("461,Odense\n", ""))
    assert made(run(settings)) == {SEED, CELLS}
    assert cells(settings) == [1.0]


def test_another_duckdb_or_another_way_of_building_makes_everything(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(settings, "101")
    run(settings)
    monkeypatch.setattr(dbt_execution.duckdb, "__version__", "of tomorrow")
    assert made(run(settings)) == {STAGED, CELLS, SEED}
    monkeypatch.setattr(dbt_execution, "_CODE", "of tomorrow")
    assert made(run(settings)) == {STAGED, CELLS, SEED}


def test_a_table_that_is_gone_is_made_again(settings: Settings) -> None:
    load(settings, "101")
    run(settings)
    with duckdb.connect(str(settings.build_path)) as con:
        con.execute(f"drop table published.{CELLS}")
    assert made(run(settings)) == {CELLS}


def test_a_model_that_is_no_more_leaves_no_table(settings: Settings) -> None:
    load(settings, "101")
    run(settings)
    extra = next(settings.dbt_dir.rglob(f"{CELLS}.sql")).with_name("pub_extra.sql")
    extra.write_text("select 1 as one")
    assert made(run(settings)) == {"pub_extra"}
    extra.unlink()
    run(settings)
    with duckdb.connect(str(settings.build_path), read_only=True) as con:
        assert con.execute(
            "select table_name from duckdb_tables() where schema_name = 'published'"
        ).fetchall() == [(CELLS,)]


def plan_with(monkeypatch: pytest.MonkeyPatch, settings: Settings, **changes: str) -> None:
    """Let the next build follow the plan with one of its nodes changed."""
    plan = dbt_plan.ensure_plan(settings.dbt_dir)
    nodes = tuple(replace(n, **changes) if n.name == changes["name"] else n for n in plan.nodes)
    monkeypatch.setattr(dbt_execution, "ensure_plan", lambda _: replace(plan, nodes=nodes))


def test_a_model_that_moved_leaves_no_table_where_it_was(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(settings, "101")
    run(settings)
    plan_with(monkeypatch, settings, name=SEED, relation="elsewhere.municipalities")
    run(settings)
    with duckdb.connect(str(settings.build_path), read_only=True) as con:
        found = con.execute("select schema_name from duckdb_tables() where table_name = ?", [SEED])
        assert ("reference",) not in found.fetchall()


def test_a_test_that_no_longer_merely_warns_is_asked_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(settings, "101")
    warned = next(n for n in run(settings).nodes if n.status == "warn")
    plan_with(monkeypatch, settings, name=warned.name, severity="error")
    assert [n.name for n in run(settings).failed] == [warned.name]


def test_a_part_that_is_asked_for_is_all_that_is_made(settings: Settings) -> None:
    load(settings, "101")
    run(settings)
    load(settings, "101", "461")
    assert made(run(settings, {STAGED})) == {STAGED}
    assert cells(settings) == [1.0]
    # what was left out is behind, and is known to be
    assert made(run(settings)) == {CELLS}


def test_failing_rows_are_kept_and_what_failed_is_told_until_it_holds(settings: Settings) -> None:
    load(settings, "101", None)
    for _ in range(2):
        outcome = run(settings)
        assert not outcome.success
        [failed] = outcome.failed
        with duckdb.connect(str(settings.build_path), read_only=True) as con:
            assert con.execute(f"select count(*) from {failed.failures_table}").fetchone() == (1,)
    assert {n.status for n in outcome.nodes if n.name == CELLS} == {"success"}, "and told of all"
    load(settings, "101")
    outcome = run(settings)
    assert outcome.success
    kept = {n.failures_table for n in outcome.nodes if n.status == "warn"}
    with duckdb.connect(str(settings.build_path), read_only=True) as con:
        sql = "select 'dq_failures.' || table_name from duckdb_tables() where schema_name = ?"
        assert {row[0] for row in con.execute(sql, ["dq_failures"]).fetchall()} == kept


def test_a_test_whose_failing_rows_are_gone_is_asked_again(settings: Settings) -> None:
    load(settings, "101")
    [kept] = {n.failures_table for n in run(settings).nodes if n.status == "warn"}
    with duckdb.connect(str(settings.build_path)) as con:
        con.execute("drop schema dq_failures cascade")  # as an erasure does
    assert asked(run(settings)) == 1
    with duckdb.connect(str(settings.build_path), read_only=True) as con:
        assert con.execute(f"select count(*) > 0 from {kept}").fetchone() == (True,)


def test_a_statement_that_fails_skips_what_reads_it_and_keeps_the_rest(settings: Settings) -> None:
    load(settings, "101")
    with duckdb.connect(str(settings.build_path)) as con:
        con.execute("alter table raw.survey_answers drop column municipality_code")
    outcome = run(settings)
    assert [(n.name, n.status) for n in outcome.failed] == [(STAGED, "error")]
    assert "municipality_code" in (outcome.failed[0].message or "")
    skipped = {n.name for n in outcome.nodes if n.status == "skipped"}
    assert CELLS in skipped
    assert {n.status for n in outcome.nodes if n.name == SEED} == {"success"}
    load(settings, "101")
    assert made(run(settings)) == {STAGED, CELLS}


def test_what_stops_a_build_outside_its_nodes_is_told(settings: Settings) -> None:
    settings.build_path.parent.mkdir(parents=True, exist_ok=True)
    settings.build_path.write_bytes(b"no database" * 1000)
    outcome = run(settings)
    assert not outcome.success
    assert "not a valid DuckDB database file" in (outcome.error or "")


def test_the_plan_is_dbts_and_asked_for_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dbt_plan, "_loaded", {})
    monkeypatch.setenv("DBT_EMPTY", "1")  # with it dbt reads no rows, and writes so
    plan = dbt_plan.ensure_plan(settings.dbt_dir)
    assert {n.name for n in plan.tables} == {STAGED, CELLS, SEED}
    assert not any("where false" in s for n in plan.nodes for s in n.statements)
    assert str(settings.dbt_dir) not in str(plan.nodes), "the project may move"
    kept = settings.dbt_dir / "target" / "plan.json"
    monkeypatch.setattr(dbt_plan, "_loaded", {})
    kept.write_text("{ half of it")
    assert dbt_plan.ensure_plan(settings.dbt_dir) == plan


def test_contents_are_of_the_rows_in_any_order(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "x.duckdb")) as con:
        con.execute("create schema s")
        seen = set()
        for rows in ("(1, 'a'), (2, 'b')", "(2, 'b'), (1, 'a')"):
            con.execute(f"create or replace table s.t as from (values {rows}) t(i, c)")
            seen.add(contents_of(con, "s.t"))
        assert len(seen) == 1
        for other in (
            "(1, 'a'), (2, 'b'), (2, 'b')",
            "(1, 'b'), (2, 'a')",
            "(1, 'a'), (2, null)",
            "(1::bigint, 'a'), (2, 'b')",
        ):
            con.execute(f"create or replace table s.t as from (values {other}) t(i, c)")
            seen.add(contents_of(con, "s.t"))
        assert len(seen) == 5


@pytest.mark.parametrize(
    "values",
    [
        ("null::varchar[]", "[]::varchar[]", "[null]::varchar[]", "['']", "['', null]", "['null']"),
        ("null::integer[][]", "[[1], [2]]", "[[1, 2]]", "[[2, 1]]"),
        ("null", "{'a': 1, 'b': null}", "{'a': null, 'b': 1}"),
        ("null::double", "0::double", "-0::double * 1", "'nan'::double", "'inf'::double"),
        ("null", "''", "'null'", "' '"),
    ],
)
def test_contents_tell_apart_what_is_other(tmp_path: Path, values: tuple[str, ...]) -> None:
    with duckdb.connect(str(tmp_path / "x.duckdb")) as con:
        con.execute("create schema s")
        seen = set()
        for value in values:
            con.execute(f'create or replace table s.t as select {value} as "a ""column"')
            # without the column's type, which is the same here for most of them
            seen.add(contents_of(con, "s.t").rpartition(":")[0])
        assert len(seen) == len(values)
