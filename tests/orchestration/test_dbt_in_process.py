"""dbt in the process: parsed when needed, nothing left open, failures told with their rows."""

import duckdb
import pytest

from pipelines.orchestration import dbt_manifest
from pipelines.orchestration.dbt_manifest import DbtParseError, ensure_manifest
from pipelines.orchestration.dbt_runner import build
from pipelines.settings import Settings

pytestmark = pytest.mark.slow


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Counts real parses."""
    seen: list[str] = []
    parse = dbt_manifest._parse

    def counted(dbt_dir, stamp):
        seen.append(stamp)
        return parse(dbt_dir, stamp)

    monkeypatch.setattr(dbt_manifest, "_parse", counted)
    return seen


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


def test_unchanged_project_is_not_parsed_again(settings: Settings, parses: list[str]) -> None:
    ensure_manifest(settings.dbt_dir)
    assert parses == []


def test_touching_a_file_is_no_change_editing_it_is(settings: Settings, parses: list[str]) -> None:
    model = settings.dbt_dir / "models" / "published" / "pub_indicator_cells.sql"
    model.touch()
    ensure_manifest(settings.dbt_dir)
    assert parses == []
    model.write_text(model.read_text() + "\n-- a remark")
    ensure_manifest(settings.dbt_dir)
    ensure_manifest(settings.dbt_dir)
    assert len(parses) == 1


def test_a_project_that_does_not_parse_says_so_and_leaves_no_stamp(settings: Settings) -> None:
    broken = settings.dbt_dir / "models" / "published" / "pub_broken.sql"
    broken.write_text("select * from {{ ref('nobody') }}")
    for _ in range(2):
        with pytest.raises(DbtParseError, match="nobody"):
            ensure_manifest(settings.dbt_dir)
    broken.unlink()
    ensure_manifest(settings.dbt_dir)


def test_build_leaves_the_file_to_others_and_the_project_as_it_was(settings: Settings) -> None:
    load(settings, "101", "461")
    before = {path: path.stat().st_mtime_ns for path in settings.dbt_dir.rglob("*")}
    outcome = build(settings.dbt_dir, settings.build_path, [])
    # an installed one may lie where nobody writes
    assert {path: path.stat().st_mtime_ns for path in settings.dbt_dir.rglob("*")} == before
    assert outcome.success, outcome
    with duckdb.connect(str(settings.build_path), config={"threads": 1}) as con:
        assert con.execute("from published.pub_indicator_cells").fetchall() == [
            ("I03.2015", "I03", "2015", 2.0)
        ]


def tables_of(settings: Settings, schema: str) -> set[str]:
    with duckdb.connect(str(settings.build_path), read_only=True) as con:
        sql = "select table_name from duckdb_tables() where schema_name = ?"
        return {row[0] for row in con.execute(sql, [schema]).fetchall()}


def test_failing_rows_are_kept_of_those_tests_that_found_some(settings: Settings) -> None:
    load(settings, "101", None)
    outcome = build(settings.dbt_dir, settings.build_path, [])
    assert not outcome.success
    [failed] = outcome.failed
    assert (failed.failures, failed.resource_type) == (1, "test")
    assert failed.failures_table is not None
    with duckdb.connect(str(settings.build_path), read_only=True) as con:
        assert con.execute(f"select count(*) from {failed.failures_table}").fetchone() == (1,)
    assert tables_of(settings, "dq_failures") == {failed.failures_table.split(".")[1]}
    assert {n.name for n in outcome.nodes if n.status == "skipped"} >= {"pub_indicator_cells"}

    load(settings, "101")
    outcome = build(settings.dbt_dir, settings.build_path, [])
    assert outcome.success
    [warned] = [n for n in outcome.nodes if n.status == "warn"]
    assert tables_of(settings, "dq_failures") == {(warned.failures_table or "").split(".")[1]}


def test_what_stops_dbt_itself_is_told(settings: Settings) -> None:
    load(settings, "101")
    outcome = build(settings.dbt_dir, settings.build_path, ["--no-such-flag"])
    assert not outcome.success
    assert "no-such-flag" in (outcome.error or "")
