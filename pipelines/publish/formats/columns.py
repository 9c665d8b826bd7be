"""The columns of the CSV files for machines, declared once: words, types, values.

CSV, CSVW and the datapackage are all written from here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
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
    "is_confidential": ("Bygger på fortrolige svar", "Rests on confidential answers"),
    "is_synthetic": ("Syntetisk", "Synthetic"),
    "sort_order": ("Rækkefølge", "Order"),
}
_NOTE_TITLES = {
    "note_id": ("Note-id", "Note id"),
    "text_da": ("Note", "Note (Danish)"),
    "text_en": ("Note (engelsk)", "Note"),
}
_LISTS = {"note_ids": "|"}
_MAY_BE_EMPTY = {"value", "numerator", "base", "symbol", "note_ids", "sources_da"}


class UndescribedFieldError(TypeError):
    """A field of a record that is published has no title here."""


def _columns(record: type, words: dict[str, tuple[str, str]]) -> tuple[Column, ...]:
    hints = get_type_hints(record)
    missing = {f.name for f in fields(record)} ^ words.keys()
    if missing:
        raise UndescribedFieldError(f"{record.__name__}: {', '.join(sorted(missing))}")
    return tuple(
        Column(
            name,
            *words[name],
            datatype=_DATATYPES[hints[name]],
            is_required=name not in _MAY_BE_EMPTY,
            value_of=_getter(name),
            separator=_LISTS.get(name, ""),
        )
        for name in words
    )


def _getter(name: str) -> Callable[[Any], object]:
    return lambda record: getattr(record, name)


CELL_COLUMNS: Sequence[Column] = _columns(ReleasedCell, _CELL_TITLES)
NOTE_COLUMNS: Sequence[Column] = _columns(Note, _NOTE_TITLES)
