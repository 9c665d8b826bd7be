"""A Frictionless datapackage over the CSV files for machines: schemas, licence, sources."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.publish.formats.columns import CELL_COLUMNS, NOTE_COLUMNS, Column
from pipelines.publish.formats.csvw import GUARD_EN
from pipelines.publish.formats.facts import (
    LICENCE,
    PUBLISHER,
    SYNTHETIC_MARKS,
    data_date,
    titles,
)
from pipelines.publish.language import CODES
from pipelines.publish.model import Indicator, Release
from pipelines.publish.source_names import delivery_name
from pipelines.publish.words import SYNTHETIC_DA, SYNTHETIC_EN


def datapackage(
    release: Release,
    tables: Mapping[str, Indicator],
    notes_file: str,
    contents: Mapping[str, bytes],
) -> bytes:
    """Describe the CSV files.

    Args:
        release: The release.
        tables: The indicator in each file, by the file's name.
        notes_file: Name of the file with the notes.
        contents: The files' bytes, by name.

    Returns:
        The descriptor's bytes.
    """
    made_up = release.info.is_synthetic
    described = [GUARD_EN, *([SYNTHETIC_DA, SYNTHETIC_EN] if made_up else [])]
    document: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": "boligsocial-monitor",
        "title": f"{PUBLISHER} ({SYNTHETIC_MARKS['en']})" if made_up else PUBLISHER,
        "description": "\n\n".join(described),
        "version": release.info.release_id,
        "created": data_date(release).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "licenses": [{"name": "other-at", "title": f"{LICENCE['da']} / {LICENCE['en']}"}],
        "sources": [{"title": title} for title in _sources(release)],
        "resources": [
            *(
                _resource(name, titles(release, item), CELL_COLUMNS, "cell_id", contents[name])
                | {"description": item.definition_en}
                for name, item in tables.items()
            ),
            _resource(
                notes_file,
                {"da": "Noter", "en": "Notes"},
                NOTE_COLUMNS,
                "note_id",
                contents[notes_file],
            ),
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _sources(release: Release) -> list[str]:
    return sorted(
        {
            " / ".join(delivery_name(delivery, code) for code in CODES)
            for delivery in release.deliveries
        }
    )


def _resource(
    name: str, titled: Mapping[str, str], columns: Sequence[Column], key: str, data: bytes
) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name.removesuffix(".csv").lower(),
        "title": f"{titled['da']} / {titled['en']}",
        "path": name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "dialect": {"delimiter": ",", "doubleQuote": True, "lineTerminator": "\r\n"},
        "schema": {
            "fields": [_field(column) for column in columns],
            "primaryKey": [key],
            "missingValues": [""],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.is_required else {}
    return {
        "name": column.name,
        "type": column.datatype,
        "title": f"{column.title_da} / {column.title_en}",
        **({"constraints": constraints} if constraints else {}),
    }
