"""A contract applied to a table: what is accepted, what is held back, and what the sender reads."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import duckdb
import pytest

from pipelines.contracts.loader import load_source
from pipelines.contracts.tables import raw_ddl
from pipelines.intake.conform.frame import check_stated_period, check_totals, title_values
from pipelines.intake.conform.table import ACCEPTED, Conformed, conform_table, prepare_connection
from pipelines.intake.findings import DeliveryRejected, finding
from pipelines.intake.readers.tables import TextTable

SOURCE = load_source("driftsstoette")
HEADER = [
    "Sagsnr",
    "Helhedsplan",
    "Boligorganisation",
    "LBF-nr",
    "Kommunekode",
    "Kommune",
    "Pulje",
    "Indsatsområde",
    "Bevilling fra",
    "Bevilling til",
    "Status",
    "Antal boliger",
    "Antal beboere",
    "Finansieringskilde",
    "Beløb (kr.)",
    "Timer",
]
LBF = (
    "2011-0142;Eksempelparken;Eksempel Bolig;0123;461;Odense;2011-14;Udsatte grupper|Sundhed;"
    "01-01-2013;31-12-2016;Aktiv;1.204;2.890;Landsbyggefonden;6.000.000,00;"
)
STAFF = LBF.replace(
    "Landsbyggefonden;6.000.000,00;", "Kommune – medarbejdertimer;2.500.000,00;100,5"
)
# nobody pays for this plan but the fund
OTHER_PLAN = LBF.replace("2011-0142", "2011-0999")


def table(*lines: str, header: list[str] | None = None, totals: str | None = None) -> TextTable:
    rows = [(place + 4, tuple(line.split(";"))) for place, line in enumerate(lines)]
    return TextTable(
        file="udtræk.csv",
        sheet=None,
        titles=("Udtræk fra driftsstøttesystemet", "Udtræksdato: 30-06-2015"),
        header=tuple(header or HEADER),
        header_row=3,
        rows=rows,
        totals=None if totals is None else (99, (*[""] * 14, totals, "")),
    )


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    for statement in raw_ddl():
        connection.execute(statement)
    prepare_connection(connection, SOURCE)
    return connection


def conform(con: duckdb.DuckDBPyConnection, delivered: TextTable) -> Conformed:
    facts = title_values(SOURCE, delivered, "2015-06-30")
    return conform_table(con, SOURCE, delivered, "2015-06-30", facts)


def rules(conformed: Conformed) -> set[tuple[int | None, str | None, str]]:
    """Where which rule was broken, but for the shares of plans that a test gives one row only."""
    return {
        (f.row, f.column, f.rule)
        for f in conformed.findings
        if f.rule != "D06_local_share_below_25"
    }


def test_good_rows_are_typed(con: duckdb.DuckDBPyConnection) -> None:
    conformed = conform(con, table(LBF, STAFF))
    assert (conformed.rows_read, conformed.rows_accepted, conformed.findings) == (2, 2, ())
    rows = con.execute(
        f"select row_number, cast(extract_date as varchar), residents, financing_source, "
        f"amount_kr, staff_hours, focus_areas from {ACCEPTED}"
    ).fetchall()
    assert rows == [
        (4, "2015-06-30", 2890, "lbf", Decimal("6000000.00"), None, "Udsatte grupper|Sundhed"),
        (
            5,
            "2015-06-30",
            2890,
            "municipality_staff",
            Decimal("2500000.00"),
            Decimal("100.50"),
            "Udsatte grupper|Sundhed",
        ),
    ]


def test_column_order_case_and_hard_blanks_do_not_matter(con: duckdb.DuckDBPyConnection) -> None:
    header = [h.upper().replace(" ", "\u00a0") for h in reversed(HEADER)]
    line = ";".join(reversed(LBF.split(";")))
    assert conform(con, table(line, header=header)).rows_accepted == 1


@pytest.mark.parametrize(
    ("old", "new", "column", "rule"),
    [
        ("6.000.000,00", "6,000,000.00", "Beløb (kr.)", "C02_not_a_number"),
        ("6.000.000,00", "-5,00", "Beløb (kr.)", "C05_out_of_range"),
        ("6.000.000,00", "", "Beløb (kr.)", "C01_required_missing"),
        ("01-01-2013", "2013-13-01", "Bevilling fra", "C03_not_a_date"),
        ("1.204", "99.999", "Antal boliger", "C05_out_of_range"),
        ("31-12-2016", "31-12-2012", "Bevilling til", "D04_grant_period"),
        ("31-12-2016", "31-12-2026", "Bevilling til", "D04_grant_period"),
        ("Aktiv", "Aktive?", "Status", "C04_unknown_code"),
        (";461;", ";999;", "Kommunekode", "C04_unknown_code"),
        (";Odense;", ";Køge;", "Kommune", "D05_municipality_disagrees"),
        ("|Sundhed", "|Sundhet", "Indsatsområde", "C04_unknown_code"),
    ],
)
def test_a_wrong_cell_holds_its_row_back(
    con: duckdb.DuckDBPyConnection, old: str, new: str, column: str, rule: str
) -> None:
    conformed = conform(con, table(LBF.replace(old, new), OTHER_PLAN))
    assert conformed.rows_accepted == 1
    assert rules(conformed) == {(4, column, rule)}


def test_a_plan_is_held_back_whole(con: duckdb.DuckDBPyConnection) -> None:
    conformed = conform(con, table(LBF, STAFF.replace("2.500.000,00", "2.500"), OTHER_PLAN))
    assert conformed.rows_accepted == 1
    assert rules(conformed) == {
        (5, "Beløb (kr.)", "C02_not_a_number"),
        (4, "Sagsnr", "C06_held_back_with_its_group"),
    }


def test_a_repeated_key_and_differing_facts_are_found(con: duckdb.DuckDBPyConnection) -> None:
    assert rules(conform(con, table(LBF, LBF))) == {
        (4, "Finansieringskilde", "D01_row_repeated"),
        (5, "Finansieringskilde", "D01_row_repeated"),
    }
    changed = STAFF.replace("2.890", "2.891")
    assert {rule for _, _, rule in rules(conform(con, table(LBF, changed)))} == {
        "D02_plan_facts_differ"
    }


def test_hours_belong_to_staff(con: duckdb.DuckDBPyConnection) -> None:
    assert rules(conform(con, table(LBF + "12,5"))) == {(4, "Timer", "D03_hours_without_staff")}


def test_a_low_local_share_is_told_and_loaded(con: duckdb.DuckDBPyConnection) -> None:
    conformed = conform(con, table(LBF, STAFF.replace("2.500.000,00", "100.000,00")))
    assert conformed.rows_accepted == 2
    assert [(f.rule, f.severity) for f in conformed.findings] == [
        ("D06_local_share_below_25", "warning")
    ]
    alone = conform(con, table(LBF))
    assert [f.rule for f in alone.findings] == ["D06_local_share_below_25"]


def test_an_unknown_code_is_answered_with_the_nearest(con: duckdb.DuckDBPyConnection) -> None:
    finding = conform(con, table(LBF.replace("Landsbyggefonden", "Landsbygefonden"))).findings[0]
    assert "Mente du »Landsbyggefonden«?" in finding.message_da
    assert "Landsbygefonden" not in finding.message_da


@pytest.mark.parametrize(
    ("right", "wrong"),
    [(";461;", ";462;"), ("Landsbyggefonden", "Kommune - timer"), ("Landsbyggefonden", "Kommune")],
)
def test_no_value_is_proposed_where_none_is_clearly_meant(
    con: duckdb.DuckDBPyConnection, right: str, wrong: str
) -> None:
    assert right in LBF
    (finding,) = (
        f
        for f in conform(con, table(LBF.replace(right, wrong))).findings
        if f.rule == "C04_unknown_code"
    )
    assert "Mente du" not in finding.message_da
    assert "Did you mean" not in finding.message_en


def test_unknown_columns_are_told_and_set_aside(con: duckdb.DuckDBPyConnection) -> None:
    conformed = conform(con, table(LBF + ";noget", header=[*HEADER, "Bemærkning"]))
    assert conformed.rows_accepted == 1
    assert rules(conformed) == {(None, "Bemærkning", "C07_unknown_column")}


def test_a_missing_column_rejects_the_file(con: duckdb.DuckDBPyConnection) -> None:
    header = [h for h in HEADER if h != "Pulje"]
    with pytest.raises(DeliveryRejected) as refusal:
        conform(con, table(LBF.replace("2011-14;", ""), header=header))
    assert refusal.value.rule == "F03_columns_missing"
    assert "Pulje" in refusal.value.message_da


def test_totals_must_agree_to_the_oere(con: duckdb.DuckDBPyConnection) -> None:
    good = table(LBF, STAFF, totals="8.500.000,00")
    conform(con, good)
    check_totals(con, SOURCE, good)
    bad = table(LBF, STAFF, totals="8.500.000,01")
    conform(con, bad)
    with pytest.raises(DeliveryRejected) as refusal:
        check_totals(con, SOURCE, bad)
    assert refusal.value.rule == "K03_totals_disagree"


def test_a_file_of_another_date_is_rejected(con: duckdb.DuckDBPyConnection) -> None:
    check_stated_period(con, SOURCE, table(LBF), "2015-06-30")
    with pytest.raises(DeliveryRejected) as refusal:
        check_stated_period(con, SOURCE, table(LBF), "2015-12-31")
    assert refusal.value.rule == "K02_other_period"
    assert "gælder 30-06-2015, men den er leveret for 31-12-2015" in refusal.value.message_da


def test_findings_are_capped_but_every_row_is_held_back(con: duckdb.DuckDBPyConnection) -> None:
    lines = [LBF.replace("2011-0142", f"S-{i}").replace("6.000.000,00", "x") for i in range(1500)]
    conformed = conform(con, table(*lines, OTHER_PLAN))
    assert conformed.rows_accepted == 1
    assert len([f for f in conformed.findings if f.rule == "C02_not_a_number"]) == 1000


def test_keys_that_cannot_be_read_repeat_no_other(con: duckdb.DuckDBPyConnection) -> None:
    unknown = LBF.replace("Landsbyggefonden", "Kommunen")
    nameless = [row.replace("2011-0142", "") for row in (LBF, STAFF.replace("2.890", "2.891"))]
    assert rules(conform(con, table(unknown, unknown, *nameless))) == {
        (4, "Finansieringskilde", "C04_unknown_code"),
        (5, "Finansieringskilde", "C04_unknown_code"),
        (6, "Sagsnr", "C01_required_missing"),
        (7, "Sagsnr", "C01_required_missing"),
    }


@pytest.mark.parametrize("bad", [tuple(f"{STAFF};".split(";")), (STAFF,), ("x", "2011-0142 ")])
def test_a_row_that_cannot_be_taken_apart_holds_its_plan_back(
    con: duckdb.DuckDBPyConnection, bad: tuple[str, ...]
) -> None:
    delivered = replace(table(LBF, OTHER_PLAN), delimiter=";", bad_rows=[(9, bad)])
    conformed = conform(con, delivered)
    assert (conformed.rows_read, conformed.rows_accepted) == (3, 1)
    assert rules(conformed) == {(4, "Sagsnr", "C06_held_back_with_its_group")}


def test_what_the_reader_said_of_a_cell_is_not_said_twice(con: duckdb.DuckDBPyConnection) -> None:
    no_value = finding("R03_formula_without_value", file="udtræk.csv", row=4, column="Beløb (kr.)")
    delivered = table(LBF.replace("6.000.000,00", ""), OTHER_PLAN).with_findings(no_value)
    assert rules(conform(con, delivered)) == {(4, "Beløb (kr.)", "R03_formula_without_value")}


@pytest.mark.parametrize(
    ("heading", "told", "rule"),
    [
        ("Bemærkning", "Bemærkning", "C07_unknown_column"),
        ("Projektets formål", "Projektets formål", "C07_unknown_column"),
        ("Kontaktperson", "Kontaktperson", "C08_personal_column_cut"),
        ("E-mail", "E-mail", "C08_personal_column_cut"),
        ("CPR-nr.", "CPR-nr.", "C08_personal_column_cut"),
        ("ole@example.org", "kolonne Q", "C08_personal_column_cut"),
        ("Ole 010190-1234", "kolonne Q", "C08_personal_column_cut"),
        ("x" * 200, "kolonne Q", "C07_unknown_column"),
    ],
)
def test_a_column_left_out_is_named_unless_its_heading_is_data(
    con: duckdb.DuckDBPyConnection, heading: str, told: str, rule: str
) -> None:
    conformed = conform(con, table(f"{LBF};noget", header=[*HEADER, heading]))
    assert conformed.rows_accepted == 1
    assert rules(conformed) == {(None, told, rule)}


@pytest.mark.parametrize("person", ["ole@example.org", "ring (010190-1234)"])
def test_a_person_in_a_name_is_never_loaded(con: duckdb.DuckDBPyConnection, person: str) -> None:
    conformed = conform(con, table(LBF.replace("Eksempelparken", f"Parken, {person}"), OTHER_PLAN))
    assert rules(conformed) == {(4, "Helhedsplan", "C09_personal_data_in_cell")}
    assert person not in str(conformed.findings)
    assert person not in str(con.sql(f"select * from {ACCEPTED}").fetchall())


def test_a_case_number_may_look_like_a_cpr_number(con: duckdb.DuckDBPyConnection) -> None:
    assert conform(con, table(LBF.replace("2011-0142", "201101-0142"))).rows_accepted == 1


def test_a_sum_that_nobody_computed_says_nothing(con: duckdb.DuckDBPyConnection) -> None:
    delivered = table(LBF, totals=" ")
    conform(con, delivered)
    check_totals(con, SOURCE, delivered)


def test_a_grant_row_without_its_case_number_holds_its_plan_back_not_the_file(
    con: duckdb.DuckDBPyConnection,
) -> None:
    nameless = LBF.replace("2011-0142", "")
    conformed = conform(con, table(nameless, STAFF, OTHER_PLAN))
    assert conformed.rows_accepted == 1
    assert rules(conformed) == {
        (4, "Sagsnr", "C01_required_missing"),
        (5, "Finansieringskilde", "D07_fund_missing"),
    }


@pytest.mark.parametrize("paid_by", [LBF, STAFF])
def test_a_row_without_its_case_number_holds_back_the_plan_it_must_be_of(
    con: duckdb.DuckDBPyConnection, paid_by: str
) -> None:
    other = LBF if paid_by == STAFF else STAFF
    elsewhere = OTHER_PLAN.replace("Eksempelparken", "Toften")
    conformed = conform(con, table(paid_by.replace("2011-0142", ""), other, elsewhere))
    assert conformed.rows_accepted == 1
    assert rules(conformed) == {
        (4, "Sagsnr", "C01_required_missing"),
        (5, "Sagsnr", "C06_held_back_with_its_group"),
    }


def test_the_fund_is_not_missed_where_its_row_could_not_be_read(
    con: duckdb.DuckDBPyConnection,
) -> None:
    delivered = replace(table(STAFF, OTHER_PLAN), delimiter=";", bad_rows=[(9, (f"{LBF};x",))])
    assert rules(conform(con, delivered)) == {(4, "Sagsnr", "C06_held_back_with_its_group")}
    commas = LBF.replace(";", ",")
    delivered = replace(table(STAFF, OTHER_PLAN), delimiter=";", bad_rows=[(9, (commas,))])
    assert rules(conform(con, delivered)) == {(4, "Sagsnr", "C06_held_back_with_its_group")}


def test_a_source_that_cannot_be_read_may_be_the_fund(con: duckdb.DuckDBPyConnection) -> None:
    misspelt = LBF.replace("Landsbyggefonden", "Landsbygefonden")
    assert rules(conform(con, table(misspelt, STAFF))) == {
        (4, "Finansieringskilde", "C04_unknown_code"),
        (5, "Sagsnr", "C06_held_back_with_its_group"),
    }


def test_a_plan_that_waits_for_its_grant_needs_no_fund(con: duckdb.DuckDBPyConnection) -> None:
    waiting = STAFF.replace("Aktiv", "Prækvalificeret")
    assert conform(con, table(waiting)).rows_accepted == 1
