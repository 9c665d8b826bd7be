"""The release calendar: times are Danish, summer and winter; it must reach twelve months ahead."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.release.calendar import Calendar, danish_moment, load_calendar
from pipelines.release.reach import shortfall, warning
from pipelines.release.versions import ReleaseError, version_of, year_of

FIRST = "releases:\n  - {year: 2017, title_da: A, title_en: A, planned: 2027-02-01 09:00}\n"


def calendar(tmp_path: Path, text: str):
    path = tmp_path / "releases.yml"
    path.write_text(text, "utf-8")
    return load_calendar(path)


def test_a_time_is_danish_in_summer_and_winter(tmp_path: Path) -> None:
    text = FIRST + "  - {year: 2018, title_da: B, title_en: B, planned: 2027-07-01 09:00}\n"
    winter, summer = calendar(tmp_path, text).planned
    # Copenhagen is one hour ahead of UTC in winter, two in summer
    assert winter.at == datetime(2027, 2, 1, 8, tzinfo=UTC)
    assert summer.at == datetime(2027, 7, 1, 7, tzinfo=UTC)
    assert danish_moment(datetime(2027, 7, 1, 7, 5, tzinfo=UTC)) == "1. juli 2027 kl. 9.05"


@pytest.mark.parametrize(
    ("now", "reaches"),
    [
        ("2026-02-01T07:59", True),  # a year and a minute before the last planned one
        ("2026-02-01T08:00", True),
        ("2026-02-01T08:01", False),
    ],
)
def test_whether_it_reaches_twelve_months_ahead(tmp_path: Path, now: str, reaches: bool) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert calendar(tmp_path, FIRST).reaches(moment) is reaches


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2025-11-01T12:00", None),
        ("2025-11-10T12:00", "Om højst 90 dage"),  # 84 days before a year before the last line
        ("2026-02-02T12:00", "Tilføj en udgivelse efter 2. februar 2027"),
    ],
)
def test_it_is_warned_of_before_it_is_too_short(tmp_path: Path, now: str, said: str | None) -> None:
    found = warning(calendar(tmp_path, FIRST), datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found is None if said is None else found and said in found


def test_an_empty_calendar_reaches_nowhere() -> None:
    assert shortfall(Calendar(()), datetime(2026, 1, 1, tzinfo=UTC)) is not None


def test_leap_day_has_a_year_after_it(tmp_path: Path) -> None:
    assert not calendar(tmp_path, FIRST).reaches(datetime(2028, 2, 29, 12, tzinfo=UTC))


def test_four_eyes_are_wanted_unless_declared_otherwise(tmp_path: Path) -> None:
    assert calendar(tmp_path, FIRST).four_eyes
    assert not calendar(tmp_path, "four_eyes: false\n" + FIRST).four_eyes


@pytest.mark.parametrize(
    "text",
    [
        "releases:\n  - {year: '2017.1', title_da: A, title_en: A, planned: 2027-02-01 09:00}\n",
        "releases:\n  - {year: 2017, title_da: A, title_en: A, planned: soon}\n",
        "releases:\n  - {year: 2017, title_da: A}\n",
        "nothing: []\n",
        FIRST + FIRST.splitlines()[1] + "\n",
        "four_eyes: nobody\n" + FIRST,
        FIRST + "  - {year: 2017, title_da: B, title_en: B, planned: 2027-01-01 09:00}\n",
    ],
)
def test_a_wrong_calendar_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ReleaseError):
        calendar(tmp_path, text)


def test_the_committed_calendar_can_be_used() -> None:
    committed = load_calendar()
    assert committed.of_year(2017)[0].title_da == "Boligsocial Monitor 2017"
    assert committed.four_eyes
    # as of the day it was last looked at
    assert committed.reaches(datetime(2026, 11, 23, tzinfo=UTC))
    assert {p.at.strftime("%H:%M") for p in committed.planned} == {"09:00"}


@pytest.mark.parametrize(
    "text", ["2017", "2017.0", "2017.01", "17.1", "2017.1/..", "../2017.1", ""]
)
def test_what_is_no_version(text: str) -> None:
    with pytest.raises(ReleaseError, match="is no version"):
        version_of(text)
    with pytest.raises(ReleaseError, match="is no year"):
        year_of(text + ".1")
