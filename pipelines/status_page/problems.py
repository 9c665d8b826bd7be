"""Known problems, as `known_problems.yml` declares them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

DECLARED = Path(__file__).with_name("known_problems.yml")
SHOWN_AFTERWARDS = timedelta(days=90)


class Problem(BaseModel):
    """One known problem."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    since: date
    until: date | None
    indicators: tuple[str, ...]
    da: str = Field(min_length=1)
    en: str = Field(min_length=1)

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> Problem:
        if self.until is not None and self.until < self.since:
            raise ValueError(f"{self.id} ends before it begins")
        return self

    def is_shown(self, today: date) -> bool:
        """Whether readers are still told of it."""
        return self.until is None or today - self.until <= SHOWN_AFTERWARDS


def known_problems(path: Path = DECLARED) -> tuple[Problem, ...]:
    """Every problem, newest first."""
    declared = yaml.safe_load(path.read_text(encoding="utf-8"))["problems"] or ()
    return tuple(
        sorted((Problem(**each) for each in declared), key=lambda p: p.since, reverse=True)
    )
