import dataclasses

import pandas as pd
import pytest
from warehouse_fixture import build_warehouse, release_of

from pipelines.publish.candidates import read_candidates
from pipelines.publish.released import ImpossibleShareError


def by_id(release):
    return {c.cell_id: c for c in release.cells}


def test_cells_carry_words_and_danish_print(release):
    cell = by_id(release)["I05.2015.size.large.full_time_or_more.share_pct"]
    assert (cell.display_da, cell.numerator, cell.base) == ("43,8", 7, 16)  # L180: 44 % of 16
    assert cell.indicator_title_da == "Tid til koordinering"
    assert cell.category_label_en == "Full-time or more"
    assert cell.breakdown_value_label_da.startswith("Store kommuner")
    assert cell.unit_label_da == "Procent"
    assert cell.sources_da == "Spørgeskema til kommunerne 2015 (syntetisk)"


def test_names_of_municipalities_and_topics_come_from_their_own_seeds(release):
    cells = by_id(release)
    odense = cells["I14.2015.municipality.461.all.plans"]
    assert odense.breakdown_value_label_da == "Odense"
    safety = cells["I09.2015.all.all.resident_safety.share_pct"]
    assert safety.category_label_da == "Beboertryghed"


def test_hidden_cells_have_neither_value_nor_count(release):
    hidden = [c for c in release.cells if c.conf_status == "C"]
    # 2015: 15 of 16 and 22 of 25 give staff; 2017: 2 of 16 and 1 of 24 something else. What is left
    # of each total may be split in any way
    assert [c.cell_id for c in hidden] == [
        "I06.2015.size.large.staff.share_pct",
        "I06.2015.size.small.staff.share_pct",
        "I06.2017.size.large.other.share_pct",
        "I06.2017.size.small.other.share_pct",
    ]
    for cell in hidden:
        assert (cell.value, cell.numerator) == (None, None)
        assert (cell.symbol, cell.display_da) == ("..", "..")


def test_withheld_tables_are_named_and_have_no_cells(release):
    tables = {(w.indicator_id, w.period, w.breakdown) for w in release.withheld}
    # 2015: 1 of 16 large has no coordinator, and all - small would tell it
    assert tables == {("I03", "2015", "size")}
    assert not tables & {(c.indicator_id, c.period, c.breakdown) for c in release.cells}
    assert all(w.reason_da and w.reason_en for w in release.withheld)


def test_missing_figures_say_so(release):
    cell = by_id(release)["I01.2015.all.all.all.plan_areas"]
    assert (cell.value, cell.display_da, cell.conf_status) == (None, "…", "F")


def test_a_measure_is_printed_with_the_same_decimals_throughout(release):
    cells = [c for c in release.cells if c.measure == "topics_per_meeting"]
    assert {c.display_da for c in cells} == {"2,3"}  # 90/40 = 2.25


def test_only_notes_and_deliveries_behind_published_cells_go_along(release):
    used = {n for c in release.cells for n in c.notes}
    assert {n.note_id for n in release.notes} == used
    assert "survey-2015" in {d.delivery_id for d in release.deliveries}
    assert "driftsstoette-2015-06-30" in {d.delivery_id for d in release.deliveries}


def test_the_same_input_has_the_same_id_and_another_another(candidates, release):
    assert release_of(candidates) == release
    changed = dataclasses.replace(candidates, cells=candidates.cells.iloc[:-1])
    assert release_of(changed).info.release_id != release.info.release_id
    assert release.info.release_id.startswith("2017-")


def test_real_data_is_not_called_synthetic(tmp_path):
    path = build_warehouse(tmp_path / "monitor.duckdb", synthetic=False)
    release = release_of(read_candidates(path))
    assert not release.info.is_synthetic
    assert not any(c.is_synthetic for c in release.cells)
    assert all("syntetisk" not in c.sources_da for c in release.cells)


def test_an_impossible_per_cent_stops_the_release(candidates):
    cells = candidates.cells.copy()
    row = cells["cell_id"] == "I05.2015.size.large.full_time_or_more.share_pct"
    cells.loc[row, "value"] = 44.0  # 7 of 16 is 43.75
    with pytest.raises(ImpossibleShareError, match=r"44\.0 of 7/16"):
        release_of(dataclasses.replace(candidates, cells=cells))


def test_a_share_of_no_whole_number_stops_the_release(candidates):
    """Half a municipality is a fault, whatever the per cent says: 7.5 of 16 is 46.875 %."""
    cells = candidates.cells.copy()
    row = cells["cell_id"] == "I05.2015.size.large.full_time_or_more.share_pct"
    cells.loc[row, ["numerator", "value"]] = [7.5, 46.875]
    with pytest.raises(ImpossibleShareError, match="no whole numbers"):
        release_of(dataclasses.replace(candidates, cells=cells))


def test_a_share_of_kroner_is_held_against_its_oere(candidates, release):
    # 200,000,000.50 of 800,000,000.50 kr: 25.000000047 %
    share = "I07.2015-06-30.all.all.municipality_staff.share_pct"
    assert by_id(release)[share].display_da == "25,0"
    cells = candidates.cells.copy()
    cells.loc[cells["cell_id"] == share, "value"] = 25.1
    with pytest.raises(ImpossibleShareError, match="25\\.1 of 20000000050/80000000050"):
        release_of(dataclasses.replace(candidates, cells=cells))


def test_kroner_of_years_to_come_do_not_name_the_release(candidates):
    cells = candidates.cells.copy()
    to_come = cells[cells["cell_id"].str.startswith("I07.2016-12-31.all.all.all.")].copy()
    to_come[["period", "obs_status", "cell_id"]] = ["2021", "P", "I07.2021.all.all.all.amount_kr"]
    both = pd.concat([cells, to_come], ignore_index=True)
    changed = release_of(dataclasses.replace(candidates, cells=both))
    assert changed.info.release_id.startswith("2017-")


def test_withheld_tables_are_named_in_both_languages(release):
    assert release.withheld
    for table in release.withheld:
        named = {
            (c.breakdown_label_da, c.breakdown_label_en)
            for c in release.cells
            if c.breakdown == table.breakdown
        }
        assert named == {(table.breakdown_label_da, table.breakdown_label_en)}
