"""What the inbox takes, what it waits for and what it refuses, on real files, links and FIFOs."""

from __future__ import annotations

import hashlib
import io
import os
import socket
import zipfile
from contextlib import chdir
from datetime import timedelta
from pathlib import Path

import pytest
from custody_support import KINDS, SOURCES, installation, much_later, present, put

from pipelines.intake.completeness import structure_of
from pipelines.intake.delivery import DeliveryMeta
from pipelines.intake.inbox import InboxScan, deliver, scan, waiting
from pipelines.intake.placing import DeliverRefusedError
from pipelines.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return installation(tmp_path)


def look(settings: Settings, seconds_later: float = 60) -> InboxScan:
    now = present() + timedelta(seconds=seconds_later)
    return scan(settings, SOURCES, now=now, settle_seconds=2, period_kinds=KINDS)


def rules(held: InboxScan) -> dict[str, str]:
    return {each.location: each.reason.rule for each in (*held.refused, *held.waiting)}


def a_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.csv"), "a;b\n" * 100)
    return buffer.getvalue()


def test_no_inbox_is_an_empty_one(settings: Settings) -> None:
    assert look(settings) == InboxScan()


def test_items_in_their_order_with_meta(settings: Settings) -> None:
    put(settings, "survey/2016/b.csv")
    put(settings, "survey/2015/z.csv")
    put(settings, "survey/2015/z.csv.meta.json", '{"is_synthetic": true, "provider": "CFBU"}')
    put(settings, "driftsstoette/2015-06-30/sæt/x.csv")
    found = waiting(settings, SOURCES, now=much_later(), period_kinds=KINDS)
    assert [(i.source, i.period, i.name, i.is_folder) for i in found] == [
        ("driftsstoette", "2015-06-30", "sæt", True),
        ("survey", "2015", "z.csv", False),
        ("survey", "2016", "b.csv", False),
    ]
    assert found[1].meta == DeliveryMeta(True, "CFBU", None)


def test_fresh_files_settle_first(settings: Settings) -> None:
    put(settings, "survey/2015/a.csv")
    assert rules(look(settings, 0)) == {"survey/2015/a.csv": "inbox.settling"}
    assert len(look(settings, 3).ready) == 1


def test_an_old_modification_time_does_not_pass_for_settled(settings: Settings) -> None:
    os.utime(put(settings, "survey/2015/a.csv"), (1, 1))
    assert look(settings, 0).ready == ()


def test_a_clock_set_back_does_not_hold_a_file_for_ever(settings: Settings) -> None:
    put(settings, "survey/2015/a.csv")
    assert len(look(settings, -86400).ready) == 1


def test_names_in_progress_wait_and_are_never_taken(settings: Settings) -> None:
    for name in ("a.csv.part", "b.tmp", "c~", ".d.csv.123.part"):
        put(settings, f"survey/2015/{name}")
    held = look(settings)
    assert held.ready == ()
    assert set(rules(held).values()) == {"inbox.in_progress"}


def test_links_fifos_sockets_hidden_and_lock_files_are_refused_and_named(
    settings: Settings, tmp_path: Path
) -> None:
    folder = put(settings, "survey/2015/ok.csv").parent
    (tmp_path / "secret.csv").write_text("a;b\n")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "dangling.csv").symlink_to(tmp_path / "nowhere")
    (folder / "linked_folder").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.csv")
    with socket.socket(socket.AF_UNIX) as listener:
        # the address of a socket may not be long
        with chdir(folder):
            listener.bind("s")
        put(settings, "survey/2015/~$ok.xlsx")
        put(settings, "survey/2015/.hidden")
        put(settings, "survey/2015/evil\x1b[2J.csv")
        held = look(settings)
    assert [item.name for item in held.ready] == ["ok.csv"]
    assert rules(held) == {
        "survey/2015/link.csv": "inbox.link",
        "survey/2015/dangling.csv": "inbox.link",
        "survey/2015/linked_folder": "inbox.link",
        "survey/2015/pipe.csv": "inbox.special_file",
        "survey/2015/s": "inbox.special_file",
        "survey/2015/~$ok.xlsx": "inbox.lock_file",
        "survey/2015/.hidden": "inbox.hidden",
        "survey/2015/evil\\x1b[2J.csv": "inbox.name_control_characters",
    }


def test_linked_source_and_period_folders_are_not_entered(
    settings: Settings, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    (outside / "2015").mkdir(parents=True)
    (outside / "2015" / "a.csv").write_text("a;b\n")
    settings.inbox_dir.mkdir(parents=True)
    (settings.inbox_dir / "survey").symlink_to(outside)
    (settings.inbox_dir / "driftsstoette").mkdir()
    (settings.inbox_dir / "driftsstoette" / "2015-06-30").symlink_to(outside / "2015")
    held = look(settings)
    assert held.ready == ()
    assert rules(held) == {"survey": "inbox.link", "driftsstoette/2015-06-30": "inbox.link"}


def test_things_in_the_wrong_place(settings: Settings) -> None:
    put(settings, "loose.csv")
    put(settings, "unknown/2015/a.csv")
    put(settings, "survey/2015-06-30/a.csv")
    put(settings, "driftsstoette/2015-02-30/a.csv")
    put(settings, "survey/no period.csv")
    put(settings, "survey/svar 2016.csv")
    held = look(settings)
    assert [(item.period, item.name) for item in held.ready] == [("2016", "svar 2016.csv")]
    assert rules(held) == {
        "loose.csv": "inbox.no_source",
        "unknown": "inbox.unknown_source",
        "survey/2015-06-30": "inbox.wrong_period",
        "driftsstoette/2015-02-30": "inbox.wrong_period",
        "survey/no period.csv": "inbox.no_period",
    }


@pytest.mark.parametrize(
    ("inner", "rule"),
    [
        ("under/a.csv", "inbox.subfolder"),
        (".hidden", "inbox.hidden"),
        ("a.csv.part", "inbox.in_progress"),
        ("~$a.xlsx", "inbox.in_progress"),
    ],
)
def test_what_a_folder_may_not_hold(settings: Settings, inner: str, rule: str) -> None:
    put(settings, "survey/2015/set/dataset.csv")
    put(settings, f"survey/2015/set/{inner}")
    assert rules(look(settings)) == {"survey/2015/set": rule}


def test_a_link_inside_a_folder_refuses_it_and_desktop_files_are_left_out(
    settings: Settings,
) -> None:
    put(settings, "survey/2015/good/dataset.csv")
    put(settings, "survey/2015/good/Thumbs.db")
    bad = put(settings, "survey/2015/bad/dataset.csv")
    (bad.parent / "x.csv").symlink_to("/etc/passwd")
    held = look(settings)
    assert [[file.name for file in item.files] for item in held.ready] == [["dataset.csv"]]
    assert rules(held) == {"survey/2015/bad": "inbox.link"}


def test_a_decomposed_name_is_kept_composed(settings: Settings) -> None:
    put(settings, "survey/2015/ma\u030aling.csv")
    assert [item.name for item in look(settings).ready] == ["m\u00e5ling.csv"]


class TestManifest:
    def test_a_listed_file_needs_no_settling(self, settings: Settings) -> None:
        data = b"a;b\n1;2"
        put(settings, "survey/2015/a.csv", data)
        put(settings, "survey/2015/a.csv.sha256", hashlib.sha256(data).hexdigest() + " *a.csv\n")
        assert len(look(settings, 0).ready) == 1

    def test_a_wrong_sum_waits_then_is_refused(self, settings: Settings) -> None:
        put(settings, "survey/2015/a.csv")
        put(settings, "survey/2015/a.csv.sha256", "0" * 64)
        expected = {"survey/2015/a.csv": "inbox.manifest_differs"}
        early, late = look(settings), look(settings, 3600)
        assert rules(early) == rules(late) == expected
        assert (len(early.waiting), len(late.refused)) == (1, 1)

    def test_a_folder_needs_all_its_files_listed(self, settings: Settings) -> None:
        digest = hashlib.sha256(b"x\n").hexdigest()
        put(settings, "survey/2015/set/one.csv", b"x\n")
        put(settings, "survey/2015/set.sha256", f"{digest}  one.csv\n{digest}  set/two.csv\n")
        assert rules(look(settings)) == {"survey/2015/set": "inbox.manifest_differs"}
        put(settings, "survey/2015/set/two.csv", b"x\n")
        assert len(look(settings, 0).ready) == 1

    @pytest.mark.parametrize("text", [b"", b"not a sum", b"\xff\xfe", b"0" * (1 << 21)])
    def test_nonsense(self, settings: Settings, text: bytes) -> None:
        put(settings, "survey/2015/a.csv")
        put(settings, "survey/2015/a.csv.sha256", text)
        assert rules(look(settings)) == {"survey/2015/a.csv": "inbox.bad_manifest"}

    def test_linked_side_files_are_not_read(self, settings: Settings, tmp_path: Path) -> None:
        item = put(settings, "survey/2015/a.csv")
        (tmp_path / "m").write_text("{}")
        item.with_name("a.csv.meta.json").symlink_to(tmp_path / "m")
        assert rules(look(settings)) == {"survey/2015/a.csv": "inbox.bad_meta"}

    def test_side_files_alone_wait(self, settings: Settings) -> None:
        put(settings, "survey/2015/a.csv.meta.json", "{}")
        assert rules(look(settings)) == {"survey/2015/a.csv.meta.json": "inbox.lone_sidecar"}


def test_misspelt_meta_is_not_ignored(settings: Settings) -> None:
    put(settings, "survey/2015/a.csv")
    put(settings, "survey/2015/a.csv.meta.json", '{"synthetic": true}')
    assert rules(look(settings)) == {"survey/2015/a.csv": "inbox.bad_meta"}


TABLE = "kode;navn;beløb\n" + "101;København;1.500,00\n" * 5


@pytest.mark.parametrize(
    ("data", "structure"),
    [
        (TABLE.encode(), "whole"),
        (TABLE.encode("cp1252"), "whole"),
        (TABLE.encode("utf-16"), "whole"),
        (TABLE.replace("\n", "\r").encode(), "whole"),
        (TABLE.encode() + b"\x1a", "whole"),
        (TABLE.rstrip().encode(), "plausible"),
        (TABLE.encode()[:-10], "cut_off"),
        (TABLE.encode("utf-16")[:-21], "cut_off"),
        (TABLE.encode("utf-16")[:-22], "cut_off"),
        (b"Referat af styringsdialog, 2014. Til stede: A, B", "plausible"),
        (b'a;b\n1;"halv', "cut_off"),
        (a_zip(), "whole"),
        (a_zip()[:-1], "cut_off"),
        (a_zip()[:100], "cut_off"),
        (b"%PDF-1.7\n...\nstartxref\n1\n%%EOF\n", "whole"),
        (b"%PDF-1.7\n...\nstart", "cut_off"),
        (b"$FL2@(#) SPSS\0\0\0", "plausible"),
        (b"\x1a", "cut_off"),
    ],
)
def test_structure(tmp_path: Path, data: bytes, structure: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    assert structure_of(path) == structure


def test_every_cut_of_a_zip_is_seen(tmp_path: Path) -> None:
    path, whole = tmp_path / "file.zip", a_zip()
    for end in range(4, len(whole)):
        path.write_bytes(whole[:end])
        assert structure_of(path) == "cut_off"


def test_a_cut_off_file_waits_then_is_refused(settings: Settings) -> None:
    put(settings, "survey/2015/a.csv", TABLE.encode()[:-10])
    put(settings, "survey/2015/empty.csv", b"")
    (settings.inbox_dir / "survey/2015/empty folder").mkdir()
    expected = {
        "survey/2015/a.csv": "inbox.cut_off",
        "survey/2015/empty.csv": "inbox.empty",
        "survey/2015/empty folder": "inbox.empty",
    }
    early, late = look(settings), look(settings, 3600)
    assert rules(early) == rules(late) == expected
    assert (len(early.waiting), len(late.refused)) == (3, 3)


def test_text_without_a_last_newline_waits_longer(settings: Settings) -> None:
    put(settings, "survey/2015/a.csv", TABLE.rstrip())
    assert look(settings, 5).ready == ()
    assert len(look(settings, 11).ready) == 1


def test_the_signature_follows_the_bytes(settings: Settings) -> None:
    path = put(settings, "survey/2015/a.csv")
    first = look(settings).ready[0].signature
    assert look(settings).ready[0].signature == first
    path.write_text("a;b\n1;3\n4;5\n")
    assert look(settings).ready[0].signature != first


class TestDeliver:
    def test_a_file_is_ready_at_once_with_its_meta(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        (tmp_path / "a.csv").write_text("uden linjeskift")
        meta = DeliveryMeta(True, "CFBU")
        place = deliver(settings, tmp_path / "a.csv", "survey", "2015", meta)
        assert place == settings.inbox_dir / "survey/2015/a.csv"
        (item,) = look(settings, 0).ready
        assert (item.name, item.meta) == ("a.csv", meta)

    def test_a_folder_is_ready_at_once(self, settings: Settings, tmp_path: Path) -> None:
        folder = tmp_path / "sæt"
        folder.mkdir()
        (folder / "dataset.csv").write_text("x")
        (folder / "labels.csv").write_text("y")
        (folder / ".DS_Store").write_text("z")
        deliver(settings, folder, "survey", "2015")
        (item,) = look(settings, 0).ready
        assert [file.name for file in item.files] == ["dataset.csv", "labels.csv"]

    def test_the_same_again_is_fine_and_another_is_refused(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        path = tmp_path / "a.csv"
        path.write_text("1\n")
        assert deliver(settings, path, "survey", "2015") == deliver(
            settings, path, "survey", "2015"
        )
        path.write_text("2\n")
        with pytest.raises(DeliverRefusedError, match="still waits"):
            deliver(settings, path, "survey", "2015")
        assert (settings.inbox_dir / "survey/2015/a.csv").read_text() == "1\n"
        assert len(list(settings.inbox_dir.glob("*/*/*"))) == 2

    @pytest.mark.parametrize(
        ("name", "source", "period"),
        [
            ("a.csv", "../survey", "2015"),
            ("a.csv", "survey", "../2015"),
            ("a.csv", "survey", "2015-02-30"),
            (".a.csv", "survey", "2015"),
            ("a.csv.part", "survey", "2015"),
            ("a.meta.json", "survey", "2015"),
            ("a\x07.csv", "survey", "2015"),
            ("folder", "survey", "2015"),
        ],
    )
    def test_what_the_inbox_would_refuse_is_not_delivered(
        self, settings: Settings, tmp_path: Path, name: str, source: str, period: str
    ) -> None:
        path = tmp_path / name
        path.mkdir() if name == "folder" else path.write_text("x\n")
        with pytest.raises(DeliverRefusedError):
            deliver(settings, path, source, period)
        assert not list(settings.data_dir.glob("inbox/*/*/*"))

    def test_links_in_a_folder_are_not_delivered(self, settings: Settings, tmp_path: Path) -> None:
        folder = tmp_path / "set"
        folder.mkdir()
        (folder / "a.csv").symlink_to("/etc/passwd")
        with pytest.raises(DeliverRefusedError, match="is a link"):
            deliver(settings, folder, "survey", "2015")
