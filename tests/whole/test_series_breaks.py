"""A break written into a code book reaches every product that crosses it, and no other."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipelines.contracts.loader import SOURCES_DIR
from pipelines.intake.code_book_rows import replace_code_books
from pipelines.orchestration.dbt_runner import run_dbt
from pipelines.publish.candidates import read_candidates
from pipelines.publish.danish import BREAK_MARK
from pipelines.publish.figure_content import FigureContent, break_text
from pipelines.publish.figure_data import figure_contents
from pipelines.publish.figures import NARROW, WIDE, draw
from pipelines.publish.language import language
from pipelines.publish.model import Release
from pipelines.publish.released import make_release
from pipelines.publish.site import Surroundings, site_files
from pipelines.publish.tidy_csv import notes_csv, tidy_csv
from pipelines.publish.workbook import indicator_workbook
from pipelines.warehouse.store import connect

pytestmark = pytest.mark.slow

WHY_DA = "Spørgsmålet om ledernes prioritering er stillet på en ny måde."
WHY_EN = "The question on the leaders' priority was put in a new way."
NOTE_ID = "break_2016_leaders_priority"
TOLD = f"Databrud 2016: {WHY_DA}"
BREAK_TEXT = break_text(language("da"))
CLEAN = ("I03", "I06", "I07", "I14")


def with_break(code_book: Path, field: str) -> None:
    """Mark a field of a code book as one that cannot be compared with the wave before."""
    with code_book.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        if row["field"] == field:
            row |= {"series_break": "true", "note_da": WHY_DA, "note_en": WHY_EN}
    with code_book.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def release(shipped, tmp_path_factory) -> Release:
    """What would be released, had the code book of 2016 a break in the leaders' priority."""
    folder = tmp_path_factory.mktemp("broken_series")
    sources = folder / "sources"
    shutil.copytree(SOURCES_DIR, sources)
    with_break(sources / "survey" / "codebooks" / "2016.csv", "leaders_priority")
    warehouse = folder / "monitor.duckdb"
    shutil.copy(shipped.settings.live_path, warehouse)
    warehouse.chmod(0o644)
    with connect(warehouse) as con:
        replace_code_books(con, sources)
    outcome = run_dbt(shipped.settings.dbt_dir, warehouse, ["run", "-s", "stg_survey__codebook+"])
    assert outcome.success
    candidates = read_candidates(warehouse)
    return make_release(
        candidates,
        rules=candidates.rules(),
        created_from="0" * 64,
        code_version="test",
        source_titles={},
    )


@pytest.fixture(scope="module")
def figures(release: Release) -> dict[str, FigureContent]:
    return {content.figure_id: content for content in figure_contents(release)}


def test_the_published_cells_are_marked_from_the_code_book(release: Release) -> None:
    broken = {
        (c.period, c.measure)
        for c in release.cells_of("I08")
        if c.obs_status == "B" and NOTE_ID in c.notes
    }
    assert broken == {("2016", "leaders_share_pct")}
    assert {n.text_da for n in release.notes if n.note_id == NOTE_ID} == {TOLD}


def test_the_csv_has_the_status_and_the_note(release: Release) -> None:
    text = tidy_csv(release.cells_of("I08")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    marked = [r for r in rows if NOTE_ID in r["noter"].split("|")]
    assert marked
    assert {r["obs_status"] for r in marked} <= {"B", "M"}
    assert TOLD in notes_csv(release.notes).decode("utf-8-sig")


def test_the_workbook_marks_the_figures_and_explains_the_mark(release: Release) -> None:
    indicator = next(i for i in release.indicators if i.indicator_id == "I08")
    book = load_workbook(io.BytesIO(indicator_workbook(release, indicator)))
    texts = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row]
    assert TOLD in texts
    for name in ("Alle ledere", "Størrelse ledere"):
        marked = [
            c
            for row in book[name].iter_rows()
            for c in row
            if BREAK_MARK in c.number_format or str(c.value).startswith(BREAK_MARK)
        ]
        assert marked, name


def test_the_page_marks_the_figures_and_lists_the_note(release: Release) -> None:
    files = site_files(release, [], Surroundings())
    pages = {name: files[f"site/da/{name}.html"].decode() for name in (*CLEAN, "I08")}
    assert '<td class="break">' in pages["I08"]
    assert TOLD in pages["I08"]
    for clean in CLEAN:
        assert 'class="break"' not in pages[clean], clean
        assert "Databrud 2016" not in pages[clean], clean


def test_the_figure_marks_the_break_and_tells_of_it_below(
    figures: dict[str, FigureContent],
) -> None:
    figure = figures["figur-4"]
    assert f"{BREAK_MARK} {TOLD}" in figure.caption
    assert BREAK_TEXT in {bar.text for bar in figure.bars}
    for layout in (WIDE, NARROW):
        assert BREAK_TEXT in draw(figure, layout)


def test_figures_that_do_not_cross_it_are_clean(figures: dict[str, FigureContent]) -> None:
    assert not any(BREAK_MARK in line for line in figures["figur-2"].caption)
    # time spent has the break of its own that the committed code book tells of
    told = " ".join(figures["figur-3"].caption)
    assert WHY_DA not in told
    # the figure breaks where it goes from bands to hours; both were asked in 2016
    assert f"{BREAK_MARK} Databrud mellem 2016 og 2017: " in told
    assert "Tiden til koordinering er spurgt i timer om ugen fra 2016" in told


def test_tables_that_do_not_cross_it_are_clean(release: Release) -> None:
    for indicator_id in ("I01", "I03", "I06", "I07", "I14"):
        assert not [c for c in release.cells_of(indicator_id) if c.obs_status == "B"]
        assert not [n for c in release.cells_of(indicator_id) for n in c.notes if "break_" in n]
