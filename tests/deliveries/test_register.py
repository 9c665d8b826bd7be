"""The driftsstøtte extracts keep the contract's rules and Bilag 1's facts."""

from datetime import date
from decimal import Decimal

import pytest
from shipped_files import EXTRACTS, active, extract, extract_table, one_item, plans, residents, seed

CASES = {
    "461": (6, 14_472, 9),
    "259": (1, 5_219, 9),
    "165": (1, 3_228, 9),
    "540": (1, 3_008, 6),
    "657": (2, 2_159, 9),
}
STAFF = "Kommune - medarbejdertimer"


@pytest.mark.parametrize("period", EXTRACTS)
def test_rules_of_the_contract(period: str) -> None:
    names = {m["municipality_code"]: m["municipality_name"] for m in seed("municipalities")}
    themes: dict[str, set[str]] = {}
    for row in seed("lbf_focus_areas"):
        themes.setdefault(row["grant_pool"], set()).add(row["focus_area"])
    on = date.fromisoformat(period)
    for case, lines in plans(period).items():
        first = lines[0]
        assert len({line.facts for line in lines}) == 1, case
        assert len({line.source for line in lines}) == len(lines)
        assert names[first.code] == first.municipality
        assert set(first.themes.split("|")) - {""} <= themes.get(first.pool, set())
        assert 364 <= (first.end - first.start).days <= 8 * 366
        assert all(line.kroner >= 0 for line in lines)
        assert all((line.hours is not None) == (line.source == STAFF) for line in lines)
        expected = {
            "Aktiv": first.start <= on <= first.end,
            "Prækvalificeret": on < first.start,
            "Afsluttet": on > first.end,
            "Stoppet": True,
        }
        assert expected[first.status], case


@pytest.mark.parametrize("period", EXTRACTS)
def test_everyone_pays_and_hours_cost_what_hours_cost(period: str) -> None:
    for lines in plans(period).values():
        sources = {line.source for line in lines}
        assert {"Landsbyggefonden", "Boligorganisation"} <= sources
        assert any(source.startswith("Kommune") for source in sources)
        for line in lines:
            if line.hours:
                assert 280 < line.kroner / line.hours < 440


@pytest.mark.parametrize("period", EXTRACTS)
def test_local_share_is_a_quarter_or_more_for_most(period: str) -> None:
    low = 0
    running = [plan for found in active(period).values() for plan in found]
    for lines in running:
        fund = sum(line.kroner for line in lines if line.source == "Landsbyggefonden")
        low += fund > Decimal("0.75") * sum(line.kroner for line in lines)
    assert 1 <= low <= 0.1 * len(running)


def test_bilag_1_on_the_reports_date() -> None:
    running, people = active("2015-06-30"), residents("2015-06-30")
    on = date(2015, 6, 30)
    for code, (count, living, years) in CASES.items():
        here = [lines[0] for lines in plans("2015-06-30").values() if lines[0].code == code]
        covered = {
            year
            for plan in here
            if plan.status != "Prækvalificeret"
            for year in range(plan.start.year, min(plan.end, on).year + 1)
        }
        assert (len(running[code]), people[code], len(covered)) == (count, living, years)


def test_municipalities_and_size_classes_by_date() -> None:
    counted = {
        period: (len(active(period)), sum(count > 4_000 for count in residents(period).values()))
        for period in EXTRACTS
    }
    assert counted == {
        "2015-06-30": (44, 16),
        "2015-12-31": (45, 16),
        "2016-06-30": (45, 17),
        "2016-12-31": (44, 16),
        "2017-12-31": (44, 16),
    }


def test_a_plan_keeps_its_number_from_extract_to_extract() -> None:
    before = plans("2015-06-30")
    after = plans("2017-12-31")
    assert set(before) < set(after)
    assert all(before[case][0].plan == after[case][0].plan for case in before)


@pytest.mark.parametrize("period", EXTRACTS)
def test_totals_rows_add_up(period: str) -> None:
    lines, totals = extract(period)
    assert (totals is not None) == (period in ("2015-06-30", "2017-12-31"))
    if totals is None:
        return
    cell = totals[14]
    stated = (
        Decimal(str(cell).replace(".", "").replace(",", ".")) if isinstance(cell, str) else cell
    )
    assert Decimal(str(stated)).quantize(Decimal("0.01")) == sum(line.kroner for line in lines)


@pytest.mark.parametrize("period", EXTRACTS)
def test_title_lines_say_synthetic_and_the_date(period: str) -> None:
    above = [str(row[0]) for row in extract_table(one_item("driftsstoette", period))[:3]]
    year, month, day = period.split("-")
    assert any("SYNTETISKE DATA" in line for line in above)
    assert f"Udtræksdato: {day}-{month}-{year}" in above


def test_dashes_encodings_and_formats_differ() -> None:
    contents = {p: one_item("driftsstoette", p) for p in EXTRACTS}
    assert [p for p in EXTRACTS if contents[p].suffix == ".xlsx"] == ["2016-06-30", "2017-12-31"]
    assert b"Kommune \x96 kontant" in contents["2015-06-30"].read_bytes()
    assert b"Kommune - kontant" in contents["2015-12-31"].read_bytes()
    assert contents["2016-12-31"].read_bytes().startswith(b"sep=;\r\n")
