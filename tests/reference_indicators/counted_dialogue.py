"""The styringsdialog's figures (I09), from the lists and the minutes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from counted_survey import waves_of
from evidence_rows import Cell, Evidence, Figures, Row, figure, share

Key = tuple[str, str, date]


@dataclass
class Meeting:
    """A municipality and a housing organisation on a day."""

    municipality_code: str
    organisation: str
    year: int
    topics: set[str] = field(default_factory=set)


def meetings_of(evidence: Evidence) -> list[Meeting]:
    """Every registered meeting; the lists say to which year it belongs, else its minutes."""
    found: dict[Key, Meeting] = {}
    for row in sorted(evidence.listed_topics, key=lambda r: r["meeting_year"]):
        _note(found, row, row["meeting_year"])
    for row in sorted(evidence.minute_topics, key=lambda r: r["period"]):
        _note(found, row, int(row["period"]))
    return list(found.values())


def _note(found: dict[Key, Meeting], row: Row, year: int) -> None:
    organisation = row["housing_organisation"].strip().lower()
    key = (row["municipality_code"], organisation, row["meeting_date"])
    meeting = found.setdefault(key, Meeting(row["municipality_code"], organisation, year))
    meeting.topics.add(row["topic"])


def count_i09(evidence: Evidence) -> Figures:
    """Topics by year, and by whether one person coordinates both."""
    meetings = meetings_of(evidence)
    same_person = {
        (wave.name, code): row["same_person_coordinates"]
        for wave in waves_of(evidence)
        if "same_person_coordinates" in wave.asked
        for code, row in wave.answers.items()
    }
    breaks = {w.name for w in waves_of(evidence) if "same_person_coordinates" in w.breaks}
    figures: Figures = {}
    for year in {meeting.year for meeting in meetings}:
        groups: dict[tuple[str, str], list[Meeting]] = {}
        for meeting in meetings:
            if meeting.year != year:
                continue
            groups.setdefault(("all", "all"), []).append(meeting)
            answer = same_person.get((str(year), meeting.municipality_code))
            if answer is not None:
                groups.setdefault(("same_person", answer), []).append(meeting)
        for (breakdown, group), those in groups.items():
            status = "B" if breakdown == "same_person" and str(year) in breaks else "A"
            figures |= _of_group(evidence, those, ("I09", str(year), breakdown, group), status)
    return figures


def _of_group(
    evidence: Evidence, meetings: Iterable[Meeting], about: tuple[str, str, str, str], status: str
) -> Figures:
    discussed: dict[str, set[str]] = {}
    per_meeting = []
    for meeting in meetings:
        social = {topic for topic in meeting.topics if evidence.is_social[topic]}
        per_meeting.append(len(social))
        discussed.setdefault(meeting.municipality_code, set()).update(
            meeting.topics, ["any_social"] if social else []
        )
    figures = {
        Cell(*about, topic, "share_pct"): share(
            sum(topic in topics for topics in discussed.values()), len(discussed), status
        )
        for topic in (*evidence.is_social, "any_social")
    }
    total = sum(per_meeting)
    mean = figure(total, len(per_meeting), total / len(per_meeting), status)
    figures[Cell(*about, "social", "topics_per_meeting")] = mean
    return figures
