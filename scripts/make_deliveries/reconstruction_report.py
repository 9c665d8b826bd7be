"""Writes which published figures the reconstructed 2015 wave meets, and which nothing can meet.

One row a declared constraint (`report_figures`), with the count found in the solved answers.
"""

from __future__ import annotations

from scripts.make_deliveries.constraints import FEWEST, NoFew, Total
from scripts.make_deliveries.files import csv_text
from scripts.make_deliveries.reconstruction import among, solve
from scripts.make_deliveries.report_figures import CASE_TOTALS, NO_FEW, OUT_OF_REACH, TOTALS

REPORT_NAME = "reconstruction_2015_SYNTETISK.csv"
HEADINGS = [
    "constraint",
    "basis",
    "report_lines",
    "published",
    "required",
    "solved_count",
    "base",
    "solved_pct",
    "verdict",
    "remark_da",
]


def _row(one: Total | NoFew) -> list[str]:
    if isinstance(one, Total):
        items, basis, remark = one.items, one.basis, ""
        required = f"{one.sense} {one.count}"
    else:
        items, basis, remark = (one.item,), "assumption", one.why
        required = f"= 0 or >= {FEWEST}"
    count = solve().count(items, among(one.among))
    return [
        one.name,
        basis,
        one.lines,
        one.published,
        required,
        str(count),
        str(one.base or ""),
        f"{100 * count / one.base:.1f}" if one.base else "",
        "met" if one.is_met_by(count) else "not_met",
        remark,
    ]


def report() -> bytes:
    """The report as UTF-8 CSV."""
    declared: tuple[Total | NoFew, ...] = (*TOTALS, *NO_FEW, *CASE_TOTALS)
    rows = [_row(one) for one in declared]
    rows += [
        [one.name, "report", one.lines, one.published, "", "", "", "", "out_of_reach", one.why]
        for one in OUT_OF_REACH
    ]
    return csv_text([HEADINGS, *rows], delimiter=",", newline="\n").encode("utf-8")
