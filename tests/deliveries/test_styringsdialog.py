"""The lists and the minutes of the styringsdialog."""

import io
from datetime import datetime
from pathlib import Path

import docx
import pypdf
import pytest
from shipped_files import active, completed, items, one_item, seed, topic_list

YEARS = ("2014", "2015", "2016", "2017")
MINUTES = [path for path in items("styringsdialog") if path.name.startswith("referat")]


def listed(year: str) -> list[dict[str, str]]:
    return topic_list(one_item("styringsdialog", year, "emner"))


@pytest.mark.parametrize("year", YEARS)
def test_the_lists_keep_the_contract(year: str) -> None:
    names = {m["municipality_code"]: m["municipality_name"] for m in seed("municipalities")}
    known = {row["label_da"] for row in seed("styringsdialog_topics")}
    rows = listed(year)
    keys = {(r["Kommunekode"], r["Boligorganisation"], r["Mødedato"], r["Emne"]) for r in rows}
    assert len(keys) == len(rows) > 1_000
    for row in rows:
        assert row["År"] == year
        assert names[row["Kommunekode"]] == row["Kommune"]
        assert row["Emne"] in known
        assert row["Aftale"] in ("ja", "nej")
        held = datetime.strptime(row["Mødedato"], "%d-%m-%Y")
        assert held.year == int(year) and held.weekday() < 5


def test_municipalities_with_and_without_plans_report() -> None:
    reporting = {row["Kommunekode"] for row in listed("2015")}
    assert set(active("2015-06-30")) < reporting
    assert len(reporting) < 98


def test_organisations_of_2015_are_those_of_bilag_1() -> None:
    here: dict[str, set[str]] = {}
    for row in listed("2015"):
        here.setdefault(row["Kommunekode"], set()).add(row["Boligorganisation"])
    assert [len(here[code]) for code in ("461", "259", "165", "540", "657")] == [15, 5, 3, 7, 4]


@pytest.mark.parametrize("year", YEARS)
def test_shares_are_near_the_evaluation_of_2013(year: str) -> None:
    rows = listed(year)
    everyone = {row["Kommunekode"] for row in rows}
    published = {"Beboertryghed": 65, "Beboersammensætning": 84, "Udlejningsregler": 83}
    for topic, share in published.items():
        touched = {row["Kommunekode"] for row in rows if row["Emne"] == topic}
        assert abs(100 * len(touched) / len(everyone) - share) < 10


def test_one_person_for_both_means_more_social_topics_a_meeting() -> None:
    social = {r["label_da"] for r in seed("styringsdialog_topics") if r["is_social"] == "true"}
    same = {one["municipality_code"]: one["same_person_coordinates"] for one in completed("2015")}
    meetings: dict[str, set[tuple[str, str]]] = {"yes": set(), "no": set()}
    touched = {"yes": 0, "no": 0}
    for row in listed("2015"):
        group = same.get(row["Kommunekode"], "")
        if group in touched:
            meetings[group].add((row["Kommunekode"], row["Boligorganisation"]))
            touched[group] += row["Emne"] in social
    assert touched["yes"] / len(meetings["yes"]) > touched["no"] / len(meetings["no"])


def text_of(path: Path) -> str:
    if path.suffix == ".docx":
        return "\n".join(p.text for p in docx.Document(str(path)).paragraphs)
    reader = pypdf.PdfReader(io.BytesIO(path.read_bytes()))
    return "\n".join(page.extract_text() for page in reader.pages)


def test_there_are_ten_minutes_in_two_formats_and_all_years() -> None:
    assert len(MINUTES) == 10
    assert {path.suffix for path in MINUTES} == {".docx", ".pdf"}
    assert {path.parent.name for path in MINUTES} == set(YEARS)
    assert max(len(pypdf.PdfReader(p).pages) for p in MINUTES if p.suffix == ".pdf") >= 2


@pytest.mark.parametrize("path", MINUTES, ids=lambda path: path.name)
def test_minutes_name_their_meeting_and_nobody(path: Path) -> None:
    text = text_of(path)
    year = path.parent.name
    assert text.startswith(f"Styringsdialog {year}, ")
    assert "SYNTETISK" in text and "Sagsnr.:" in text and "Afbud: Deltager" in text
    assert "Ad 1. Velkomst" in text or "1. VELKOMST 2. " in text
    organisation = text.splitlines()[0].split(", ", 1)[1].strip()
    code = path.name.split("_")[2]
    meetings = [
        row
        for row in listed(year)
        if (row["Kommunekode"], row["Boligorganisation"]) == (code, organisation)
    ]
    assert meetings, "no such meeting on the year's list"
    assert f"{meetings[0]['Kommune']} Kommune" in text


def test_minutes_hold_the_wordings_that_trip_a_tagger() -> None:
    everything = "\n".join(map(text_of, MINUTES))
    assert "ingen problemer med tryghed" in everything
    assert "fysiske helhedsplan" in everything
    assert "boligsociale helhedsplan" in everything
