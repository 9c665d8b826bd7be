"""Headings, lines above them, totals below them: found by rule or refused with what is wrong."""

from __future__ import annotations

from collections.abc import Callable

from bad_input_harness import Case
from bad_input_tables import (
    Table,
    csv_of,
    grants,
    meetings,
    text_of,
    with_column,
    without_column,
)

GROUP = "headings"
SUM = "24.750.000,00"


def under(*titles: str) -> Callable[[], bytes]:
    return lambda: ("".join(f"{line}\r\n" for line in titles) + text_of(grants())).encode()


def renamed(old: str, new: str) -> Callable[[], bytes]:
    return lambda: text_of(grants()).replace(old, new, 1).encode()


def total(label: str, amount: str, at: int = 0) -> list[str]:
    row = [""] * 16
    row[at], row[14] = label, amount
    return row


def totalled(*rows: list[str]) -> Callable[[], bytes]:
    return lambda: csv_of([*grants(), *rows])


def reordered(table: Table) -> Table:
    return [list(reversed(row)) for row in table]


def refused(name: str, rule: str, make: Callable[[], bytes], *says: str) -> Case:
    return Case(name, make, "rejected", (rule,), says=says)


def taken(name: str, make: Callable[[], bytes], *warnings: str) -> Case:
    return Case(f"{name}_is_taken", make, "accepted", warnings=warnings, accepted=6)


CASES = (
    refused(
        "column_missing",
        "F03_columns_missing",
        lambda: csv_of(without_column(grants(), "Status")),
        "mangler: Status",
    ),
    refused(
        "two_columns_missing",
        "F03_columns_missing",
        lambda: csv_of(without_column(without_column(grants(), "Status"), "Kommune")),
        "Kommune, Status",
    ),
    refused(
        "column_misspelt",
        "F03_columns_missing",
        renamed("Finansieringskilde", "Finanseringskilde"),
        "Finansieringskilde",
    ),
    refused("no_headings", "F03_columns_missing", lambda: csv_of(grants()[1:]), "Sagsnr"),
    refused(
        "headings_over_two_rows",
        "F03_columns_missing",
        lambda: csv_of(
            [[*row[:8], *[""] * 8] if at == 0 else row for at, row in enumerate(grants())]
        ),
    ),
    refused(
        "column_twice",
        "F04_ambiguous_columns",
        lambda: csv_of(with_column(grants(), "Status", ["Aktiv"] * 6)),
        "Status",
    ),
    refused(
        "column_under_two_names",
        "F04_ambiguous_columns",
        lambda: csv_of(with_column(grants(), "Kommunenr.", ["461"] * 6)),
        "Kommunenr.",
    ),
    refused(
        "six_title_lines",
        "F26_headings_too_far_down",
        under("a", "b", "c", "d", "e", "f"),
        "linje 7",
        "højst fem",
    ),
    refused(
        "a_page_of_explanation",
        "F26_headings_too_far_down",
        under(*(f"Note {n}" for n in range(40))),
        "linje 41",
    ),
    refused(
        "headings_of_another_source", "F03_columns_missing", lambda: csv_of(meetings()), "Sagsnr"
    ),
    refused("total_disagrees", "K03_totals_disagree", totalled(total("I alt", "24.750.000,01"))),
    refused(
        "total_of_a_longer_list",
        "K03_totals_disagree",
        totalled(total("I alt", "99.000.000,00")),
        "Der mangler rækker",
    ),
    refused("total_unreadable", "K03_totals_disagree", totalled(total("Total", "24,750,000.00"))),
    Case(
        "row_after_the_total",
        totalled(total("I alt", SUM), grants(4)[-1]),
        "quarantined",
        ("R06_after_totals",),
        accepted=6,
        quarantined=1,
        places=((9, None),),
    ),
    Case(
        "subtotals_inside_the_table",
        lambda: csv_of([*grants()[:3], total("Sum", "8.250.000,00"), *grants()[3:]]),
        "rejected",
        ("K10_most_rows_held_back", "R06_after_totals"),
    ),
    Case(
        "total_without_a_word",
        totalled(total("", SUM)),
        "quarantined",
        ("C01_required_missing",),
        accepted=6,
        quarantined=1,
        places=((8, "Sagsnr"),),
    ),
    Case(
        "remark_beside_the_table",
        lambda: csv_of([[*row, "husk!" if at == 2 else ""] for at, row in enumerate(grants())]),
        "quarantined",
        ("R08_outside_table", "C06_held_back_with_its_group"),
        accepted=4,
        places=((3, None),),
        planted=("husk!",),
    ),
    Case(
        "unknown_column",
        lambda: csv_of(with_column(grants(), "Bemærkninger", ["hemmeligt"] * 6)),
        "accepted",
        warnings=("C07_unknown_column",),
        accepted=6,
        planted=("hemmeligt",),
    ),
    Case(
        "personal_column",
        lambda: csv_of(with_column(grants(), "Kontaktperson", ["kanarie@example.org"] * 6)),
        "accepted",
        warnings=("C08_personal_column_cut",),
        accepted=6,
    ),
    Case(
        "person_as_a_heading",
        lambda: csv_of(with_column(grants(), "kanarie@example.org", ["x"] * 6)),
        "accepted",
        warnings=("C08_personal_column_cut",),
        says=("personoplysninger",),
    ),
    taken("five_title_lines", under("Udtræk", "Udtræksdato: 30-06-2015", "c", "d", "e")),
    taken(
        "title_of_several_cells",
        under("Udtræk;fra;driftsstøttesystemet", "Udtræksdato:;30-06-2015"),
    ),
    taken(
        "headings_in_capitals",
        lambda: text_of([[h.upper() for h in grants()[0]], *grants()[1:]]).encode(),
    ),
    taken("headings_with_hard_blanks", renamed("Bevilling fra", "\u00a0bevilling\u00a0\u00a0FRA ")),
    taken("other_names_of_columns", renamed("Sagsnr;", "Sagsnummer;")),
    taken("another_order", lambda: csv_of(reordered(grants()))),
    taken("optional_column_missing", lambda: csv_of(without_column(grants(), "Indsatsområde"))),
    taken("total_that_agrees", totalled(total("I alt:", SUM))),
    taken("total_in_another_column", totalled(total("TOTAL", SUM, at=13))),
    taken("total_that_nobody_computed", totalled(total("I alt", ""))),
)
