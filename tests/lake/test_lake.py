"""The lake on a local folder and in fsspec's memory: pushed, checked, damaged, brought back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import duckdb
import fsspec
import pytest
from click.testing import CliRunner
from shipped_installation import Installation

from pipelines.cli import main
from pipelines.lake.archive_mirror import bring_back
from pipelines.lake.generation import CURRENT, Generation, read_current
from pipelines.lake.place import LakeError, Place, place_of
from pipelines.lake.push import problems, push
from pipelines.lake.raw_export import export_raw
from pipelines.settings import Settings


@pytest.fixture(params=["file", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "file":
        yield place_of(f"file://{tmp_path}/lake")
        return
    name = f"/{uuid4().hex}"
    yield place_of(f"memory:/{name}")
    fsspec.filesystem("memory").rm(name, recursive=True)


@pytest.fixture
def writable(shipped: Installation, tmp_path: Path) -> Settings:
    """The shipped installation elsewhere; its warehouse is only read."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "monitor.duckdb").symlink_to(shipped.settings.live_path)
    shutil.copy(shipped.settings.ledger_path, data)
    for name in ("archive", "keys"):
        shutil.copytree(shipped.settings.data_dir / name, data / name)
    return replace(shipped.settings, data_dir=data)


def raw_rows(path: Path) -> dict[str, int]:
    with duckdb.connect(str(path), read_only=True) as con:
        tables = [
            name
            for (name,) in con.execute(
                "select table_name from duckdb_tables() where schema_name = 'raw'"
            ).fetchall()
        ]
        return {
            table: con.execute(f"select count(*) from raw.{table}").fetchall()[0][0]
            for table in tables
        }


def told(generation: Generation) -> dict[str, int]:
    rows: dict[str, int] = {}
    for raw in generation.raw:
        rows[raw.table] = rows.get(raw.table, 0) + raw.rows
    return rows


def test_what_is_pushed_is_all_of_it_and_a_second_push_writes_nothing(
    writable: Settings, place: Place
) -> None:
    first = push(writable, place)
    assert told(first.generation) == raw_rows(writable.live_path)
    assert first.new_files == len(first.generation.files())
    assert problems(place) == []
    again = push(writable, place)
    # nothing is new; the one object removed is the generation before
    assert (again.new_files, again.removed) == (0, 1)
    # no key goes there: neither the deliveries' own nor the installation's
    assert not [name for name in place.names("") if "keys" in name]


def test_raw_rows_come_back_as_they_are(writable: Settings, tmp_path: Path) -> None:
    place = place_of(f"file://{tmp_path}/lake")
    push(writable, place)
    with duckdb.connect(str(writable.live_path), read_only=True) as con:
        for table in raw_rows(writable.live_path):
            files = f"read_parquet('{tmp_path}/lake/raw/{table}/**/*.parquet', "
            files += "hive_partitioning = false)"
            # names and types; that a column may not be empty is nothing Parquet keeps
            columns, written = (
                [row[:2] for row in con.execute(f"describe {each}").fetchall()]
                for each in (f"raw.{table}", f"from {files}")
            )
            assert written == columns
            for one, other in ((files, f"raw.{table}"), (f"raw.{table}", files)):
                assert not con.execute(f"from {one} except all from {other}").fetchall()


def test_rows_that_change_are_written_again_and_no_others(tmp_path: Path) -> None:
    place, work = place_of(f"file://{tmp_path}/lake"), tmp_path
    with duckdb.connect() as con:
        con.execute("create schema raw")
        con.execute("create table raw.deliveries (delivery_id text, source text, period text)")
        con.execute("insert into raw.deliveries values ('a', 's', '2016'), ('b', 's', '2017')")
        con.execute("create table raw.lines (delivery_id text, row_number bigint, kr int)")
        con.execute("insert into raw.lines values ('a', 1, 10), ('b', 1, 20), ('b', 2, 30)")
        first = {(r.table, r.delivery_id): r for r in export_raw(con, place, {}, work)}
        con.execute("update raw.lines set kr = 31 where row_number = 2")
        second = {(r.table, r.delivery_id): r for r in export_raw(con, place, first, work)}
    changed = {key for key in first if first[key] != second[key]}
    assert changed == {("lines", "b")}
    assert second["lines", "a"].file.name.startswith("raw/lines/source=s/period=2016/delivery=a/")


def test_each_damage_is_told(writable: Settings, place: Place) -> None:
    generation = push(writable, place).generation
    lost, cut, changed = (raw.file for raw in generation.raw[:3])
    place.remove(lost.name)
    place.write(cut.name, b"PAR1")
    place.write(changed.name, bytes(changed.bytes))
    found = problems(place)
    assert [lost.name in found[0], cut.name in found[1], changed.name in found[2]] == [True] * 3
    assert len(found) == 3
    # what is missing is written again by the next push; a hash is not asked for each time
    push(writable, place)
    assert not any(lost.name in each for each in problems(place))


def test_a_push_cut_off_before_its_end_leaves_the_generation_before(
    writable: Settings, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    push(writable, place)
    before = read_current(place)

    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipelines.lake.push.write_current", cut_off)
    with pytest.raises(KeyboardInterrupt):
        push(writable, place)
    assert read_current(place) == before
    assert problems(place) == []


def test_archive_and_ledger_come_back_byte_for_byte_and_only_into_an_empty_folder(
    writable: Settings, place: Place, tmp_path: Path
) -> None:
    generation = push(writable, place).generation
    home = tmp_path / "home"
    bring_back(generation, place, home)
    assert (home / "ledger.jsonl").read_bytes() == writable.ledger_path.read_bytes()
    entries = [path for path in writable.archive_dir.rglob("*") if path.is_file()]
    assert len(entries) == len(generation.archive)
    for path in entries:
        name = path.relative_to(writable.archive_dir)
        assert (home / "archive" / name).read_bytes() == path.read_bytes()
    with pytest.raises(LakeError, match="empty folder"):
        bring_back(generation, place, home)


def test_an_object_of_other_content_is_not_brought_back(
    writable: Settings, place: Place, tmp_path: Path
) -> None:
    generation = push(writable, place).generation
    place.write(generation.ledger.name, b"forged")
    with pytest.raises(LakeError, match="not what was pushed"):
        bring_back(generation, place, tmp_path / "home")
    assert not (tmp_path / "home/ledger.jsonl").exists()


def test_a_damaged_generation_is_refused(writable: Settings, place: Place) -> None:
    name = push(writable, place).name
    place.write(f"generations/{name}.json", b"{}")
    with pytest.raises(LakeError, match="push again"):
        read_current(place)
    place.write(CURRENT, b"no json")
    with pytest.raises(LakeError, match="push again"):
        read_current(place)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("/mnt/lake", "is no place"),
        ("s3://user:secret@bucket/x", "from the environment only"),
        ("nothing://bucket/x", "unknown"),
    ],
)
def test_what_is_no_place_is_told(url: str, says: str) -> None:
    with pytest.raises(LakeError, match=says) as told_so:
        place_of(url)
    assert "secret" not in str(told_so.value)


def test_the_commands(writable: Settings, tmp_path: Path) -> None:
    url, home = f"file://{tmp_path}/lake", tmp_path / "home"

    def monitor(data: Path, *arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, list(arguments), env={"MONITOR_DATA_DIR": str(data)})
        return done.exit_code, done.output

    assert "nothing was pushed yet" in monitor(home, "lake", "check", url)[1]
    assert "`monitor run` makes it" in monitor(home, "lake", "push", url)[1]
    assert monitor(writable.data_dir, "lake", "push", url)[0] == 0
    assert monitor(home, "lake", "check", "--quick", url) == (0, "every file is as it was pushed\n")
    code, said = monitor(home, "lake", "restore", url)
    assert (code, "then `monitor rebuild`" in said) == (0, True)
    shutil.rmtree(tmp_path / "lake/ledger")
    code, said = monitor(home, "lake", "check", url)
    assert (code, "is missing" in said) == (1, True)
