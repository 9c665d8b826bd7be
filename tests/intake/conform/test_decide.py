"""What becomes of a delivery as a whole, and that its sender reads why, row by row."""

from __future__ import annotations

import csv
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.contracts.tables import raw_ddl
from pipelines.intake.delivery import ArchivedDelivery, DeliveredFile, DeliveryMeta
from pipelines.intake.process import Decision, decide
from pipelines.intake.sender_report import findings_path, tell_sender
from pipelines.settings import Settings

HEADING = (
    "Sagsnr;Helhedsplan;Boligorganisation;LBF-nr;Kommunekode;Kommune;Pulje;Indsatsområde;"
    "Bevilling fra;Bevilling til;Status;Antal boliger;Antal beboere;Finansieringskilde;Beløb (kr.);"
    "Timer"
)
LIST_HEADING = "År;Kommunekode;Kommune;Boligorganisation;LBF-nr;Mødedato;Emne;Aftale"


def plan(number: int, amount: str = "600,00") -> str:
    return (
        f"2011-{number:04};Parken;Eksempel Bolig;0123;461;Odense;2011-14;;01-01-2013;31-12-2016;"
        f"Aktiv;1.204;2.890;Landsbyggefonden;{amount};"
    )


def meeting(topic: str) -> str:
    return f"2015;461;Odense;Eksempel Bolig;0123;11-11-2015;{topic};ja"


def delivered(folder: Path, text: str, source: str, period: str) -> ArchivedDelivery:
    data = text.encode()
    (folder / "fil.csv").write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    return ArchivedDelivery(
        delivery_id=digest,
        source=source,
        period=period,
        name="fil.csv",
        files=(DeliveredFile("fil.csv", digest, len(data)),),
        payload_dir=folder,
        meta=DeliveryMeta(),
        received_at=datetime(2026, 1, 1, tzinfo=UTC),
        content_sha256=digest,
        bytes=len(data),
    )


def decided(
    folder: Path, *lines: str, source: str = "driftsstoette", period: str = "2015-06-30"
) -> Decision:
    text = "\n".join(lines)
    with duckdb.connect(config={"threads": 1}) as con:
        for statement in raw_ddl():
            con.execute(statement)
        return decide(con, delivered(folder, text, source, period), folder)


def rules(decision: Decision) -> list[str]:
    return [f.rule for f in decision.findings if f.rule != "D06_local_share_below_25"]


def test_a_file_of_which_no_row_is_left_still_says_what_is_wrong_where(tmp_path: Path) -> None:
    decision = decided(tmp_path, HEADING, plan(1, "6,000.00"), plan(2, "6,000.00"), "")
    assert (decision.state, decision.reason) == ("rejected", "K04_no_row_accepted")
    assert (decision.rows_read, decision.rows_accepted, decision.rows_quarantined) == (2, 0, 2)
    assert [(f.row, f.rule) for f in decision.findings] == [
        (None, "K04_no_row_accepted"),
        (2, "C02_not_a_number"),
        (3, "C02_not_a_number"),
    ]


def test_a_file_with_headings_alone_is_not_blamed_for_its_rows(tmp_path: Path) -> None:
    assert rules(decided(tmp_path, HEADING, "")) == ["K09_no_rows"]


@pytest.mark.parametrize(
    ("wrong", "state", "rule"),
    [(2, "quarantined", "C02_not_a_number"), (3, "rejected", "K10_most_rows_held_back")],
)
def test_a_file_mostly_set_aside_is_not_published_as_the_whole(
    tmp_path: Path, wrong: int, state: str, rule: str
) -> None:
    rows = [plan(n, "600" if n >= wrong else "2.000.000") for n in range(4)]
    decision = decided(tmp_path, HEADING, *rows, "")
    assert decision.state == state
    assert rules(decision)[0] == rule
    assert rules(decision).count("C02_not_a_number") == wrong


def test_a_wrong_sum_rejects_and_the_wrong_rows_are_told_too(tmp_path: Path) -> None:
    wrong = plan(2).replace(";Aktiv;", ";Aktivt;")
    total = f"I alt{';' * 14}99,00;"
    decision = decided(tmp_path, HEADING, plan(1), wrong, total, "")
    assert rules(decision) == ["K03_totals_disagree", "C04_unknown_code"]
    # what says that a row was loaded is not said of a file that was not
    assert {f.severity for f in decision.findings} == {"error"}


def test_half_a_file_is_rejected_though_its_sender_vouched_for_it(tmp_path: Path) -> None:
    whole = "\n".join([HEADING, *(plan(n) for n in range(9)), ""])
    for cut in (whole[:-40], whole[:-90]):
        decision = decided(tmp_path, cut)
        assert (decision.state, rules(decision)) == ("rejected", ["F11_corrupt_file"])
        assert "midt i en linje" in decision.findings[0].message_da
    assert decided(tmp_path, whole.rstrip("\n")).state == "accepted"


def test_two_unknown_topics_of_a_meeting_are_not_the_same_topic(tmp_path: Path) -> None:
    rows = [
        meeting(topic) for topic in ("Rumrejser", "Ufoer", "Beboertryghed", "Regnskab og økonomi")
    ]
    decision = decided(tmp_path, LIST_HEADING, *rows, "", source="styringsdialog", period="2015")
    assert rules(decision) == ["C04_unknown_code", "C04_unknown_code"]


def test_the_sender_reads_about_the_file_first_and_then_row_by_row(tmp_path: Path) -> None:
    settings = Settings(tmp_path, tmp_path / "data", tmp_path / "dagster")
    delivery = delivered(tmp_path, "x", "driftsstoette", "2015-06-30")
    lines = [HEADING, plan(1), plan(1), f"{plan(2)};for meget", *(plan(n) for n in range(5, 9)), ""]
    tell_sender(settings, delivery, decided(tmp_path, *lines).findings)
    path = findings_path(settings, delivery.delivery_id)
    with path.open(encoding="utf-8-sig", newline="") as handle:
        told = [row for row in csv.DictReader(handle, delimiter=";") if row["alvor"] == "error"]
    assert [(row["række"], row["regel"]) for row in told] == [
        ("2", "D01_row_repeated"),
        ("3", "D01_row_repeated"),
        ("4", "R01_field_count"),
    ]


def test_a_delivery_found_in_order_has_no_list_any_more(tmp_path: Path) -> None:
    settings = Settings(tmp_path, tmp_path / "data", tmp_path / "dagster")
    delivery = delivered(tmp_path, "x", "driftsstoette", "2015-06-30")
    tell_sender(settings, delivery, decided(tmp_path, HEADING, "").findings)
    assert findings_path(settings, delivery.delivery_id).is_file()
    tell_sender(settings, delivery, ())
    assert not findings_path(settings, delivery.delivery_id).exists()
