"""Every file for machines of a release, by its path inside the published folder."""

from __future__ import annotations

from pipelines.publish.formats.columns import CELL_COLUMNS, NOTE_COLUMNS
from pipelines.publish.formats.csvw import csvw
from pipelines.publish.formats.cube import cube_of
from pipelines.publish.formats.datapackage import datapackage
from pipelines.publish.formats.facts import LANGUAGES, file_stem
from pipelines.publish.formats.jsonstat import jsonstat
from pipelines.publish.formats.plain_csv import plain_csv
from pipelines.publish.formats.px import px
from pipelines.publish.model import Release

DATA, JSONSTAT, PX = "data", "jsonstat", "px"
NOTES_FILE = "notes.csv"


def machine_files(release: Release) -> dict[str, bytes]:
    """Make CSV with its metadata, JSON-stat and PX of every published indicator."""
    return {**_csv_files(release), **_cube_files(release)}


def _csv_files(release: Release) -> dict[str, bytes]:
    tables = {
        f"{file_stem(release, i.indicator_id)}.csv": i for i in release.published_indicators()
    }
    files = {
        name: plain_csv(CELL_COLUMNS, release.cells_of(item.indicator_id))
        for name, item in tables.items()
    }
    files[NOTES_FILE] = plain_csv(NOTE_COLUMNS, release.notes)
    metadata = {
        "csv-metadata.json": csvw(release, tables, NOTES_FILE),
        "datapackage.json": datapackage(release, tables, NOTES_FILE, files),
    }
    return {f"{DATA}/{name}": data for name, data in (files | metadata).items()}


def _cube_files(release: Release) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for indicator in release.published_indicators():
        stem = file_stem(release, indicator.indicator_id)
        cube = cube_of(release, indicator)
        names = {language: f"{stem}.{language}.json" for language in LANGUAGES}
        for language in LANGUAGES:
            other = next(names[code] for code in LANGUAGES if code != language)
            files[f"{JSONSTAT}/{names[language]}"] = jsonstat(
                release, indicator, cube, language, other
            )
        files[f"{PX}/{stem}.px"] = px(release, indicator, cube)
    return files
