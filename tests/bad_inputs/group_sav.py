"""SPSS files of a survey: what they may declare, how their text is written, how they break."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from bad_input_harness import DEFAULT_FILE, Case
from bad_input_tables import Table, answers, survey_set, with_cells
from group_zip import zipped
from sav_files import crashing, in_code_page, sav_of, with_stated_cases

GROUP = "sav"
FULL_NAMES = {
    "responde": "respondentid",
    "kommunek": "kommunekode",
    "closetim": "closetime",
    **{f"stato_{n}": f"statoverall_{n}" for n in range(1, 6)},
}
CODES = {"s_1": {"1": "Ja, én", "2": "Ja, flere", "3": "Nej", "9": "Ved ikke"}}


def spss(table: Table | None = None, **options: Any) -> bytes:
    """A sound SPSS file of the wave 2016, made of a table."""
    rows = answers("2016") if table is None else table
    texts = {name: "Har kommunen én?" for name in rows[0] if name == "s_1"}
    strings = [name for name in rows[0] if name in ("s_11", "note", "email")]
    moments = [name for name in rows[0] if name.startswith("closetim")]
    return sav_of(
        rows, **{"labels": CODES, "texts": texts, "strings": strings, "moments": moments} | options
    )


def made(**options: Any) -> Callable[[], bytes]:
    return partial(spss, **options)


def changed(**cells: str) -> Callable[[], bytes]:
    """A sound file with some cells of the first respondent changed."""
    return lambda: spss(with_cells(answers("2016"), 1, **cells))


def renamed(names: Mapping[str, str]) -> bytes:
    header, *rows = answers("2016")
    return spss([[names.get(name, name) for name in header], *rows])


def in_page(page: str, stated: bytes | None) -> Callable[[], bytes]:
    return lambda: in_code_page(spss(), ("Ja, én", "Har kommunen én?"), page, stated)


def with_email() -> bytes:
    header, *rows = answers("2016")
    return spss([[*header, "email"], *([*row, "kanarie@example.org"] for row in rows)])


def twice_the_same() -> bytes:
    header, first, *rows = answers("2016")
    return spss([header, first, first, *rows])


def without(variable: str) -> bytes:
    table = answers("2016")
    at = table[0].index(variable)
    return spss([row[:at] + row[at + 1 :] for row in table])


CORRUPT = ("F11_corrupt_file",)
WRONG = ("F05_wrong_container",)

CASES = tuple(
    replace(
        case,
        source="survey",
        period="2016",
        file="svar.sav" if case.file == DEFAULT_FILE else case.file,
        is_slow=True,
    )
    for case in (
        Case("sound", spss, "accepted", accepted=4),
        Case("full_names", partial(renamed, FULL_NAMES), "accepted", accepted=4),
        Case("compressed_by_row", made(row_compress=True), "accepted", accepted=4),
        Case("compressed_whole", made(compress=True), "accepted", file="svar.zsav", accepted=4),
        Case("cases_not_counted", lambda: with_stated_cases(spss(), -1), "accepted", accepted=4),
        Case("windows_1252_stated", in_page("cp1252", b"windows-1252"), "accepted", accepted=4),
        Case("windows_1252_unstated", in_page("cp1252", None), "accepted", accepted=4),
        Case("utf_8_unstated", in_page("utf-8", None), "accepted", accepted=4),
        Case("dos_page_stated", in_page("cp850", b"CP850"), "accepted", accepted=4),
        Case(
            "declared_missing",
            made(missing={"s_1": [1]}),
            "accepted",
            warnings=("S04_answered_though_not_asked", "W08_declared_missing"),
            says=("user-missing",),
        ),
        Case("system_missing", changed(s_6=""), "accepted", accepted=4),
        Case(
            "personal_column",
            with_email,
            "accepted",
            warnings=("C08_personal_column_cut",),
            accepted=4,
        ),
        Case("in_a_zip", lambda: zipped(("svar.sav", spss())), "accepted", file="svar.zip"),
        Case(
            "unknown_code",
            changed(s_6="7"),
            "quarantined",
            ("C04_unknown_code",),
            places=((1, "s_6"),),
            accepted=3,
        ),
        Case(
            "code_with_decimals",
            changed(s_6="1,5"),
            "quarantined",
            ("C04_unknown_code",),
            accepted=3,
        ),
        Case(
            "hours_beyond_a_week",
            changed(s_12="3700"),
            "quarantined",
            ("C05_out_of_range",),
            places=((1, "s_12"),),
        ),
        Case(
            "respondent_twice",
            twice_the_same,
            "quarantined",
            ("S01_respondent_repeated",),
            quarantined=2,
        ),
        Case(
            "variable_missing",
            partial(without, "s_6"),
            "rejected",
            ("K05_variable_missing",),
            says=("s_6",),
        ),
        Case("dos_page_unstated", in_page("cp850", None), "rejected", ("F01_unreadable_encoding",)),
        Case(
            "dos_page_stated_wrongly",
            in_page("cp1252", b"CP850"),
            "rejected",
            ("F01_unreadable_encoding",),
            says=("SPSS",),
        ),
        Case("cut_off", lambda: spss()[:-9], "rejected", CORRUPT, says=("rækker",)),
        Case("cut_off_in_its_head", lambda: spss()[:300], "rejected", CORRUPT),
        Case("fewer_cases_stated", lambda: with_stated_cases(spss(), 1), "rejected", CORRUPT),
        Case("crashes_the_library", lambda: crashing(spss()), "rejected", ("F13_parser_crashed",)),
        Case(
            "portable",
            lambda: b"ASCII SPSS PORT FILE" + bytes(400),
            "rejected",
            ("F22_unsupported_format",),
            file="svar.por",
            says=(".sav",),
        ),
        Case(
            "portable_under_another_name",
            lambda: b"ASCII SPSS PORT FILE" + b" " * 400,
            "rejected",
            WRONG,
            says=("Åbn den i SPSS",),
        ),
        Case("text", lambda: b"responde;s_1\n1;1\n", "rejected", WRONG),
        Case(
            "beside_a_whole_set",
            lambda: survey_set(wave="2016") | {"svar.sav": spss()},
            "rejected",
            ("F15_several_data_sets",),
        ),
    )
)
