"""Zips that hold one data set: nothing gets out of its folder, nothing blows up."""

import io
import stat
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.findings import DeliveryRejected
from pipelines.intake.readers import archive_checks
from pipelines.intake.readers.refusal import Refused
from pipelines.intake.readers.zip_child import unpack
from pipelines.intake.readers.zipped import read_zip

LINK = (stat.S_IFLNK | 0o777) << 16
FIFO = (stat.S_IFIFO | 0o777) << 16


def zipped(*members, method=zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content, *mode in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            if mode:
                info.external_attr = mode[0]
            archive.writestr(info, content)
    return out.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """What the child does, in this process: starting one for each case costs too much."""
    out = io.BytesIO()
    listed = unpack(io.BytesIO(data), out)
    out.seek(0)
    return {name: out.read(size) for name, size in listed}


def rule_of(data: bytes) -> str:
    with pytest.raises(Refused) as refusal:
        unpacked(data)
    return refusal.value.rule


def test_members_come_back_by_their_base_names():
    data = zipped(
        ("sæt/", b""),
        ("sæt/dataset.csv", b"1"),
        ("sæt/labels.csv", b"2"),
        ("__MACOSX/sæt/._dataset.csv", b"x"),
        ("sæt/.DS_Store", b"x"),
        ("Thumbs.db", b"x"),
        ("~$dataset.xlsx", b"x"),
        ("A\u030arsag.xlsx", b"PK\x03\x04"),
    )
    assert read_zip(data, "a.zip") == {
        "dataset.csv": b"1",
        "labels.csv": b"2",
        "Årsag.xlsx": b"PK\x03\x04",
    }


@pytest.mark.parametrize(
    "name",
    [
        "../a.csv",
        "x/../../a.csv",
        "/etc/a.csv",
        "C:\\a.csv",
        "C:a.csv",
        "..\\a.csv",
        "\\\\server\\a.csv",
        "a\x07.csv",
        "a\n.csv",
        "a.csv:stream",
        "a\u202ecsv.exe",
    ],
)
def test_unsafe_names_are_refused(name):
    assert rule_of(zipped((name, b"x"))) == "F08_unsafe_member_name"


@pytest.mark.parametrize("mode", [LINK, FIFO])
def test_links_and_devices_are_refused(mode):
    assert rule_of(zipped(("a.csv", b"/etc/passwd", mode))) == "F08_unsafe_member_name"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("b.zip", b"x"),
        ("b.7z", b"x"),
        ("b.csv.gz", b"x"),
        ("b.csv", zipped(("c", b"x"))),
        ("b.txt", b"\x1f\x8b\x08"),
    ],
)
def test_packed_files_inside_are_refused(name, content):
    assert rule_of(zipped((name, content))) == "F09_nested_archive"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("other", ["a.csv", "A.CSV", "x/a.csv"])
def test_doubled_names_are_refused(other):
    assert rule_of(zipped(("a.csv", b"1"), (other, b"2"))) == "F10_duplicate_members"


def test_a_bomb_is_refused_by_its_directory():
    bomb = zipped(("a.csv", b"0" * (40 << 20)))
    assert len(bomb) < 100_000
    assert rule_of(bomb) == "F07_oversized_content"


def test_too_many_members_are_refused(monkeypatch):
    monkeypatch.setattr(archive_checks, "MAX_MEMBERS", 3)
    assert rule_of(zipped(*((f"{n}.csv", b"x") for n in range(4)))) == "F07_oversized_content"


def test_a_member_that_lies_about_its_size_is_refused():
    data = bytearray(zipped(("a.csv", b"0123456789"), method=zipfile.ZIP_STORED))
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 4)
    assert rule_of(bytes(data)) == "F11_corrupt_file"


def test_repetitive_small_files_are_no_bombs():
    assert unpacked(zipped(("a.csv", b"0" * (1 << 20))))


def test_an_encrypted_member_is_refused():
    data = bytearray(zipped(("a.csv", b"x")))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    assert rule_of(bytes(data)) == "F06_encrypted"


def test_a_wrong_checksum_is_refused():
    data = bytearray(zipped(("a.csv", b"Sagsnr;Kommune"), method=zipfile.ZIP_STORED))
    data[data.index(b"Kommune")] ^= 0x20
    assert rule_of(bytes(data)) == "F11_corrupt_file"


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "F02_empty_file"),
        (zipped(), "F02_empty_file"),
        (zipped(("mappe/", b"")), "F02_empty_file"),
        (b"Sagsnr;Kommune\n", "F05_wrong_container"),
        (b"Rar!\x1a\x07\x00", "F05_wrong_container"),
        (zipped(("a.csv", b"x" * 100))[:-30], "F11_corrupt_file"),
    ],
)
def test_what_is_no_whole_zip_is_refused(data, rule):
    with pytest.raises(DeliveryRejected) as refusal:
        read_zip(data, "a.zip")
    assert (refusal.value.rule, refusal.value.file) == (rule, "a.zip")


SOUND = zipped(("dataset.csv", b"s_1;s_2\n1;2\n" * 20), ("labels.csv", b"s_1;1;ja\n"))


@given(st.data())
def test_no_damage_gets_through_or_crashes(data):
    """A flipped byte gives a rejection, or the very same content."""
    damaged = bytearray(SOUND)
    at = data.draw(st.integers(0, len(SOUND) - 1))
    damaged[at] ^= data.draw(st.integers(1, 255))
    try:
        members = unpacked(bytes(damaged))
    except Refused:
        return
    whole = unpacked(SOUND)
    assert all(content in whole.values() for content in members.values())
