"""The model of a source's contract: fields, code lists, rules, code books.

Only shapes and their consistency. Reading the files is `loader`, checking rows is `intake.conform`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic import Field as PydanticField

from pipelines.contracts.corrections import Corrections


class FieldType(StrEnum):
    """How a cell is read. Every type is parsed by one SQL expression (`contracts.parsing`)."""

    TEXT = "text"
    CODE = "code"
    CODES = "codes"
    INTEGER = "integer"
    KRONER = "kroner"
    DECIMAL = "decimal"
    DATE = "date"
    TIMESTAMP = "timestamp"
    BOOLEAN = "boolean"


class Confidentiality(StrEnum):
    """What may become of a field after the gate."""

    PUBLIC = "public"
    CONFIDENTIAL = "confidential"
    PERSONAL = "personal"
    """Cut off at the gate: never written to DuckDB, logs or artefacts."""


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Field(_Declared):
    """One canonical field: what the sender calls it, what it holds, what may become of it."""

    field: str = PydanticField(pattern=r"^[a-z][a-z0-9_]*$")
    header: str
    aliases: tuple[str, ...] = ()
    type: FieldType
    unit: str = ""
    codelist: str = ""
    required: bool = False
    minimum: str = ""
    maximum: str = ""
    confidentiality: Confidentiality = Confidentiality.PUBLIC
    is_title_fact: bool = False
    """Read from a line above the header (or from the delivery's period), not from a column."""
    label_da: str
    label_en: str
    description_da: str = ""
    description_en: str = ""
    example: str = ""
    """A cell as a sender writes it; personal fields have none."""

    @model_validator(mode="after")
    def _codes_need_a_list(self) -> Self:
        needs_list = self.type in (FieldType.CODE, FieldType.CODES)
        may_have_list = needs_list or self.type is FieldType.BOOLEAN
        if (needs_list and not self.codelist) or (self.codelist and not may_have_list):
            raise ValueError(f"{self.field}: a code list goes with the types code and codes")
        return self

    @property
    def is_loaded(self) -> bool:
        """Whether the field passes the gate at all."""
        return self.confidentiality is not Confidentiality.PERSONAL


class Code(_Declared):
    """One value of a code list, with the spellings senders use."""

    codelist: str
    code: str
    spellings: tuple[str, ...] = ()
    label_da: str
    label_en: str
    position: int = 0


class Rule(_Declared):
    """A rule over a delivery's typed rows, as SQL; it names the rows that break it.

    `sql` is a boolean expression over the typed columns; true means: this row breaks the rule. A
    rule about groups of rows, and no other, uses windows there, and comes in a second form as
    well (`rule_kinds`): where `having`, an expression over aggregates, is true of the rows that
    share `per`, those among them for which `rows` holds break it.
    """

    id: str = PydanticField(pattern=r"^[A-Z]\d\d_[a-z0-9_]+$")
    severity: Literal["error", "warning"]
    column: str
    sql: str
    per: tuple[str, ...] = ()
    having: str = ""
    rows: str = ""
    facts: tuple[str, ...] = ()
    """The fields that `having` holds to be equal in the whole group, where that is all it says."""
    message_da: str
    message_en: str
    example_da: str
    """What a sender may have written; the delivery guide lists it."""

    @model_validator(mode="after")
    def _windows_are_told_as_groups(self) -> Self:
        if not self.per and re.search(r"\bover\s*\(", self.sql):
            raise ValueError(f"{self.id}: a rule over a window is told as a rule about groups")
        return self


class TitleFact(_Declared):
    """A fact that stands in the lines above the header."""

    field: str
    pattern: str
    required: bool = False


class Counted(_Declared):
    """Something a delivery is counted by: an SQL aggregate over its rows, and what it counts."""

    sql: str
    label_da: str
    label_en: str


class Comparison(_Declared):
    """How much smaller than the delivery before it one may be before its sender must confirm it.

    `same_period` is the least share of an earlier version for the same period, `previous_period`
    that of the delivery for the period before; each count must reach it.
    """

    same_period: float = PydanticField(gt=0, le=1)
    previous_period: float = PydanticField(gt=0, le=1)
    counts: tuple[Counted, ...]


class Source(_Declared):
    """The contract of one source."""

    source: str
    version: int
    title_da: str
    title_en: str
    grain_da: str
    grain_en: str
    """What one row of the table is."""
    how_da: str
    how_en: str
    """How its sender makes the delivery; the delivery guide's first words on the source."""
    example_rows: tuple[Mapping[str, str], ...] = ()
    """Rows of a good file: what differs from each field's own example."""
    table: str
    period_kind: Literal["year", "date"]
    fresh_days: int = 0
    """After how many days without a delivery somebody should ask; 0: nobody waits."""
    order: int
    """Sources with a lower number are taken first in a run: others are checked against them."""
    formats: tuple[str, ...]
    key: tuple[str, ...]
    takes_increments: bool = False
    """Whether a delivery may hold only what changed since the full one, if its sender says so."""
    quarantine_unit: tuple[str, ...] = ()
    """When a row is held back, all rows that share these fields are."""
    identifiers: tuple[str, ...] = ()
    """Text fields that hold a number of the sender's own: digits in them name no person."""
    pseudonymised: tuple[str, ...] = ()
    """Text fields that link rows: the warehouse holds a keyed hash, never what was sent."""
    title_facts: tuple[TitleFact, ...] = ()
    ignored_headers: tuple[str, ...] = ()
    """Patterns of columns that a system always adds and nobody needs to hear of."""
    total_field: str = ""
    """The field that a totals row sums, if the sender adds one."""
    comparison: Comparison | None = None
    """What a delivery is held against the one before it by; None where sizes say nothing."""
    fields: tuple[Field, ...]
    codes: tuple[Code, ...]
    rules: tuple[Rule, ...]
    corrections: Corrections = PydanticField(default=Corrections(), exclude=True)
    """What was delivered and is known to be wrong; no part of the contract that a sender reads."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [f.field for f in self.fields]
        if len(set(names)) != len(names):
            raise ValueError(f"{self.source}: a field is declared twice")
        lists = {c.codelist for c in self.codes}
        for field in self.fields:
            if field.codelist and field.codelist not in lists:
                raise ValueError(f"{self.source}.{field.field}: no code list {field.codelist!r}")
        unknown = {
            *self.key,
            *self.quarantine_unit,
            *self.identifiers,
            *self.pseudonymised,
            *(r.column for r in self.rules),
            *(name for row in self.example_rows for name in row),
        } - set(names)
        if unknown:
            raise ValueError(f"{self.source}: not a field: {sorted(unknown)}")
        linked = [self.field(name) for name in self.pseudonymised]
        if any(f.type is not FieldType.TEXT or not f.is_loaded for f in linked):
            raise ValueError(f"{self.source}: only a text that is loaded can be pseudonymised")
        ids = [r.id for r in self.rules]
        if len(set(ids)) != len(ids):
            raise ValueError(f"{self.source}: a rule id is used twice")
        return self

    @property
    def loaded_fields(self) -> tuple[Field, ...]:
        """The fields that become columns of the raw table, in declared order."""
        return tuple(f for f in self.fields if f.is_loaded)

    def field(self, name: str) -> Field:
        """The field called `name`; KeyError when there is none."""
        for field in self.fields:
            if field.field == name:
                return field
        raise KeyError(f"{self.source} has no field {name!r}")

    def codes_of(self, codelist: str) -> tuple[Code, ...]:
        """The codes of one list, in order."""
        return tuple(c for c in self.codes if c.codelist == codelist)


LEFT_OUT = "-"
"""In a code book: no variable (the question was not asked), or no field (it is not loaded)."""


class CodeBookEntry(_Declared):
    """One line of a wave's code book: this variable with this answer code means that."""

    field: str
    """The canonical field; `-` for a question that is known and not loaded."""
    variable: str
    """The export's variable; `-` where the question was not asked in this wave."""
    code: str = ""
    canonical_code: str = ""
    series_break: bool = False
    note_da: str = ""
    note_en: str = ""
    question: str = ""
    """The question as the questionnaire put it; a later wave's is held against it."""
    answer: str = ""
    """The answer's label in the questionnaire."""

    @property
    def is_asked(self) -> bool:
        """Whether the questionnaire of the wave held the question."""
        return self.variable != LEFT_OUT


class CodeBook(_Declared):
    """How one wave's questionnaire maps to the canonical fields."""

    wave: str
    entries: tuple[CodeBookEntry, ...]

    @model_validator(mode="after")
    def _breaks_are_explained(self) -> Self:
        for field in {e.field for e in self.entries if e.series_break}:
            if not any(e.note_da and e.note_en for e in self.of_field(field)):
                raise ValueError(f"{self.wave}.{field}: a break in series needs both its notes")
        return self

    def of_field(self, field: str) -> tuple[CodeBookEntry, ...]:
        """The entries of one canonical field, in file order."""
        return tuple(e for e in self.entries if e.field == field)
