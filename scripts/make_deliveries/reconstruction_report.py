"""Writes which published figures the reconstructed 2015 wave meets, and which nothing can meet.

One row a declared constraint (`report_figures`), with the count found in the solved answers.
"""

from __future__ import annotations

from scripts.make_deliveries.constraints import Total
from scripts.make_deliveries.files import csv_text
from scripts.make_deliveries.reconstruction import among, solve
from scripts.make_deliveries.report_figures import CASE_TOTALS, OUT_OF_REACH, TOTALS

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


def _row(total: Total) -> list[str]:
    count = solve().count(total.items, among(total.among))
    pct = f"{100 * count / total.base:.1f}" if total.base else ""
    return [
        total.name,
        total.basis,
        total.lines,
        total.published,
        f"{total.sense} {total.count}",
        str(count),
        str(total.base or ""),
        pct,
        "met" if total.is_met_by(count) else "not_met",
        "",
    ]


def report() -> bytes:
    """The report as UTF-8 CSV."""
    rows = [_row(total) for total in (*TOTALS, *CASE_TOTALS)]
    rows += [
        [one.name, "report", one.lines, one.published, "", "", "", "", "out_of_reach", one.why]
        for one in OUT_OF_REACH
    ]
    return csv_text([HEADINGS, *rows], delimiter=",", newline="\n").encode("utf-8")
