"""The suite of `raw.styringsdialog_minute_topics`: one row per topic tagged in delivered minutes.

The table is made by tagging, not delivered as columns: fields it shares with the list follow from
the contract, those of the tagging are declared here.
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.contracts.model import Source
from pipelines.contracts.tables import MEETING_FIELDS
from quality.arriving.common import (
    CURRENT_ROWS,
    DELIVERY,
    ROW_KEYS,
    key_rules,
    ledger_of,
    ledger_rules,
)
from quality.fields import FieldRule, expectations, fields_of
from quality.model import Rule, Suite, sql_rule

TAGGING_FIELDS = (
    FieldRule("score", "decimal", False, (), 0, 1, "Sikkerhed", "Score"),
    FieldRule("page", "integer", False, (), 1, None, "Side", "Page"),
    FieldRule("char_offset", "integer", False, (), 0, None, "Position", "Offset"),
    FieldRule("matched_in", "code", False, ("heading", "text"), None, None, "Fundet i", "Found in"),
    FieldRule(
        "tagged_by",
        "code",
        True,
        ("machine", "confirmed", "added"),
        None,
        None,
        "Fundet af",
        "Tagged by",
    ),
)


def suite(source: Source) -> Suite:
    """The suite, given the contract of the list, for the fields that both have."""
    shared = tuple(
        replace(field, required=True)
        for field in fields_of(source)
        if field.field in MEETING_FIELDS
    )
    return Suite(
        name="raw_styringsdialog_minute_topics",
        table="raw.styringsdialog_minute_topics",
        title_da="Emner fundet i referater",
        title_en="Topics tagged in minutes",
        keys=ROW_KEYS,
        row_filter=CURRENT_ROWS,
        reads=ledger_of("styringsdialog"),
        rules=(
            *key_rules(),
            *expectations((*shared, *TAGGING_FIELDS)),
            _one_meeting(),
            _evidence(),
            *ledger_rules("styringsdialog", "styringsdialog/%/minutes/%", "warning"),
        ),
    )


def _evidence() -> Rule:
    return sql_rule(
        "machine_has_evidence",
        """
        select delivery_id, row_number from batch where tagged_by = 'machine'
        and (score is null or char_offset is null or matched_in is null)
        """,
        "Et emne, som maskinen har fundet, har et sted i teksten og en sikkerhed.",
        "A topic that the machine found has a place in the text and a score.",
    )


def _one_meeting() -> Rule:
    return sql_rule(
        "one_meeting_per_delivery",
        """
        select delivery_id from batch group by delivery_id
        having count(distinct (municipality_code, housing_organisation, meeting_date)) > 1
        """,
        "Et referat handler om ét møde.",
        "Minutes are about one meeting.",
        keys=DELIVERY,
    )
