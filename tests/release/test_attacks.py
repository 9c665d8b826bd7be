"""What somebody with a hand in the folder, the log or the clock could try, and what gives."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from release_steps import candidate, checked, published, signed
from small_release import AFTER, CALENDAR, cells, material, release_of

from pipelines.release.checks import CheckReport, keep_report
from pipelines.release.folder import ReleaseFolder, TamperedError, release_folder, write_sums
from pipelines.release.listing import listing
from pipelines.release.log import ClockError, LogDamagedError, release_log
from pipelines.release.published import published_cells
from pipelines.release.refusals import RefusedError
from pipelines.release.signing import approve, publish, withdraw
from pipelines.release.versions import Version
from pipelines.settings import Settings

pytestmark = pytest.mark.usefixtures("quick")
V1 = Version(2016, 1)
CORRECTED = material(release_of(cells(yes_2016=30)))


def go_out(settings: Settings, version: Version = V1, now=AFTER):
    return publish(settings, version, by="anna", calendar=CALENDAR, now=now)


def sign(settings: Settings, now=AFTER):
    return approve(settings, V1, by="anna", note="Set", calendar=CALENDAR, now=now)


def linked_file(folder: ReleaseFolder, elsewhere: Path) -> None:
    """The same bytes today; tomorrow whatever stands at the other end."""
    target = folder.files / "csv" / "alt.csv"
    elsewhere.write_bytes(target.read_bytes())
    target.unlink()
    target.symlink_to(elsewhere)


def linked_folder(folder: ReleaseFolder, elsewhere: Path) -> None:
    elsewhere.mkdir()
    (elsewhere / "more.csv").write_text("x")
    (folder.files / "more").symlink_to(elsewhere)


def empty_folder(folder: ReleaseFolder, elsewhere: Path) -> None:
    del elsewhere
    (folder.files / "empty").mkdir()


def pipe(folder: ReleaseFolder, elsewhere: Path) -> None:
    del elsewhere
    os.mkfifo(folder.files / "pipe")


@pytest.mark.parametrize("change", [linked_file, linked_folder, empty_folder, pipe])
def test_what_is_no_file_of_the_release_is_found(
    settings: Settings, tmp_path: Path, change: Callable[[ReleaseFolder, Path], None]
) -> None:
    folder = signed(settings)
    change(folder, tmp_path / "elsewhere")
    found = folder.problems()[-1]
    assert found.endswith(("is a link or no file at all", "is an empty folder"))
    for step in (sign, go_out):
        with pytest.raises(TamperedError, match="is not what was prepared"):
            step(settings)


def test_a_link_in_the_place_of_a_release(settings: Settings, tmp_path: Path) -> None:
    folder = signed(settings)
    folder.path.rename(tmp_path / "moved")
    folder.path.symlink_to(tmp_path / "moved")
    with pytest.raises(TamperedError, match="is a link, not a release"):
        go_out(settings)


def test_results_that_leave_checks_out_do_not_stand_for_them(settings: Settings) -> None:
    folder = candidate(settings)
    keep_report(folder, CheckReport(folder.candidate_hash(), ()))
    with pytest.raises(RefusedError, match="disclosure: Kontrollen er ikke kørt"):
        sign(settings)


def test_a_log_that_lost_its_last_lines_makes_nothing_unpublished(settings: Settings) -> None:
    published(settings)
    log = release_log(settings).path
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:-1]))  # its chain is whole, and says: never published
    for step in (sign, go_out, candidate):
        with pytest.raises(LogDamagedError, match=r"2016\.1 was published.*restore the log"):
            step(settings)


def test_a_published_file_changed_with_its_checksums_is_found(settings: Settings) -> None:
    """Everything in the folder fits together; the log knows the hash that went out."""
    folder = published(settings)
    for path in (folder.path, folder.database, folder.path / "SHA256SUMS"):
        path.chmod(0o755)
    other = candidate(settings, made=CORRECTED).database.read_bytes()
    folder.database.write_bytes(other)
    write_sums(folder.path)
    assert folder.problems() == []
    [found] = [one for one in listing(settings, CALENDAR, verify=True) if one.version == V1]
    assert found.problems == ("SHA256SUMS is not the one that was published",)
    with pytest.raises(TamperedError, match="is not what was published"):
        go_out(settings)
    # what readers have been given decides what may be shown next: not out of forged cells
    for step in (published_cells, candidate):
        with pytest.raises(TamperedError, match="is not what was published"):
            step(settings)


def test_a_clock_that_goes_back_writes_nothing(settings: Settings) -> None:
    signed(settings, now=AFTER + timedelta(hours=1))
    with pytest.raises(ClockError, match="set it right"):
        go_out(settings)
    assert [e.kind for e in release_log(settings).read()] == ["prepared", "approved"]
    assert go_out(settings, now=AFTER + timedelta(hours=1)).kind == "published"


def test_two_who_publish_at_once_publish_once(settings: Settings) -> None:
    signed(settings)
    children = []
    for _ in range(2):
        child = os.fork()
        if child == 0:
            try:
                go_out(settings)
            except BaseException:
                os._exit(1)
            os._exit(0)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0]
    kinds = [e.kind for e in release_log(settings).read()]
    assert kinds == ["prepared", "approved", "published"]
    assert not release_folder(settings, V1).problems()


def test_current_is_a_link_or_nothing(settings: Settings) -> None:
    signed(settings)
    (settings.releases_dir / "current").mkdir()
    with pytest.raises(TamperedError, match="is not the link it must be"):
        go_out(settings)
    (settings.releases_dir / "current").rmdir()
    go_out(settings)
    assert str((settings.releases_dir / "current").readlink()) == "2016.1"


def test_a_withdrawn_release_does_not_come_back_by_publishing_it(settings: Settings) -> None:
    published(settings)
    withdraw(settings, V1, by="otto", reason="Fejl", now=AFTER)
    with pytest.raises(RefusedError, match=r"2016\.1 is withdrawn"):
        go_out(settings)
    assert not (settings.releases_dir / "current").is_symlink()
    checked(candidate(settings, made=CORRECTED))
