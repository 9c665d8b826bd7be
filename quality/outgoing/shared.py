"""What holds for a cell both before and after disclosure control."""

from __future__ import annotations

from quality.model import Rule, in_set, matches, not_null, sql_rule, unique
from quality.outgoing.vocabulary import (
    BREAKDOWNS,
    BY_MUNICIPALITY,
    EXACTNESS,
    MEASURE_UNITS,
    OBS_STATUSES,
    PERIOD_REGEX,
    UNITS,
    sql_list,
)

CELL_KEYS = ("cell_id",)


def filled_rules() -> tuple[Rule, ...]:
    """A cell has an id of its own and is filled in; of the models, dbt's contracts see to that."""
    return (
        not_null("cell_id"),
        unique("cell_id"),
        not_null("indicator_id"),
        not_null("obs_status"),
        not_null("is_synthetic", "Mærket for syntetiske data", "The mark of synthetic data"),
        not_null("is_confidential", "Mærket for fortrolighed", "The mark of confidentiality"),
    )


def identity_rules() -> tuple[Rule, ...]:
    """A cell says what it is in words that are known."""
    return (
        matches(
            "period",
            PERIOD_REGEX,
            "Perioden er et år, en dato eller to år (åååå, åååå-mm-dd, åååå/åååå).",
            "The period is a year, a date or two years (yyyy, yyyy-mm-dd, yyyy/yyyy).",
        ),
        in_set("breakdown", BREAKDOWNS, "Opdelingen", "The breakdown"),
        in_set("measure", MEASURE_UNITS, "Målet", "The measure"),
        in_set("unit", UNITS, "Enheden", "The unit"),
        _measure_in_its_unit(),
        in_set("obs_status", OBS_STATUSES, "Observationsstatus", "The observation status"),
        _no_answers_by_municipality(),
    )


def number_rules() -> tuple[Rule, ...]:
    """The numbers of a cell fit each other, wherever they are shown."""
    return (
        sql_rule(
            "pct_between_0_and_100",
            "select cell_id from batch where unit = 'pct' and value not between 0 and 100",
            "En procent ligger mellem 0 og 100.",
            "A per cent lies between 0 and 100.",
            column="value",
        ),
        sql_rule(
            "pct_numerator_within_base",
            "select cell_id from batch where unit = 'pct' and (numerator > base or base <= 0)",
            "Tælleren bag en procent er højst basen, og basen er over 0.",
            "The numerator behind a per cent is at most the base, and the base is over 0.",
            column="numerator",
        ),
        sql_rule(
            "pct_as_numerator_by_base",
            f"""
            select cell_id from batch
            where unit = 'pct' and base > 0
                and abs(value - 100 * numerator / base) > {EXACTNESS} * greatest(1, abs(value))
            """,
            "En procent er præcis 100 · tæller / base; der afrundes først ved visning.",
            "A per cent is exactly 100 · numerator / base; rounding comes with display.",
            column="value",
        ),
        sql_rule(
            "shares_count_whole_numbers",
            """
            select shares.cell_id from batch as shares
            left join batch as kroner
                on kroner.unit = 'kr'
                    and coalesce(kroner.numerator = shares.numerator, true)
                    and kroner.indicator_id = shares.indicator_id
                    and kroner.period = shares.period
                    and kroner.breakdown = shares.breakdown
                    and kroner.breakdown_value = shares.breakdown_value
                    and kroner.category = shares.category
            where shares.unit = 'pct' and kroner.cell_id is null
                and (shares.numerator <> floor(shares.numerator)
                    or shares.base <> floor(shares.base))
            """,
            "Tæller og base bag en procent er hele tal, medmindre de er kroner.",
            "Numerator and base behind a per cent are whole numbers, unless they are kroner.",
            column="numerator",
        ),
        sql_rule(
            "nothing_negative",
            """
            select cell_id from batch
            where base < 0 or (unit <> 'pct_points' and least(value, numerator) < 0)
            """,
            "Intet andet tal end en ændring er negativt.",
            "No number but a change is negative.",
            column="value",
        ),
    )


def _measure_in_its_unit() -> Rule:
    pairs = ", ".join(f"('{measure}', '{unit}')" for measure, unit in MEASURE_UNITS.items())
    known = sql_list(tuple(MEASURE_UNITS))
    return sql_rule(
        "measure_in_its_unit",
        f"""
        select cell_id from batch
        where measure in ({known}) and (measure, unit) not in ({pairs})
        """,
        "Et mål vises altid i samme enhed.",
        "A measure always comes in the same unit.",
        column="unit",
    )


def _no_answers_by_municipality() -> Rule:
    return sql_rule(
        "no_answers_by_municipality",
        f"""
        select cell_id from batch
        where breakdown = 'municipality'
            and (is_confidential or indicator_id not in ({sql_list(BY_MUNICIPALITY)}))
        """,
        "Enkelte kommuner vises kun med registeroplysninger, aldrig med svar.",
        "Single municipalities appear with register facts alone, never with answers.",
        column="breakdown",
    )
