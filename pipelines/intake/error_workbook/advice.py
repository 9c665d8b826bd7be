"""What would be right in a cell, in Danish, from the contract's own declaration of its field."""

from __future__ import annotations

from typing import Final

from pipelines.contracts.model import Field, FieldType, Source
from pipelines.intake.conform.messages import NUMBER_FORMS

MOST_VALUES: Final = 12

_FORMS: Final = {
    FieldType.DATE: "en dato som dd-mm-åååå, for eksempel 30-06-2015",
    FieldType.TIMESTAMP: "et tidspunkt som åååå-mm-dd tt:mm:ss",
}


def right_value(source: Source, field: Field) -> str:
    """One sentence on what may stand in a field; empty where any text may."""
    if field.codelist:
        return _of_codes(source, field)
    form = _FORMS.get(field.type) or NUMBER_FORMS.get(field.type, ("", ""))[0]
    return f"Skriv {form}." if form else ""


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
        f"i leveringsvejledningen.{several}"
    )
