"""The suite of `raw.styringsdialog_topics`: one row per meeting and topic of a year's list."""

from __future__ import annotations

from collections.abc import Sequence

from quality.arriving.common import (
    CURRENT_ROWS,
    ROW_KEYS,
    dominance_rule,
    key_rules,
    ledger_rules,
    municipalities_rule,
)
from quality.fields import FieldRule, expectations
from quality.model import Rule, Suite, sql_rule

MEETING = ("delivery_id", "municipality_code", "housing_organisation", "meeting_date")
TOPICS_PER_MEETING = (1, 20)


def suite(fields: Sequence[FieldRule]) -> Suite:
    """The suite, given what the contract says about the fields."""
    return Suite(
        name="raw_styringsdialog_topics",
        table="raw.styringsdialog_topics",
        title_da="Emner i styringsdialogen, som de kom ind",
        title_en="Styringsdialog topics as they arrived",
        keys=ROW_KEYS,
        row_filter=CURRENT_ROWS,
        rules=(
            *key_rules(),
            *expectations(fields),
            municipalities_rule("kommuner", "municipalities"),
            dominance_rule("count(*)", 0.5, 10, "emnerne", "the topics"),
            topics_per_meeting(),
            *ledger_rules("styringsdialog", "styringsdialog/%/list", "error"),
        ),
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
