"""How a parser inside the child process says no; the parent makes the rejection out of it."""

from __future__ import annotations

from typing import Any


class Refused(Exception):  # noqa: N818 - a decision about a file, not a failure of the parser
    """A catalogued rule is broken; `details` fill its message and must be JSON data."""

    def __init__(self, rule: str, *, sheet: str | None = None, **details: str | int) -> None:
        super().__init__(rule)
        self.rule = rule
        self.sheet = sheet
        self.details: dict[str, Any] = details
