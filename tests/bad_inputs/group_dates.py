"""Dates a sender may write: day first or ISO; whatever else is set aside, never turned round."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bad_input_harness import Case
from bad_input_tables import csv_of, grants, meetings, text_of, with_cells

GROUP = "dates"
SAYS = "Skriv en dato som dd-mm-åååå, for eksempel 30-06-2015."
MONTH_FIRST = ("01/31/2013", "02/01/2013", "03/02/2013", "01/01/2013")
MOSTLY_DAY_FIRST = ("01/31/2013", "31/01/2013", "03/02/2013", "01/01/2013")


def plans_from(dates: Sequence[str]) -> Callable[[], bytes]:
    """An extract with a plan for each start of a grant."""
    table = grants(plans=len(dates))
    for at, start in enumerate(dates):
        for row in (2 * at + 1, 2 * at + 2):
            table = with_cells(table, row, Bevillingfra=start)
    return lambda: csv_of(table)


def starts(text: str) -> Callable[[], bytes]:
    """The grant's start in both rows of the first plan, whose facts must agree."""
    return lambda: csv_of(with_cells(grants(Bevillingfra=text), 2, Bevillingfra=text))


def ends(text: str) -> Callable[[], bytes]:
    return lambda: csv_of(with_cells(grants(Bevillingtil=text), 2, Bevillingtil=text))


def meets(text: str) -> Callable[[], bytes]:
    return lambda: csv_of(meetings(Mødedato=text))


def titled(line: str) -> Callable[[], bytes]:
    return lambda: (f"Udtræk fra driftsstøttesystemet\r\n{line}\r\n" + text_of(grants())).encode()


def unread(name: str, text: str) -> Case:
    return Case(
        name,
        starts(text),
        "quarantined",
        ("C03_not_a_date",),
        accepted=4,
        quarantined=2,
        places=((2, "Bevilling fra"), (3, "Bevilling fra")),
        says=(SAYS,),
        planted=(text,) if len(text) > 5 else (),
    )


CASES = (
    unread("american", "01/31/2013"),
    unread("american_with_dashes", "01-31-2013"),
    unread("day_31_of_february", "31-02-2013"),
    unread("day_29_of_february", "29-02-2013"),
    unread("day_31_of_april", "31-04-2013"),
    unread("day_0", "00-01-2013"),
    unread("month_0", "01-00-2013"),
    unread("iso_month_13", "2013-13-01"),
    unread("two_digit_year", "01-01-13"),
    unread("single_digits", "1-1-2013"),
    unread("iso_single_digits", "2013-1-1"),
    unread("points", "01.01.2013"),
    unread("iso_slashes", "2013/01/01"),
    unread("no_signs", "20130101"),
    unread("mixed_signs", "01-01/2013"),
    unread("en_dashes", "01–01–2013"),
    unread("blanks", "01 01 2013"),
    unread("excel_serial", "41275"),
    unread("excel_serial_with_time", "41275,5"),
    unread("in_words", "1. januar 2013"),
    unread("month_alone", "01-2013"),
    unread("year_alone", "2013"),
    unread("with_time", "01-01-2013 12:30"),
    unread("iso_with_time", "2013-01-01 12:30:00"),
    unread("iso_with_zone", "2013-01-01T00:00:00Z"),
    unread("year_of_three_digits", "01-01-0213"),
    unread("year_zero", "0000-01-01"),
    unread("five_digit_year", "01-01-20130"),
    unread("arabic_digits", "٠١-٠١-٢٠١٣"),
    unread("fullwidth_digits", "０１-０１-２０１３"),
    unread("unknown", "ukendt"),
    Case(
        "which_comes_first_cannot_be_told",
        plans_from(MONTH_FIRST),
        "rejected",
        ("K10_most_rows_held_back", "C03_not_a_date", "C10_date_order"),
        places=((2, "Bevilling fra"), (4, "Bevilling fra")),
        says=("andre datoer i kolonnen har måneden først",),
    ),
    Case(
        "one_american_among_danish",
        plans_from(MOSTLY_DAY_FIRST),
        "quarantined",
        ("C03_not_a_date",),
        accepted=6,
    ),
    Case(
        "long_past",
        starts("01-01-1913"),
        "quarantined",
        ("C05_out_of_range", "D04_grant_period"),
        accepted=4,
        says=("fra 01-01-1994 til 31-12-2100",),
    ),
    Case(
        "far_future",
        ends("31-12-9999"),
        "quarantined",
        ("C05_out_of_range", "D04_grant_period"),
        accepted=4,
    ),
    Case(
        "end_before_start",
        ends("31-12-2012"),
        "quarantined",
        ("D04_grant_period",),
        accepted=4,
        places=((2, "Bevilling til"),),
    ),
    Case("empty", starts(""), "quarantined", ("C01_required_missing",), accepted=4),
    Case(
        "meeting_american",
        meets("11/13/2015"),
        "quarantined",
        ("C03_not_a_date",),
        source="styringsdialog",
        period="2015",
        accepted=3,
        places=((2, "Mødedato"),),
        says=(SAYS,),
    ),
    Case(
        "meeting_long_past",
        meets("11-11-2005"),
        "quarantined",
        ("C05_out_of_range", "T04_meeting_outside_year"),
        source="styringsdialog",
        period="2015",
        accepted=3,
    ),
    Case(
        "extract_of_another_date",
        titled("Udtræksdato: 31-12-2015"),
        "rejected",
        ("K02_other_period",),
        says=("gælder 31-12-2015, men den er leveret for 30-06-2015",),
    ),
    Case(
        "extract_date_american",
        titled("Udtræksdato: 06/30/2015"),
        "rejected",
        ("K02_other_period",),
        says=("en dato, der ikke kan læses",),
    ),
    Case("slashes_are_taken", starts("01/01/2013"), "accepted", accepted=6),
    Case("iso_is_taken", starts("2013-01-01"), "accepted", accepted=6),
    Case("iso_midnight_is_taken", starts("2013-01-01 00:00:00"), "accepted", accepted=6),
    Case("blanks_around_are_taken", starts(" 01-01-2013\u00a0"), "accepted", accepted=6),
    Case("extract_date_in_a_title_is_taken", titled("UDTRÆKSDATO 30-06-2015"), "accepted"),
)
