"""What may leave at all: the words a published cell can be made of.

An allow list on purpose. A new measure or breakdown is published once somebody has put it here.
"""

from __future__ import annotations

MEASURE_UNITS = {
    "share_pct": "pct",
    "leaders_share_pct": "pct",
    "politicians_share_pct": "pct",
    "unit_response_pct": "pct",
    "item_response_pct": "pct",
    "plans_local_25_pct": "pct",
    "plans_below_25_pct": "pct",
    "year_share_pct": "pct",
    "plans_staff_hour_implausible": "count",
    "municipalities": "count",
    "plans": "count",
    "homes": "count",
    "plan_areas": "count",
    "listed_areas": "count",
    "housing_organisations": "count",
    "invited": "count",
    "answered": "count",
    "item_answered": "count",
    "topics_per_meeting": "count",
    "residents": "persons",
    "inhabitants": "persons",
    "years_with_plans": "years",
    "plans_started": "count",
    "plans_continued": "count",
    "plans_ended": "count",
    "plans_running": "count",
    "staff_hours": "hours",
    "amount_kr": "kr",
    "year_amount_kr": "kr",
    "staff_hour_kr": "kr",
    "fte_mean": "fte",
    "fte_total": "fte",
    "fte_per_1000_residents": "fte",
    "share_before_pct": "pct",
    "share_after_pct": "pct",
    "change_pct_points": "pct_points",
    "gained": "count",
    "lost": "count",
    "mcnemar_exact_p": "p_value",
    "mcnemar_mid_p": "p_value",
    "may_be_chance": "yes_no",
    "difference_pct_points": "pct_points",
    "odds_ratio": "ratio",
    "fisher_exact_p": "p_value",
    "panel": "count",
    "joiners": "count",
    "leavers": "count",
    "size_movers": "count",
}
"""Every measure, and the one unit it comes in."""

SHARES = (
    "share_pct",
    "leaders_share_pct",
    "politicians_share_pct",
    "year_share_pct",
    "share_before_pct",
    "share_after_pct",
)
"""Shares of a group's units by category; each is a question of its own, added up by itself."""
UNITS = (
    "pct",
    "count",
    "kr",
    "hours",
    "persons",
    "fte",
    "years",
    "pct_points",
    "p_value",
    "yes_no",
    "ratio",
)
BREAKDOWNS = (
    "all",
    "size",
    "region",
    "municipality_type",
    "grant_pool",
    "municipality",
    "same_person",
)
OBS_STATUSES = ("A", "B", "M", "P")
"""SDMX: normal, break in series, missing, provisional."""
CONF_STATUSES = ("F", "C")
"""Free, suppressed; not whether for its own sake or to protect another."""

INDICATOR_MODELS = {
    "I01": "pub_i01_municipalities_with_plans",
    "I02": "pub_i02_response",
    "I03": "pub_i03_coordinator_appointed",
    "I04": "pub_i04_coordinator_placement",
    "I05": "pub_i05_coordinator_time",
    "I06": "pub_i06_cofinancing_forms",
    "I07": "pub_i07_cofinancing_mix",
    "I08": "pub_i08_priority",
    "I09": "pub_i09_styringsdialog_topics",
    "I10": "pub_i10_residents_covered",
    "I11": "pub_i11_collaboration_step",
    "I12": "pub_i12_forums_and_agreements",
    "I13": "pub_i13_plan_history",
    "I14": "pub_i14_municipality_profile",
    "I15": "pub_i15_change_between_waves",
}
EXCLUSIVE_INDICATORS = ("I03", "I04", "I05", "I07", "I08", "I11")
"""Whose shares of one group and measure add up to 100 %."""
SUBTOTALS = ("local",)
"""Categories that sum up others of the same group: the local part of a plan's financing."""
SURVEY_ANSWERS = ("I03", "I04", "I05", "I06", "I08", "I11", "I12", "I15")
"""Made of answers that were given in confidence."""
PARTICIPATION = ("panel", "joiners", "leavers", "size_movers")
"""Who takes part in a comparison: no answer, and public like the response (I02)."""
COMPARISONS = ("I15",)
"""Which compare two waves: a break between them leaves no figure, with status B."""
SENSITIVE = ("I08",)
"""Judgements of persons or bodies: that a whole group agrees on one is not shown."""
BY_MUNICIPALITY = ("I07", "I10", "I14")
"""Register facts that are shown for each municipality."""
REGISTER_ONLY = ("I14",)
"""Some cells have no delivery behind them, only the reference data."""
PERIOD_REGEX = r"^[0-9]{4}(-[0-9]{2}-[0-9]{2}|/[0-9]{4})?$"
EXACTNESS = 1e-9


def sql_list(words: tuple[str, ...]) -> str:
    """The words as the inside of an SQL `in (…)`."""
    return ", ".join(f"'{word}'" for word in words)
