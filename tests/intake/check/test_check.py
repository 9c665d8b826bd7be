"""A check says what a run would make of a file, and leaves no trace of itself."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections import Counter
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path

import pytest
from shipped_installation import Installation

from pipelines import pipeline
from pipelines.contracts.corrections import Corrections
from pipelines.contracts.loader import load_source
from pipelines.intake import delivered_file
from pipelines.intake.check import CheckReport, PeriodUnknownError, check
from pipelines.intake.placing import deliver
from pipelines.intake.receive import receive
from pipelines.intake.shipped import shipped_items
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.warehouse.store import connect

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HEADING = "År;Kommunekode;Kommune;Boligorganisation;LBF-nr;Mødedato;Emne;Aftale"
ROW = "2015;461;Odense;Eksempel Bolig;0123;11-11-2015;Beboertryghed;ja"


def new_settings(place: Path) -> Settings:
    return Settings.from_env(
        {"MONITOR_DATA_DIR": str(place / "data"), "DAGSTER_HOME": str(place / "home")}
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return new_settings(tmp_path)


def a_list(folder: Path, *rows: str, name: str = "liste_2015.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([HEADING, *rows, ""]), encoding="utf-8")
    return path


def rules(report: CheckReport) -> list[str]:
    return [finding.rule for finding in report.findings]


def snapshot(folder: Path) -> dict[str, tuple[str, int]]:
    """Every file below a folder with its hash and time; nothing where there is no folder."""
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime_ns,
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_period_comes_from_the_name_where_the_inbox_would_take_it(
    settings: Settings, tmp_path: Path
) -> None:
    report = check(settings, a_list(tmp_path, ROW), "styringsdialog")
    assert (report.period, report.status, report.rows_read) == ("2015", "accepted", 1)
    for name, period in (("liste.csv", None), ("liste_2015.csv", "2015-06-30")):
        with pytest.raises(PeriodUnknownError):
            check(settings, a_list(tmp_path, ROW, name=name), "styringsdialog", period)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("liste_2015.csv.part", "inbox.in_progress"),
        (".liste_2015.csv", "inbox.hidden"),
        ("liste_2015.csv.meta.json", "inbox.side_file"),
        ("~$liste_2015.xlsx", "inbox.lock_file"),
        ("liste\x07_2015.csv", "inbox.name_control_characters"),
    ],
)
def test_what_the_inbox_would_not_take_is_rejected_by_its_rule(
    settings: Settings, tmp_path: Path, name: str, rule: str
) -> None:
    report = check(settings, a_list(tmp_path, ROW, name=name), "styringsdialog", "2015")
    assert (report.status, rules(report), report.rows_read) == ("rejected", [rule], 0)
    assert "\x07" not in report.name


def test_a_folder_with_a_link_or_an_unreadable_note_is_rejected(
    settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "set_2015"
    folder.mkdir()
    (folder / "dataset.csv").symlink_to("/etc/hostname")
    assert rules(check(settings, folder, "survey")) == ["inbox.link"]
    path = a_list(tmp_path, ROW)
    path.with_name(path.name + ".meta.json").write_text("{not json")
    assert rules(check(settings, path, "styringsdialog")) == ["inbox.bad_meta"]


def test_a_name_in_another_unicode_form_is_the_one_it_will_be_received_under(
    settings: Settings, tmp_path: Path
) -> None:
    decomposed = "mo\u0308der_2015.csv"
    report = check(settings, a_list(tmp_path, ROW, name=decomposed), "styringsdialog")
    assert (report.status, report.name) == ("accepted", "m\u00f6der_2015.csv")


def test_the_same_bytes_again_are_said_to_change_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    path = a_list(tmp_path, ROW)
    deliver(settings, path, "styringsdialog", "2015")
    assert receive(settings, ["styringsdialog"], now=NOW).received
    again = check(settings, path, "styringsdialog")
    assert (again.status, rules(again)) == ("accepted", ["inbox.already_received"])
    assert "inbox.already_received" not in rules(check(settings, path, "styringsdialog", "2016"))


def test_the_quality_gate_has_its_say(settings: Settings, tmp_path: Path) -> None:
    seen = {}

    def implausible(con, loaded):
        seen.update(loaded)
        (ids,) = loaded.values()
        rows = con.execute("select delivery_id from raw.styringsdialog_topics").fetchall()
        assert rows == [(ids[0],)]
        return {ids[0]: [("Det skal gælde.", "It should hold.")]}

    report = check(settings, a_list(tmp_path, ROW), "styringsdialog", screen=implausible)
    assert list(seen) == ["styringsdialog_topics"]
    assert (report.status, report.rows_quarantined) == ("rejected", 1)
    assert rules(report) == ["K07_quality_gate"]
    assert "Det skal gælde" in report.findings[0].message_da


@pytest.mark.slow
@pytest.mark.parametrize("large_from", [1000, 1 << 25])
def test_a_large_text_is_put_before_the_quality_gate_as_a_small_one_is(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, large_from: int
) -> None:
    monkeypatch.setattr(delivered_file, "STREAMED_BYTES", large_from)
    path = (
        PROJECT_ROOT / "deliveries/driftsstoette/2015-06-30/driftsstoette_2015-06-30_SYNTETISK.csv"
    )
    loaded: list[int] = []

    def counting(con, tables):
        ((table, ids),) = tables.items()
        sql = f"select count(*) from raw.{table} where delivery_id = ?"
        loaded.append(con.execute(sql, ids).fetchone()[0])
        return {}

    report = check(settings, path, "driftsstoette", screen=counting)
    assert report.status == "accepted"
    assert loaded == [report.rows_accepted]


@pytest.mark.parametrize(("until", "status"), [("2016-12-31", "accepted"), (None, "rejected")])
def test_a_correction_is_applied_to_what_comes_in_its_time(
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    until: str | None,
    status: str,
) -> None:
    spoiling = {
        "id": "aftale-2015",
        "period": "2015",
        "reason": "afprøvning",
        "date": "2016-01-01",
        "key": {"municipality_code": "461"},
        "column": "has_agreement",
        "expect": "ja",
        "value": "måske",
        "provider": "CFBU",
        "until": until,
    }
    corrected = load_source("styringsdialog").model_copy(
        update={"corrections": Corrections.model_validate({"corrections": [spoiling]})}
    )
    for module in ("process", "conform.corrections"):
        monkeypatch.setattr(f"pipelines.intake.{module}.load_source", lambda name: corrected)
    assert check(settings, a_list(tmp_path, ROW), "styringsdialog").status == status


@pytest.mark.slow
def test_nothing_is_written_where_there_is_no_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.chdir(temporary)
    settings = new_settings(tmp_path / "nowhere")
    source = tmp_path / "source"
    source.mkdir()
    composed = a_list(source, ROW, ROW)
    decomposed = a_list(source, ROW, "x", name="mo\u0308der_2015.csv")
    before = snapshot(source)
    assert check(settings, composed, "styringsdialog").status == "rejected"
    assert check(settings, decomposed, "styringsdialog").status == "quarantined"
    packed = source / "pakket_2015.zip"
    with zipfile.ZipFile(packed, "w") as package:
        package.write(composed, composed.name)
    before = snapshot(source)
    assert check(settings, packed, "styringsdialog").rows_read == 2
    assert not (tmp_path / "nowhere").exists()
    assert list(temporary.iterdir()) == []
    assert snapshot(source) == before


def told_by_the_run(settings: Settings) -> dict[tuple[str, str, str], tuple[object, ...]]:
    """What a run decided on each delivery: state, rows, findings; a superseded one was taken in."""
    with connect(settings.live_path, read_only=True) as con:
        deliveries = con.execute(
            "select source, period, file_name, if(state <> 'superseded', state, "
            "if(rows_quarantined > 0, 'quarantined', 'accepted')), rows_read, rows_accepted, "
            "rows_quarantined, delivery_id from raw.deliveries"
        ).fetchall()
        findings = con.execute(
            "select file_name, sheet, row_number, column_name, rule, severity, message_da, "
            "message_en, delivery_id from raw.findings"
        ).fetchall()
    told = {}
    for source, period, name, *decided, delivery_id in deliveries:
        found = Counter(finding[:-1] for finding in findings if finding[-1] == delivery_id)
        told[source, period, name] = (*decided, found)
    return told


@pytest.mark.slow
def test_check_and_run_agree_on_everything_shipped(shipped_copy: Installation) -> None:
    """On each file, sound or broken: state, rows, findings, the plans and the quality gate too.

    The checks come after the run, so they see the plans and the earlier deliveries it saw.
    """
    settings = shipped_copy.settings
    told = told_by_the_run(settings)
    before = snapshot(settings.data_dir)
    seen: set[str] = set()
    for item in shipped_items(PROJECT_ROOT / "deliveries"):
        report = check(settings, item.path, item.source, item.period, screen=pipeline.quality_gate)
        assert rules(report)[0] == "inbox.already_received"
        assert told.pop((item.source, item.period, item.path.name)) == (
            report.status,
            report.rows_read,
            report.rows_accepted,
            report.rows_quarantined,
            Counter(astuple(finding) for finding in report.findings[1:]),
        ), item.path
        seen.update(rules(report))
    assert not told
    assert {"S02_municipality_without_plan", "C03_not_a_date", "F05_wrong_container"} <= seen
    assert snapshot(settings.data_dir) == before, "a check writes nothing into an installation"
