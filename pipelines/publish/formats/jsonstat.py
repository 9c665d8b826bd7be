"""One JSON-stat 2.0 dataset per indicator and language.

Values are as precise as the release has them, null where there is none; `status` says of every
cell why, and `extension` holds what JSON-stat has no word for: base, numerator and notes by cell.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.publish.danish import LEGEND
from pipelines.publish.formats.columns import UNCERTAINTY
from pipelines.publish.formats.cube import GROUP, MEASURE, PERIOD, Cube, Dimension, Hole, Slot
from pipelines.publish.formats.facts import (
    LICENCE,
    PUBLISHER,
    data_date,
    note_texts,
    sources_of,
    titles,
)
from pipelines.publish.formats.places import note_patterns
from pipelines.publish.language import language as language_of
from pipelines.publish.model import Indicator, Release, ReleasedCell

_GEOGRAPHIC = {"municipality", "region"}
_OBS = {
    "A": {"da": "Almindelig", "en": "Normal"},
    "B": {"da": "Databrud", "en": "Break in series"},
    "M": {"da": "Oplysning foreligger ikke", "en": "Not available"},
    "P": {"da": "Foreløbigt tal", "en": "Provisional"},
}
_CONF = {
    "F": {"da": "frit", "en": "free"},
    "C": {"da": "skjult af diskretionshensyn", "en": "confidential"},
}
_HOLES = {Hole.NOT_APPLICABLE: "not_applicable", Hole.WITHHELD: "withheld"}


def jsonstat(
    release: Release, indicator: Indicator, cube: Cube, language: str, alternate: str
) -> bytes:
    """Write an indicator as JSON-stat.

    Args:
        release: The release.
        indicator: The indicator.
        cube: Its cells.
        language: Which words to use, da or en.
        alternate: Name of the file in the other language, in the same folder.

    Returns:
        The file's bytes; the same release gives the same bytes.
    """
    texts = _note_texts(release, language)
    places = note_patterns(cube)
    statuses = [status_of(slot) for slot in cube.slots]
    general = [texts[n] for pattern, notes in places.items() if not any(pattern) for n in notes]
    document: dict[str, Any] = {
        "version": "2.0",
        "class": "dataset",
        "label": titles(release, indicator, cube.kind)[language],
        "source": f"{PUBLISHER}: {sources_of(release, indicator.indicator_id, language)}",
        "updated": data_date(release).strftime("%Y-%m-%dT%H:%M:%SZ"),
        **({"note": general} if general else {}),
        "id": [d.name for d in cube.dimensions],
        "size": [len(d.codes) for d in cube.dimensions],
        "role": _roles(cube),
        "dimension": {
            d.name: _dimension(cube, position, language, places, texts)
            for position, d in enumerate(cube.dimensions)
        },
        "value": [slot.value if isinstance(slot, ReleasedCell) else None for slot in cube.slots],
        "status": statuses,
        "extension": {
            "language": language,
            "other_language": alternate,  # a link would have to be an absolute address
            "definition": _by_language(indicator.definition_da, indicator.definition_en)[language],
            "base": _by_language(indicator.base_da, indicator.base_en)[language],
            "licence": LICENCE[language],
            "release": release.info.release_id,
            "is_synthetic": any(isinstance(s, ReleasedCell) and s.is_synthetic for s in cube.slots),
            "status_labels": _status_labels(statuses, language),
            "notes": texts,
            "cells": _cells(cube.slots, language),
        },
    }
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # escaped as JSON allows, so that the text is inert even inside a page's script
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").encode()


def status_of(slot: Slot) -> str:
    """Return a slot's status: of the observation and of its confidentiality, 'A.F'."""
    if isinstance(slot, Hole):
        return _HOLES[slot]
    return f"{slot.obs_status}.{slot.conf_status}"


def _note_texts(release: Release, language: str) -> dict[str, str]:
    texts = {note: words[language] for note, words in note_texts(release).items()}
    signs = {s.sign: _by_language(s.meaning_da, s.meaning_en)[language] for s in LEGEND}
    return texts | signs


def _roles(cube: Cube) -> dict[str, list[str]]:
    codes = [code.split(".")[0] for code in cube.dimensions[0].codes]
    roles = {"time": [PERIOD], "metric": [MEASURE]}
    return roles | ({"geo": [GROUP]} if set(codes) <= _GEOGRAPHIC else {})


def _dimension(
    cube: Cube,
    position: int,
    language: str,
    places: Mapping[tuple[str | None, ...], Sequence[str]],
    texts: Mapping[str, str],
) -> dict[str, Any]:
    dimension: Dimension = cube.dimensions[position]
    notes = {
        code: [texts[note] for note in notes]
        for pattern, notes in places.items()
        if (code := pattern[position]) and sum(map(bool, pattern)) == 1
    }
    category: dict[str, Any] = {
        "index": list(dimension.codes),
        "label": dict(zip(dimension.codes, dimension.labels[language], strict=True)),
        **({"note": notes} if notes else {}),
    }
    if dimension.name == MEASURE:
        category["unit"] = {
            code: {"label": cube.units[code][language], "decimals": cube.decimals[code]}
            for code in dimension.codes
        }
    return {"label": dimension.titles[language], "category": category}


def _status_labels(statuses: Sequence[str], language: str) -> dict[str, str]:
    holes = {
        "not_applicable": {"da": "Tal kan ikke forekomme", "en": "Not applicable"},
        "withheld": {"da": "Tabellen er tilbageholdt", "en": "The table is withheld"},
    }

    def words(status: str) -> str:
        if status in holes:
            return holes[status][language]
        obs, conf = status.split(".")
        return f"{_OBS.get(obs, {}).get(language, obs)}, {_CONF.get(conf, {}).get(language, conf)}"

    return {status: words(status) for status in sorted(set(statuses))}


def _cells(slots: Sequence[Slot], code: str) -> dict[str, list[Any]]:
    """Return what is known of each cell beside its value, in the order of `value`."""
    cells = [slot if isinstance(slot, ReleasedCell) else None for slot in slots]
    spoken = language_of(code)
    uncertain = {name: [getattr(c, name) if c else None for c in cells] for name in UNCERTAINTY}
    return {
        "id": [c.cell_id if c else None for c in cells],
        "numerator": [c.numerator if c else None for c in cells],
        "base": [c.base if c else None for c in cells],
        **{name: found for name, found in uncertain.items() if any(x is not None for x in found)},
        f"display_{code}": [
            slot.value if isinstance(slot, Hole) else spoken.printed(slot.display_da)
            for slot in slots
        ],
        "note_ids": [list(c.notes) if c else [] for c in cells],
    }


def _by_language(danish: str, english: str) -> dict[str, str]:
    return {"da": danish, "en": english}
