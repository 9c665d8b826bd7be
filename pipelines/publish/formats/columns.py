"""The columns of the CSV files for machines, declared once: words, types, values.

CSV, CSVW and the datapackage are all written from here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal, get_type_hints

from pipelines.publish.model import Note, ReleasedCell

Datatype = Literal["string", "number", "integer", "boolean"]
_DATATYPES: dict[object, Datatype] = {
    str: "string",
    float | None: "number",
    float: "number",
    int | None: "integer",
    int: "integer",
    bool: "boolean",
}


@dataclass(frozen=True)
class Column:
    """One column."""

    name: str
    title_da: str
    title_en: str
    datatype: Datatype
    is_required: bool
    value_of: Callable[[Any], object]
    separator: str = ""


# name -> Danish, English; the order is the file's
_CELL_TITLES = {
    "cell_id": ("Celle-id", "Cell id"),
    "indicator_id": ("Indikator-id", "Indicator id"),
    "indicator_title_da": ("Indikator", "Indicator (Danish)"),
    "indicator_title_en": ("Indikator (engelsk)", "Indicator"),
    "period": ("Periode", "Period"),
    "breakdown": ("Opdeling, kode", "Breakdown, code"),
    "breakdown_label_da": ("Opdeling", "Breakdown (Danish)"),
    "breakdown_label_en": ("Opdeling (engelsk)", "Breakdown"),
    "breakdown_value": ("Gruppe, kode", "Group, code"),
    "breakdown_value_label_da": ("Gruppe", "Group (Danish)"),
    "breakdown_value_label_en": ("Gruppe (engelsk)", "Group"),
    "category": ("Kategori, kode", "Category, code"),
    "category_label_da": ("Kategori", "Category (Danish)"),
    "category_label_en": ("Kategori (engelsk)", "Category"),
    "measure": ("Mål, kode", "Measure, code"),
    "measure_label_da": ("Mål", "Measure (Danish)"),
    "measure_label_en": ("Mål (engelsk)", "Measure"),
    "unit": ("Enhed, kode", "Unit, code"),
    "unit_label_da": ("Enhed", "Unit (Danish)"),
    "unit_label_en": ("Enhed (engelsk)", "Unit"),
    "value": ("Værdi", "Value"),
    "numerator": ("Tæller", "Numerator"),
    "base": ("Grundlag (N)", "Base (N)"),
    "decimals": ("Decimaler, der vises", "Decimals shown"),
    "display_da": ("Vist", "As printed in Danish"),
    "symbol": ("Tegn", "Symbol"),
    "obs_status": ("Observationsstatus", "Observation status"),
    "conf_status": ("Fortrolighedsstatus", "Confidentiality status"),
    "note_ids": ("Noter", "Notes"),
    "sources_da": ("Kilder", "Sources (Danish)"),
    "sources_en": ("Kilder (engelsk)", "Sources"),
    "population": ("Population (N)", "Population (N)"),
    "lowest_possible": ("Lavest mulige", "Lowest possible"),
    "highest_possible": ("Højest mulige", "Highest possible"),
    "lower_bound": ("Nedre grænse (95 pct.)", "Lower bound (95 %)"),
    "upper_bound": ("Øvre grænse (95 pct.)", "Upper bound (95 %)"),
    "weighted_value": ("Vægtet værdi", "Weighted value"),
    "is_confidential": ("Bygger på fortrolige svar", "Rests on confidential answers"),
    "is_synthetic": ("Syntetisk", "Synthetic"),
    "sort_order": ("Rækkefølge", "Order"),
}
UNCERTAINTY = (
    "population",
    "lowest_possible",
    "highest_possible",
    "lower_bound",
    "upper_bound",
    "weighted_value",
)
"""Fields that only shares of answers have; other formats leave them out where nobody has them."""
_NOTE_TITLES = {
    "note_id": ("Note-id", "Note id"),
    "text_da": ("Note", "Note (Danish)"),
    "text_en": ("Note (engelsk)", "Note"),
}
_LISTS = {"note_ids": "|"}
_MAY_BE_EMPTY = {"symbol", "note_ids", "sources_da", "sources_en"}


def _columns(record: type, words: dict[str, tuple[str, str]]) -> tuple[Column, ...]:
    hints = get_type_hints(record)
    return tuple(
        Column(
            name,
            *words[name],
            datatype=_DATATYPES[hints[name]],
            is_required=hints[name] != float | None and name not in _MAY_BE_EMPTY,
            value_of=attrgetter(name),
            separator=_LISTS.get(name, ""),
        )
        for name in words
        if name in hints
    )


CELL_COLUMNS: Sequence[Column] = _columns(ReleasedCell, _CELL_TITLES)
NOTE_COLUMNS: Sequence[Column] = _columns(Note, _NOTE_TITLES)
TITLES_DA = {column.name: column.title_da for column in CELL_COLUMNS}
