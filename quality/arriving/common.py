"""What every arriving canonical table must meet, whatever it holds: its keys, and the ledger.

Rules about one source's content belong to that source's module.
"""

from __future__ import annotations

from pipelines.intake.slots import INCREMENT
from quality.model import Rule, Severity, between, not_null, sql_rule, unique_together

ROW_KEYS = ("delivery_id", "row_number")
DELIVERY = ("delivery_id",)
MUNICIPALITIES = 98

WHOLE = f"slot not like '%{INCREMENT}%'"
"""What an increment should look like as a whole nobody can say: it holds what changed."""

CURRENT_ROWS = (
    "delivery_id is null or delivery_id in"
    f" (select delivery_id from raw.deliveries where is_current and {WHOLE})"
)
"""Superseded and refused deliveries stay in the raw tables; they are not judged again, and neither
are increments. A row of no delivery at all is judged, and fails."""


def ledger_of(source: str) -> tuple[str, ...]:
    """What the rules of an arriving table read of the ledger."""
    return (
        "select delivery_id, source, slot, is_current, rows_accepted from raw.deliveries "
        f"where source = '{source}'",
    )


def key_rules() -> tuple[Rule, ...]:
    """A row can be traced to its delivery and to its line there."""
    return (
        not_null("delivery_id"),
        not_null("row_number"),
        not_null("period"),
        between("row_number", 1, None),
        unique_together(ROW_KEYS),
    )


def ledger_rules(source: str, slots: str, when_empty: Severity) -> tuple[Rule, ...]:
    """The table holds what the ledger says was accepted.

    DuckDB can lose the tail of a torn log without an error; only a count kept elsewhere shows it.

    Args:
        source: The source in the ledger.
        slots: LIKE pattern of the slots whose rows are in this table.
        when_empty: How bad a current delivery without a row is.
    """
    held = f"""
    select ledger.delivery_id
    from raw.deliveries as ledger
    left join (select delivery_id, count(*) as n from batch group by delivery_id) as held
        on ledger.delivery_id = held.delivery_id
    where ledger.source = '{source}' and ledger.slot like '{slots}' and ledger.is_current
        and ledger.{WHOLE}
    """
    return (
        sql_rule(
            "current_deliveries_not_empty",
            f"{held} and held.n is null",
            "Hver gældende leverance har mindst én række.",
            "Every current delivery has at least one row.",
            keys=DELIVERY,
            severity=when_empty,
            whole_table=True,
        ),
        sql_rule(
            "rows_as_in_ledger",
            f"{held} and held.n <> ledger.rows_accepted",
            "Hver gældende leverance har så mange rækker, som modtagelsen registrerede.",
            "Every current delivery has as many rows as intake recorded.",
            keys=DELIVERY,
            whole_table=True,
        ),
    )


def municipalities_rule(what_da: str, what_en: str, condition: str = "true") -> Rule:
    """A delivery covers at least one and at most all municipalities."""
    return sql_rule(
        "municipalities_1_to_98",
        f"""
        select delivery_id from batch group by delivery_id
        having count(distinct municipality_code) filter (where {condition})
            not between 1 and {MUNICIPALITIES}
        """,
        f"En leverance har mellem 1 og {MUNICIPALITIES} {what_da}.",
        f"A delivery has between 1 and {MUNICIPALITIES} {what_en}.",
        keys=DELIVERY,
        column="municipality_code",
    )


def dominance_rule(
    weight: str,
    max_share: float,
    min_municipalities: int,
    what_da: str,
    what_en: str,
) -> Rule:
    """No municipality makes up most of a delivery: a sign of a misread number or a wrong code.

    Args:
        weight: SQL aggregate that says how much a group of rows weighs.
        max_share: The largest share one municipality may have.
        min_municipalities: With fewer than these, a large share is no surprise.
        what_da: What the share is of, in Danish.
        what_en: The same in English.
    """
    per_cent = round(100 * max_share)
    return sql_rule(
        "no_dominant_municipality",
        f"""
        select distinct delivery_id
        from (
            select
                delivery_id,
                weight / nullif(sum(weight) over (partition by delivery_id), 0) as share,
                count(*) over (partition by delivery_id) as municipalities
            from (
                select delivery_id, municipality_code, {weight} as weight
                from batch
                group by delivery_id, municipality_code
            )
        )
        where municipalities >= {min_municipalities} and share > {max_share}
        """,
        f"Ingen kommune står for over {per_cent} % af {what_da} "
        f"(når der er mindst {min_municipalities} kommuner).",
        f"No municipality makes up more than {per_cent} % of {what_en} "
        f"(where there are at least {min_municipalities} municipalities).",
        keys=DELIVERY,
        column="municipality_code",
    )
