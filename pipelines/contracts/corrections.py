"""Corrections as data: what a cell should have said, and which topics a person confirms.

One `corrections.yml` a source, beside its contract. Only their shape, and that they fit the
contract; applying them is `intake.conform.corrections` and `intake.conform.minutes`. A value is
written as its sender would write it, in quotes. The archive is never changed by one.

No message quotes a value: some columns hold answers given in confidence.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

if TYPE_CHECKING:
    from pipelines.contracts.model import Source

FILE_NAME = "corrections.yml"
_ID = r"^[a-z0-9][a-z0-9-]*$"


class CorrectionsError(ValueError):
    """A `corrections.yml` cannot be used; the message says which entry, and what to mend."""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=_ID)
    """Stable, and never used again: it is what a figure is traced back to."""
    period: str
    """The wave, year or extract date of the deliveries it is for."""
    reason: str = Field(min_length=3)
    date: dt.date
    """When it was decided; a state as of an earlier day does not have it."""


class Correction(_Entry):
    """One cell, or the same column of several rows: what it says, and what it should."""

    key: dict[str, str] = Field(min_length=1)
    """Field to value: the rows it is for. Any fields that single them out."""
    column: str
    expect: str | None
    """What the cell says as delivered; null for an empty one. Otherwise the correction expires."""
    value: str | None
    """What it should say; null for nothing."""
    provider: str = Field(min_length=2)
    """Who said so: an office or a document, not a person."""
    until: dt.date | None = None
    """For deliveries received up to and including that day; later ones are left as they are."""


class TopicDecision(_Entry):
    """A person's word on one topic of one meeting, kept whenever the minutes are tagged again."""

    municipality_code: str
    housing_organisation: str
    meeting_date: dt.date
    topic: str
    decision: Literal["confirmed", "removed", "added"]
    by: str = Field(min_length=2)
    """Who decided: a user name, as on the ledger."""

    def is_about(self, municipality_code: str, organisation: str, meeting_date: dt.date) -> bool:
        """Whether a meeting is the one; names are compared without case and surplus blanks."""
        names = {" ".join(n.split()).casefold() for n in (self.housing_organisation, organisation)}
        place = (self.municipality_code, self.meeting_date)
        return place == (municipality_code, meeting_date) and len(names) == 1


_E = TypeVar("_E", bound=_Entry)


class Corrections(BaseModel):
    """All of a source's corrections."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    corrections: tuple[Correction, ...] = ()
    topics: tuple[TopicDecision, ...] = ()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = [entry.id for entry in (*self.corrections, *self.topics)]
        if twice := sorted({each for each in ids if ids.count(each) > 1}):
            raise ValueError(f"an id is used twice: {', '.join(twice)}")
        return self

    def of(self, period: str, known_by: dt.date | None = None) -> Corrections:
        """Those for a period, and, for the state as of a day, known by then."""
        return Corrections(
            corrections=tuple(_chosen(self.corrections, period, known_by)),
            topics=tuple(_chosen(self.topics, period, known_by)),
        )

    def fingerprint(self, period: str) -> str:
        """A text that changes when anything for a period does; empty when there is nothing."""
        entries = self.of(period)
        if not entries.corrections and not entries.topics:
            return ""
        return json.dumps(entries.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)


def _chosen(entries: tuple[_E, ...], period: str, known_by: dt.date | None) -> Iterator[_E]:
    for entry in entries:
        if entry.period == period and (known_by is None or entry.date <= known_by):
            yield entry


def load_corrections(folder: Path) -> Corrections:
    """Read a source's corrections; a source without the file has none.

    Raises:
        CorrectionsError: If the file is not of the form described here.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return Corrections()
    where = f"{folder.name}/{FILE_NAME}"
    try:
        declared: Any = yaml.safe_load(path.read_text("utf-8")) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise CorrectionsError(f"{where}{line}: not valid YAML") from error
    try:
        return Corrections.model_validate(declared)
    except ValidationError as error:
        told = "; ".join(_told(declared, each) for each in error.errors(include_input=False)[:5])
        raise CorrectionsError(f"{where}: {told}") from None


def check_corrections(source: Source, corrections: Corrections) -> None:
    """Hold corrections against their contract.

    Raises:
        CorrectionsError: If one names what the contract does not have.
    """
    where = f"{source.source}/{FILE_NAME}"
    fields = {field.field: field for field in source.loaded_fields if not field.is_title_fact}
    for entry in corrections.corrections:
        for name in (*entry.key, entry.column):
            if name not in fields:
                raise CorrectionsError(
                    f"{where}, {entry.id}: {name} is not a column that is loaded; "
                    f"one of {', '.join(fields)}"
                )
            if name in source.pseudonymised:
                raise CorrectionsError(
                    f"{where}, {entry.id}: {name} points to a person and may not stand in a file; "
                    "single the row out by other columns"
                )
        if entry.expect == entry.value:
            raise CorrectionsError(f"{where}, {entry.id}: expect and value are the same")
    topics = {code.code for code in source.codes_of("topic")}
    for decision in corrections.topics:
        if decision.topic not in topics:
            raise CorrectionsError(f"{where}, {decision.id}: no such topic in the topic list")


def _told(declared: Any, error: Any) -> str:
    """Where and what, without the value that stands there."""
    place = list(error["loc"])
    name = ""
    if len(place) > 1 and isinstance(place[1], int) and isinstance(declared, dict):
        entries = declared.get(place[0])
        entry = entries[place[1]] if isinstance(entries, list) else None
        known = entry.get("id") if isinstance(entry, dict) else None
        name = f"{place[0]} no. {place[1] + 1}" + (f" ({known})" if known else "")
        place = place[2:]
    hint = " (put it in quotes)" if error["type"] == "string_type" else ""
    what = ".".join(str(part) for part in place)
    return " ".join(part for part in (name, what, error["msg"].lower() + hint) if part)
