"""What follows from a contract for the rows that were loaded under it: fields, key, rules, facts.

The gate has judged each row already; here it is asked again of the table as it stands, so that a
wrong correction, a rule that came later or a torn load shows. Nothing is declared here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.contracts.model import FieldType, Source
from pipelines.contracts.model import Rule as ContractRule
from quality.arriving.common import (
    CURRENT_ROWS,
    DELIVERY,
    ROW_KEYS,
    key_rules,
    ledger_of,
    ledger_rules,
)
from quality.fields import expectations, fields_of
from quality.model import Rule, Suite, sql_rule

_AT_THE_GATE_ONLY = re.compile(r"\b(?:code_spellings|spelling_of|plan_municipalities)\b")
"""What the gate prepares for its rules and a table at rest does not have."""


def contracted_suite(source: Source, *by_hand: Rule, slots: str = "") -> Suite:
    """The suite of a source's table.

    Args:
        source: The contract.
        by_hand: What only shows in a delivery as a whole, and a contract cannot say.
        slots: LIKE pattern of the slots whose rows are in the table; all of the source's if empty.
    """
    return Suite(
        name=f"raw_{source.table}",
        table=f"raw.{source.table}",
        title_da=f"{source.title_da}, som modtaget",
        title_en=f"{source.title_en}, as received",
        keys=ROW_KEYS,
        row_filter=CURRENT_ROWS,
        reads=ledger_of(source.source),
        rules=(
            *key_rules(),
            *expectations(fields_of(source)),
            *contract_rules(source),
            *stated_period_rules(source),
            *by_hand,
            *ledger_rules(source.source, slots or f"{source.source}/%", "error"),
        ),
    )


def contract_rules(source: Source) -> Iterator[Rule]:
    """No loaded row breaks a rule that holds rows back.

    Left out are the rules that look things up which the gate alone has at hand.
    """
    for rule in source.rules:
        if rule.severity == "error" and not _AT_THE_GATE_ONLY.search(rule.sql):
            yield sql_rule(
                rule.id,
                _broken_rows(rule),
                f"Ingen række bryder reglen {rule.id}: {rule.message_da}",
                f"No row breaks the rule {rule.id}: {rule.message_en}",
                column=rule.column,
            )


def _broken_rows(rule: ContractRule) -> str:
    """A rule about groups is about those of one delivery each: the table holds many."""
    if not rule.having:
        return f"select delivery_id, row_number from batch where {rule.sql}"
    group = ", ".join(("delivery_id", *rule.per))
    filled = " and ".join(f"{field} is not null" for field in rule.per)
    return f"""
    select delivery_id, row_number
    from batch
    where ({rule.rows or "true"}) and ({group}) in (
        select ({group}) from batch where {filled} group by {group} having {rule.having}
    )
    """


def stated_period_rules(source: Source) -> Iterator[Rule]:
    """A date above the headings is the one the delivery is for."""
    if source.period_kind != "date":
        return
    for field in source.fields:
        if field.is_title_fact and field.type is FieldType.DATE:
            yield sql_rule(
                f"{field.field}_as_delivered_for",
                f"""
                select delivery_id from batch group by delivery_id
                having bool_or({field.field} <> try_cast(period as date))
                """,
                f"{field.label_da} er den, leverancen gælder.",
                f"{field.label_en} is the one the delivery is for.",
                keys=DELIVERY,
                column=field.field,
            )
