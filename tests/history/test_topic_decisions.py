"""A person's word on a meeting's topics is kept, whatever the tagging finds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
import pytest

from pipelines.contracts.corrections import TopicDecision
from pipelines.intake.conform.corrections import HITS, start_corrections
from pipelines.intake.conform.topic_decisions import DecidedTag, decided_tags
from pipelines.intake.minutes.tagging import Tag

SAFETY = Tag("resident_safety", 0.8, 1, 40, "heading")
ECONOMY = Tag("accounts_economy", 0.5, None, 90, "text")


def decision(kind: str, topic: str, **more: Any) -> TopicDecision:
    return TopicDecision.model_validate(
        {
            "id": f"{kind}-{topic.replace('_', '-')}",
            "period": "2015",
            "municipality_code": "461",
            "housing_organisation": "Eksempel  bolig",
            "meeting_date": "2015-11-11",
            "topic": topic,
            "decision": kind,
            "reason": "læst igen",
            "by": "mlh",
            "date": "2016-01-01",
        }
        | more
    )


def decided(*decisions: TopicDecision) -> tuple[list[DecidedTag], list[tuple[str, int, bool]]]:
    with duckdb.connect() as con:
        start_corrections(con)
        tags = decided_tags(con, [SAFETY, ECONOMY], decisions)
        return tags, con.execute(f"select * exclude (is_mended) from {HITS}").fetchall()


def test_without_decisions_the_machine_says() -> None:
    tags, hits = decided()
    assert [(t.topic, t.tagged_by, t.score) for t in tags] == [
        ("resident_safety", "machine", 0.8),
        ("accounts_economy", "machine", 0.5),
    ]
    assert hits == []


@pytest.mark.parametrize(
    ("kind", "topic", "topics", "hit"),
    [
        (
            "confirmed",
            "resident_safety",
            {"resident_safety": "confirmed", "accounts_economy": "machine"},
            (1, True),
        ),
        ("removed", "accounts_economy", {"resident_safety": "machine"}, (0, True)),
        # found by the machine since: there is evidence, and a person's word
        (
            "added",
            "accounts_economy",
            {"resident_safety": "machine", "accounts_economy": "confirmed"},
            (2, True),
        ),
        (
            "added",
            "resident_composition",
            {
                "resident_safety": "machine",
                "accounts_economy": "machine",
                "resident_composition": "added",
            },
            (3, True),
        ),
        # the tagging no longer finds what was confirmed: it stays, without the evidence
        (
            "confirmed",
            "resident_composition",
            {
                "resident_safety": "machine",
                "accounts_economy": "machine",
                "resident_composition": "confirmed",
            },
            (3, True),
        ),
        # nor what was removed: nothing is left to remove, and that is said
        (
            "removed",
            "resident_composition",
            {"resident_safety": "machine", "accounts_economy": "machine"},
            (0, False),
        ),
    ],
)
def test_each_decision(
    kind: str, topic: str, topics: dict[str, str], hit: tuple[int, bool]
) -> None:
    said = decision(kind, topic)
    tags, hits = decided(said)
    assert {t.topic: t.tagged_by for t in tags} == topics
    assert hits == [(said.id, *hit)]


def test_the_last_decision_on_a_topic_counts() -> None:
    first = decision("removed", "resident_safety")
    last = decision("confirmed", "resident_safety", date="2017-01-01")
    tags, hits = decided(last, first)
    assert {t.topic: t.tagged_by for t in tags}["resident_safety"] == "confirmed"
    assert sorted(hits) == [(last.id, 1, True), (first.id, 1, False)]


def test_a_meeting_is_known_by_its_place_its_day_and_its_name_however_written() -> None:
    said = decision("removed", "resident_safety")
    day = dt.date(2015, 11, 11)
    assert said.is_about("461", "EKSEMPEL Bolig", day)
    assert not said.is_about("461", "Eksempel Bolig", dt.date(2015, 11, 12))
    assert not said.is_about("462", "Eksempel Bolig", day)
    assert not said.is_about("461", "Eksempel Boliger", day)
