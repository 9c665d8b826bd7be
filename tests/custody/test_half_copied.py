"""Half a file is never taken: under a name in progress, beside its hash, or while it is open."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from custody_support import KINDS, SOURCES, custody, installation, much_later, put

from pipelines.intake.completeness import is_being_written
from pipelines.intake.receive import ReceiveReport, receive
from pipelines.settings import Settings

WHOLE = b"kode;navn\n101;K\xf8benhavn\n461;Odense\n"
PLACE = "survey/2015/a.csv"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return installation(tmp_path)


def take(settings: Settings) -> ReceiveReport:
    return receive(settings, SOURCES, now=much_later(), settle_seconds=0, period_kinds=KINDS)


def the_one_received(settings: Settings) -> bytes:
    (delivery,) = take(settings).received
    _, archive = custody(settings)
    with archive.open_payload(delivery) as folder:
        return (folder / "a.csv").read_bytes()


@pytest.mark.parametrize("ending", [".part", ".filepart", ".crdownload"])
def test_under_a_name_in_progress_no_part_is_taken(settings: Settings, ending: str) -> None:
    for end in (*range(0, len(WHOLE), 4), len(WHOLE)):
        half = put(settings, PLACE + ending, WHOLE[:end])
        assert take(settings).received == ()
    half.rename(settings.inbox_dir / PLACE)
    assert the_one_received(settings) == WHOLE


def test_beside_its_hash_no_part_is_taken(settings: Settings) -> None:
    put(settings, f"{PLACE}.sha256", f"{hashlib.sha256(WHOLE).hexdigest()}  a.csv\n")
    for end in range(0, len(WHOLE), 4):
        put(settings, PLACE, WHOLE[:end])
        assert take(settings).received == ()
    assert not list(settings.archive_dir.glob("*"))
    put(settings, PLACE, WHOLE)
    assert the_one_received(settings) == WHOLE


def test_a_folder_is_not_taken_before_its_last_listed_file(settings: Settings) -> None:
    files = {"dataset.csv": WHOLE, "labels.csv": b"1;ja\n"}
    listing = "".join(f"{hashlib.sha256(d).hexdigest()}  {name}\n" for name, d in files.items())
    put(settings, "survey/2015/set.sha256", listing)
    for name, data in files.items():
        for end in range(0, len(data), 3):
            put(settings, f"survey/2015/set/{name}", data[:end])
            assert take(settings).received == ()
        put(settings, f"survey/2015/set/{name}", data)
    (delivery,) = take(settings).received
    assert [file.name for file in delivery.files] == sorted(files)


def test_a_copy_that_pauses_at_the_end_of_a_line_is_not_taken(settings: Settings) -> None:
    """What was written after it had been received would be lost with the file."""
    path = put(settings, PLACE, b"")
    with path.open("wb", buffering=0) as copying:
        for line in WHOLE.splitlines(keepends=True):
            copying.write(line)
            assert is_being_written(path)
            report = take(settings)
            assert report.received == ()
            assert [held.reason.rule for held in report.waiting] == ["inbox.settling"]
    assert not is_being_written(path)
    assert the_one_received(settings) == WHOLE


def test_a_reader_is_no_writer(settings: Settings) -> None:
    path = put(settings, PLACE, WHOLE)
    with path.open("rb"):
        assert not is_being_written(path)
