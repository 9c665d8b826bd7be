"""The release log: a chain that shows any change, and survives a write cut short."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.release.log import LogDamagedError, ReleaseEvent, ReleaseLog


def event(version: str) -> ReleaseEvent:
    return ReleaseEvent("approved", "2026-11-23T08:00:00Z", "anna", version, "c", "k", "Set")


@pytest.fixture
def log(tmp_path: Path) -> ReleaseLog:
    kept = ReleaseLog(tmp_path / "releases" / "log.jsonl")
    for version in ("2015.1", "2016.1", "2017.1"):
        kept.append(event(version))
    return kept


def test_events_come_back_in_order(log: ReleaseLog) -> None:
    assert [(e.seq, e.version) for e in log.read()] == [
        (1, "2015.1"),
        (2, "2016.1"),
        (3, "2017.1"),
    ]
    assert ReleaseLog(log.path.with_name("none")).read() == []


def test_a_line_cut_short_is_no_event_and_gone_with_the_next(log: ReleaseLog) -> None:
    whole = log.path.read_bytes()
    log.path.write_bytes(whole[:-20])
    assert len(log.read()) == 2
    log.append(event("2018.1"))
    assert [e.version for e in log.read()] == ["2015.1", "2016.1", "2018.1"]


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [lines[0], lines[1].replace(b"anna", b"otto"), lines[2]],
        lambda lines: [lines[0], lines[2]],
        lambda lines: [lines[1], lines[0], lines[2]],
        lambda lines: [lines[0], b"{}", lines[2]],
        lambda lines: [*lines, lines[2]],
    ],
    ids=["changed", "taken out", "swapped", "no event", "twice"],
)
def test_any_other_change_is_seen_and_nothing_is_appended(log: ReleaseLog, change) -> None:
    lines = log.path.read_bytes().splitlines()
    log.path.write_bytes(b"".join(line + b"\n" for line in change(lines)))
    before = log.path.read_bytes()
    with pytest.raises(LogDamagedError):
        log.read()
    with pytest.raises(LogDamagedError):
        log.append(event("2018.1"))
    assert log.path.read_bytes() == before
