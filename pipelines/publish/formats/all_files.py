"""Every file of a release but its site, by its path inside the published folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from pipelines.publish.formats.columns import CELL_COLUMNS, NOTE_COLUMNS
from pipelines.publish.formats.csvw import csvw
from pipelines.publish.formats.cube import cubes_of
from pipelines.publish.formats.datapackage import datapackage
from pipelines.publish.formats.facts import file_stem, synthetic_suffix
from pipelines.publish.formats.jsonstat import jsonstat
from pipelines.publish.formats.pdf import annual_pdf
from pipelines.publish.formats.pdf_content import PdfFigure
from pipelines.publish.formats.plain_csv import plain_csv
from pipelines.publish.formats.px import px
from pipelines.publish.kept_files import NOTHING_MADE, KeptFiles
from pipelines.publish.language import CODES
from pipelines.publish.model import Indicator, Release
from pipelines.publish.parts import parts_of
from pipelines.publish.tidy_csv import notes_csv, tidy_csv
from pipelines.publish.workbook import indicator_workbook, release_workbook

TABLES, OFFICE_CSV, DATA, JSONSTAT, PX, PDF = "tabeller", "csv", "data", "jsonstat", "px", "pdf"
NOTES_FILE = "notes.csv"
_PDF_NAMES = {"da": "aarstabeller", "en": "annual_tables"}


def office_files(release: Release, kept: KeptFiles = NOTHING_MADE) -> dict[str, bytes]:
    """Make workbook and CSV of every published indicator, as Danish offices open them.

    Args:
        release: What is published.
        kept: Files made before.
    """
    files: dict[str, bytes] = {}
    for part in parts_of(release):
        files |= kept.made("office", part.release, (), partial(_for_offices, part.indicator))
    return files | {f"{OFFICE_CSV}/noter.csv": notes_csv(release.notes)}


def whole_files(release: Release, figures: Mapping[str, Sequence[PdfFigure]]) -> dict[str, bytes]:
    """Make what has all of the release in one file: a workbook, and the annual tables to print.

    They take as long as all other files together, and say nothing that those do not.

    Args:
        release: What is published.
        figures: Drawn figures for the annual tables, by language.
    """
    mark = synthetic_suffix(release.info.is_synthetic)
    printed = {
        f"{PDF}/{_PDF_NAMES[code]}{mark}.pdf": annual_pdf(release, figures.get(code, ()), code)
        for code in CODES
    }
    return {f"{TABLES}/alle_tabeller{mark}.xlsx": release_workbook(release), **printed}


def machine_files(release: Release, kept: KeptFiles = NOTHING_MADE) -> dict[str, bytes]:
    """Make CSV with its metadata, JSON-stat and PX of every published indicator.

    Args:
        release: What is published.
        kept: Files made before.
    """
    files: dict[str, bytes] = {}
    for part in parts_of(release):
        files |= kept.made("machine", part.release, (), partial(_for_machines, part.indicator))
    return files | _common_files(release, files)


def _for_offices(indicator: Indicator, part: Release) -> dict[str, bytes]:
    stem = file_stem(part, indicator.indicator_id)
    return {
        f"{TABLES}/{stem}.xlsx": indicator_workbook(part, indicator),
        f"{OFFICE_CSV}/{stem}.csv": tidy_csv(part.cells_of(indicator.indicator_id)),
    }


def _for_machines(indicator: Indicator, part: Release) -> dict[str, bytes]:
    stem = file_stem(part, indicator.indicator_id)
    cells = part.cells_of(indicator.indicator_id)
    return {f"{DATA}/{stem}.csv": plain_csv(CELL_COLUMNS, cells), **_cube_files(part, indicator)}


def _common_files(release: Release, made: Mapping[str, bytes]) -> dict[str, bytes]:
    """Make the notes and the metadata of the CSV files for machines."""
    tables = {
        f"{file_stem(release, i.indicator_id)}.csv": i for i in release.published_indicators()
    }
    files = {name: made[f"{DATA}/{name}"] for name in tables}
    files[NOTES_FILE] = plain_csv(NOTE_COLUMNS, release.notes)
    return {
        f"{DATA}/{NOTES_FILE}": files[NOTES_FILE],
        f"{DATA}/csv-metadata.json": csvw(release, tables, NOTES_FILE),
        f"{DATA}/datapackage.json": datapackage(release, tables, NOTES_FILE, files),
    }


def _cube_files(part: Release, indicator: Indicator) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for cube in cubes_of(part, indicator):
        stem = file_stem(part, indicator.indicator_id, cube.kind)
        names = {language: f"{stem}.{language}.json" for language in CODES}
        for language in CODES:
            other = next(names[code] for code in CODES if code != language)
            files[f"{JSONSTAT}/{names[language]}"] = jsonstat(
                part, indicator, cube, language, other
            )
        files[f"{PX}/{stem}.px"] = px(part, indicator, cube)
    return files
