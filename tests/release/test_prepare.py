"""A candidate: the same bytes from the same material, whole or not there, nothing under embargo."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from release_steps import candidate, checked, installation, killed_at, published
from small_release import (
    AFTER,
    BEHIND,
    CALENDAR,
    EXTRACT,
    NEW_EXTRACT,
    REGION,
    YES_2016,
    YES_2017,
    cell,
    cells,
    lineage,
    material,
    release_of,
    render,
)

from pipelines.publish.store import read_release
from pipelines.release.folder import release_folder
from pipelines.release.log import preparers, release_log
from pipelines.release.material import Material
from pipelines.release.prepare import Prepared, prepare
from pipelines.release.revisions import read_register
from pipelines.release.versions import ReleaseError, Version
from pipelines.settings import Settings


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def prepared(settings: Settings, made: Material | None = None, **other: object) -> Prepared:
    return prepare(
        *(settings, 2016, made or material()),
        **{"by": "otto", "now": AFTER, "calendar": CALENDAR, "render": render, **other},
    )


def test_the_same_material_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (candidate(installation(tmp_path / name)).path for name in ("one", "other"))
    assert contents(first) == contents(second)
    assert set(contents(first)) == {
        *("release.duckdb", "lineage.json", "models.json", "diff.csv", "revisions.csv"),
        *("manifest.json", "SHA256SUMS", "files/csv/alt.csv", "files/site/index.html"),
    }


def test_the_checksums_are_read_by_the_usual_tool(settings: Settings) -> None:
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"],
        cwd=candidate(settings).path,
        check=False,
    )
    assert done.returncode == 0


@pytest.mark.usefixtures("quick")
def test_what_is_newer_than_the_year_is_not_in_it(settings: Settings) -> None:
    folder = candidate(settings)
    release = read_release(folder.database)
    assert {cell.period for cell in release.cells} == {"2016"}
    assert (release.info.version, release.info.release_id[:7]) == ("2016.1", "2016.1-")
    everything = b"".join(contents(folder.path).values())
    assert YES_2016.encode() in everything
    assert YES_2017.encode() not in everything


@pytest.mark.usefixtures("quick")
def test_a_change_between_waves_is_of_the_later_one(settings: Settings) -> None:
    both = [cell(f"I15.{pair}.all.all.yes.share_pct", 20.0) for pair in ("2015/2016", "2016/2017")]
    folder = candidate(settings, made=material(release_of([*cells(), *both])))
    found = {c.period for c in read_release(folder.database).cells}
    assert found == {"2016", "2015/2016"}


def test_preparing_again_leaves_the_same_candidate_alone(settings: Settings) -> None:
    folder = candidate(settings)
    report = checked(folder)
    inode = folder.path.stat().st_ino
    again = prepared(settings, by="anna")
    assert (again.is_new, folder.path.stat().st_ino) == (False, inode)
    assert report.candidate == again.folder.candidate_hash()
    # anna made the same bytes over again: she may still sign what otto prepared
    assert [(e.kind, e.by) for e in release_log(settings).read()] == [("prepared", "otto")]


@pytest.mark.usefixtures("quick")
def test_other_material_takes_the_place_and_the_checks_go(settings: Settings) -> None:
    checked(candidate(settings))
    other = material(release_of(cells(yes_2016=30)))
    again = prepared(settings, other)
    assert again.is_new
    assert again.folder.checks_hash() is None


@pytest.mark.usefixtures("quick")
def test_after_publication_the_next_revision_marks_what_it_changes(settings: Settings) -> None:
    first = published(settings)
    revised = material(
        release_of(cells(region=7.0)),
        lineage=lineage({**BEHIND, REGION: (NEW_EXTRACT,)}, "other"),
    )
    second = candidate(settings, made=revised)
    assert second.version == Version(2016, 2)
    release = read_release(second.database)
    notes = {cell.cell_id: cell.notes for cell in release.cells if cell.notes}
    assert notes == {REGION: ("revised",)}
    assert [note.text_da for note in release.notes] == ["Revideret."]
    [revision] = read_register(second)
    assert (revision.version_old, revision.version_new) == ("2016.1", "2016.2")
    # 6 and 7 of 11
    assert (revision.change.display_old, revision.change.display_new) == ("54,5", "63,6")
    assert revision.change.causes == "delivery"
    assert not first.problems()


@pytest.mark.usefixtures("quick")
def test_the_register_keeps_earlier_revisions(settings: Settings) -> None:
    published(settings)
    published(settings, made=material(release_of(cells(region=7.0))))
    third = candidate(settings, made=material(release_of(cells(region=7.0, yes_2016=35.0))))
    found = [(r.version_old, r.version_new, r.change.cell_id) for r in read_register(third)]
    assert found == [("2016.1", "2016.2", REGION), ("2016.2", "2016.3", YES_2016)]
    # the mark is of what changed since the last release only
    marked = [c.cell_id for c in read_release(third.database).cells if "revised" in c.notes]
    assert marked == [YES_2016]


@pytest.mark.usefixtures("quick")
def test_what_readers_cannot_see_is_registered_and_not_marked(settings: Settings) -> None:
    published(settings)
    # 54.5 as before: a change behind the last printed decimal
    other = [
        replace(c, value=c.value + 1e-4) if c.cell_id == REGION and c.value else c for c in cells()
    ]
    second = candidate(settings, made=material(release_of(other)))
    assert [r.change.cell_id for r in read_register(second)] == [REGION]
    assert not any(cell.notes for cell in read_release(second.database).cells)


def test_a_year_before_all_figures_or_out_of_the_calendar(settings: Settings) -> None:
    with pytest.raises(ReleaseError, match="no release of 2019 is planned; announce one"):
        candidate(settings, 2019)
    only_new = material(release_of([c for c in cells() if c.period == "2017"]))
    with pytest.raises(ReleaseError, match="no figure up to 2016"):
        candidate(settings, 2016, only_new)
    assert not [p for p in settings.releases_dir.iterdir() if p.is_dir()]


POINTS = ("files_written", "written", "moved_aside", "in_place")


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("point", [f"release.{name}" for name in POINTS])
def test_killed_anywhere_a_whole_candidate_is_left(settings: Settings, point: str) -> None:
    old = candidate(settings)
    before = old.candidate_hash()
    other = material(release_of(cells(yes_2016=30)))
    killed_at(
        point,
        lambda kill: prepared(settings, other, checkpoint=kill),
    )
    left = [p.name for p in settings.releases_dir.glob("[0-9]*")]
    assert set(left) <= {"2016.1"}
    if left:
        assert not release_folder(settings, Version(2016, 1)).problems()
    after = prepared(settings, other).folder
    assert preparers(release_log(settings).read(), "2016.1", after.candidate_hash()) == ["otto"]
    assert not after.problems()
    assert after.candidate_hash() != before
    assert {p.name for p in settings.releases_dir.iterdir()} == {".lock", "log.jsonl", "2016.1"}


@pytest.mark.usefixtures("quick")
def test_what_a_release_was_made_of_is_in_its_manifest(settings: Settings) -> None:
    manifest = candidate(settings).json("manifest.json")
    assert manifest["version"] == "2016.1"
    assert manifest["planned_at"] == "2026-11-10T09:00:00+01:00"
    assert manifest["data"]["ledger_head"] == "e" * 64
    assert manifest["code"]["lock_sha256"] == "l" * 64
    assert manifest["previous"] is None
    assert manifest["counts"]["cells"] == 3
    assert EXTRACT in {d["delivery_id"] for d in manifest["data"]["deliveries"]}


@pytest.mark.usefixtures("quick")
def test_a_change_of_code_alone_is_another_candidate(tmp_path: Path) -> None:
    one = candidate(installation(tmp_path / "one"))
    made = material()
    other = replace(made, code=replace(made.code, fingerprint="code-2"))
    two = candidate(installation(tmp_path / "two"), made=other)
    assert one.candidate_hash() != two.candidate_hash()
