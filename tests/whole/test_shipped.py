"""The whole way on the shipped deliveries: what becomes of each, and what comes out."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import openpyxl
import pytest
from shipped_installation import Installation

from pipelines.intake.events import deliveries
from pipelines.intake.ledger import Ledger
from pipelines.orchestration.rebuild import compare_with_live
from pipelines.pipeline import build_needed, quality_gate
from pipelines.settings import PROJECT_ROOT

pytestmark = pytest.mark.slow


@pytest.fixture
def warehouse(shipped: Installation) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(shipped.settings.live_path), read_only=True) as con:
        yield con


def states(shipped: Installation) -> dict[str, str]:
    found = deliveries(Ledger(shipped.settings.ledger_path).read())
    return {f"{s.source}/{s.period}/{s.name}": s.state for s in found}


def test_the_good_are_loaded_and_each_broken_one_has_its_own_fate(shipped: Installation) -> None:
    fates = states(shipped)
    broken = {
        key: fates.pop(key)
        for key in list(fates)
        if (PROJECT_ROOT / "deliveries" / "broken" / key).exists()
    }
    assert {Path(key).name.split("_SYNTETISK")[0]: state for key, state in broken.items()} == {
        "driftsstoette_2016-09-30": "quarantined",
        "driftsstoette_2017-06-30": "rejected",
        "styringsdialog_foerste_version_2017": "superseded",
        "surveyxact_2015_afbrudt": "rejected",
        "surveyxact_2017_loginside": "rejected",
    }
    # in wave 2017 one municipality without a plan answered: its row is held back, the rest loaded
    partly = [key for key, state in fates.items() if state != "accepted"]
    assert partly == ["survey/2017/surveyxact_2017_SYNTETISK.xlsx"]
    assert len(fates) == 22


def test_the_summary_says_what_happened_and_where_to_look(shipped: Installation) -> None:
    assert "27 deliveries are in the inbox" in shipped.delivered
    for line in (
        r"27 in the ledger: 21 accepted, 2 accepted in part .* 3 rejected, 1 superseded",
        r"Checks +\d+ passed, \d+ with a warning, 0 failed",
        r"Indicators +\d+ built, \d+ cells released.* SYNTHETIC DATA",
    ):
        assert re.search(line, shipped.said), line
    for path in re.findall(
        r"(/\S+(?:index\.html|monitor\.duckdb|tabeller|quarantine))", shipped.said
    ):
        assert Path(path).exists(), path


def test_running_twice_changes_nothing(shipped_copy: Installation) -> None:
    def content() -> dict[str, str]:
        return {
            str(p.relative_to(shipped_copy.settings.data_dir)): hashlib.sha256(
                p.read_bytes()
            ).hexdigest()
            for p in sorted(shipped_copy.settings.data_dir.rglob("*"))
            if p.is_file() and "lock" not in p.name
        }

    before = content()
    again = shipped_copy.monitor("deliver", "--all", str(PROJECT_ROOT / "deliveries"))
    assert again.returncode == 0
    ran = shipped_copy.monitor("run")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "27 known already (same bytes)" in ran.stdout
    assert "Nothing waits and nothing has changed" in ran.stdout
    after = content()
    assert {k for k in before.keys() | after.keys() if before.get(k) != after.get(k)} == set()


def test_the_published_figures_of_2015_are_met_where_they_can_be(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    rows = warehouse.execute(
        "select figure_id, verdict from marts.backtest_report_2015 order by figure_id"
    ).fetchall()
    verdicts = Counter(verdict for _, verdict in rows)
    # F14 states a base of 44 where 41 answered; the others are from an evaluation of 2013
    assert [figure for figure, verdict in rows if verdict == "differs"] == ["F14"]
    # L366: 38 of 41, or of the 38 asked; L186: 41 of 41 where the report says all 44
    another = [figure for figure, verdict in rows if verdict == "equal_on_another_base"]
    assert another == ["F06", "F17"]
    assert verdicts["not_rebuilt"] == 3
    assert verdicts["impossible_on_stated_base"] == 1
    assert verdicts["equal_after_rounding"] == 3
    assert verdicts["equal_after_truncation"] == 1
    outside = warehouse.execute(
        "select figure_id from marts.backtest_report_2015 "
        "where verdict = 'wording_only' and not is_within_wording"
    ).fetchall()
    assert outside == []


def test_every_row_says_it_is_synthetic(warehouse: duckdb.DuckDBPyConnection) -> None:
    """All but official registers: inhabitants, and what the report itself published."""
    tables = warehouse.execute(
        "select schema_name || '.' || table_name from duckdb_columns() where column_name = "
        "'is_synthetic' and not internal and schema_name not in ('dq_failures', 'intermediate') "
        "and table_name not like 'backtest%' and table_name not like 'pub_%'"
    ).fetchall()
    assert len(tables) > 8
    for (table,) in tables:
        real = warehouse.execute(
            f"select count(*) from {table} where is_synthetic is not true"
        ).fetchone()
        assert real == (0,), table
    real_cells = warehouse.execute(
        "select distinct indicator_id, measure from published.pub_indicator_cells "
        "where is_synthetic is not true and value is not null"
    ).fetchall()
    assert set(real_cells) <= {("I14", "inhabitants"), ("I14", "listed_areas")}


QUERIES = sorted((PROJECT_ROOT / "docs" / "queries").glob("*.sql"))


@pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)
def test_the_ready_queries_run_and_find_something(
    warehouse: duckdb.DuckDBPyConnection, query: Path
) -> None:
    assert warehouse.execute(query.read_text("utf-8")).fetchall()


def test_the_list_of_queries_is_the_folder() -> None:
    listed = (PROJECT_ROOT / "docs" / "queries" / "README.md").read_text("utf-8")
    assert len(QUERIES) == 20
    for query in QUERIES:
        question = query.read_text("utf-8").splitlines()[0].removeprefix("-- ")
        assert f"| [{query.name}]({query.name}) | {question} |" in listed


def test_a_sender_can_read_what_is_wrong(shipped: Installation) -> None:
    found = deliveries(Ledger(shipped.settings.ledger_path).read())
    first = next(s for s in found if "foerste_version" in s.name)
    path = shipped.settings.quarantine_dir / first.delivery_id / "findings.csv"
    with path.open(encoding="utf-8-sig", newline="") as handle:
        findings = list(csv.DictReader(handle, delimiter=";"))
    assert {(f["kolonne"], f["regel"]) for f in findings} == {
        ("Emne", "C04_unknown_code"),
        ("Mødedato", "C03_not_a_date"),
        ("Kommunekode", "C04_unknown_code"),
    }
    topic = next(f for f in findings if f["kolonne"] == "Emne")
    assert "Mente du »Beboertryghed«?" in topic["besked"]
    assert all(f["række"].isdigit() for f in findings)


def test_nothing_personal_is_past_the_gate(shipped: Installation) -> None:
    """Respondents' addresses are in a shipped export, and after the run nowhere in clear."""
    settings = shipped.settings
    sent = [p for p in settings.deliveries_dir.rglob("*") if p.is_file()]
    assert any("@example.org".encode("utf-16-le") in p.read_bytes() for p in sent)
    places = [
        path
        for root in (settings.data_dir, settings.dagster_home)
        for path in root.rglob("*")
        if path.is_file()
    ]
    leaks = [
        p
        for p in places
        if b"@example.org" in p.read_bytes() or "@example.org".encode("utf-16-le") in p.read_bytes()
    ]
    assert leaks == []


def test_tables_are_there_for_every_built_indicator(
    shipped: Installation, warehouse: duckdb.DuckDBPyConnection
) -> None:
    built = warehouse.execute(
        "select indicator_id from reference.indicator_catalogue where is_built order by 1"
    ).fetchall()
    published = shipped.settings.published_dir
    for (indicator,) in built:
        (book,) = (published / "tabeller").glob(f"{indicator}*.xlsx")
        sheet = openpyxl.load_workbook(book).worksheets[0]
        text = " ".join(str(c.value) for row in sheet.iter_rows() for c in row if c.value)
        assert "syntetisk" in text.casefold(), book.name
        assert list((published / "csv").glob(f"{indicator}*.csv"))


def test_status_shows_every_source_and_period(shipped: Installation) -> None:
    said = shipped.monitor("status").stdout
    lines = {tuple(line.split()[:2]): line for line in said.splitlines()[1:]}
    for source, period in (("survey", "2015"), ("driftsstoette", "2017-12-31")):
        assert " yes " in lines[source, period]
    assert "LATE" in lines["driftsstoette", "2017-06-30"]


def test_the_archive_alone_brings_the_warehouse_back(shipped_copy: Installation) -> None:
    """Made anew from archive and ledger alone, every table is the same, in every layer."""
    settings = shipped_copy.settings
    # what `monitor run` goes by; that it then reads from the archive is in tests/history
    kept = settings.live_path.rename(settings.live_path.with_name("kept.duckdb"))
    assert build_needed(settings) == "there is no warehouse yet"
    kept.rename(settings.live_path)
    compared = compare_with_live(settings, screen=quality_gate)
    assert compared.rebuilt.is_whole, compared.rebuilt
    assert compared.differences == ()
    with duckdb.connect(str(settings.live_path), read_only=True) as con:
        schemas = con.execute("select distinct schema_name from duckdb_tables()").fetchall()
    assert {"raw", "marts", "published"} <= {schema for (schema,) in schemas}
    # deliveries that count, and some that do not
    assert compared.rebuilt.deliveries == 27
