"""Heads of minutes in the shapes seen in public ones, and what is missing in others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pipelines.intake.findings import DeliveryRejected
from pipelines.intake.minutes.dates import find_dates
from pipelines.intake.readers.minutes import Head, read_minutes

BODY = "\nAd 1. Velkomst\nFormanden bød velkommen til det årlige møde.\n"
KOEGE = Head("Køge", "Boligforeningen Prøven", date(2014, 4, 17))


def head_of(text: str) -> Head:
    return read_minutes("referat.txt", (text + BODY).encode()).head


@pytest.mark.parametrize(
    "text",
    [
        "Styringsdialog 2014, Boligforeningen Prøven\nKøge Kommune\nDato: 17. april 2014",
        "STYRINGSDIALOG 2014 – Boligforeningen Prøven\nKøge Kommune\nMødedato: 17-04-2014, kl. 13",
        "Referat af styringsdialogmøde 2014 med Boligforeningen Prøven\n"
        "Køge Kommune, Teknik og Miljø\nTid: torsdag den 17. april 2014 kl. 10",
        "Referat\nStyringsdialogmøde mellem Køge Kommune og Boligforeningen Prøven\n"
        "Tid og sted: 17/4 2014, Rådhuset",
        "Styringsdialog mellem Boligforeningen Prøven og Køge Kommune den 17. april 2014\n"
        "Deltagere: A, B",
        "Referat af styringsdialog\nKommune: Køge Kommune\nBoligorganisation: Boligforeningen "
        "Prøven\nMødedag: 17.04.2014",
        "Styringsdialogmøde med Boligforeningen Prøven den 17. april 2014\n"
        "Deltagere fra Køge Kommune: Hans Prøve\nAfbud: Ida Prøve",
        "Referat af styringsdialog\nDato: 2014-04-17\nDeltagere fra Køge Kommune: Hans Prøve\n"
        "Deltagere fra Boligforeningen Prøven: Ida Prøve",
        "Referat af styringsdialogmøde 2014\nBoligforeningen Prøven\nKØGE KOMMUNE\n17. april 2014",
        "Styringsdialogmøde, referent Hans Prøve\nKøge Kommune\nDato: 17. april 2014\n"
        "Fra Boligforeningen Prøven deltog: Ida Prøve",
        "Styringsdialog 2014, Boligforeningen Prøven\nKøge Kommune\nDato: 2. maj 2014\n"
        "Mødedato: 17. april 2014\nNæste møde: 1. april 2015",
    ],
)
def test_shapes_of_heads(text: str) -> None:
    head = head_of(text)
    assert replace(head, municipality=head.municipality.title()) == KOEGE


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Lyngby-Taarbæk Kommune", "Lyngby-Taarbæk"),
        ("Københavns Kommune", "København"),
        ("Bornholms Regionskommune", "Bornholm"),
        ("Ringkøbing-Skjern Kommune, Land, By og Kultur", "Ringkøbing-Skjern"),
        ("Kommune: Ishøj", "Ishøj"),
    ],
)
def test_names_of_municipalities(line: str, name: str) -> None:
    head = head_of(f"Styringsdialog 2014, Prøvebo 1\n{line}\nDato: 17. april 2014")
    assert head.municipality == name


@pytest.mark.timeout(5)
def test_a_hostile_head_takes_no_time() -> None:
    with pytest.raises(DeliveryRejected):
        head_of("\n".join(["A-" * 5000, "A " * 5000, "mellem " * 3000, "Styringsdialog " * 3000]))


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Styringsdialog 2014, Boligforeningen Prøven\nKøge Kommune\nSted: Rådhuset", "mødedato"),
        ("Styringsdialog 2014, Boligforeningen Prøven\nDato: 17. april 2014", "kommune"),
        ("Styringsdialog 2014\nKøge Kommune\nDato: 17. april 2014", "boligorganisation"),
        ("Styringsdialog i lokale 2\nKøge Kommune\nDato: 17. april 2014", "boligorganisation"),
        ("Styringsdialog, v/ Hans P.\nKøge Kommune\nDato: 17. april 2014", "boligorganisation"),
        ("Styringsdialog 2014\nDeltagere: Hans Prøve", "kommune, boligorganisation, mødedato"),
        ("Styringsdialog 2014, Prøvebo\nKøge Kommune\nDato: 31. april 2014", "mødedato"),
        (
            "Styringsdialog 2014, Prøvebo\nKøge Kommune\n17. april 2014\n18. april 2014",
            "mødedato",
        ),
    ],
)
def test_what_is_missing_is_named(text: str, missing: str) -> None:
    with pytest.raises(DeliveryRejected) as raised:
        head_of(text)
    assert raised.value.rule == "F21_minutes_head_incomplete"
    assert f"mangler: {missing}." in raised.value.message_da
    assert "Hans" not in raised.value.message_da


def test_dates() -> None:
    day = date(2014, 4, 7)
    for text in (
        "7. april 2014",
        "07-04-2014",
        "7/4 2014",
        "7. apr. 2014",
        "2014-04-07",
        "7.4.2014",
    ):
        assert find_dates(f"Mødet den {text}, kl. 9.00") == [day], text
    assert find_dates("Sagsnr. 14/27502, 30-02-2014, kl. 14.00, april 2014, 7/4") == []
