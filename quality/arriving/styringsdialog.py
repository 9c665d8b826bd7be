"""The suite of `raw.styringsdialog_topics`: one row per meeting and topic of a year's list."""

from __future__ import annotations

from pipelines.contracts.model import Source
from quality.arriving.common import dominance_rule, municipalities_rule
from quality.arriving.contracted import contracted_suite
from quality.model import Rule, Suite, sql_rule

MEETING = ("delivery_id", "municipality_code", "housing_organisation", "meeting_date")
TOPICS_PER_MEETING = (1, 20)


def suite(source: Source) -> Suite:
    """The suite, given the contract."""
    return contracted_suite(
        source,
        municipalities_rule("kommuner", "municipalities"),
        dominance_rule("count(*)", 0.5, 10, "emnerne", "the topics"),
        topics_per_meeting(),
        slots="styringsdialog/%/list",
    )


def topics_per_meeting() -> Rule:
    """A meeting has at least one topic, and not the whole taxonomy many times over."""
    low, high = TOPICS_PER_MEETING
    meeting = ", ".join(MEETING)
    return sql_rule(
        "topics_per_meeting",
        f"""
        select {meeting} from batch group by {meeting}
        having count(distinct topic) not between {low} and {high}
        """,
        f"Et møde har mindst {low} og højst {high} emner.",
        f"A meeting has at least {low} and at most {high} topics.",
        keys=MEETING,
        column="topic",
    )
