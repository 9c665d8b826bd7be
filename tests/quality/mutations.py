"""One planted error per expectation: the statement that plants it, and what else must then fail.

Field expectations get their error from their kind; the hand-written ones are listed.
"""

from __future__ import annotations

from dataclasses import replace

from quality.model import Rule, Suite

PLANTED: dict[str, dict[str, str]] = {
    "raw_survey_answers": {
        "municipalities_1_to_98": "update {t} set response_status = 'distributed'",
        "no_dominant_municipality": (
            "insert into {t} by name select a.* replace (a.row_number + 100 as row_number,"
            " a.respondent_id || n as respondent_id)"
            " from {t} as a, range(5) as many(n) where row_number = 12"
        ),
        "S01_respondent_repeated": (
            "update {t} set respondent_id = '1001', modified_at = null where row_number <= 2"
        ),
        "completed_in_the_wave": "update {t} set completed_at = completed_at + interval 3 year",
        "completed_with_answers": (
            "update {t} set coordinator_appointed = null, coordinator_unit = null,"
            " cofinancing_staff = false, leaders_priority = null,"
            " coordinator_hours_per_week = null where row_number <= 7"
        ),
        "dont_know_at_most_half": (
            "update {t} set leaders_priority = 'dont_know' where row_number <= 7"
        ),
        "dont_know_not_all": "update {t} set leaders_priority = 'dont_know'",
    },
    "raw_driftsstoette_lines": {
        "focus_areas_in_list": "update {t} set focus_areas = 'Ukendt tema' where row_number = 1",
        "municipalities_1_to_98": "update {t} set municipality_code = null",
        "no_dominant_municipality": (
            "update {t} set amount_kr = amount_kr * 20 where row_number in (1, 2)"
        ),
        "D01_row_repeated": (
            "update {t} set financing_source = 'lbf', amount_kr = 0 where row_number = 2"
        ),
        "D02_plan_facts_differ": "update {t} set homes = 1001 where row_number = 2",
        "D03_hours_without_staff": "update {t} set staff_hours = 10 where row_number = 2",
        "D04_grant_period": "update {t} set grant_end = grant_start where row_number in (1, 2)",
        "D07_fund_missing": "update {t} set financing_source = 'other' where row_number = 1",
        "extract_date_as_delivered_for": "update {t} set extract_date = date '2015-12-31'",
        "extract_total_positive": "update {t} set amount_kr = 0",
        "plan_total_positive": "update {t} set amount_kr = 0 where row_number in (1, 2)",
        "lbf_share_plausible": (
            "update {t} set amount_kr = 9000000 where financing_source <> 'lbf'"
        ),
        "residents_per_home_plausible": "update {t} set residents = 9000 where row_number <= 2",
    },
    "raw_styringsdialog_topics": {
        "municipalities_1_to_98": "update {t} set municipality_code = null",
        "no_dominant_municipality": (
            "insert into {t} by name select a.* replace (a.row_number + 100 + n as row_number,"
            " a.meeting_date + 1 + n::integer as meeting_date)"
            " from {t} as a, range(30) as many(n) where row_number = 1"
        ),
        "T01_row_repeated": (
            "update {t} set topic = (select topic from {t} where row_number = 1)"
            " where row_number = 2"
        ),
        "T03_other_year": "update {t} set meeting_year = 2014 where row_number = 1",
        "T04_meeting_outside_year": (
            "update {t} set meeting_date = date '2017-01-01' where row_number in (1, 2)"
        ),
        "topics_per_meeting": "update {t} set topic = null where row_number in (1, 2)",
    },
    "raw_styringsdialog_minute_topics": {
        "one_meeting_per_delivery": (
            "update {t} set meeting_date = date '2015-11-12' where row_number = 1"
        ),
        "machine_has_evidence": "update {t} set score = null where row_number = 1",
    },
    "pub_indicator_cells": {
        "period_format": "update {t} set period = '2015/16' where indicator_id = 'I01'",
        "measure_in_list": "update {t} set measure = 'mean' where indicator_id = 'I14'",
        "measure_in_its_unit": "update {t} set unit = 'kr' where indicator_id = 'I14'",
        "no_answers_by_municipality": (
            "update {t} set breakdown = 'municipality' where indicator_id = 'I09'"
        ),
        "pct_between_0_and_100": (
            "update {t} set value = 101, numerator = null"
            " where indicator_id = 'I01' and unit = 'pct'"
        ),
        "pct_numerator_within_base": (
            "update {t} set base = 0 where indicator_id = 'I01' and unit = 'pct'"
        ),
        "pct_as_numerator_by_base": (
            "update {t} set value = round(value, 1) where indicator_id = 'I01'"
        ),
        "nothing_negative": "update {t} set value = -0.5 where indicator_id = 'I05'",
        "shares_count_whole_numbers": (
            "update {t} set numerator = 44.5, value = 100 * 44.5 / base"
            " where indicator_id = 'I01' and unit = 'pct'"
        ),
        "missing_is_marked": "update {t} set obs_status = 'A' where value is null",
        "answers_are_confidential": (
            "update {t} set is_confidential = false where indicator_id = 'I09'"
        ),
        "from_a_delivery": "update {t} set delivery_ids = [] where indicator_id = 'I05'",
        "exclusive_shares_add_up": (
            "delete from {t} where breakdown_value = 'small' and category = 'dont_know'"
        ),
        "local_and_fund_add_up": (
            "update {t} set value = 12.5, numerator = 1 where category = 'local'"
        ),
        "parts_within_whole": (
            "update {t} set numerator = numerator * 2, base = base * 2"
            " where breakdown_value = 'small'"
        ),
    },
    "released_cells": {
        "cell_id_unique": (
            "update {t} set cell_id = 'I01.2015.all.all.all.share_pct' where indicator_id = 'I14'"
        ),
        "suppressed_carry_no_value": ("update {t} set numerator = 3 where conf_status = 'C'"),
        "suppressed_show_no_number": "update {t} set display_da = '15,0' where conf_status = 'C'",
        "free_figures_are_shown": "update {t} set value = null where indicator_id = 'I05'",
        # 44 of 98 are 44.898 %
        "printed_shares_are_possible": (
            "update {t} set display_da = '44,8' where indicator_id = 'I01' and unit = 'pct'"
        ),
        "shares_count_whole_numbers": (
            "update {t} set numerator = 44.5, value = 100 * 44.5 / base, display_da = '45,4'"
            " where indicator_id = 'I01' and unit = 'pct'"
        ),
        "small_counts_are_suppressed": (
            "update {t} set numerator = 2, value = 20, display_da = '20,0'"
            " where indicator_id = 'I09'"
        ),
        "sensitive_groups_divide": (
            "update {t} set numerator = base, value = 100, display_da = '100,0'"
            " where category = 'satisfactory' and measure = 'politicians_share_pct'"
        ),
        "no_lone_suppressed_share": (
            "update {t} set conf_status = 'F', numerator = 3, value = 15, display_da = '15,0'"
            " where conf_status = 'C' and category = 'no'"
        ),
        "labels_are_words": "update {t} set measure_label_da = measure where indicator_id = 'I05'",
        "no_internal_columns": "alter table {t} add column delivery_ids varchar[]",
        "withheld_tables_are_withheld": (
            "insert into withheld_tables values ('I03', '2015', 'all')"
        ),
        "all_or_nothing_synthetic": "update release_info set is_synthetic = false",
    },
}
PLANTED["released_cells"] |= {
    rule: PLANTED["pub_indicator_cells"][rule]
    for rule in (
        "period_format",
        "measure_in_list",
        "measure_in_its_unit",
        "no_answers_by_municipality",
        "pct_between_0_and_100",
        "pct_numerator_within_base",
        "pct_as_numerator_by_base",
        "nothing_negative",
    )
}

LEDGER_RULES = {
    "current_deliveries_not_empty": "delete from {t}",
    "rows_as_in_ledger": "update raw.deliveries set rows_accepted = rows_accepted + 1",
}

_OTHER_FACT = {"D02_plan_facts_differ"}
_LATER_CODE = {"municipality_code_in_list"}
_OTHER_MEETING = {"one_meeting_per_delivery"}
SIDE_EFFECTS: dict[tuple[str, str], set[str]] = {
    ("raw_survey_answers", "municipality_code_format"): _LATER_CODE,
    ("raw_survey_answers", "no_dominant_municipality"): {
        "delivery_id_and_row_number_unique",
        "rows_as_in_ledger",
    },
    ("raw_survey_answers", "delivery_id_not_null"): {"rows_as_in_ledger"},
    ("raw_survey_answers", "dont_know_not_all"): {"dont_know_at_most_half"},
    ("raw_driftsstoette_lines", "delivery_id_not_null"): {
        "rows_as_in_ledger",
        "D07_fund_missing",
        "lbf_share_plausible",
    },
    ("raw_driftsstoette_lines", "extract_date_in_range"): {"extract_date_as_delivered_for"},
    ("raw_driftsstoette_lines", "extract_total_positive"): {"plan_total_positive"},
    ("raw_driftsstoette_lines", "municipalities_1_to_98"): {"municipality_code_not_null"},
    ("raw_driftsstoette_lines", "municipality_code_format"): _LATER_CODE | _OTHER_FACT,
    ("raw_driftsstoette_lines", "residents_in_range"): (
        _OTHER_FACT | {"residents_per_home_plausible"}
    ),
    ("raw_driftsstoette_lines", "grant_pool_in_list"): _OTHER_FACT,
    ("raw_driftsstoette_lines", "status_in_list"): _OTHER_FACT,
    ("raw_driftsstoette_lines", "homes_in_range"): _OTHER_FACT,
    ("raw_driftsstoette_lines", "grant_start_in_range"): _OTHER_FACT | {"D04_grant_period"},
    ("raw_driftsstoette_lines", "grant_end_in_range"): _OTHER_FACT | {"D04_grant_period"},
    ("raw_driftsstoette_lines", "municipality_code_in_list"): _OTHER_FACT,
    ("raw_driftsstoette_lines", "staff_hours_in_range"): {"D03_hours_without_staff"},
    ("raw_styringsdialog_topics", "meeting_date_in_range"): {"T04_meeting_outside_year"},
    ("raw_styringsdialog_topics", "meeting_year_in_range"): {
        "T03_other_year",
        "T04_meeting_outside_year",
    },
    ("raw_styringsdialog_topics", "delivery_id_not_null"): {"rows_as_in_ledger"},
    ("raw_styringsdialog_topics", "municipalities_1_to_98"): {"municipality_code_not_null"},
    ("raw_styringsdialog_topics", "municipality_code_format"): _LATER_CODE,
    ("raw_styringsdialog_topics", "no_dominant_municipality"): {"rows_as_in_ledger"},
    ("raw_styringsdialog_topics", "topics_per_meeting"): {"topic_not_null"},
    ("raw_styringsdialog_minute_topics", "delivery_id_not_null"): {"rows_as_in_ledger"},
    ("raw_styringsdialog_minute_topics", "municipality_code_not_null"): _OTHER_MEETING,
    ("raw_styringsdialog_minute_topics", "municipality_code_in_list"): _OTHER_MEETING,
    ("raw_styringsdialog_minute_topics", "municipality_code_format"): (
        _OTHER_MEETING | _LATER_CODE
    ),
    ("raw_styringsdialog_minute_topics", "housing_organisation_not_null"): _OTHER_MEETING,
    ("raw_styringsdialog_minute_topics", "meeting_date_not_null"): _OTHER_MEETING,
    ("raw_styringsdialog_minute_topics", "meeting_date_in_range"): _OTHER_MEETING,
    ("pub_indicator_cells", "unit_in_list"): {"measure_in_its_unit"},
    ("released_cells", "unit_in_list"): {"measure_in_its_unit"},
}
"""What cannot but fail too, given the planted error."""


def _by_hand(suite: str) -> dict[str, str]:
    return PLANTED.get(suite, {}) | (LEDGER_RULES if suite.startswith("raw_") else {})


def seen_by(suite: Suite, rule: Rule) -> Suite:
    """The expectations that read what the planted error of `rule` changes.

    An error of one field is seen by those of its column and by those that are of whole rows; what
    is said of another column alone reads nothing else.
    """
    column = rule.kwargs.get("column")
    if column is None or rule.rule_id in _by_hand(suite.name):
        return suite
    return replace(
        suite, rules=tuple(r for r in suite.rules if r.kwargs.get("column", column) == column)
    )


def planted(suite: str, table: str, rule: Rule) -> str:
    """The statement that plants one error for `rule`."""
    by_hand = _by_hand(suite)
    if rule.rule_id in by_hand:
        return by_hand[rule.rule_id].format(t=table)
    # A line of local financing; the cell of a mean, that has nothing to add up to.
    one_row = "where row_number = 2" if suite.startswith("raw_") else "where indicator_id = 'I05'"
    if rule.rule_id == "delivery_id_and_row_number_unique":
        return f"update {table} set row_number = 1 where row_number = 2"
    column = rule.kwargs["column"]
    if rule.kind == "ExpectColumnValuesToNotBeNull":
        return f"update {table} set {column} = null {one_row}"
    if rule.kind == "ExpectColumnValuesToBeInSet":
        return f"update {table} set {column} = '199' {one_row}"
    if rule.kind == "ExpectColumnValuesToMatchRegex":
        return f"update {table} set {column} = 'x01' {one_row}"
    if rule.kind == "ExpectColumnValuesToBeBetween":
        bound, step = rule.kwargs["min_value"], "- 1"
        if bound is None:
            bound, step = rule.kwargs["max_value"], "+ 1"
        if not isinstance(bound, int | float):
            step = f"{step[0]} interval 1 day"
            return f"update {table} set {column} = timestamp '{bound}' {step} {one_row}"
        return f"update {table} set {column} = {bound} {step} {one_row}"
    raise KeyError(f"no planted error for {suite}.{rule.rule_id}")
