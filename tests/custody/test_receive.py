"""Receiving: everything once, in order, and the ledger and the archive in agreement."""

from __future__ import annotations

import errno
import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from custody_support import KINDS, SOURCES, custody, installation, much_later, put

from pipelines.durable import append_all
from pipelines.intake.delivery import DeliveryMeta, utc_text
from pipelines.intake.events import LedgerEvent, deliveries
from pipelines.intake.inbox import deliver
from pipelines.intake.items import examine
from pipelines.intake.ledger import LedgerDamagedError, readopt, reconcile
from pipelines.intake.receive import ReceiveReport, receive
from pipelines.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return installation(tmp_path)


def take(settings: Settings, **more: object) -> ReceiveReport:
    arguments = {"now": much_later(), "period_kinds": KINDS, **more}
    return receive(settings, SOURCES, **arguments)


def left(settings: Settings) -> list[str]:
    paths = settings.inbox_dir.rglob("*")
    return sorted(str(p.relative_to(settings.inbox_dir)) for p in paths if not p.is_dir())


def test_nothing_waits(settings: Settings) -> None:
    assert take(settings) == ReceiveReport()
    assert not settings.ledger_path.exists()


def test_files_and_folders_come_into_custody(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a_syntetisk.csv").write_text("a;b\n")
    deliver(settings, tmp_path / "a_syntetisk.csv", "survey", "2015", DeliveryMeta(provider="X"))
    put(settings, "driftsstoette/2015-06-30/set/one.csv")
    put(settings, "driftsstoette/2015-06-30/set/two.csv", "x\n")
    report = take(settings, by="test")
    assert [each.name for each in report.received] == ["set", "a_syntetisk.csv"]
    assert left(settings) == []
    ledger, archive = custody(settings)
    folder, file = ledger.read()
    assert (folder.kind, folder.by, folder.source, folder.period) == (
        "received",
        "test",
        "driftsstoette",
        "2015-06-30",
    )
    assert (file.is_synthetic, file.provider, file.bytes) == (True, "X", 4)
    assert reconcile(ledger, archive) == []


def test_the_same_bytes_again_are_a_no_op_that_says_so(settings: Settings) -> None:
    put(settings, "survey/2015/a.csv")
    (first,) = take(settings).received
    before = settings.ledger_path.read_bytes()
    put(settings, "survey/2015/renamed.csv")
    report = take(settings)
    assert report.received == ()
    (known,) = report.already_known
    assert (known.delivery_id, known.name) == (first.delivery_id, "renamed.csv")
    assert known.state is not None
    assert known.state.state == "received"
    assert settings.ledger_path.read_bytes() == before
    assert left(settings) == []


def test_bytes_that_were_rejected_are_known_too(settings: Settings) -> None:
    put(settings, "survey/2015/a.csv")
    (first,) = take(settings).received
    ledger, _ = custody(settings)
    rejected = LedgerEvent(
        "rejected", utc_text(much_later()), "gate", first.delivery_id, "survey", "2015", "a.csv"
    )
    ledger.append(rejected)
    put(settings, "survey/2015/a.csv")
    (known,) = take(settings).already_known
    assert known.state is not None
    assert known.state.state == "rejected"


def test_twice_in_one_receipt(settings: Settings) -> None:
    put(settings, "survey/2015/a.csv")
    put(settings, "survey/2015/b.csv")
    report = take(settings)
    assert (len(report.received), len(report.already_known)) == (1, 1)
    assert len(custody(settings)[0].read()) == 1


def test_the_same_bytes_for_two_periods_are_two_deliveries(settings: Settings) -> None:
    put(settings, "driftsstoette/2015-06-30/a.csv")
    put(settings, "driftsstoette/2015-12-31/a.csv")
    report = take(settings)
    assert len({each.delivery_id for each in report.received}) == 2
    assert len({each.content_sha256 for each in report.received}) == 1
    put(settings, "driftsstoette/2015-12-31/a.csv")
    assert len(take(settings).already_known) == 1
    assert reconcile(*custody(settings)) == []


def test_a_wrong_one_stops_no_good_one(settings: Settings, tmp_path: Path) -> None:
    put(settings, "survey/2015/good.csv")
    put(settings, "survey/2015/.hidden", "x\n")
    put(settings, "survey/2015/busy.csv.part", "x\n")
    put(settings, "survey/2015/wrong.csv", "x\n")
    put(settings, "survey/2015/wrong.csv.sha256", "0" * 64)
    report = take(settings)
    assert [each.name for each in report.received] == ["good.csv"]
    assert [each.reason.rule for each in report.refused] == ["inbox.hidden"]
    assert [each.reason.rule for each in report.waiting] == [
        "inbox.in_progress",
        "inbox.manifest_differs",
    ]
    assert "survey/2015/good.csv" not in left(settings)
    assert len(left(settings)) == 4


def test_later_versions_are_received_later_though_the_clock_goes_back(settings: Settings) -> None:
    put(settings, "survey/2015/a.csv", "1\n2\n")
    (first,) = take(settings).received
    put(settings, "survey/2015/a.csv", "1\n3\n")
    (second,) = take(settings, now=much_later() - timedelta(days=400)).received
    assert second.received_at > first.received_at


def test_the_older_file_of_a_slot_is_received_first(settings: Settings) -> None:
    put(settings, "survey/2015/z.csv", "first\n")
    os.utime(settings.inbox_dir / "survey/2015/z.csv", (1, 1))
    put(settings, "survey/2015/a.csv", "second\n")
    assert [each.name for each in take(settings).received] == ["z.csv", "a.csv"]


def test_a_lost_ledger_is_rebuilt_from_the_archive_in_order(settings: Settings) -> None:
    for number in range(5):
        put(settings, f"survey/2015/{number}.csv", f"{9 - number}\n")
    take(settings)
    ledger, archive = custody(settings)
    before = [event.delivery_id for event in ledger.read()]
    settings.ledger_path.unlink()
    (archive.root / "ab" / ("ab" + "0" * 62)).mkdir(parents=True)
    (archive.root / "ab" / ("ab" + "0" * 62) / "manifest.json").write_bytes(b"damaged")
    assert {p.kind for p in reconcile(ledger, archive)} == {
        "archived_not_in_ledger",
        "archive_damaged",
    }
    readopt(ledger, archive, at=much_later(), by="test")
    assert [event.delivery_id for event in ledger.read()] == before
    assert {p.kind for p in reconcile(ledger, archive)} == {"archive_damaged"}
    assert readopt(ledger, archive, at=much_later(), by="test") == []
    assert len(deliveries(ledger.read())) == 5


def test_reconcile_finds_what_does_not_agree(settings: Settings) -> None:
    for number in range(3):
        put(settings, f"survey/2015/{number}.csv", f"{number}\n")
    gone, damaged, moved = take(settings).received
    ledger, archive = custody(settings)
    shutil.rmtree(gone.payload_dir.parent)
    (stored,) = damaged.payload_dir.iterdir()
    stored.chmod(0o644)
    stored.write_bytes(b"9\n")
    manifest = moved.payload_dir.parent / "manifest.json"
    manifest.chmod(0o644)
    manifest.write_text(manifest.read_text().replace('"2015"', '"2016"'))
    found = {(p.kind, p.delivery_id) for p in reconcile(ledger, archive)}
    assert found == {
        ("ledger_without_archive", gone.delivery_id),
        ("archive_damaged", damaged.delivery_id),
        ("address_differs", moved.delivery_id),
    }
    settings.ledger_path.write_bytes(settings.ledger_path.read_bytes()[5:])
    assert {p.kind for p in reconcile(ledger, archive)} == {"ledger_damaged"}


def test_a_damaged_ledger_stops_receiving_and_nothing_is_lost(settings: Settings) -> None:
    put(settings, "survey/2015/a.csv")
    take(settings)
    settings.ledger_path.write_bytes(settings.ledger_path.read_bytes()[5:])
    put(settings, "survey/2015/b.csv", "x\n")
    with pytest.raises(LedgerDamagedError):
        take(settings)
    assert left(settings) == ["survey/2015/b.csv"]


def test_an_item_changed_since_it_was_looked_at_is_left(settings: Settings) -> None:
    path = put(settings, "survey/2015/a.csv", "old\n")

    def overwrite(name: str) -> None:
        if name == "receive.before_removal":
            path.write_text("newer\n")

    (first,) = take(settings, checkpoint=overwrite).received
    assert path.read_text() == "newer\n"
    (second,) = take(settings).received
    assert first.delivery_id != second.delivery_id
    assert left(settings) == []


def test_a_hidden_name_of_ours_that_the_ledger_does_not_know_is_kept(settings: Settings) -> None:
    path = put(settings, "survey/2015/.received-" + "0" * 64)
    take(settings)
    assert path.exists()


class TestDiskFull:
    def test_in_the_archive_the_delivery_waits(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(settings, "survey/2015/a.csv")
        with monkeypatch.context() as full:
            full.setattr("pipelines.durable.write_all", no_room)
            report = take(settings)
        assert [each.reason.rule for each in report.waiting] == ["inbox.disk_full"]
        ledger, archive = custody(settings)
        assert (ledger.read(), archive.all_ids(), list(archive.root.iterdir())) == ([], (), [])
        assert len(take(settings).received) == 1

    def test_in_the_ledger_nothing_is_left_of_the_line(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(settings, "survey/2015/a.csv")
        with monkeypatch.context() as full:
            full.setattr("pipelines.intake.ledger.append_all", append_without_room)
            with pytest.raises(OSError, match="No space"):
                take(settings)
        ledger, archive = custody(settings)
        assert ledger.path.stat().st_size == 0
        assert ledger.read() == []
        assert left(settings) == ["survey/2015/a.csv"]
        assert len(take(settings).received) == 1
        assert reconcile(ledger, archive) == []
        assert len(ledger.read()) == 1


def no_room(descriptor: int, data: bytes) -> None:
    """Write half, as a disk does that is filling up."""
    os.write(descriptor, data[: len(data) // 2])
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def append_without_room(*given: Any) -> None:
    with mock.patch("pipelines.durable.write_all", no_room):
        append_all(*given)


def test_a_file_that_gets_its_own_name_meanwhile_is_left_for_the_next_look(
    settings: Settings,
) -> None:
    put(settings, "survey/2015/.a.csv.part", "another\n")
    put(settings, "survey/2015/b.csv")
    part = settings.inbox_dir / "survey" / "2015" / ".a.csv.part"

    def examine_after_rename(look: Any, entry: os.DirEntry[str], *rest: Any) -> Any:
        if entry.name == part.name:
            part.rename(part.with_name("a.csv"))
        return examine(look, entry, *rest)

    with mock.patch("pipelines.intake.inbox.examine", examine_after_rename):
        assert [each.name for each in take(settings).received] == ["b.csv"]
    assert [each.name for each in take(settings).received] == ["a.csv"]
