"""Zips: names that lead out, bombs, damage, and what a desktop leaves in one."""

from __future__ import annotations

import io
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace

from bad_input_harness import DEFAULT_FILE, Case
from bad_input_tables import csv_of, grants, meetings, survey_set
from workbook_files import workbook

GROUP = "zip"
LINK = (stat.S_IFLNK | 0o777) << 16
FIFO = (stat.S_IFIFO | 0o644) << 16
DESCRIPTOR_FLAG = 0x08
DEFLATE64 = 9

Member = tuple[str, bytes] | tuple[str, bytes, int]


def zipped(*members: Member, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of members: name, content and perhaps Unix attributes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a doubled name is the case's own
        for name, content, *attributes in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            info.external_attr = attributes[0] if attributes else 0
            archive.writestr(info, content)
    return out.getvalue()


def table() -> bytes:
    return csv_of(grants())


def one(name: str, *attributes: int) -> Callable[[], bytes]:
    """A zip whose sound table has this name."""
    return lambda: zipped((name, table(), *attributes))  # type: ignore[arg-type]


def beside(name: str, content: bytes = b"x") -> Callable[[], bytes]:
    """A zip with a sound table and another file."""
    return lambda: zipped(("a.csv", table()), (name, content))


def patched(offset: int, form: str, *values: int, central: bool = True) -> Callable[[], bytes]:
    """A stored zip with a field of its member's directory entry (or local header) overwritten."""

    def make() -> bytes:
        data = bytearray(zipped(("a.csv", table()), method=zipfile.ZIP_STORED))
        at = data.index(b"PK\x01\x02" if central else b"PK\x03\x04")
        struct.pack_into(form, data, at + offset, *values)
        return bytes(data)

    return make


def encrypted() -> bytes:
    data = bytearray(zipped(("a.csv", table())))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    return bytes(data)


def wrong_checksum() -> bytes:
    data = bytearray(zipped(("a.csv", table()), method=zipfile.ZIP_STORED))
    data[data.index(b"Odense")] ^= 0x20
    return bytes(data)


def overlapping() -> bytes:
    """Two directory entries that share one member's bytes, as bombs without recursion do."""
    data = zipped(("a.csv", table()), method=zipfile.ZIP_STORED)
    at, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entry = data[at:end]
    second = entry.replace(b"a.csv", b"b.csv")
    tail = bytearray(data[end:])
    struct.pack_into("<HHI", tail, 8, 2, 2, len(entry) * 2)
    return data[:at] + entry + second + bytes(tail)


def with_descriptor() -> bytes:
    """A zip written to a stream: sizes stand behind the data instead of before it."""

    class Stream(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, given: object) -> int:
            chunk = bytes(given)  # type: ignore[call-overload]
            self.data += chunk
            return len(chunk)

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        archive.writestr("a.csv", table())
    flags = struct.unpack_from("<H", stream.data, 6)[0]
    if not flags & DESCRIPTOR_FLAG:
        raise ValueError("not written with a data descriptor")
    return bytes(stream.data)


def many() -> bytes:
    return zipped(*((f"{n}.csv", b"x") for n in range(2_001)))


UNSAFE = ("F08_unsafe_member_name",)
CORRUPT = ("F11_corrupt_file",)
TOO_MUCH = ("F07_oversized_content",)
DESKTOP: tuple[Member, ...] = (
    ("__MACOSX/._a.csv", b"kanariefugl"),
    ("data/.DS_Store", b"x"),
    ("Thumbs.db", b"x"),
    ("desktop.ini", b"x"),
    ("data/~$udtr.xlsx", b"x"),
    ("data/", b""),
)
SURVEY = {"source": "survey", "period": "2015", "file": "survey.zip"}

ACCEPTED = (
    Case("one_table", one("a.csv"), "accepted", accepted=6),
    Case("table_in_folders", one("2015/juni/a.csv"), "accepted", accepted=6),
    Case("folder_with_backslashes", one("2015\\a.csv"), "accepted", accepted=6),
    Case("workbook", lambda: zipped(("a.xlsx", workbook(grants()))), "accepted", accepted=6),
    Case(
        "what_desktops_leave",
        lambda: zipped(("data/a.csv", table()), *DESKTOP),
        "accepted",
        accepted=6,
    ),
    Case("written_to_a_stream", with_descriptor, "accepted", accepted=6),
    Case("stored_only", patched(0, "<4s", b"PK\x01\x02"), "accepted", accepted=6),  # type: ignore[arg-type]
    Case(
        "list_of_topics",
        lambda: zipped(("a.csv", csv_of(meetings()))),
        "accepted",
        source="styringsdialog",
        period="2015",
        accepted=4,
    ),
    Case(
        "survey_set",
        lambda: zipped(*((f"eksport/{n}", d) for n, d in survey_set().items())),
        "accepted",
        accepted=4,
        **SURVEY,
    ),
    Case(
        "survey_set_without_a_last_line_end",
        lambda: zipped(*{n: d.rstrip() for n, d in survey_set().items()}.items()),
        "accepted",
        warnings=("W14_no_last_newline",),
        **SURVEY,
    ),
    Case(
        "survey_set_and_a_note",
        lambda: zipped(*survey_set().items(), ("læs mig.pdf", b"%PDF-1.4")),
        "accepted",
        warnings=("W07_file_set_aside",),
        **SURVEY,
    ),
)

REFUSED = (
    Case("name_leads_out", one("../a.csv"), "rejected", UNSAFE, says=("en sti",)),
    Case("name_leads_out_deeper", one("x/../../a.csv"), "rejected", UNSAFE),
    Case("name_leads_out_with_backslash", one("..\\a.csv"), "rejected", UNSAFE),
    Case("absolute_name", one("/etc/a.csv"), "rejected", UNSAFE),
    Case("name_on_a_drive", one("C:\\a.csv"), "rejected", UNSAFE),
    Case("name_on_a_server", one("\\\\server\\a.csv"), "rejected", UNSAFE),
    Case("hidden_stream", one("a.csv:b"), "rejected", UNSAFE),
    Case("control_mark_in_a_name", one("a\x07.csv"), "rejected", UNSAFE, says=("styretegn",)),
    Case("name_turned_round", one("a\u202ecsv.exe"), "rejected", UNSAFE),
    Case("link", one("a.csv", LINK), "rejected", UNSAFE, says=("en genvej",)),
    Case("pipe", one("a.csv", FIFO), "rejected", UNSAFE),
    Case("zip_in_a_zip", beside("b.zip"), "rejected", ("F09_nested_archive",)),
    Case(
        "zip_under_another_name",
        beside("b.txt", zipped(("c.csv", b"x"))),
        "rejected",
        ("F09_nested_archive",),
    ),
    Case("gzip_in_a_zip", beside("b.csv.gz"), "rejected", ("F09_nested_archive",)),
    Case("same_name_twice", beside("a.csv"), "rejected", ("F10_duplicate_members",)),
    Case("same_name_in_capitals", beside("A.CSV"), "rejected", ("F10_duplicate_members",)),
    Case("same_name_in_another_folder", beside("x/a.csv"), "rejected", ("F10_duplicate_members",)),
    Case(
        "same_name_composed_otherwise",
        lambda: zipped(("å.csv", table()), ("a\u030a.csv", b"x")),
        "rejected",
        ("F10_duplicate_members",),
    ),
    Case("two_tables", beside("b.csv", table()), "rejected", ("F15_several_data_sets",)),
    Case(
        "two_surveys",
        lambda: zipped(*survey_set().items(), ("b/dataset_2.csv", b"x")),
        "rejected",
        ("F15_several_data_sets",),
        **SURVEY,
    ),
    Case(
        "survey_set_without_structure",
        lambda: zipped(*survey_set(structure=None).items()),
        "rejected",
        ("F18_survey_set_incomplete",),
        says=("structure",),
        **SURVEY,
    ),
    Case("picture", lambda: zipped(("a.png", b"\x89PNG")), "rejected", ("F22_unsupported_format",)),
    Case("bomb", lambda: zipped(("a.csv", b"0" * (40 << 20))), "rejected", TOO_MUCH),
    Case("two_gigabytes_stated", patched(24, "<I", 0xFFFFFFF0), "rejected", TOO_MUCH),
    Case("thousands_of_files", many, "rejected", TOO_MUCH),
    Case("size_understated", patched(24, "<I", 4), "rejected", CORRUPT),
    Case("wrong_checksum", wrong_checksum, "rejected", CORRUPT),
    Case("another_name_inside", patched(30, "<5s", b"b.csv", central=False), "rejected", CORRUPT),  # type: ignore[arg-type]
    Case("shared_bytes", overlapping, "rejected", CORRUPT),
    Case("cut_off", lambda: zipped(("a.csv", table()))[:-30], "rejected", CORRUPT),
    Case("packed_in_an_unknown_way", patched(10, "<H", 99), "rejected", CORRUPT, says=("pak",)),
    Case("encrypted", encrypted, "rejected", ("F06_encrypted",)),
    Case("empty", zipped, "rejected", ("F02_empty_file",)),
    Case("empty_folder", lambda: zipped(("data/", b"")), "rejected", ("F02_empty_file",)),
    Case("desktop_files_alone", lambda: zipped(*DESKTOP), "rejected", ("F02_empty_file",)),
    Case("csv_by_name_of_zip", table, "rejected", ("F05_wrong_container",), says=(".csv",)),
    Case("rar", lambda: b"Rar!\x1a\x07\x00", "rejected", ("F05_wrong_container",), says=("Pak",)),
)

CASES = tuple(
    replace(case, file="udtræk.zip" if case.file == DEFAULT_FILE else case.file, is_slow=True)
    for case in (*ACCEPTED, *REFUSED)
)
