"""Names that cannot be taken, and half-copied files: refused or waited for, always named."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from custody_support import KINDS, SOURCES, custody, installation, much_later, present, put

from pipelines.intake.completeness import SeenFile
from pipelines.intake.inbox import InboxScan, scan
from pipelines.intake.items import InboxItem
from pipelines.intake.placing import take_out
from pipelines.intake.receive import ReceiveReport, receive
from pipelines.report import print_status
from pipelines.settings import Settings

TABLE = b"kode;navn\n" + b"101;Eksempel\n" * 20
CUT_INSIDE_A_LINE = TABLE[:-10]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return installation(tmp_path)


def look(settings: Settings, now: datetime | None = None) -> InboxScan:
    return scan(settings, SOURCES, now=now or much_later(), settle_seconds=2, period_kinds=KINDS)


def rules(held: InboxScan) -> dict[str, str]:
    return {each.location: each.reason.rule for each in (*held.refused, *held.waiting)}


def take(settings: Settings) -> ReceiveReport:
    return receive(settings, SOURCES, now=much_later(), period_kinds=KINDS)


class TestNames:
    def test_two_that_differ_in_capitals_only_are_both_refused(self, settings: Settings) -> None:
        put(settings, "survey/2015/udtræk.csv", TABLE)
        put(settings, "survey/2015/Udtræk.CSV", TABLE + b"x;y\n")
        put(settings, "survey/2015/andet.csv", TABLE)
        held = look(settings)
        assert [item.name for item in held.ready] == ["andet.csv"]
        assert rules(held) == dict.fromkeys(
            ("survey/2015/Udtræk.CSV", "survey/2015/udtræk.csv"), "inbox.same_name"
        )
        (settings.inbox_dir / "survey/2015/Udtræk.CSV").unlink()
        assert len(look(settings).ready) == 2

    def test_two_that_differ_in_unicode_form_only_are_both_refused(
        self, settings: Settings
    ) -> None:
        for name in ("m\u00e5ling.csv", "ma\u030aling.csv"):
            put(settings, f"survey/2015/{name}", TABLE)
        held = look(settings)
        assert held.ready == ()
        assert list(rules(held).values()) == ["inbox.same_name"] * 2

    @pytest.mark.parametrize(("one", "other"), [("DATASET.csv", "dataset.csv"), ("å", "a\u030a")])
    def test_inside_a_folder_as_well(self, settings: Settings, one: str, other: str) -> None:
        put(settings, f"survey/2015/set/{one}", TABLE)
        put(settings, f"survey/2015/set/{other}", TABLE)
        assert rules(look(settings)) == {"survey/2015/set": "inbox.same_name"}

    def test_side_files_in_capitals_are_no_doubles(self, settings: Settings) -> None:
        put(settings, "survey/2015/a.csv", TABLE)
        put(settings, "survey/2015/a.csv.meta.json", "{}")
        assert len(look(settings).ready) == 1

    @pytest.mark.parametrize(
        ("name", "rule"),
        [
            ("x" * 200, None),
            ("x" * 201, "inbox.name_too_long"),
            ("æ" * 101, "inbox.name_too_long"),
            ("linje\nskift.csv", "inbox.name_control_characters"),
            ("tabulator\t.csv", "inbox.name_control_characters"),
            ("slet\x7f.csv", "inbox.name_control_characters"),
            ("vendt\u202e.csv", "inbox.name_control_characters"),
            ("usynlig\u200b.csv", "inbox.name_control_characters"),
            ("~$udtræk.xlsx", "inbox.lock_file"),
            (".~lock.udtræk.ods#", "inbox.lock_file"),
            (".skjult.csv", "inbox.hidden"),
            ("udtræk.csv.PART", "inbox.in_progress"),
            ("udtræk.csv.crdownload", "inbox.in_progress"),
        ],
    )
    def test_a_name_is_taken_or_refused_for_its_reason(
        self, settings: Settings, name: str, rule: str | None
    ) -> None:
        put(settings, f"survey/2015/{name}", TABLE)
        held = look(settings)
        assert list(rules(held).values()) == ([rule] if rule else [])
        assert all(location.isprintable() for location in rules(held))

    def test_a_name_that_is_no_text_is_refused(self, settings: Settings) -> None:
        folder = put(settings, "survey/2015/a.csv", TABLE).parent
        (folder / os.fsdecode(b"b\xe6.csv")).write_bytes(TABLE)
        held = look(settings)
        assert rules(held) == {"survey/2015/b\\udce6.csv": "inbox.name_not_unicode"}

    def test_a_long_name_goes_all_the_way(self, settings: Settings) -> None:
        put(settings, f"survey/2015/{'x' * 196}.csv", TABLE)
        (delivery,) = take(settings).received
        _, archive = custody(settings)
        with archive.open_payload(delivery) as payload:
            assert [p.read_bytes() for p in payload.iterdir()] == [TABLE]


def test_status_names_everything_that_is_refused_in_printable_words(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = put(settings, "survey/2015/ond\x1b[2J.csv", TABLE).parent
    (folder / "genvej.csv").symlink_to("/etc/passwd")
    os.mkfifo(folder / "rør.csv")
    put(settings, "survey/2015/.skjult", TABLE)
    put(settings, "survey/2015/~$bog.xlsx", TABLE)
    put(settings, "survey/2015/a.csv", TABLE)
    put(settings, "survey/2015/A.csv", TABLE)
    put(settings, "survey/2015/halv.csv", CUT_INSIDE_A_LINE)
    print_status(settings, much_later())
    said = capsys.readouterr().out
    told = [line.strip() for line in said.splitlines() if "survey/2015/" in line]
    assert [line.split(": ")[:2] for line in told] == [
        ["refused", f"survey/2015/{name}"]
        for name in (".skjult", "A.csv", "a.csv", "genvej.csv", "ond\\x1b[2J.csv", "rør.csv")
    ] + [["refused", "survey/2015/~$bog.xlsx"], ["not complete", "survey/2015/halv.csv"]]
    assert all(len(line.split(": ")[2]) > 20 for line in told), "each says why"
    assert "\x1b" not in said


class TestHalfCopied:
    """A copy under way, step by step: the clock and the stamps are given, nothing is waited for."""

    @pytest.mark.parametrize("size", range(1, len(TABLE), 7))
    def test_a_growing_file_is_not_taken_while_it_grows(
        self, settings: Settings, size: int
    ) -> None:
        path = put(settings, "survey/2015/a.csv", TABLE[:size])
        written = path.stat().st_ctime
        just_now = datetime.fromtimestamp(written + 1.9, UTC)
        assert rules(look(settings, just_now)) == {"survey/2015/a.csv": "inbox.settling"}

    def test_a_copy_that_stopped_is_taken_only_if_its_last_line_has_all_fields(
        self, settings: Settings
    ) -> None:
        """What structure cannot tell is for the warning on it and for the comparison of sizes."""
        for size in range(len(TABLE.splitlines(keepends=True)[0]) * 4, len(TABLE)):
            put(settings, "survey/2015/a.csv", TABLE[:size])
            lines = TABLE[:size].splitlines()
            assert bool(look(settings).ready) == (b";" in lines[-1])

    @pytest.mark.parametrize("size", [1, 100, len(TABLE) - 1])
    def test_a_listed_file_is_not_taken_before_its_last_byte(
        self, settings: Settings, size: int
    ) -> None:
        put(settings, "survey/2015/a.csv.sha256", hashlib.sha256(TABLE).hexdigest())
        path = put(settings, "survey/2015/a.csv", TABLE[:size])
        assert rules(look(settings)) == {"survey/2015/a.csv": "inbox.manifest_differs"}
        assert take(settings).received == ()
        path.write_bytes(TABLE)
        assert [each.name for each in take(settings).received] == ["a.csv"]

    def test_a_file_under_a_temporary_name_is_not_taken_until_it_is_renamed(
        self, settings: Settings
    ) -> None:
        path = put(settings, "survey/2015/a.csv.part", TABLE)
        assert take(settings).received == ()
        path.rename(path.with_name("a.csv"))
        assert [each.name for each in take(settings).received] == ["a.csv"]

    def test_a_file_that_grows_between_look_and_copy_is_left(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = put(settings, "survey/2015/a.csv", TABLE)

        def grows(step: str) -> None:
            if step == "receive.scanned":
                path.write_bytes(TABLE + b"102;Mere\n")

        report = receive(settings, SOURCES, now=much_later(), period_kinds=KINDS, checkpoint=grows)
        assert [each.name for each in report.received] in ([], ["a.csv"])
        _, archive = custody(settings)
        for delivery in report.received:
            with archive.open_payload(delivery) as payload:
                assert (payload / "a.csv").read_bytes() == TABLE + b"102;Mere\n", "never a half"
        assert path.exists() or report.received

    def test_an_old_stamp_on_new_bytes_is_seen_by_size_and_inode(self, settings: Settings) -> None:
        path = put(settings, "survey/2015/a.csv", TABLE)
        (item,) = look(settings).ready
        stamps = (item.files[0].mtime_ns, item.files[0].mtime_ns)
        path.write_bytes(TABLE[:-1])
        os.utime(path, ns=stamps)
        assert not take_out(settings, item, "0" * 64), "another size"
        path.unlink()
        path.with_name("b").write_bytes(TABLE)
        path.with_name("b").rename(path)
        os.utime(path, ns=stamps)
        (found,) = look(settings).ready
        assert found.files[0].size == item.files[0].size
        elsewhere = replace(item.files[0], inode=found.files[0].inode + 1)
        assert not elsewhere.is_unchanged(path.stat())
        assert item.signature != as_seen(item, elsewhere).signature


def as_seen(item: InboxItem, file: SeenFile) -> InboxItem:
    return replace(item, files=(file,))


def test_a_clock_far_ahead_gives_a_half_file_up_and_says_so(settings: Settings) -> None:
    put(settings, "survey/2015/a.csv", CUT_INSIDE_A_LINE)
    held = look(settings, present() + timedelta(hours=1))
    assert [each.reason.rule for each in held.refused] == ["inbox.cut_off"]
