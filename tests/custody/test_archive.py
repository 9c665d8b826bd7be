"""The archive holds what was received, whole and unchanged, or says what is wrong."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from custody_support import installation

from pipelines.durable import NotARegularFileError, sha256_of
from pipelines.intake.archive import (
    Archive,
    Candidate,
    ManifestMismatchError,
    UnknownDeliveryError,
    archive_of,
)
from pipelines.intake.delivery import DeliveryMeta, ManifestError, readdressed_id
from pipelines.privacy import work_folder

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return archive_of(installation(tmp_path))


@pytest.fixture
def files(tmp_path: Path) -> Iterator[dict[str, Path]]:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "dataset.csv").write_bytes(b"x" * 3_000_000)
    (folder / "æ.csv").write_bytes(b"y")
    yield {path.name: path for path in folder.iterdir()}


def a_file(path: Path, period: str = "2015", announced: str | None = None) -> Candidate:
    sums = None if announced is None else {path.name: announced}
    return Candidate(
        "survey", period, path.name, False, {path.name: path}, DeliveryMeta(provider="CFBU"), sums
    )


def a_folder(files: dict[str, Path]) -> Candidate:
    return Candidate("survey", "2015", "sæt", True, files, DeliveryMeta(True))


def test_a_file(archive: Archive, files: dict[str, Path]) -> None:
    stored = archive.store(a_file(files["dataset.csv"]), received_at=WHEN)
    assert stored.delivery_id == stored.content_sha256 == sha256_of(files["dataset.csv"])
    assert stored == archive.load(stored.delivery_id)
    assert (stored.bytes, stored.received_at, stored.meta.provider) == (3_000_000, WHEN, "CFBU")
    with archive.open_payload(stored) as folder:
        copied = (folder / "dataset.csv").read_bytes()
        assert copied == files["dataset.csv"].read_bytes()
    assert archive.verify(stored.delivery_id) == ()
    assert archive.all_ids() == (stored.delivery_id,)


def test_a_zip_is_read_where_there_is_room_for_what_is_in_it(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is unpacked beside itself, and memory has no more room than for the file as sent."""
    monkeypatch.setattr(work_folder, "_has_room", lambda size: size <= 1000)
    places = {}
    for name in ("udtræk.csv", "udtræk.zip"):
        path = tmp_path / name
        path.write_bytes(name.encode() * 50)
        stored = archive.store(a_file(path), received_at=WHEN)
        with archive.open_payload(stored) as folder:
            places[name] = folder.is_relative_to(archive.work_dir)
    assert places == {"udtræk.csv": False, "udtræk.zip": True}


def test_a_folder(archive: Archive, files: dict[str, Path]) -> None:
    stored = archive.store(a_folder(files), received_at=WHEN)
    assert [file.name for file in stored.files] == ["dataset.csv", "æ.csv"]
    assert archive.verify(stored.delivery_id) == ()
    assert archive.load(stored.delivery_id) == stored


def test_nothing_in_it_is_writable(archive: Archive, files: dict[str, Path]) -> None:
    stored = archive.store(a_folder(files), received_at=WHEN)
    entry = stored.payload_dir.parent
    modes = {stat.S_IMODE(path.lstat().st_mode) for path in (entry, *entry.rglob("*"))}
    assert modes == {0o444, 0o555}


def test_known_content_is_left_as_it_is(archive: Archive, files: dict[str, Path]) -> None:
    first = archive.store(a_file(files["æ.csv"]), received_at=WHEN)
    manifest = first.payload_dir.parent / "manifest.json"
    before = (manifest.read_bytes(), manifest.stat().st_mtime_ns)
    renamed = files["æ.csv"].rename(files["æ.csv"].with_name("other.csv"))
    again = archive.store(a_file(renamed), received_at=WHEN.replace(year=2027))
    assert again == first
    assert (manifest.read_bytes(), manifest.stat().st_mtime_ns) == before
    assert {path.name for path in archive.root.iterdir()} == {first.delivery_id[:2]}
    assert len(list(archive.keys.folder.glob("*.age"))) == 1


def test_the_same_bytes_for_another_period_are_another_delivery(
    archive: Archive, files: dict[str, Path]
) -> None:
    first = archive.store(a_file(files["æ.csv"]), received_at=WHEN)
    other = archive.store(a_file(files["æ.csv"], "2016"), received_at=WHEN)
    assert other.delivery_id == readdressed_id(first.delivery_id, "survey", "2016")
    assert other.content_sha256 == first.delivery_id
    assert archive.store(a_file(files["æ.csv"], "2016"), received_at=WHEN) == other
    assert archive.store(a_file(files["æ.csv"]), received_at=WHEN) == first
    assert archive.verify(other.delivery_id) == ()
    assert len(archive.all_ids()) == 2


def test_an_announced_sum_that_differs_leaves_nothing(
    archive: Archive, files: dict[str, Path]
) -> None:
    with pytest.raises(ManifestMismatchError):
        archive.store(a_file(files["æ.csv"], announced="0" * 64), received_at=WHEN)
    assert archive.all_ids() == ()
    assert list(archive.root.iterdir()) == []


def test_a_link_swapped_in_is_not_followed(archive: Archive, files: dict[str, Path]) -> None:
    path = files["æ.csv"]
    path.unlink()
    path.symlink_to("/etc/passwd")
    with pytest.raises(NotARegularFileError):
        archive.store(a_file(path), received_at=WHEN)
    assert list(archive.root.iterdir()) == []


def test_damage_is_found(archive: Archive, files: dict[str, Path]) -> None:
    stored = archive.store(a_folder(files), received_at=WHEN)
    folder = stored.payload_dir
    folder.chmod(0o755)
    damaged, missing = (folder / f"{place}.zst.age" for place in (1, 2))
    damaged.chmod(0o644)
    data = bytearray(damaged.read_bytes())
    data[-20] ^= 1
    damaged.write_bytes(data)
    missing.unlink()
    (folder / "extra").write_bytes(b"")
    assert set(archive.verify(stored.delivery_id)) == {
        "file damaged: dataset.csv",
        "file missing: æ.csv",
        "file not of the delivery: extra",
    }


def test_a_changed_manifest_is_found(archive: Archive, files: dict[str, Path]) -> None:
    stored = archive.store(a_file(files["æ.csv"]), received_at=WHEN)
    manifest = stored.payload_dir.parent / "manifest.json"
    whole = manifest.read_text()
    manifest.chmod(0o644)
    manifest.write_text(whole.replace(stored.files[0].sha256, "0" * 64))
    assert archive.verify(stored.delivery_id) != ()
    manifest.write_text(whole[:-20])
    assert archive.verify(stored.delivery_id) != ()
    with pytest.raises(ManifestError):
        archive.load(stored.delivery_id)


def test_half_entries_do_not_count_and_are_swept(archive: Archive, tmp_path: Path) -> None:
    left = archive.root / ".incoming-1234" / "payload"
    left.mkdir(parents=True)
    (left / "a.csv").write_bytes(b"a")
    (left / "a.csv").chmod(0o444)
    left.chmod(0o555)
    (archive.root / "ab" / ("ab" + "0" * 62)).mkdir(parents=True)
    assert archive.all_ids() == ()
    assert archive.sweep() == (".incoming-1234",)
    assert not left.exists()


@pytest.mark.parametrize("name", ["0" * 64, "..", "../../x", ""])
def test_unknown_ids(archive: Archive, name: str) -> None:
    with pytest.raises(UnknownDeliveryError):
        archive.load(name)
    assert archive.verify(name) != ()
