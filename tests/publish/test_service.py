import os

import duckdb
from warehouse_fixture import build_warehouse

from pipelines.publish.service import publish
from pipelines.publish.store import read_release
from pipelines.settings import Settings


def snapshot(settings):
    return {
        p.relative_to(settings.data_dir).as_posix(): (p.read_bytes(), p.stat().st_ino)
        for p in settings.data_dir.rglob("*")
        if p.is_file()
    }


def test_everything_is_published(published):
    settings, report = published
    release = read_release(settings.publish_path)
    assert report.release_id == release.info.release_id
    assert (report.cells, report.suppressed, report.withheld) == (len(release.cells), 4, 1)
    assert report.is_changed
    assert all(p.exists() for p in report.paths)
    made = {
        p.relative_to(settings.published_dir).as_posix()
        for p in settings.published_dir.rglob("*.*")
    }
    assert "tabeller/I05_syntetisk.xlsx" in made
    assert "csv/I14.csv" in made  # the fixture's register facts are not synthetic
    assert "site/figurer/figur-3_syntetisk.svg" in made


def test_publishing_twice_changes_no_byte(published):
    settings, report = published
    before = snapshot(settings)
    again = publish(settings)
    assert not again.is_changed
    assert again.release_id == report.release_id
    assert snapshot(settings) == before


def test_another_installation_makes_the_same_files(published, tmp_path):
    settings, _ = published
    other = Settings.from_env({**os.environ, "MONITOR_DATA_DIR": str(tmp_path)})
    build_warehouse(other.live_path)
    publish(other)
    here, there = (
        {name: data for name, (data, _) in snapshot(s).items() if name.startswith("published/")}
        for s in (settings, other)
    )
    assert here == there


def test_a_change_replaces_the_folder_whole(tmp_path):
    settings = Settings.from_env({**os.environ, "MONITOR_DATA_DIR": str(tmp_path)})
    build_warehouse(settings.live_path)
    publish(settings)
    stray = settings.published_dir / "csv" / "I99.csv"
    stray.write_text("from an earlier release")
    leftover = settings.published_dir.with_name("published.new")
    leftover.mkdir()
    (leftover / "half.txt").write_text("a run that was killed")
    assert publish(settings).is_changed
    assert not stray.exists()
    assert not (settings.published_dir / "half.txt").exists()
    assert not leftover.exists()
    assert not settings.published_dir.with_name("published.old").exists()


def test_readers_of_the_database_are_not_disturbed(tmp_path):
    settings = Settings.from_env({**os.environ, "MONITOR_DATA_DIR": str(tmp_path)})
    build_warehouse(settings.live_path)
    publish(settings)
    with duckdb.connect(str(settings.publish_path), read_only=True) as reader:
        with duckdb.connect(str(settings.live_path)) as writer:
            writer.execute("delete from published.pub_indicator_cells where indicator_id = 'I14'")
        assert publish(settings).is_changed
        old = reader.execute(
            "select count(*) from released_cells where indicator_id = 'I14'"
        ).fetchone()
    assert old == (12,)
    assert not read_release(settings.publish_path).cells_of("I14")
    assert not (settings.published_dir / "csv" / "I14.csv").exists()
