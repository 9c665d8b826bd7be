"""The suite of `released_cells` in `publish.duckdb`: what the page, the tables and Evidence show.

A second pair of eyes on disclosure control (`pipelines/statistics`), written without its code.
"""

from __future__ import annotations

from quality.model import Rule, Suite, in_set, not_null, sql_rule
from quality.outgoing.shared import CELL_KEYS, filled_rules, identity_rules, number_rules
from quality.outgoing.vocabulary import (
    COMPARISONS,
    CONF_STATUSES,
    EXCLUSIVE_INDICATORS,
    SENSITIVE,
    SHARES,
    SUBTOTALS,
    sql_list,
)

TABLE = "main.released_cells"
SUPPRESSED = "conf_status = 'C'"
LABELLED = ("breakdown", "breakdown_value", "category", "measure", "unit")
LABELS = ("indicator_title_da", *(f"{code}_label_da" for code in LABELLED))
INTERNAL_COLUMNS = (
    "delivery_ids",
    "delivery_id",
    "respondent_id",
    "row_number",
    "file_name",
    "email",
    "name",
    "comment",
)
"""Columns of the layers before that have no business among released cells."""


def suite() -> Suite:
    """The suite of released cells."""
    return Suite(
        name="released_cells",
        table=TABLE,
        title_da="Frigivne celler",
        title_en="Released cells",
        keys=CELL_KEYS,
        reads=(
            "select threshold, is_synthetic from main.release_info",
            "select * from main.withheld_tables",
            "select table_name, column_name from information_schema.columns",
        ),
        rules=(
            *filled_rules(),
            *identity_rules(),
            *number_rules(),
            not_null("conf_status", "Diskretionsstatus", "The confidentiality status"),
            in_set("conf_status", CONF_STATUSES, "Diskretionsstatus", "The confidentiality status"),
            _suppressed_carry_no_value(),
            _suppressed_show_no_number(),
            not_null("display_da", "Den viste tekst", "The text to show"),
            _free_figures_are_shown(),
            _printed_shares_are_possible(),
            _small_counts_are_suppressed(),
            _sensitive_groups_divide(),
            _no_lone_suppressed_share(),
            *(not_null(column) for column in LABELS),
            _labels_are_words(),
            *_nothing_beyond_the_cells(),
        ),
    )


def _suppressed_carry_no_value() -> Rule:
    return sql_rule(
        "suppressed_carry_no_value",
        f"""
        select cell_id from batch
        where {SUPPRESSED} and coalesce(value, numerator) is not null
        """,
        "En diskretioneret celle har hverken værdi eller tæller.",
        "A suppressed cell has neither value nor numerator.",
        column="value",
    )


def _suppressed_show_no_number() -> Rule:
    return sql_rule(
        "suppressed_show_no_number",
        f"select cell_id from batch where {SUPPRESSED} and regexp_matches(display_da, '[0-9]')",
        "En diskretioneret celle viser ikke noget tal.",
        "A suppressed cell shows no number.",
        column="display_da",
    )


def _free_figures_are_shown() -> Rule:
    return sql_rule(
        "free_figures_are_shown",
        f"""
        select cell_id from batch
        where (value is null) <> (
            {SUPPRESSED} or obs_status = 'M'
            or (obs_status = 'B' and indicator_id in ({sql_list(COMPARISONS)}))
        )
        """,
        "Kun diskretionerede tal, status M og ændringer over et databrud er uden tal.",
        "Only suppressed figures, status M and changes across a break are without a number.",
        column="value",
    )


def _printed_shares_are_possible() -> Rule:
    """Whole-number arithmetic, in hundredths because of kroner; "0" is less than half a unit."""
    return sql_rule(
        "printed_shares_are_possible",
        f"""
        select cell_id from (
            select
                cell_id,
                rtrim(display_da, '*') as printed,
                if(printed = '0', 1, length(split_part(printed, ',', 2))) as places,
                cast(round(100 * numerator) as hugeint) as part,
                cast(round(100 * base) as hugeint) as whole
            from batch
            where unit = 'pct' and not {SUPPRESSED} and value is not null
                and numerator is not null and base > 0
        )
        where coalesce(
            if(printed = '-', 0, try_cast(replace(replace(printed, '.', ''), ',', '') as hugeint))
                <> (200 * cast(10 ** places as hugeint) * part + whole) // (2 * whole)
            or (printed = '-') <> (part = 0),
            true
        )
        """,
        "En vist procent er den, tæller og base giver, når den afrundes som trykt.",
        "A printed per cent is the one its numerator and base give when rounded as printed.",
        column="display_da",
    )


def _small_counts_are_suppressed() -> Rule:
    return sql_rule(
        "small_counts_are_suppressed",
        f"""
        select cell_id from batch
        where is_confidential and conf_status = 'F' and measure in ({sql_list(SHARES)})
            and (
                (numerator > 0 and numerator < (select max(threshold) from main.release_info))
                or (base > numerator
                    and base - numerator < (select max(threshold) from main.release_info))
                or base < (select max(threshold) from main.release_info)
            )
        """,
        "Ingen fortrolig andel bygger på færre kommuner end tærsklen, heller ikke dem uden for.",
        "No confidential share rests on fewer municipalities than the threshold, in it or outside.",
        column="conf_status",
    )


def _sensitive_groups_divide() -> Rule:
    return sql_rule(
        "sensitive_groups_divide",
        f"""
        select cell_id from batch
        where indicator_id in ({sql_list(SENSITIVE)}) and measure in ({sql_list(SHARES)})
            and conf_status = 'F' and category <> 'dont_know' and numerator = base
        """,
        "Ved et følsomt spørgsmål vises det ikke, at alle i en gruppe har svaret det samme.",
        "Of a sensitive question it is not shown that everybody in a group gave the same answer.",
        column="conf_status",
    )


def _no_lone_suppressed_share() -> Rule:
    keys = ("indicator_id", "period", "breakdown", "breakdown_value", "measure")
    group = ", ".join(keys)
    return sql_rule(
        "no_lone_suppressed_share",
        f"""
        select {group} from batch
        where measure in ({sql_list(SHARES)})
            and indicator_id in ({sql_list(EXCLUSIVE_INDICATORS)})
            and category not in ({sql_list(SUBTOTALS)})
        group by {group}
        having count(*) filter (where {SUPPRESSED}) = 1
        """,
        "Blandt andele, der giver 100 %, er der aldrig kun én skjult: den kunne regnes ud.",
        "Among shares that add up to 100 % there is never just one hidden: it could be worked out.",
        keys=keys,
        column="conf_status",
    )


def _labels_are_words() -> Rule:
    unlabelled = " or ".join(
        f"({code}_label_da = {code} and regexp_matches({code}, '^[a-z0-9]*[a-z][a-z0-9_]*$'))"
        for code in LABELLED
    )
    return sql_rule(
        "labels_are_words",
        f"""
        select cell_id from batch
        where {unlabelled}
            or (breakdown = 'municipality' and breakdown_value_label_da = breakdown_value)
        """,
        "Læseren ser en dansk betegnelse, aldrig en kode.",
        "The reader sees a Danish label, never a code.",
    )


def _nothing_beyond_the_cells() -> tuple[Rule, ...]:
    return (
        sql_rule(
            "no_internal_columns",
            f"""
            select column_name from information_schema.columns
            where table_schema = 'main' and table_name = 'released_cells'
                and column_name in ({sql_list(INTERNAL_COLUMNS)})
            """,
            "Tabellen har ingen kolonner fra de interne lag.",
            "The table has no columns of the internal layers.",
            keys=("column_name",),
            whole_table=True,
        ),
        sql_rule(
            "withheld_tables_are_withheld",
            """
            select released.cell_id
            from batch as released
            inner join main.withheld_tables as withheld
                on released.indicator_id = withheld.indicator_id
                    and released.period = withheld.period
                    and released.breakdown = withheld.breakdown
            where released.value is not null or released.numerator is not null
            """,
            "Tilbageholdte tabeller viser ingen tal.",
            "Withheld tables show no figures.",
            column="value",
        ),
        sql_rule(
            "all_or_nothing_synthetic",
            """
            select cell_id from batch
            where is_synthetic and not (select bool_or(is_synthetic) from main.release_info)
            """,
            "Er en celle syntetisk, siger hele udgivelsen det.",
            "Where a cell is synthetic, the whole release says so.",
            column="is_synthetic",
        ),
    )
