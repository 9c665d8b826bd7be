import dataclasses

import duckdb
import pytest

from pipelines.publish.store import read_release, write_release


def test_what_is_written_is_read_back(release, tmp_path):
    path = tmp_path / "publish.duckdb"
    assert write_release(release, path)
    assert read_release(path) == release
    assert sorted(p.name for p in tmp_path.iterdir()) == ["publish.duckdb"]


def test_the_same_release_leaves_the_file_alone(release, tmp_path):
    path = tmp_path / "publish.duckdb"
    write_release(release, path)
    before = path.read_bytes()
    assert not write_release(release, path)
    assert path.read_bytes() == before
    info = dataclasses.replace(release.info, release_id="2017-other")
    assert write_release(dataclasses.replace(release, info=info), path)


def test_an_unreadable_file_is_replaced(release, tmp_path):
    path = tmp_path / "publish.duckdb"
    path.write_bytes(b"not a database")
    assert write_release(release, path)
    assert read_release(path).info == release.info


def test_evidence_can_open_it_and_finds_no_trace_of_hidden_counts(release, tmp_path):
    path = tmp_path / "publish.duckdb"
    write_release(release, path)
    with duckdb.connect(str(path), read_only=True) as connection:
        tags = connection.execute(
            "select tags['storage_version'] from duckdb_databases() where not internal"
        ).fetchall()
        hidden = connection.execute(
            "select count(*), count(value), count(numerator) from released_cells"
            " where conf_status <> 'F'"
        ).fetchone()
        columns = {
            r[0] for r in connection.execute("select column_name from duckdb_columns()").fetchall()
        }
    assert "v1.4.0" in tags[0][0]
    assert hidden == (4, 0, 0)
    assert "delivery_ids" not in columns


def test_a_release_without_cells_is_still_a_database(release, tmp_path):
    path = tmp_path / "publish.duckdb"
    empty = dataclasses.replace(release, cells=(), notes=(), withheld=(), deliveries=())
    write_release(empty, path)
    assert read_release(path) == empty


def test_reading_something_else_fails_loudly(tmp_path):
    path = tmp_path / "other.duckdb"
    duckdb.connect(str(path)).close()
    with pytest.raises(duckdb.CatalogException):
        read_release(path)
