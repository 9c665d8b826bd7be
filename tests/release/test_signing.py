"""Nothing goes out unsigned, before its time, changed or with a failed check; out, it stays."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from release_steps import candidate, checked, killed_at, published, signed
from small_release import AFTER, BEFORE, CALENDAR, YES_2016, cells, material, release_of

from pipelines.orchestration.layers import Layers
from pipelines.release.checks import CheckReport, keep_report, reaches_far_enough, run_checks
from pipelines.release.folder import NoSuchReleaseError, ReleaseFolder, TamperedError
from pipelines.release.listing import listing
from pipelines.release.log import release_log
from pipelines.release.material import NotReadyError
from pipelines.release.published import current_version, published_cells
from pipelines.release.refusals import RefusedError
from pipelines.release.signing import approve, publish, signature_of, withdraw
from pipelines.release.versions import Version
from pipelines.settings import Settings

pytestmark = pytest.mark.usefixtures("quick")
V1, V2 = Version(2016, 1), Version(2016, 2)


def go_out(settings: Settings, version: Version = V1, now=AFTER, **other):
    return publish(settings, version, by="anna", calendar=CALENDAR, now=now, **other)


def sign(settings: Settings, version: Version = V1):
    return approve(settings, version, by="anna", note="Set", calendar=CALENDAR, now=AFTER)


def current(settings: Settings) -> str | None:
    link = settings.releases_dir / "current"
    return str(link.readlink()) if link.is_symlink() else None


def test_what_was_never_prepared_is_told(settings: Settings) -> None:
    with pytest.raises(NoSuchReleaseError, match="there are: none yet"):
        sign(settings)


def test_unchecked_or_failed_nothing_is_signed(settings: Settings) -> None:
    folder = candidate(settings)
    with pytest.raises(RefusedError, match="was not checked"):
        sign(settings)
    for status in ("failed", "not_run"):
        checked(folder, status)
        with pytest.raises(RefusedError, match="GRIM: Alt passer"):
            sign(settings)
    checked(folder, "warned")
    assert sign(settings).by == "anna"


def test_a_sign_off_says_what_was_looked_at(settings: Settings) -> None:
    checked(candidate(settings))
    with pytest.raises(RefusedError, match="needs a note"):
        approve(settings, V1, by="anna", note="  ", calendar=CALENDAR, now=AFTER)


def test_unsigned_nothing_is_published(settings: Settings) -> None:
    checked(candidate(settings))
    with pytest.raises(RefusedError, match="nobody has signed"):
        go_out(settings)
    assert current(settings) is None


def test_the_embargo_holds_to_the_minute(settings: Settings) -> None:
    signed(settings, now=BEFORE)
    with pytest.raises(RefusedError, match=r"embargo until 10\. november 2026 kl\. 9\.00"):
        go_out(settings, now=BEFORE)
    assert go_out(settings).kind == "published"
    assert current(settings) == "2016.1"


def test_what_is_planned_waits_for_a_calendar_that_reaches_a_year_ahead(
    settings: Settings,
) -> None:
    """It may be forgotten between the check and the way out; a correction waits for nobody."""
    short = replace(CALENDAR, planned=CALENDAR.planned[:2])
    folder = signed(settings)
    result = reaches_far_enough(folder, short, AFTER)
    # a year after it goes out, and the last line that there is
    assert (result.blocks, "efter 10. november 2027" in result.message_da) == (True, True)
    assert "kun til 10. november 2026 kl. 9.00" in result.message_da
    assert reaches_far_enough(folder, CALENDAR, AFTER).status == "passed"
    with pytest.raises(RefusedError, match=r"ends 10\. november 2026.* add a release after"):
        publish(settings, V1, by="anna", calendar=short, now=AFTER)
    go_out(settings)

    folder = signed(settings)
    result = reaches_far_enough(folder, short, AFTER)
    assert (result.status, result.blocks) == ("warned", False)
    assert publish(settings, V2, by="anna", calendar=short, now=AFTER).version == "2016.2"


def changed_file(folder: ReleaseFolder) -> None:
    (folder.files / "csv" / "alt.csv").write_text("other")


def lost_file(folder: ReleaseFolder) -> None:
    (folder.path / "lineage.json").unlink()


def added_file(folder: ReleaseFolder) -> None:
    (folder.files / "more.txt").write_text("x")


@pytest.mark.parametrize("change", [changed_file, lost_file, added_file])
def test_a_touched_candidate_is_neither_signed_nor_published(settings: Settings, change) -> None:
    change(signed(settings))
    for step in (sign, go_out):
        with pytest.raises(TamperedError, match=r"2016\.1 is not what was prepared"):
            step(settings)


def test_checksums_changed_with_their_file_are_another_candidate(settings: Settings) -> None:
    folder = signed(settings)
    changed_file(folder)
    sums = folder.path / "SHA256SUMS"
    found = folder.problems()
    assert found == ["files/csv/alt.csv was changed"]
    from pipelines.release.folder import write_sums

    sums.unlink()
    write_sums(folder.path)
    with pytest.raises(RefusedError, match="was not checked"):
        go_out(settings)
    checked(folder)
    with pytest.raises(RefusedError, match="is of another candidate"):
        go_out(settings)


def test_other_check_results_than_the_signed_ones(settings: Settings) -> None:
    folder = signed(settings)
    checked(folder, "warned")
    with pytest.raises(RefusedError, match="of other check results"):
        go_out(settings)
    checked(folder, "failed")
    with pytest.raises(RefusedError, match="checks stand in the way"):
        go_out(settings)


def test_results_of_another_candidate_are_none(settings: Settings) -> None:
    folder = candidate(settings)
    keep_report(folder, CheckReport("f" * 64, ()))
    with pytest.raises(RefusedError, match="was not checked"):
        sign(settings)


def test_a_signature_does_not_pass_to_another_candidate(settings: Settings) -> None:
    signed(settings)
    folder = candidate(settings, made=material(release_of(cells(yes_2016=30))))
    checked(folder)
    assert signature_of(settings, folder) is None
    with pytest.raises(RefusedError, match="is of another candidate"):
        go_out(settings)


def test_published_it_cannot_be_written_and_never_changes(settings: Settings) -> None:
    folder = published(settings)
    modes = {p.stat().st_mode & 0o222 for p in (folder.path, *folder.path.rglob("*"))}
    assert modes == {0}
    before = folder.candidate_hash()
    assert candidate(settings, made=material(release_of(cells(yes_2016=30)))).version == V2
    assert folder.candidate_hash() == before
    assert not folder.problems()
    with pytest.raises(RefusedError, match="published and never changes"):
        sign(settings)


def test_publishing_twice_is_one_event(settings: Settings) -> None:
    published(settings)
    first = release_log(settings).read()
    assert go_out(settings) == first[-1]
    assert release_log(settings).read() == first


@pytest.mark.parametrize(
    "point",
    [
        "release.read_only",
        "release_log.before_write",
        "release_log.written",
        "release.on_log",
        "release.current",
    ],
)
def test_killed_while_publishing_the_next_try_ends_it(settings: Settings, point: str) -> None:
    signed(settings)
    killed_at(point, lambda kill: go_out(settings, checkpoint=kill))
    kinds = [e.kind for e in release_log(settings).read()]
    assert kinds in (["prepared", "approved"], ["prepared", "approved", "published"])
    # readers see it only once it is on the log
    assert current(settings) is None or kinds[-1] == "published"
    go_out(settings)
    assert [e.kind for e in release_log(settings).read()] == ["prepared", "approved", "published"]
    assert current(settings) == "2016.1"


def test_the_newest_is_current_until_it_is_withdrawn(settings: Settings) -> None:
    published(settings)
    published(settings, made=material(release_of(cells(yes_2016=30))))
    assert current(settings) == "2016.2"
    withdraw(settings, V2, by="otto", reason="Fejl", now=AFTER)
    assert (current(settings), current_version(settings)) == ("2016.1", V1)
    with pytest.raises(RefusedError, match="not a release that readers have"):
        withdraw(settings, V2, by="otto", reason="Fejl", now=AFTER)
    states = {str(one.version): one.state for one in listing(settings, CALENDAR)}
    out = {"2016.1": "published", "2016.2": "withdrawn"}
    assert states == out | {"2017.1": "planned", "2020.1": "planned"}


def test_a_correction_of_an_older_year_leaves_the_newest_current(settings: Settings) -> None:
    published(settings, 2016)
    published(settings, 2017)
    published(settings, 2016, material(release_of(cells(yes_2016=30))))
    assert current(settings) == "2017.1"


def test_every_published_cell_is_told_with_its_release(settings: Settings) -> None:
    assert published_cells(settings).empty
    assert {"version", "published_at", "cell_id", "value"} <= set(published_cells(settings).columns)
    published(settings)
    published(settings, made=material(release_of(cells(yes_2016=30))))
    candidate(settings, made=material(release_of(cells(yes_2016=20))))
    withdraw(settings, V2, by="otto", reason="Fejl", now=AFTER)
    frame = published_cells(settings)
    shown = frame[frame["cell_id"] == YES_2016]
    # 36 and 30 of 40; a withdrawn release was read, a candidate was not
    assert list(zip(shown["version"], shown["value"], strict=True)) == [
        ("2016.1", 90.0),
        ("2016.2", 75.0),
    ]
    assert {str(at) for at in shown["published_at"]} == {"2026-11-10 08:00:00+00:00"}


def test_verifying_finds_what_was_changed_by_force(settings: Settings) -> None:
    folder = published(settings)
    target = folder.files / "csv" / "alt.csv"
    target.chmod(0o644)
    target.write_text("other")
    [found] = [one for one in listing(settings, CALENDAR, verify=True) if one.problems]
    assert (found.version, found.problems) == (V1, ("files/csv/alt.csv was changed",))
    assert os.access(target, os.R_OK)


def test_after_a_publication_the_fresh_cells_are_made_anew(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Disclosure control holds them against every earlier release, this one too from now on."""
    layers = Layers(settings)
    monkeypatch.setattr("pipelines.pipeline.build_needed", lambda _: None)
    monkeypatch.setattr("pipelines.publish.service.publish_files", lambda _, **__: None)
    settings.build_path.parent.mkdir(parents=True)
    layers.publish_files()
    assert layers.build_reason() is None
    published(settings)
    assert "a release, went out" in (layers.build_reason() or "")
    with pytest.raises(NotReadyError, match="Kør `monitor run` først"):
        layers.prepare_release(2016, by="otto")
    layers.publish_files()
    assert layers.build_reason() is None


def test_checked_again_a_published_release_keeps_what_it_was_signed_with(
    settings: Settings,
) -> None:
    folder = published(settings)
    signed_with = folder.checks_hash()
    folder.files.chmod(0o755)
    added_file(folder)
    assert run_checks(settings, folder, calendar=CALENDAR, now=AFTER).blocking
    assert folder.checks_hash() == signed_with
    signature = signature_of(settings, folder)
    assert signature and signature.by == "anna"


def test_who_prepared_it_does_not_sign_it(settings: Settings) -> None:
    checked(candidate(settings, by="Anna"))
    with pytest.raises(RefusedError, match=r"anna prepared 2016\.1.*four_eyes: false"):
        sign(settings)
    alone = replace(CALENDAR, four_eyes=False)
    approve(settings, V1, by="anna", note="Set", calendar=alone, now=AFTER)
    # a sign-off of one's own is not worth more later, when four eyes are wanted again
    with pytest.raises(RefusedError, match="anna prepared"):
        go_out(settings)
    assert publish(settings, V1, by="anna", calendar=alone, now=AFTER).kind == "published"


def test_a_refusal_is_told_in_danish_first(settings: Settings) -> None:
    signed(settings, now=BEFORE)
    with pytest.raises(RefusedError) as refused:
        go_out(settings, now=BEFORE)
    danish, english = str(refused.value).splitlines()
    assert danish == (
        "2016.1 må først udkomme 10. november 2026 kl. 9.00 (releases.yml, dansk tid)."
    )
    assert english.startswith("(2016.1 has an embargo until")


def test_nobody_on_record_is_not_somebody_else(settings: Settings) -> None:
    checked(candidate(settings))
    release_log(settings).path.unlink()
    with pytest.raises(RefusedError, match="nobody is on record for having prepared"):
        sign(settings)
    checked(candidate(settings))
    assert sign(settings).by == "anna"
