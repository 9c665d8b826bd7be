"""Expectations that follow from a contract's description of a field.

The description is declared once, with the contract (`pipelines/sources/<source>/fields.csv`); here
it only becomes expectations. What cannot be said about one field alone is in `arriving`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from pipelines.contracts.model import Source
from quality.model import Bound, Rule, between, in_set, matches, not_null, sql_rule

MUNICIPALITY_FIELD = "municipality_code"
MUNICIPALITY_REGEX = r"^[1-8][0-9]{2}$"
_NUMBERS = ("integer", "kroner", "decimal")


@dataclass(frozen=True)
class FieldRule:
    """What a contract says about one field of a canonical table."""

    field: str
    type: str
    """text, code, codes ('|'-joined), integer, kroner, decimal, date, timestamp or boolean."""
    required: bool = False
    codes: tuple[str, ...] = ()
    minimum: Bound | None = None
    maximum: Bound | None = None
    label_da: str = ""
    label_en: str = ""

    def expectations(self) -> tuple[Rule, ...]:
        """The rules that follow: is it filled, well formed, in its list, in its range?"""
        rules = []
        if self.required:
            rules.append(not_null(self.field, self.label_da, self.label_en))
        if self.field == MUNICIPALITY_FIELD:
            rules.append(
                matches(
                    self.field,
                    MUNICIPALITY_REGEX,
                    "Kommunekoden er tre cifre fra 101 til 899, som tekst.",
                    "The municipality code is three digits from 101 to 899, as text.",
                )
            )
        if self.codes and self.type == "codes":
            rules.append(self._every_part_in_list())
        elif self.codes and not self._is_boolean:
            rules.append(in_set(self.field, self.codes, self.label_da, self.label_en))
        if self.minimum is not None or self.maximum is not None:
            rules.append(
                between(self.field, self.minimum, self.maximum, self.label_da, self.label_en)
            )
        return tuple(rules)

    @property
    def _is_boolean(self) -> bool:
        """The column's type already says which values there are."""
        return self.type == "boolean" or set(self.codes) == {"true", "false"}

    def _every_part_in_list(self) -> Rule:
        listed = ", ".join("'" + code.replace("'", "''") + "'" for code in self.codes)
        return sql_rule(
            f"{self.field}_in_list",
            f"""
            select delivery_id, row_number from batch
            where exists (
                select 1 from unnest(string_split({self.field}, '|')) as parts(part)
                where part not in ({listed})
            )
            """,
            f"Hver del af {self.label_da or self.field} er en værdi fra kodelisten.",
            f"Each part of {self.label_en or self.field} is a value of the code list.",
            column=self.field,
        )


def fields_of(contract: Source) -> tuple[FieldRule, ...]:
    """The loaded fields of a contract; personal ones never get this far."""
    return tuple(
        FieldRule(
            field=declared.field,
            type=declared.type.value,
            required=declared.required,
            codes=tuple(code.code for code in contract.codes_of(declared.codelist))
            if declared.codelist
            else (),
            minimum=parse_bound(declared.type.value, declared.minimum),
            maximum=parse_bound(declared.type.value, declared.maximum),
            label_da=declared.label_da,
            label_en=declared.label_en,
        )
        for declared in contract.loaded_fields
    )


def parse_bound(field_type: str, text: str) -> Bound | None:
    """A bound as the contract's CSV writes it; None for an empty cell."""
    if not text:
        return None
    if field_type in _NUMBERS:
        number = float(text)
        return int(number) if number.is_integer() else number
    if field_type == "date":
        return date.fromisoformat(text)
    if field_type == "timestamp":
        return datetime.fromisoformat(text)
    raise ValueError(f"a field of type {field_type!r} has no range: {text!r}")


def expectations(fields: Iterable[FieldRule]) -> tuple[Rule, ...]:
    """The rules of all fields, field by field."""
    return tuple(rule for field in fields for rule in field.expectations())
