"""What may be told, as `kinds.yml` declares it: severity, words, commands, how long it stands."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

Severity = Literal["warning", "error"]
Over = Literal["run", "look", "event"]

RUNBOOKS = "docs/runbooks"
"""Folder of the runbooks, from the project's root."""
_DECLARED = Path(__file__).with_name("kinds.yml")


class Kind(BaseModel):
    """One kind of alert."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z]+(_[a-z]+)*$")
    severity: Severity
    over: Over
    repeat_hours: int = Field(ge=0)
    title_da: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    next: tuple[str, ...] = Field(min_length=1)
    steps: tuple[str, ...] = Field(min_length=1)

    @property
    def runbook(self) -> str:
        """Its runbook, from the project's root."""
        return f"{RUNBOOKS}/{self.id}.md"


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by its id, in the order declared."""
    declared = yaml.safe_load(_DECLARED.read_text(encoding="utf-8"))["kinds"]
    return MappingProxyType({name: Kind(id=name, **values) for name, values in declared.items()})


def kind(name: str) -> Kind:
    """The kind of that id; a name that is not declared is a mistake in our code."""
    return kinds()[name]
