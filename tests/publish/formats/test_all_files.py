"""Which files a release has, and that the same release gives the same bytes."""

import dataclasses

from pipelines.publish import service
from pipelines.publish.formats.all_files import machine_files, office_files, whole_files
from pipelines.publish.model import CANDIDATE


def names_of(files):
    return sorted(files)


def test_each_indicator_has_every_format_and_synthetic_ones_say_so(varied):
    files = {**office_files(varied), **machine_files(varied)}
    for indicator in varied.published_indicators():
        made_up = any(c.is_synthetic for c in varied.cells_of(indicator.indicator_id))
        stem = indicator.indicator_id + ("_syntetisk" if made_up else "")
        own = {name for name in files if f"/{indicator.indicator_id}" in name}
        assert own == {
            f"tabeller/{stem}.xlsx",
            f"csv/{stem}.csv",
            f"data/{stem}.csv",
            f"jsonstat/{stem}.da.json",
            f"jsonstat/{stem}.en.json",
            f"px/{stem}.px",
        }
    shared = {name for name in files if "/I" not in name}
    assert shared == {
        "csv/noter.csv",
        "data/notes.csv",
        "data/csv-metadata.json",
        "data/datapackage.json",
    }


def test_every_file_of_synthetic_data_says_so_inside(varied):
    for name, data in {**office_files(varied), **machine_files(varied)}.items():
        if "_syntetisk" in name and not name.endswith(".xlsx"):  # those are told from the sheets
            text = data.decode("utf-8-sig")
            assert "SYNTETISK" in text or "SYNTHETIC" in text or "(syntetisk)" in text, name


def test_files_of_the_whole_release(varied):
    assert names_of(whole_files(varied, {})) == [
        "pdf/aarstabeller_syntetisk.pdf",
        "pdf/annual_tables_syntetisk.pdf",
        "tabeller/alle_tabeller_syntetisk.xlsx",
    ]


def test_only_a_release_with_a_version_has_them(varied, monkeypatch):
    monkeypatch.setattr(service, "site_figures", lambda *_: ((), {}))  # drawn elsewhere
    monkeypatch.setattr(service, "site_files", lambda *_: {})
    assert varied.info.version == CANDIDATE
    assert not [name for name in service.release_files(varied) if name.startswith("pdf/")]
    info = dataclasses.replace(varied.info, version="2017.1")
    released = service.release_files(dataclasses.replace(varied, info=info))
    assert len([name for name in released if name.startswith("pdf/")]) == 2
    assert "tabeller/alle_tabeller_syntetisk.xlsx" in released


def test_same_release_same_bytes(varied):
    assert machine_files(varied) == machine_files(varied)
