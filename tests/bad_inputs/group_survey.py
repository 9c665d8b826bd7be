"""SurveyXact sets: parts missing, doubled or of another survey; answers no code book has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from bad_input_harness import DEFAULT_FILE, Case
from bad_input_tables import Table, answers, csv_of, survey_set, text_of, with_cells
from openpyxl import Workbook
from workbook_files import saved

from pipelines.contracts.loader import load_code_book

GROUP = "survey"
WAVE = "2015"


def changed(**cells: str) -> Callable[[], dict[str, bytes]]:
    """A sound set with some cells of the first respondent changed."""
    return lambda: survey_set(with_cells(answers(WAVE), 1, **cells))


def more_columns(**values: str) -> Callable[[], dict[str, bytes]]:
    """A sound set with columns more, the same value in each row."""
    header, *rows = answers(WAVE)
    table = [[*header, *values], *([*row, *values.values()] for row in rows)]
    return lambda: survey_set(table)


def without(variable: str) -> dict[str, bytes]:
    table = answers(WAVE)
    at = table[0].index(variable)
    return survey_set([row[:at] + row[at + 1 :] for row in table])


def renamed(old: str, new: str) -> dict[str, bytes]:
    header, *rows = answers(WAVE)
    return survey_set([[new if name == old else name for name in header], *rows])


def relabelled(**renamed: str) -> dict[str, bytes]:
    """A sound set whose labels swap two answers of s_7, or word the first of them otherwise."""
    wave = load_code_book("survey", WAVE)
    assert wave is not None
    told = {e.code: e.answer for e in wave.entries if e.variable == "s_7"}
    told |= {"1": told["2"], "2": told["1"]} if not renamed else {"1": renamed["first"]}
    lines = survey_set()["labels.csv"].decode().splitlines()
    kept = [line.split(";") for line in lines if not line.startswith("s_7;")]
    return survey_set(labels=csv_of([*kept, *(["s_7", code, text] for code, text in told.items())]))


def in_a_workbook(*, labels_sheet: str = "Labels(1)", truth_values: bool = False) -> bytes:
    """The set as one workbook, sheet names with the suffix the system gives them."""
    parts = survey_set()
    book = Workbook()
    book.remove(book.worksheets[0])
    names = {
        "dataset.csv": "Dataset(1)",
        "labels.csv": labels_sheet,
        "structure.csv": "Structure(1)",
    }
    for part, name in names.items():
        sheet = book.create_sheet(name)
        for line in parts[part].decode().splitlines():
            cells: list[object] = list(line.split(";"))
            sheet.append(cells)
    if truth_values:
        at = answers(WAVE)[0].index("s_4_1") + 1
        book["Dataset(1)"].cell(2, at).value = True
    return saved(book)


def other_dialect(separator: str, encoding: str) -> dict[str, bytes]:
    """Each part in another separator and encoding."""
    parts = {}
    for name, data in survey_set().items():
        table: Table = [line.split(";") for line in data.decode().splitlines()]
        parts[name] = text_of(table, separator).encode(encoding)
    return parts


def twice() -> dict[str, bytes]:
    header, first, *rows = answers(WAVE)
    return survey_set([header, first, first, *rows])


def two_of_a_municipality() -> dict[str, bytes]:
    header, first, second, *rows = answers(WAVE)
    at = header.index("kommunekode")
    second[at] = first[at]
    return survey_set([header, first, second, *rows])


def unfinished() -> dict[str, bytes]:
    """One respondent more, who was sent the questionnaire and never opened it."""
    header, *rows = answers(WAVE)
    empty = {"respondentid": "2001", "kommunekode": "173", "statoverall_2": "1"}
    silent = [empty.get(name, "0" if name.startswith("stat") else "") for name in header]
    return survey_set([header, *rows, silent])


CORRUPT = ("F11_corrupt_file",)
UNFIT = ("F19_survey_set_inconsistent",)
HELD = {"accepted": 3, "quarantined": 1}

READ = (
    Case("tabs_in_utf_16", partial(other_dialect, "\t", "utf-16"), "accepted", accepted=4),
    Case("bars_in_windows_1252", partial(other_dialect, "|", "cp1252"), "accepted", accepted=4),
    Case("workbook", in_a_workbook, "accepted", file="svar.xlsx", accepted=4),
    Case("answer_worded_otherwise", partial(relabelled, first="Jo"), "accepted", accepted=4),
    Case("never_opened", unfinished, "accepted", accepted=5),
    Case(
        "personal_columns",
        more_columns(email="kanarie@example.org", navn="Fru Kanariefugl"),
        "accepted",
        warnings=("C08_personal_column_cut",),
    ),
    Case(
        "columns_of_the_system",
        more_columns(organization="1", difftime="12.5", statcreation_1="0"),
        "accepted",
    ),
    Case("unknown_column", more_columns(s_99="1"), "accepted", warnings=("C07_unknown_column",)),
    Case(
        "answers_with_texts_beside",
        lambda: survey_set(complete=b"respondentid;s_1\r\n1001;Ja\r\n"),
        "accepted",
        warnings=("W07_file_set_aside",),
    ),
    Case(
        "no_line_end_after_the_last_answer",
        lambda: survey_set() | {"dataset.csv": csv_of(answers(WAVE)).rstrip()},
        "accepted",
        warnings=("W14_no_last_newline",),
    ),
    Case(
        "two_of_a_municipality",
        two_of_a_municipality,
        "accepted",
        warnings=("S03_several_completed",),
    ),
    Case(
        "answered_though_not_asked",
        changed(s_1="3"),
        "accepted",
        warnings=("S04_answered_though_not_asked",),
    ),
    Case(
        "unknown_code",
        changed(s_6="7"),
        "quarantined",
        ("C04_unknown_code",),
        places=((2, "s_6"),),
        **HELD,
    ),
    Case("text_for_a_code", changed(s_6="Ja, én"), "quarantined", ("C04_unknown_code",), **HELD),
    Case(
        "municipality_that_is_none",
        changed(kommunekode="999"),
        "quarantined",
        ("C04_unknown_code",),
        **HELD,
    ),
    Case("no_status", changed(statoverall_4="0"), "quarantined", ("C01_required_missing",), **HELD),
    Case(
        "truth_value_for_a_choice",
        partial(in_a_workbook, truth_values=True),
        "quarantined",
        ("C04_unknown_code",),
        file="svar.xlsx",
        **HELD,
    ),
    Case(
        "respondent_twice",
        twice,
        "quarantined",
        ("S01_respondent_repeated",),
        accepted=3,
        quarantined=2,
    ),
    Case(
        "municipality_without_a_plan",
        survey_set,
        "quarantined",
        ("S02_municipality_without_plan",),
        with_plans=("461", "751", "851"),
        **HELD,
    ),
    Case(
        "answer_that_breaks_its_row",
        changed(s_11="kanariefugl; og mere"),
        "quarantined",
        ("R01_field_count",),
        places=((2, None),),
        **HELD,
    ),
)

REFUSED = (
    Case(
        "without_labels",
        lambda: survey_set(labels=None),
        "rejected",
        ("F18_survey_set_incomplete",),
        says=("labels",),
    ),
    Case(
        "without_dataset",
        lambda: {name: data for name, data in survey_set().items() if name != "dataset.csv"},
        "rejected",
        ("F18_survey_set_incomplete",),
        says=("dataset",),
    ),
    Case("labels_empty", lambda: survey_set(labels=b""), "rejected", ("F02_empty_file",)),
    Case(
        "structure_of_something_else",
        lambda: survey_set(structure=b"a;b\r\n1;2\r\n"),
        "rejected",
        ("F03_columns_missing",),
        says=("questionName",),
    ),
    Case("labels_of_another_survey", lambda: survey_set(labels=b"q;1;ja\r\n"), "rejected", UNFIT),
    Case(
        "dataset_of_another_survey",
        lambda: survey_set() | {"dataset.csv": b"x;y\r\n1;2\r\n"},
        "rejected",
        UNFIT,
    ),
    Case(
        "two_datasets",
        lambda: survey_set(dataset_2=csv_of(answers(WAVE))),
        "rejected",
        ("F15_several_data_sets",),
    ),
    Case(
        "variable_missing",
        partial(without, "s_6"),
        "rejected",
        ("K05_variable_missing",),
        says=("s_6",),
    ),
    Case(
        "answers_recoded", relabelled, "rejected", ("K16_answers_recoded",), says=("s_7", "2015")
    ),
    Case(
        "variable_twice", partial(renamed, "s_6", "S_5"), "rejected", ("F04_ambiguous_columns",)
    ),
    Case(
        "wave_without_a_code_book",
        survey_set,
        "rejected",
        ("K01_no_code_book",),
        period="2031",
        says=("2031",),
    ),
    Case(
        "cut_off", lambda: survey_set() | {"dataset.csv": csv_of(answers(WAVE))[:-20]}, "rejected",
        CORRUPT,
    ),
    Case(
        "workbook_without_labels",
        partial(in_a_workbook, labels_sheet="Noter"),
        "rejected",
        ("F18_survey_set_incomplete",),
        file="svar.xlsx",
    ),
    Case(
        "pictures", lambda: {"a.png": b"\x89PNG"}, "rejected", ("F22_unsupported_format",)
    ),
    Case(
        "labels_in_a_dos_page",
        lambda: survey_set(
            labels="s_1;1;Ja, én\r\ns_1;3;Nej, på ingen måde\r\n".encode("cp865")
        ),
        "rejected",
        ("F01_unreadable_encoding",),
    ),
    Case(
        "quote_never_closed",
        lambda: survey_set(with_cells(answers(WAVE), 1, s_11='"kanariefugl')),
        "rejected",
        ("F23_unclosed_quote",),
        says=("linje 2",),
    ),
)  # fmt: skip

CASES = tuple(
    replace(
        case,
        source="survey",
        period=WAVE if case.period != "2031" else case.period,
        file="undersøgelse" if case.file == DEFAULT_FILE else case.file,
        is_slow=True,
    )
    for case in (*READ, *REFUSED)
)
