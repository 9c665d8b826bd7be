"""Codes, keys and each source's own rules: the row or its plan is set aside, the file goes on."""

from __future__ import annotations

from collections.abc import Callable

from bad_input_harness import Case
from bad_input_tables import Table, answers, csv_of, grants, meetings, survey_set, with_cells

GROUP = "rules"
HELD = "C06_held_back_with_its_group"


def first_plan(**cells: str) -> Callable[[], bytes]:
    """Both rows of the first plan changed alike, so that its facts still agree."""
    return lambda: csv_of(with_cells(grants(**cells), 2, **cells))


def one_row(row: int, **cells: str) -> Callable[[], bytes]:
    return lambda: csv_of(with_cells(grants(), row, **cells))


def plan(
    name: str, make: Callable[[], bytes], *errors: str, says: tuple[str, ...] = (), **more: object
) -> Case:
    """A case that costs the first plan and no other."""
    return Case(name, make, "quarantined", errors, accepted=4, quarantined=2, says=says)


def meeting(
    name: str,
    table: Callable[[], Table],
    *errors: str,
    accepted: int = 3,
    says: tuple[str, ...] = (),
) -> Case:
    return Case(
        name,
        lambda: csv_of(table()),
        "quarantined",
        errors,
        source="styringsdialog",
        period="2015",
        accepted=accepted,
        says=says,
    )


def changed(row: int, variable: str, text: str) -> Table:
    """The survey's answers with one cell changed."""
    table = answers()
    table[row][table[0].index(variable)] = text
    return table


def survey(
    name: str, make: Callable[[], Table], status: str, errors: tuple[str, ...] = (),
    warnings: tuple[str, ...] = (), period: str = "2015", **more: object,
) -> Case:  # fmt: skip
    return Case(
        name,
        lambda: survey_set(make()),
        status,  # type: ignore[arg-type]
        errors,
        warnings,
        source="survey",
        period=period,
        file="undersøgelse",
        **more,  # type: ignore[arg-type]
    )


CASES = (
    # codes
    plan("status_unknown", first_plan(Status="Igangværende"), "C04_unknown_code"),
    plan(
        "status_nearly_right",
        first_plan(Status="Aktivt"),
        "C04_unknown_code",
        says=("Mente du »Aktiv«?",),
    ),
    plan("status_empty", first_plan(Status=""), "C01_required_missing"),
    plan("pool_unknown", first_plan(Pulje="2010-2013"), "C04_unknown_code"),
    plan(
        "focus_area_unknown_among_known",
        first_plan(Indsatsområde="Sundhed|Rumfart"),
        "C04_unknown_code",
    ),
    plan(
        "focus_areas_with_a_comma",
        first_plan(Indsatsområde="Sundhed, Udsatte grupper"),
        "C04_unknown_code",
    ),
    plan(
        "source_unknown", one_row(2, Finansieringskilde="Kommunekassen"), "C04_unknown_code", HELD
    ),
    plan("source_empty", one_row(2, Finansieringskilde=""), "C01_required_missing", HELD),
    plan("municipality_code_unknown", first_plan(Kommunekode="999"), "C04_unknown_code"),
    plan("municipality_code_with_letters", first_plan(Kommunekode="DK461"), "C04_unknown_code"),
    plan(
        "municipality_name_in_the_code",
        first_plan(Kommunekode="Odense by"),
        "C04_unknown_code",
    ),
    plan(
        "municipality_code_before_2007",
        first_plan(Kommunekode="461", Kommune="Fyns Amt"),
        "D05_municipality_disagrees",
    ),
    plan(
        "municipality_disagrees",
        first_plan(Kommune="Køge"),
        "D05_municipality_disagrees",
        says=("passer ikke sammen",),
    ),
    # keys and facts of a plan
    plan(
        "row_repeated",
        one_row(2, Finansieringskilde="Landsbyggefonden", Timer=""),
        "D01_row_repeated",
        says=("kun stå sammen én gang",),
    ),
    plan(
        "case_number_repeated_in_other_case",
        one_row(2, Finansieringskilde="LANDSBYGGEFONDEN", Timer=""),
        "D01_row_repeated",
    ),
    plan("facts_differ_in_homes", one_row(2, Antalboliger="1.205"), "D02_plan_facts_differ"),
    plan("facts_differ_in_dates", one_row(2, Bevillingtil="31-12-2017"), "D02_plan_facts_differ"),
    plan("facts_differ_in_name", one_row(2, Helhedsplan="En anden plan"), "D02_plan_facts_differ"),
    plan("hours_at_the_fund", one_row(1, Timer="12,5"), "D03_hours_without_staff", HELD),
    plan("grant_of_a_month", first_plan(Bevillingtil="31-01-2013"), "D04_grant_period"),
    plan("grant_of_ten_years", first_plan(Bevillingtil="31-12-2022"), "D04_grant_period"),
    plan("fund_missing", one_row(1, Finansieringskilde="Andre"), "D07_fund_missing"),
    Case(
        "case_number_missing_on_the_fund_s_row",
        one_row(1, Sagsnr=""),
        "quarantined",
        ("C01_required_missing", "D07_fund_missing"),
        accepted=4,
        places=((2, "Sagsnr"), (3, "Finansieringskilde")),
    ),
    Case(
        "local_share_too_low",
        one_row(2, Beløb="100.000,00"),
        "accepted",
        warnings=("D06_local_share_below_25",),
        accepted=6,
    ),
    Case(
        "zeros_in_front_lost",
        first_plan(LBFnr="123"),
        "accepted",
        warnings=("D08_lbf_number_short",),
        accepted=6,
    ),
    Case(
        "municipality_with_its_title", first_plan(Kommune="Odense Kommune"), "accepted", accepted=6
    ),
    # personal data
    plan(
        "mail_in_a_name",
        first_plan(Helhedsplan="Parken kanarie@example.org"),
        "C09_personal_data_in_cell",
    ),
    plan(
        "cpr_in_a_name",
        first_plan(Boligorganisation="Ring 010203-1234"),
        "C09_personal_data_in_cell",
    ),
    # the file as a whole
    Case(
        "every_row_wrong",
        lambda: csv_of(
            [[*row[:10], "?", *row[11:]] if at else row for at, row in enumerate(grants())]
        ),
        "rejected",
        ("K04_no_row_accepted", "C04_unknown_code"),
        says=("Ingen af filens 6 rækker",),
    ),
    Case(
        "most_rows_wrong",
        lambda: csv_of(
            [[*row[:10], "?", *row[11:]] if 0 < at < 5 else row for at, row in enumerate(grants())]
        ),
        "rejected",
        ("K10_most_rows_held_back", "C04_unknown_code"),
        says=("4 af filens 6 rækker",),
    ),
    # topics
    meeting("topic_unknown", lambda: meetings(Emne="Rumfart"), "C04_unknown_code"),
    meeting(
        "topic_nearly_right",
        lambda: meetings(Emne="Beboertryghet"),
        "C04_unknown_code",
        says=("Mente du »Beboertryghed«?",),
    ),
    meeting("topic_twice", lambda: [*meetings(), meetings()[1]], "T01_row_repeated"),
    meeting(
        "meeting_s_municipality_disagrees",
        lambda: meetings(Kommune="Aarhus"),
        "T02_municipality_disagrees",
    ),
    meeting(
        "another_year",
        lambda: meetings(År="2014"),
        "T03_other_year",
    ),
    meeting(
        "year_of_two_digits",
        lambda: meetings(År="15"),
        "C05_out_of_range",
        "T03_other_year",
        "T04_meeting_outside_year",
    ),
    meeting(
        "meeting_outside_its_year",
        lambda: meetings(Mødedato="11-11-2017"),
        "T04_meeting_outside_year",
    ),
    meeting("agreement_perhaps", lambda: meetings(Aftale="måske"), "C04_unknown_code"),
    meeting("agreement_as_a_number", lambda: meetings(Aftale="2"), "C04_unknown_code"),
    Case(
        "agreement_as_danish_excel_writes_it",
        lambda: csv_of(with_cells(meetings(Aftale="SAND"), 2, Aftale="FALSK")),
        "accepted",
        source="styringsdialog",
        period="2015",
        accepted=4,
    ),
    Case(
        "agreement_left_open",
        lambda: csv_of(meetings(Aftale="")),
        "accepted",
        source="styringsdialog",
        period="2015",
        accepted=4,
    ),
    # the survey
    survey(
        "respondent_twice",
        lambda: changed(2, "respondentid", "1001"),
        "quarantined",
        ("S01_respondent_repeated",),
        accepted=2,
    ),
    survey(
        "municipality_without_a_plan",
        answers,
        "quarantined",
        ("S02_municipality_without_plan",),
        accepted=3,
        with_plans=("461", "751", "851"),
    ),
    survey(
        "two_completed_answers",
        lambda: changed(2, "kommunekode", "461"),
        "accepted",
        warnings=("S03_several_completed",),
        accepted=4,
    ),
    survey(
        "answered_though_not_asked",
        lambda: changed(1, "s_1", "3"),
        "accepted",
        warnings=("S04_answered_though_not_asked",),
        accepted=4,
    ),
    survey(
        "answer_code_unknown",
        lambda: changed(1, "s_5", "7"),
        "quarantined",
        ("C04_unknown_code",),
        accepted=3,
        places=((2, "s_5"),),
    ),
    survey(
        "answer_in_words",
        lambda: changed(1, "s_5", "tilfreds"),
        "quarantined",
        ("C04_unknown_code",),
        accepted=3,
    ),
    survey(
        "respondent_without_number",
        lambda: changed(1, "respondentid", ""),
        "quarantined",
        ("C01_required_missing",),
        accepted=3,
    ),
    survey(
        "municipality_of_a_respondent_unknown",
        lambda: changed(1, "kommunekode", "460"),
        "quarantined",
        ("C04_unknown_code",),
        accepted=3,
    ),
    survey(
        "no_code_book_for_the_wave",
        answers,
        "rejected",
        ("K01_no_code_book",),
        period="2030",
        says=("2030",),
    ),
    survey(
        "variable_missing",
        lambda: [[c for at, c in enumerate(row) if answers()[0][at] != "s_5"] for row in answers()],
        "rejected",
        ("K05_variable_missing",),
        says=("s_5 (",),
    ),
    survey("no_answers", lambda: answers()[:1], "rejected", ("K09_no_rows",)),
)
