"""Numbers a sender may write: Danish ones are read, whatever could mean two things is set aside."""

from __future__ import annotations

from collections.abc import Callable

from bad_input_harness import Case
from bad_input_tables import csv_of, grants, with_cells

GROUP = "numbers"
KRONER = "kroner med komma før ørerne, for eksempel 1.500,00"
WHOLE = "et helt tal, for eksempel 1204 eller 1.204"
HOURS = "et tal med komma, for eksempel 37,5"
NOT_A_NUMBER = ("C02_not_a_number", "C06_held_back_with_its_group")


def amount(text: str) -> Callable[[], bytes]:
    return lambda: csv_of(grants(Beløb=text))


def homes(text: str) -> Callable[[], bytes]:
    """In both rows of the first plan, whose facts must agree."""
    return lambda: csv_of(with_cells(grants(Antalboliger=text), 2, Antalboliger=text))


def hours(text: str) -> Callable[[], bytes]:
    return lambda: csv_of(with_cells(grants(), 2, Timer=text))


def kroner_unread(name: str, text: str) -> Case:
    return Case(
        f"kroner_{name}",
        amount(text),
        "quarantined",
        NOT_A_NUMBER,
        accepted=4,
        quarantined=2,
        places=((2, "Beløb (kr.)"), (3, "Sagsnr")),
        says=(KRONER,),
        planted=(text,) if len(text) > 5 and text not in KRONER else (),
    )


def homes_unread(name: str, text: str) -> Case:
    return Case(
        f"homes_{name}",
        homes(text),
        "quarantined",
        ("C02_not_a_number",),
        accepted=4,
        places=((2, "Antal boliger"), (3, "Antal boliger")),
        says=(WHOLE,),
    )


def hours_unread(name: str, text: str) -> Case:
    return Case(
        f"hours_{name}",
        hours(text),
        "quarantined",
        NOT_A_NUMBER,
        accepted=4,
        places=((3, "Timer"),),
        says=(HOURS,),
    )


def taken(name: str, make: Callable[[], bytes]) -> Case:
    return Case(f"{name}_is_taken", make, "accepted", accepted=6)


CASES = (
    kroner_unread("american", "6,000,000.00"),
    kroner_unread("american_small", "1,500.00"),
    kroner_unread("lone_thousands", "1.500"),
    kroner_unread("lone_millions", "6.000.000"),
    kroner_unread("decimal_point", "1500.50"),
    kroner_unread("three_decimals", "1500,505"),
    kroner_unread("one_decimal_after_groups", "1.500,5"),
    kroner_unread("groups_of_two", "60.00.000,00"),
    kroner_unread("group_after_zero", "0.500,00"),
    kroner_unread("no_oere_after_comma", "1500,"),
    kroner_unread("nothing_before_comma", ",50"),
    kroner_unread("nan", "nan"),
    kroner_unread("infinite", "inf"),
    kroner_unread("exponent", "1e2"),
    kroner_unread("exponent_of_excel", "6,00E+06"),
    kroner_unread("underscore", "1_500"),
    kroner_unread("arabic_digits", "١٥٠٠"),
    kroner_unread("fullwidth_digits", "１５００"),
    kroner_unread("superscript", "1500²"),
    kroner_unread("leading_plus", "+1500,00"),
    kroner_unread("trailing_minus", "1500,00-"),
    kroner_unread("minus_sign_of_unicode", "−1500,00"),
    kroner_unread("in_parentheses", "(1.500,00)"),
    kroner_unread("blanks_inside", "6 000 000,00"),
    kroner_unread("hard_blanks_inside", "6\u00a0000\u00a0000,00"),
    kroner_unread("thin_blanks_inside", "6\u2009000\u2009000,00"),
    kroner_unread("apostrophes_inside", "6'000'000,00"),
    kroner_unread("apostrophe_before", "'1500,00"),
    kroner_unread("currency_before", "kr. 1.500,00"),
    kroner_unread("currency_after", "1.500,00 kr."),
    kroner_unread("currency_code", "1500 DKK"),
    kroner_unread("oere_as_dash", "1.500,-"),
    kroner_unread("in_millions", "6,0 mio."),
    kroner_unread("about", "ca. 1500"),
    kroner_unread("dash_for_nothing", "–"),
    kroner_unread("per_cent", "75 %"),
    kroner_unread("formula", "=6000000/2"),
    kroner_unread("hexadecimal", "0x5DC"),
    kroner_unread("spreadsheet_error", "#I/T"),
    kroner_unread("over_long", "9" * 40),
    Case(
        "kroner_empty",
        amount(""),
        "quarantined",
        ("C01_required_missing", "C06_held_back_with_its_group"),
        accepted=4,
        places=((2, "Beløb (kr.)"),),
    ),
    Case(
        "kroner_negative",
        amount("-6.000.000,00"),
        "quarantined",
        ("C05_out_of_range", "C06_held_back_with_its_group"),
        accepted=4,
        says=("fra 0 til 1.000.000.000",),
    ),
    Case(
        "kroner_beyond_all_measure",
        amount("1.000.000.000,01"),
        "quarantined",
        ("C05_out_of_range", "C06_held_back_with_its_group"),
        accepted=4,
    ),
    homes_unread("with_decimals", "1204,5"),
    homes_unread("english_decimal", "12.04"),
    homes_unread("english_thousands", "1,204"),
    homes_unread("below_one", "0.500"),
    homes_unread("negative", "-3"),
    homes_unread("in_words", "tolv"),
    homes_unread("with_unit", "1204 boliger"),
    Case(
        "homes_beyond_all_measure",
        homes("50.001"),
        "quarantined",
        ("C05_out_of_range",),
        accepted=4,
        says=("fra 0 til 50.000",),
    ),
    hours_unread("decimal_point", "37.5"),
    hours_unread("lone_thousands", "4.160"),
    hours_unread("as_time", "37:30"),
    hours_unread("more_decimals_than_kept", "37,125"),
    taken("kroner_plain", amount("1500")),
    taken("kroner_one_decimal", amount("1500,5")),
    taken("kroner_with_groups", amount("1.500,00")),
    taken("kroner_among_blanks", amount(" \u00a01.500,00\u2009")),
    taken("homes_with_group", homes("1.204")),
    taken("hours_with_group", hours("4.160,5")),
)
