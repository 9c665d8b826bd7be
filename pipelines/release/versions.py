"""A release's version: the year it is for and the revision, `2017.1`, and what may go wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TEXT = re.compile(r"([0-9]{4})\.([1-9][0-9]*)")
_YEAR = re.compile(r"[0-9]{4}")


class ReleaseError(RuntimeError):
    """Something about a release is not as it must be; the message says what to do."""


def both(danish: str, english: str) -> str:
    """An error in both languages: those who sign read Danish, those who mend read English."""
    return f"{danish}\n({english})"


@dataclass(frozen=True, order=True)
class Version:
    """Year and revision; the first release of a year is revision 1."""

    year: int
    revision: int

    def __str__(self) -> str:
        """As it is written everywhere: `2017.1`."""
        return f"{self.year}.{self.revision}"


def version_of(text: str) -> Version:
    """Read a version.

    Raises:
        ReleaseError: If the text is none.
    """
    match = _TEXT.fullmatch(text)
    if match is None:
        raise ReleaseError(
            both(
                f"{text!r} er ikke et udgivelsesnummer; et nummer skrives 2017.1.",
                f"{text!r} is no version; one is written 2017.1",
            )
        )
    return Version(int(match[1]), int(match[2]))


def year_of(text: str) -> int:
    """Read the year a release is for.

    Raises:
        ReleaseError: If the text is no year.
    """
    if _YEAR.fullmatch(text) is None:
        raise ReleaseError(f"{text!r} is no year; `monitor release prepare 2017` makes 2017.1")
    return int(text)
