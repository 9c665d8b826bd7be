"""Which number a release gets, when it may go out, and that a correction moves nothing planned."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from release_steps import candidate, checked, published
from small_release import AFTER, CALENDAR, EMBARGO, WRONG, cells, material, release_of

from pipelines.publish.site.announced import announced
from pipelines.release.calendar import Calendar, CalendarError, Planned
from pipelines.release.checks import compared_with_before
from pipelines.release.listing import listing, people
from pipelines.release.refusals import RefusedError
from pipelines.release.revisions import read_register
from pipelines.release.schedule import Correction, announced_as, announcements_out, schedule
from pipelines.release.signing import approve, publish
from pipelines.release.versions import ReleaseError, Version
from pipelines.settings import Settings

pytestmark = pytest.mark.usefixtures("quick")
MARCH = EMBARGO + timedelta(days=120)
LATER = AFTER + timedelta(days=120)
REVISED = Planned(2016, "Monitor 2016, revideret", "Monitor 2016, revised", MARCH)
WITH_REVISION = replace(CALENDAR, planned=(*CALENDAR.planned, REVISED))
CORRECTED = material(release_of(cells(yes_2016=30)))


def planned_again(settings: Settings, now):
    """The planned revision of 2016."""
    from small_release import render

    from pipelines.release.prepare import prepare

    made = material(release_of(cells(yes_2016=20)))
    return prepare(
        *(settings, 2016, made), by="otto", now=now, calendar=WITH_REVISION, render=render
    ).folder


def test_a_correction_takes_the_next_number_and_the_planned_one_keeps_its_date(
    settings: Settings,
) -> None:
    published(settings)
    before = {(str(a.version), a.at) for a in schedule(WITH_REVISION, announcements_out(settings))}
    assert ("2016.2", MARCH) in before
    published(settings, made=CORRECTED)
    told = schedule(WITH_REVISION, announcements_out(settings))
    assert [
        (str(a.version), a.is_expected, a.correction) for a in told if a.version.year == 2016
    ] == [
        ("2016.1", False, None),
        ("2016.2", False, WRONG),
        ("2016.3", True, None),
    ]
    assert next(a.at for a in told if str(a.version) == "2016.3") == MARCH
    folder = planned_again(settings, AFTER)
    assert announced_as(settings, folder.version).title_da == "Monitor 2016, revideret"
    checked(folder)
    approve(settings, folder.version, by="anna", note="Set", calendar=WITH_REVISION, now=AFTER)
    # the embargo is the line's own, as if no correction had come
    with pytest.raises(RefusedError, match=r"2016\.3 has an embargo until 10\. marts 2027"):
        publish(settings, Version(2016, 3), by="anna", calendar=WITH_REVISION, now=AFTER)
    publish(settings, Version(2016, 3), by="anna", calendar=WITH_REVISION, now=LATER)


def test_the_reason_and_the_date_are_in_the_register_the_list_and_the_calendar_page(
    settings: Settings,
) -> None:
    published(settings)
    folder = candidate(settings, made=CORRECTED)
    [revision] = read_register(folder)
    assert (revision.reason_da, revision.reason_en) == (WRONG.reason_da, WRONG.reason_en)
    # AFTER is eight o'clock UTC, nine in Copenhagen, on 10 November 2026
    assert revision.planned_at == "2026-11-10T09:00:00+01:00"
    found = {str(one.version): one for one in listing(settings, WITH_REVISION)}
    assert (found["2016.2"].correction_da, found["2016.2"].state) == (WRONG.reason_da, "candidate")
    assert (found["2016.3"].planned_at, found["2016.3"].state) == (MARCH, "planned")
    assert people(found["2016.1"]) == ", klargjort af otto, godkendt af anna"
    known = (*announcements_out(settings), announced_as(settings, folder.version))
    entries = {one.version: one for one in announced(schedule(WITH_REVISION, known))}
    assert entries["2016.2"].reason_en == WRONG.reason_en
    assert (entries["2016.3"].is_expected, entries["2016.3"].at) == (True, MARCH)


def test_prepared_again_a_correction_keeps_its_date(settings: Settings) -> None:
    published(settings)
    first = candidate(settings, made=CORRECTED).json("manifest.json")
    again = candidate(settings, made=CORRECTED, now=AFTER + timedelta(hours=3))
    assert again.json("manifest.json") == first


def test_a_correction_that_corrects_nothing_is_remarked_on(settings: Settings) -> None:
    published(settings)
    found = compared_with_before(candidate(settings, made=CORRECTED))
    assert (found.status, "1 af dem revisioner" in found.message_da) == ("warned", True)
    assert (
        "uden forklaring" in found.message_da
    )  # nothing that the small release is made of differs
    found = compared_with_before(candidate(settings))
    assert (found.status, "der ikke retter et tal" in found.message_da) == ("warned", True)


def test_what_cannot_be_announced_is_refused(settings: Settings) -> None:
    with pytest.raises(ReleaseError, match="says why, in Danish and in English"):
        Correction("Fejl", " ")
    published(settings)
    from small_release import render

    from pipelines.release.prepare import prepare

    def prepared(calendar: Calendar, year: int, correction: Correction | None):
        return prepare(
            *(settings, year, CORRECTED),
            by="otto",
            now=AFTER,
            calendar=calendar,
            render=render,
            correction=correction,
        )

    with pytest.raises(CalendarError, match="nothing of 2017 is published"):
        prepared(CALENDAR, 2017, WRONG)
    with pytest.raises(CalendarError, match=r"planned but what is out.*or correct an error"):
        prepared(CALENDAR, 2016, None)
    moved = replace(CALENDAR, planned=(replace(CALENDAR.planned[0], at=MARCH), REVISED))
    with pytest.raises(CalendarError, match=r"2016\.1, which went out with the time 10\. november"):
        prepared(moved, 2016, None)
