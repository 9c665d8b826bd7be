"""What looks personal in a text, and what only looks like it; Python and DuckDB agree."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.privacy.personal_data import (
    holds_personal_data,
    names_a_person,
    sql_holds_personal_data,
    without_personal_data,
)

PERSONAL = (
    "010190-1234",
    "0101901234",
    "010190 1234",
    "01.01.90-1234",
    "01-01-90-1234",
    "311299–1234",
    "610190-1234",
    "beboer (290200-1234), Vollsmose",
    "kontakt:kirsten.hansen@kommune.dk",
    "Kirsten <kh@odense.dk>",
    "28123456",
    "20123456 aften",
    "28 12 34 56",
    "28.12.34.56",
    "28-12-34-56",
    "6611 2233",
    "ring 66112233.",
    "+45 28123456",
    "+4528123456",
    "0045 28 12 34 56",
    "Tlf. 20 12 31 41",
    "telefon: 20150630",
    "mobil 20-12-34-56",
    "CVR 12345678, tlf. 66112233",
)
NOT_PERSONAL = (
    "",
    "Eksempelparken",
    "2011-14",
    "2011 2014",
    "2011-0142",
    "01-01-2013",
    "01-01-2013 - 31-12-2016",
    "30.06.2015",
    "20150630",
    "20151231",
    "12345678",
    "1.250.000,00",
    "12.345.678",
    "12.345.678,50",
    "66.112.233",
    "320101-1234",
    "310290-1234",
    "300290-1234",
    "0001901234",
    "5798001234567",
    "4.160,5",
    "CVR-nr. 66112233",
    "cvr 66112233",
    "kl. 10.30-11.45",
    "0123",
    "@",
    "a @ b",
    "side 12 af 34",
    "Vollsmose 1 2 3",
)


@pytest.mark.parametrize("text", PERSONAL)
def test_personal(text: str) -> None:
    assert holds_personal_data(text)
    assert holds_personal_data(f"Før {text} efter")


@pytest.mark.parametrize("text", NOT_PERSONAL)
def test_not_personal(text: str) -> None:
    assert not holds_personal_data(text)
    assert not holds_personal_data(f"Før {text} efter")


def test_duckdb_says_the_same() -> None:
    texts = [f"{before}{text}" for text in (*PERSONAL, *NOT_PERSONAL) for before in ("", "Før ")]
    with duckdb.connect() as con:
        question = sql_holds_personal_data("x")
        rows = con.execute(f"select x, {question} from unnest($texts) as t(x)", {"texts": texts})
        told = dict(rows.fetchall())
        is_told = sql_holds_personal_data("x", is_identifier=True)
        key = con.execute(
            f"select x from unnest($texts) as t(x) where {is_told}", {"texts": texts}
        ).fetchall()
    assert told == {text: holds_personal_data(text) for text in texts}
    assert {text for (text,) in key} == {
        text for text in texts if "@" in text[2:-2] and "." in text
    }


def test_names() -> None:
    assert names_a_person("svar_010190-1234.csv")
    assert names_a_person("svar_kh@odense.dk.csv")
    assert not names_a_person("driftsstoette_2015-06-30_28123456.csv")
    assert without_personal_data("svar_010190-1234.csv") == "svar_[udeladt].csv"
    assert without_personal_data("Fra kh@odense.dk i dag") == "Fra [udeladt] i dag"
