"""The suite of `raw.driftsstoette_lines`: one row per plan and financing source of an extract."""

from __future__ import annotations

from pipelines.contracts.model import Source
from quality.arriving.common import DELIVERY, dominance_rule, municipalities_rule
from quality.arriving.contracted import contracted_suite
from quality.model import Rule, Suite, sql_rule

PLAN = ("delivery_id", "case_number")
LBF_SHARE_PCT = (50, 90)
"""The fund pays up to 75 % of a plan; the whole extract far off that means misread amounts."""
RESIDENTS_PER_HOME = (0.5, 8)


def suite(source: Source) -> Suite:
    """The suite, given the contract."""
    return contracted_suite(
        source,
        municipalities_rule("kommuner", "municipalities"),
        dominance_rule("sum(amount_kr)", 0.5, 10, "kronerne", "the kroner"),
        *_totals_positive(),
        _lbf_share(),
        _residents_per_home(),
    )


def _totals_positive() -> tuple[Rule, ...]:
    return (
        sql_rule(
            "extract_total_positive",
            """
            select delivery_id from batch group by delivery_id
            having coalesce(sum(amount_kr), 0) <= 0
            """,
            "Beløbene i et udtræk er i alt over 0 kr.",
            "The amounts of an extract sum up to more than 0 kroner.",
            keys=DELIVERY,
            column="amount_kr",
        ),
        sql_rule(
            "plan_total_positive",
            """
            select delivery_id, case_number from batch
            where status <> 'prequalified'
            group by delivery_id, case_number
            having coalesce(sum(amount_kr), 0) <= 0
            """,
            "Hver helhedsplan med bevilling har i alt over 0 kr.",
            "Every plan with a grant has more than 0 kroner in total.",
            keys=PLAN,
            column="amount_kr",
            severity="warning",
        ),
    )


def _lbf_share() -> Rule:
    low, high = LBF_SHARE_PCT
    return sql_rule(
        "lbf_share_plausible",
        f"""
        select delivery_id from batch group by delivery_id
        having 100 * coalesce(sum(amount_kr) filter (where financing_source = 'lbf'), 0)
            / nullif(sum(amount_kr), 0) not between {low} and {high}
        """,
        f"Landsbyggefonden betaler {low}–{high} % af kronerne i et udtræk.",
        f"Landsbyggefonden pays {low}–{high} % of the kroner of an extract.",
        keys=DELIVERY,
        column="amount_kr",
        severity="warning",
    )


def _residents_per_home() -> Rule:
    low, high = RESIDENTS_PER_HOME
    return sql_rule(
        "residents_per_home_plausible",
        f"""
        select distinct delivery_id, case_number from batch
        where homes > 0 and residents / homes not between {low} and {high}
        """,
        f"Der bor {low}–{high} personer pr. bolig i en plan.".replace(".5", ",5"),
        f"A plan has {low}–{high} residents per home.",
        keys=PLAN,
        column="residents",
        severity="warning",
    )
