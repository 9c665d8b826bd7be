"""Metadata of the CSV files for machines as CSVW ("CSV on the Web"): one JSON over all tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.publish.formats.columns import CELL_COLUMNS, NOTE_COLUMNS, Column
from pipelines.publish.formats.facts import (
    LICENCE,
    PUBLISHER,
    SYNTHETIC_MARKS,
    data_date,
    sources_of,
    titles,
)
from pipelines.publish.model import Indicator, Release
from pipelines.publish.words import SYNTHETIC_DA, SYNTHETIC_EN

GUARD_DA = (
    "Tekst, som et regneark ville udføre som en formel, har en apostrof foran; den er ikke en del "
    "af teksten."
)
GUARD_EN = (
    "Text that a spreadsheet would run as a formula is led by an apostrophe, which is not part of "
    "the text."
)


def csvw(release: Release, tables: Mapping[str, Indicator], notes_file: str) -> bytes:
    """Describe the CSV files.

    Args:
        release: The release.
        tables: The indicator in each file, by the file's name.
        notes_file: Name of the file with the notes.

    Returns:
        The metadata's bytes.
    """
    marks = {
        language: f" ({mark})" if release.info.is_synthetic else ""
        for language, mark in SYNTHETIC_MARKS.items()
    }
    comments = _both(GUARD_DA, GUARD_EN)
    if release.info.is_synthetic:
        comments = [*_both(SYNTHETIC_DA, SYNTHETIC_EN), *comments]
    document: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "da"}],
        "dc:title": _both(
            f"{PUBLISHER}: alle tal{marks['da']}", f"{PUBLISHER}: all figures{marks['en']}"
        ),
        "dc:publisher": PUBLISHER,
        "dc:rights": _both(LICENCE["da"], LICENCE["en"]),
        "dc:modified": data_date(release).date().isoformat(),
        "dc:identifier": release.info.release_id,
        "rdfs:comment": comments,
        "dialect": {"delimiter": ",", "encoding": "utf-8", "header": True, "doubleQuote": True},
        "tables": [
            *(_indicator_table(release, name, item) for name, item in tables.items()),
            {
                "url": notes_file,
                "dc:title": _both("Noter", "Notes"),
                "tableSchema": _schema(NOTE_COLUMNS, "note_id"),
            },
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _indicator_table(release: Release, name: str, indicator: Indicator) -> dict[str, Any]:
    titled = titles(release, indicator)
    return {
        "url": name,
        "dc:title": _both(titled["da"], titled["en"]),
        "dc:description": _both(indicator.definition_da, indicator.definition_en),
        "dc:source": _both(
            *(sources_of(release, indicator.indicator_id, code) for code in ("da", "en"))
        ),
        "dc:license": _both(LICENCE["da"], LICENCE["en"]),
        "tableSchema": _schema(CELL_COLUMNS, "cell_id"),
    }


def _schema(columns: Sequence[Column], key: str) -> dict[str, Any]:
    return {"columns": [_column(column) for column in columns], "primaryKey": key}


def _column(column: Column) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.name,
        # the file's header is a title too: readers compare them
        "titles": {
            "da": [column.name, column.title_da],
            "en": [column.name, column.title_en],
        },
        "datatype": column.datatype,
        "required": column.is_required,
        "null": "",
    }
    if column.separator:
        described["separator"] = column.separator
    if column.name.endswith(("_da", "_en")):
        described["lang"] = column.name[-2:]
    return described


def _both(danish: str, english: str) -> list[dict[str, str]]:
    return [{"@value": danish, "@language": "da"}, {"@value": english, "@language": "en"}]
