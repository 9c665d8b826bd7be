"""The two languages: words, numbers and dates as each writes them.

Our own words stand in `texts/`, those of the data come with the data; nothing here knows a page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from pipelines.publish.danish import NO, NO_CHANGE, NO_DIFFERENCE, YES, number

DANISH, ENGLISH = "da", "en"
CODES: Final = (DANISH, ENGLISH)
_TEXTS = Path(__file__).with_name("texts")
_DANISH_NUMBER = re.compile(r"-?\d[\d.]*(?:,\d+)?\*?")
_ENGLISH_ANSWERS: Final = {
    YES: "yes",
    NO: "no",
    NO_CHANGE: "no change",
    NO_DIFFERENCE: "no difference",
}
_SWAP = str.maketrans(".,", ",.")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True)
class Language:
    """One language.

    Attributes:
        code: `da` or `en`.
        texts: Our own words, by key.
    """

    code: str
    texts: Mapping[str, str]

    def text(self, key: str, **values: object) -> str:
        """Return one of our texts, filled in."""
        return self.texts[key].format(**values)

    def label(self, record: object, name: str) -> str:
        """Return a record's label: `label(cell, "measure_label")`."""
        return str(getattr(record, f"{name}_{self.code}"))

    def printed(self, danish_text: str) -> str:
        """Return a figure or sign that is printed in Danish as this language prints it."""
        if self.code == DANISH:
            return danish_text
        if not _DANISH_NUMBER.fullmatch(danish_text):
            return _ENGLISH_ANSWERS.get(danish_text, danish_text)
        return danish_text.translate(_SWAP)

    def number(self, value: float, decimals: int = 0) -> str:
        """Print a number."""
        return self.printed(number(value, decimals))

    def period(self, period: str) -> str:
        """Print a period: a year, or a date."""
        year, *rest = period.split("-")
        if not rest:
            return year
        return self.date(date(int(year), int(rest[0]), int(rest[1])))

    def period_in_words(self, period: str) -> str:
        """Write a period as within a sentence: a year, or a date with its month's name."""
        year, *rest = period.split("-")
        if not rest:
            return year
        month = self.texts["month_names"].split()[int(rest[0]) - 1]
        point = "." if self.code == DANISH else ""
        return f"{int(rest[1])}{point} {month} {year}"

    def date(self, day: date) -> str:
        """Print a date in short form."""
        if self.code == DANISH:
            return f"{day:%d-%m-%Y}"
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

    def time(self, at: datetime) -> str:
        """Print a time of day: 9.00, in English 09:00."""
        return f"{at.hour}.{at.minute:02}" if self.code == DANISH else f"{at:%H:%M}"

    def listed(self, parts: Sequence[str]) -> str:
        """Join as one reads it: 'a, b and c'."""
        if len(parts) < 2:
            return "".join(parts)
        return f" {self.texts['and']} ".join([", ".join(parts[:-1]), parts[-1]])


@lru_cache
def language(code: str) -> Language:
    """Return a language by its code."""
    texts: dict[str, str] = {}
    for path in sorted(_TEXTS.glob("*.yml")):
        declared = yaml.safe_load(path.read_text(encoding="utf-8"))
        texts |= {key: str(words[code]) for key, words in declared.items()}
    return Language(code, texts)
