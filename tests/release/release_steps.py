"""The steps of a release, on an installation that has nothing but releases."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from small_release import AFTER, CALENDAR, WRONG, material, render

from pipelines.durable import Checkpoint
from pipelines.release.calendar import Calendar
from pipelines.release.checks import NEEDED, CheckReport, CheckResult, Status, keep_report
from pipelines.release.folder import ReleaseFolder
from pipelines.release.material import Material
from pipelines.release.prepare import prepare
from pipelines.release.published import published_versions
from pipelines.release.signing import approve, publish
from pipelines.settings import Settings


def installation(root: Path) -> Settings:
    return Settings.from_env({"MONITOR_DATA_DIR": str(root / "data"), "HOME": str(root)})


def candidate(
    settings: Settings,
    year: int = 2016,
    made: Material | None = None,
    *,
    by: str = "otto",
    calendar: Calendar = CALENDAR,
    now: datetime = AFTER,
) -> ReleaseFolder:
    """What is planned; when that is out, a correction of it."""
    is_out = any(version.year == year for version in published_versions(settings))
    done = prepare(
        *(settings, year, made or material()),
        by=by,
        now=now,
        calendar=calendar,
        render=render,
        correction=WRONG if is_out else None,
    )
    return done.folder


def checked(folder: ReleaseFolder, status: Status = "passed") -> CheckReport:
    results = tuple(
        CheckResult(name, name.upper(), status if name == "grim" else "passed", "Alt passer.")
        for name in NEEDED
    )
    report = CheckReport(folder.candidate_hash(), results)
    keep_report(folder, report)
    return report


def signed(
    settings: Settings, year: int = 2016, made: Material | None = None, now: datetime = AFTER
) -> ReleaseFolder:
    folder = candidate(settings, year, made, now=now)
    checked(folder)
    approve(settings, folder.version, by="anna", note="Set igennem", calendar=CALENDAR, now=now)
    return folder


def published(settings: Settings, year: int = 2016, made: Material | None = None) -> ReleaseFolder:
    folder = signed(settings, year, made)
    publish(settings, folder.version, by="anna", calendar=CALENDAR, now=AFTER)
    return folder


def killed_at(point: str, work: Callable[[Checkpoint], object]) -> None:
    """Do the work in a child that is gone at a point, without any of its own cleaning up."""

    def kill(name: str) -> None:
        if name == point:
            os._exit(9)

    child = os.fork()
    if child == 0:
        try:
            work(kill)
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9, point
