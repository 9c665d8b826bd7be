"""What would be right in a cell, in Danish, from the contract's own declaration of its field."""

from __future__ import annotations

from typing import Final

from pipelines.contracts.forms import TYPE_FORMS
from pipelines.contracts.model import Field, FieldType, Source

MOST_VALUES: Final = 12


def right_value(source: Source, field: Field) -> str:
    """One sentence on what may stand in a field; empty where any text may."""
    if field.codelist:
        return _of_codes(source, field)
    asked = TYPE_FORMS[field.type].asked_da
    return f"Skriv {asked}." if asked else ""


def _of_codes(source: Source, field: Field) -> str:
    values = [
        code.code if code.code.isdecimal() else code.label_da
        for code in source.codes_of(field.codelist)
    ]
    joined = ", ".join(values[:MOST_VALUES])
    several = " Flere skrives med | imellem." if field.type is FieldType.CODES else ""
    if len(values) <= MOST_VALUES:
        return f"Tilladte værdier: {joined}.{several}"
    return (
        f"Der er {len(values)} tilladte værdier, for eksempel {', '.join(values[:3])}; resten står "
        f"i dataordbogen.{several}"
    )
