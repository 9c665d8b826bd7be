"""The made history: the shipped wave of 2016 and extract of 2016-12-31, told of other times.

Waves and extracts are copies with another year or date and one other cell each, so that no two are
the same bytes. Code books and calendar lines of made waves are copies of those of 2016.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

_WAVE, _EXTRACT = "2016", date(2016, 12, 31)
_SHIPPED_WAVES = 3
_FIRST_WAVE = 2018
"""Made waves come after the shipped ones: no indicator is catalogued for years before."""


@dataclass(frozen=True)
class Size:
    """How much history there is."""

    waves: int
    extracts: int

    @property
    def name(self) -> str:
        """What it is called, of folders too."""
        return f"{self.waves}-{self.extracts}"

    def made_waves(self) -> tuple[int, ...]:
        """The years of the waves beside the shipped ones."""
        return tuple(range(_FIRST_WAVE, _FIRST_WAVE + self.waves - _SHIPPED_WAVES))

    def extract_dates(self) -> tuple[date, ...]:
        """The days of the extracts, one a month."""
        return tuple(date(_FIRST_WAVE + i // 12, i % 12 + 1, 28) for i in range(self.extracts))


LITTLE, MUCH = Size(3, 2), Size(20, 200)
NEXT_EXTRACT = date(2034, 12, 28)
"""After all others, and after the day that the last of twenty waves takes its sizes from: a wave
that was held against it would be read again with it."""


def with_waves(code: Path, size: Size) -> None:
    """Put code books and calendar lines of the made waves into a copy of the code."""
    books = code / "pipelines" / "sources" / "survey" / "codebooks"
    book = (books / f"{_WAVE}.csv").read_text("utf-8")
    calendar = next((code / "dbt_project" / "seeds").rglob("survey_waves.csv"))
    lines = calendar.read_text("utf-8").splitlines()
    line = next(each for each in lines if each.startswith(_WAVE))
    for year in size.made_waves():
        (books / f"{year}.csv").write_text(book, "utf-8")
        lines.append(line.replace(_WAVE, str(year)))
    calendar.write_text("\n".join([lines[0], *sorted(lines[1:])]) + "\n", "utf-8")


def wave_files(deliveries: Path, year: int, change: int) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of the files of a made wave; `change` makes them others."""
    folder = deliveries / "survey" / _WAVE / f"surveyxact_{_WAVE}_SYNTETISK"
    for file in sorted(folder.iterdir()):
        content = file.read_bytes()
        if file.name == "dataset.csv":
            text = content.decode("utf-16")
            text = re.sub(rf"\b{_WAVE}-", f"{year}-", text)
            # the time of the first answer, which nothing is made of
            text = re.sub(r"\b2170\.941\b", f"{2000 + change}.5", text, count=1)
            content = text.encode("utf-16")
        yield file.name, content


def extract_file(deliveries: Path, day: date, change: int) -> bytes:
    """The bytes of a made extract; `change` makes them others."""
    folder = deliveries / "driftsstoette" / _EXTRACT.isoformat()
    text = next(folder.glob("*.csv")).read_bytes().decode("cp1252")
    text = text.replace(f"{_EXTRACT:%d-%m-%Y}", f"{day:%d-%m-%Y}", 1)
    return text.replace("SYNTETISKE DATA", f"SYNTETISKE DATA {change}", 1).encode("cp1252")
