"""The suite of the release candidates: cells as the models make them, before disclosure control."""

from __future__ import annotations

from quality.model import Rule, Suite, in_set, sql_rule
from quality.outgoing.shared import CELL_KEYS, identity_rules, number_rules
from quality.outgoing.vocabulary import (
    COMPARISONS,
    EXCLUSIVE_INDICATORS,
    INDICATOR_MODELS,
    PARTICIPATION,
    REGISTER_ONLY,
    SHARES,
    SUBTOTALS,
    SURVEY_ANSWERS,
    sql_list,
)

UNION_TABLE = "published.pub_indicator_cells"
TABLE_ROW = ("indicator_id", "period", "breakdown", "breakdown_value")
QUESTION_ROW = (*TABLE_ROW, "measure")
_ROUNDING = 1e-6


def suite() -> Suite:
    """The suite of all cells; a cell's id begins with its indicator, so what fails names it.

    One table of them all rather than one a model: the rules are the same, and asking them once
    takes a fifteenth of the time.
    """
    return Suite(
        name="pub_indicator_cells",
        table=UNION_TABLE,
        title_da="Alle indikatorceller før diskretionering",
        title_en="All indicator cells before disclosure control",
        keys=CELL_KEYS,
        rules=(
            *identity_rules(),
            in_set("indicator_id", INDICATOR_MODELS, "Indikatoren", "The indicator"),
            *number_rules(),
            _missing_is_marked(),
            _answers_are_confidential(),
            _from_a_delivery(),
            _exclusive_shares_add_up(),
            _local_and_fund_add_up(),
            _parts_within_whole(),
        ),
    )


def _missing_is_marked() -> Rule:
    return sql_rule(
        "missing_is_marked",
        f"""
        select cell_id from batch
        where (value is null) <> (
            obs_status = 'M' or (obs_status = 'B' and indicator_id in ({sql_list(COMPARISONS)}))
        )
        """,
        "Et manglende tal har status M, og kun det; en ændring over et databrud har status B.",
        "A missing figure has status M, and only such; a change across a break has status B.",
        column="obs_status",
    )


def _answers_are_confidential() -> Rule:
    return sql_rule(
        "answers_are_confidential",
        f"""
        select cell_id from batch
        where (indicator_id in ({sql_list(SURVEY_ANSWERS)}) or breakdown = 'same_person')
            and measure not in ({sql_list(PARTICIPATION)})
            and is_confidential = false
        """,
        "Tal, der bygger på svar, er mærket fortrolige, så de diskretioneres.",
        "Figures made of answers are marked confidential, so that they are protected.",
        column="is_confidential",
    )


def _from_a_delivery() -> Rule:
    return sql_rule(
        "from_a_delivery",
        f"""
        select cell_id from batch
        where value is not null and coalesce(len(delivery_ids), 0) = 0
            and indicator_id not in ({sql_list(REGISTER_ONLY)})
        """,
        "Et tal kan føres tilbage til mindst én leverance.",
        "A figure can be traced to at least one delivery.",
        column="delivery_ids",
    )


def _exclusive_shares_add_up() -> Rule:
    group = ", ".join(QUESTION_ROW)
    return sql_rule(
        "exclusive_shares_add_up",
        f"""
        select {group} from batch
        where measure in ({sql_list(SHARES)}) and value is not null
            and indicator_id in ({sql_list(EXCLUSIVE_INDICATORS)})
            and category not in ({sql_list(SUBTOTALS)})
            -- of a single municipality only the fund's share and the local one are shown
            and not (indicator_id = 'I07' and breakdown = 'municipality')
        group by {group}
        having abs(sum(value) - 100) > {_ROUNDING}
            or abs(sum(numerator) - max(base)) > {_ROUNDING} * max(base)
            or min(base) <> max(base)
        """,
        "Andele, der udelukker hinanden, giver tilsammen 100 % af én base.",
        "Shares that exclude each other add up to 100 % of one base.",
        keys=QUESTION_ROW,
        column="value",
    )


def _local_and_fund_add_up() -> Rule:
    group = ", ".join(QUESTION_ROW)
    return sql_rule(
        "local_and_fund_add_up",
        f"""
        select {group} from batch
        where indicator_id = 'I07' and measure in ({sql_list(SHARES)}) and value is not null
            and category in ('lbf', 'local')
        group by {group}
        having abs(sum(value) - 100) > {_ROUNDING}
        """,
        "Landsbyggefondens andel og den lokale andel giver tilsammen 100 %.",
        "The fund's share and the local share add up to 100 %.",
        keys=QUESTION_ROW,
        column="value",
    )


def _parts_within_whole() -> Rule:
    keys = ("indicator_id", "period", "breakdown", "category", "measure")
    group = ", ".join(f"parts.{key}" for key in keys)
    return sql_rule(
        "parts_within_whole",
        f"""
        select {group}
        from batch as parts
        inner join batch as whole
            on parts.indicator_id = whole.indicator_id and parts.period = whole.period
                and parts.category = whole.category and parts.measure = whole.measure
                and whole.breakdown = 'all'
        where parts.measure in ({sql_list(SHARES)}) and parts.breakdown <> 'all'
        group by {group}
        having sum(parts.numerator) > (1 + {_ROUNDING}) * max(whole.numerator)
            or sum(parts.base) > (1 + {_ROUNDING}) * max(whole.base)
        """,
        "Delene i en opdeling (store og små, regioner …) er tilsammen højst så store som det hele.",
        "The parts of a breakdown (large and small, regions …) are together at most the whole.",
        keys=keys,
        column="numerator",
    )
