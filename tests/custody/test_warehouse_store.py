"""The warehouse file: version, hardening, schema growth, what is written by delivery, the swap."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from custody_support import custody, installation, much_later, put

from pipelines.intake.delivery import utc_text
from pipelines.intake.events import LedgerEvent, deliveries
from pipelines.intake.findings import Finding
from pipelines.intake.receive import receive
from pipelines.settings import Settings
from pipelines.warehouse.schema import SchemaDriftError
from pipelines.warehouse.store import (
    BuildNotClosedError,
    RowsDifferError,
    StaleConnectionError,
    begin_build,
    connect,
    ensure_raw_schema,
    get_build_fingerprint,
    live_build_fingerprint,
    new_database,
    promote,
    replace_delivery_rows,
    set_build_fingerprint,
    write_deliveries,
    write_findings,
)

THINGS = ("create table if not exists raw.things (delivery_id varchar, row_number bigint, a int)",)
EVIDENCE_READS_UP_TO = 67


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return installation(tmp_path)


@pytest.fixture
def con(settings: Settings):
    with connect(begin_build(settings)) as connection:
        ensure_raw_schema(connection, THINGS)
        yield connection


def storage_version(path: Path) -> int:
    return struct.unpack("<Q", path.read_bytes()[12:20])[0]


def test_older_readers_can_open_what_we_make(settings: Settings) -> None:
    with connect(begin_build(settings)) as con:
        ensure_raw_schema(con, THINGS)
        con.execute("insert into raw.things select 'd', range, range from range(1000)")
    promote(settings)
    assert storage_version(settings.live_path) == EVIDENCE_READS_UP_TO


def test_a_database_is_not_made_over_another(tmp_path: Path) -> None:
    new_database(tmp_path / "it's.duckdb")
    with pytest.raises(FileExistsError):
        new_database(tmp_path / "it's.duckdb")


def test_nothing_is_fetched(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        "select value from duckdb_settings() where name in "
        "('autoinstall_known_extensions', 'autoload_known_extensions', "
        "'allow_community_extensions')"
    ).fetchall()
    assert [value for (value,) in rows] == ["false"] * 3


class TestSchema:
    def test_every_own_column_is_described(self, con: duckdb.DuckDBPyConnection) -> None:
        undescribed = con.execute(
            "select table_name, column_name from duckdb_columns() where comment is null "
            "and (schema_name, table_name) in (('raw', 'deliveries'), ('raw', 'findings'), "
            "('meta', 'build_info'))"
        ).fetchall()
        assert undescribed == []

    def test_again_changes_nothing(self, con: duckdb.DuckDBPyConnection) -> None:
        con.execute("insert into raw.things values ('d', 1, 2)")
        ensure_raw_schema(con, THINGS)
        assert con.execute("from raw.things").fetchall() == [("d", 1, 2)]

    def test_a_new_column_is_added_under_views(self, con: duckdb.DuckDBPyConnection) -> None:
        con.execute("insert into raw.things values ('d', 1, 2)")
        con.execute("create view raw.seen as select a from raw.things")
        ensure_raw_schema(
            con,
            (
                "create table if not exists raw.things "
                "(delivery_id varchar, row_number bigint, a int, b decimal(18, 2))",
            ),
        )
        assert con.execute("from raw.things").fetchall() == [("d", 1, 2, None)]
        assert con.execute("from raw.seen").fetchall() == [(2,)]

    @pytest.mark.parametrize("columns", ["a varchar", "b int"])
    def test_a_changed_or_dropped_column_is_an_error(
        self, con: duckdb.DuckDBPyConnection, columns: str
    ) -> None:
        body = f"delivery_id varchar, row_number bigint, {columns}"
        with pytest.raises(SchemaDriftError, match=r"raw\.things\.a"):
            ensure_raw_schema(con, (f"create table if not exists raw.things ({body})",))


class TestRows:
    def test_rows_take_the_place_of_the_deliverys_own_only(
        self, con: duckdb.DuckDBPyConnection
    ) -> None:
        con.execute("create temp table rows_in as select 7 as a, 1 as row_number")
        assert replace_delivery_rows(con, "things", "one", "rows_in") == 1
        assert replace_delivery_rows(con, "raw.things", "two", con.sql("select 8 as a")) == 1
        three = con.sql("select 'two' as delivery_id, range::int as a from range(3)")
        assert replace_delivery_rows(con, "raw.things", "two", three) == 3
        counts = "select delivery_id, count(*) from raw.things group by all order by all"
        assert con.execute(counts).fetchall() == [("one", 1), ("two", 3)]
        assert replace_delivery_rows(con, "things", "two", None) == 0
        assert con.execute(counts).fetchall() == [("one", 1)]

    @pytest.mark.parametrize(
        ("rows", "error"),
        [
            ("select 'other' as delivery_id, 1 as a", RowsDifferError),
            ("select 'text' as a", duckdb.Error),
            ("select 1 as unknown_column", duckdb.Error),
        ],
    )
    def test_all_or_nothing(
        self, con: duckdb.DuckDBPyConnection, rows: str, error: type[Exception]
    ) -> None:
        replace_delivery_rows(con, "things", "one", con.sql("select 1 as a"))
        with pytest.raises(error):
            replace_delivery_rows(con, "things", "one", con.sql(rows))
        assert con.execute("select delivery_id, a from raw.things").fetchall() == [("one", 1)]

    def test_deliveries_say_what_the_ledger_says(
        self, con: duckdb.DuckDBPyConnection, settings: Settings
    ) -> None:
        put(settings, "survey/2015/a_syntetisk.csv")
        put(settings, "survey/2016/b.csv", "x\n")
        first, second = receive(settings, ("survey",), now=much_later()).received
        ledger, _ = custody(settings)
        decided = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
        ledger.append(
            LedgerEvent(
                "quarantined",
                utc_text(decided),
                "gate",
                first.delivery_id,
                "survey",
                "2015",
                first.name,
                "survey/2015",
                rows_read=3,
                rows_accepted=2,
                rows_quarantined=1,
            )
        )
        for _ in range(2):
            write_deliveries(con, deliveries(ledger.read()))
        columns = "state, version, is_current, is_synthetic, file_name, bytes, rows_accepted"
        assert con.execute(f"select {columns} from raw.deliveries order by period").fetchall() == [
            ("quarantined", 1, True, True, "a_syntetisk.csv", 8, 2),
            ("received", None, False, False, "b.csv", 2, None),
        ]
        times = "select received_at, decided_at from raw.deliveries where period = '2015'"
        assert con.execute(times).fetchone() == (
            first.received_at.replace(tzinfo=None),
            decided.replace(tzinfo=None),
        )
        assert second.period == "2016"
        write_deliveries(con, [])
        assert con.execute("select count(*) from raw.deliveries").fetchone() == (0,)

    def test_findings_are_replaced_by_delivery(
        self, con: duckdb.DuckDBPyConnection, settings: Settings
    ) -> None:
        put(settings, "survey/2015/a.csv")
        (delivery,) = receive(settings, ("survey",), now=much_later()).received
        findings = [
            Finding("a.csv", None, row, "Kommune", "R01", "error", "æ", "e") for row in range(500)
        ]
        write_findings(con, delivery, findings)
        write_findings(con, delivery, findings[1:])
        assert con.execute("select count(*), min(row_number) from raw.findings").fetchone() == (
            499,
            1,
        )
        write_findings(con, delivery, [])
        assert con.execute("select count(*) from raw.findings").fetchone() == (0,)


class TestSwap:
    def test_a_build_starts_from_the_live_file_and_leaves_it_alone(
        self, settings: Settings
    ) -> None:
        with connect(begin_build(settings)) as con:
            ensure_raw_schema(con, THINGS)
            con.execute("insert into raw.things values ('d', 1, 2)")
            set_build_fingerprint(con, "first")
        assert not settings.live_path.exists()
        promote(settings)
        assert not settings.build_path.exists()
        live = settings.live_path.read_bytes()
        with connect(begin_build(settings)) as con:
            assert con.execute("from raw.things").fetchall() == [("d", 1, 2)]
            con.execute("delete from raw.things")
            set_build_fingerprint(con, "second")
        assert settings.live_path.read_bytes() == live
        assert live_build_fingerprint(settings) == "first"
        promote(settings)
        assert live_build_fingerprint(settings) == "second"

    def test_the_catalog_keeps_its_name_for_views(self, settings: Settings) -> None:
        with connect(begin_build(settings)) as con:
            ensure_raw_schema(con, THINGS)
            con.execute("create view raw.v as select * from monitor.raw.things")
        promote(settings)
        with connect(settings.live_path, read_only=True) as con:
            assert con.execute("from raw.v").fetchall() == []

    def test_what_a_killed_build_left_is_not_built_on(self, settings: Settings) -> None:
        begin_build(settings)
        promote(settings)
        begin_build(settings)
        build = settings.build_path
        build.write_bytes(b"half")
        build.with_name("monitor.duckdb.wal").write_bytes(b"torn")
        build.with_name("monitor.duckdb.tmp").mkdir()
        build.with_name(".monitor.duckdb.abc.part").write_bytes(b"half")
        begin_build(settings)
        assert [path.name for path in build.parent.iterdir()] == ["monitor.duckdb"]
        with connect(build) as con:
            assert get_build_fingerprint(con) is None

    def test_an_open_build_is_not_promoted(self, settings: Settings) -> None:
        with connect(begin_build(settings)), pytest.raises(BuildNotClosedError):
            promote(settings)
        assert not settings.live_path.exists()
        promote(settings)

    def test_an_old_generation_is_not_shown_for_the_new_one(self, settings: Settings) -> None:
        begin_build(settings)
        promote(settings)
        old = connect(settings.live_path, read_only=True)
        with connect(begin_build(settings)) as con:
            ensure_raw_schema(con, THINGS)
            set_build_fingerprint(con, "second")
        promote(settings)
        with pytest.raises(StaleConnectionError):
            connect(settings.live_path, read_only=True)
        old.close()
        assert live_build_fingerprint(settings) == "second"

    def test_a_log_beside_the_live_file_does_not_make_the_new_one_unopenable(
        self, settings: Settings
    ) -> None:
        begin_build(settings)
        promote(settings)
        settings.live_path.with_name("monitor.duckdb.wal").write_bytes(b"someone else's")
        begin_build(settings)
        promote(settings)
        assert live_build_fingerprint(settings) is None

    def test_the_live_file_is_read_only(self, settings: Settings) -> None:
        begin_build(settings)
        promote(settings)
        assert settings.live_path.stat().st_mode & 0o777 == 0o444
        assert begin_build(settings).stat().st_mode & 0o200

    def test_nothing_built_nothing_promoted(self, settings: Settings) -> None:
        with pytest.raises(FileNotFoundError):
            promote(settings)
        assert live_build_fingerprint(settings) is None


def test_what_was_deleted_is_not_in_the_promoted_file(settings: Settings) -> None:
    values = [f"HEMMELIG-{number:06d}-{number * 7919:08x}" for number in range(5000)]
    with connect(begin_build(settings)) as con:
        con.execute("create table kept as select 'LIVE-VALUE' as v")
        con.execute("create table given as select unnest($values) as v", {"values": values})
        con.execute("create view seen as select * from kept")
        con.execute("comment on column kept.v is 'what it is'")
    promote(settings)
    assert any(value.encode() in settings.live_path.read_bytes() for value in values)
    with connect(begin_build(settings)) as con:
        con.execute("delete from given")
    # a build copy is a copy of bytes: it still holds them
    assert b"HEMMELIG" in settings.build_path.read_bytes()
    promote(settings)
    assert b"HEMMELIG" not in settings.live_path.read_bytes()
    with connect(settings.live_path, read_only=True) as con:
        assert con.execute("select v from seen").fetchall() == [("LIVE-VALUE",)]
        found = con.execute("select comment from duckdb_columns() where column_name = 'v'")
        assert ("what it is",) in found.fetchall()
