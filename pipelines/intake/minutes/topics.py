"""The topic taxonomy with its key words, read from the seed that is its one home.

The syntax of the key words is defined in dbt_project/seeds/_styringsdialog_topics.yml; here it is
taken apart, in `tagging` it is applied.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

SEED = "styringsdialog_topics.csv"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic and its key words; each entry is a tuple of case-folded words."""

    code: str
    is_social: bool
    entries: tuple[tuple[str, ...], ...]
    negatives: tuple[tuple[str, ...], ...]


def load_topics(seeds_dir: Path) -> tuple[Topic, ...]:
    """Read the topics in the order of the seed."""
    with (seeds_dir / SEED).open(encoding="utf-8", newline="") as seed:
        return tuple(_topic(row) for row in csv.DictReader(seed))


def _topic(row: dict[str, str]) -> Topic:
    keywords = [keyword.strip() for keyword in row["keywords"].split("|") if keyword.strip()]
    return Topic(
        code=row["topic"],
        is_social=row["is_social"] == "true",
        entries=tuple(_words(k) for k in keywords if not k.startswith("!")),
        negatives=tuple(_words(k[1:]) for k in keywords if k.startswith("!")),
    )


def _words(keyword: str) -> tuple[str, ...]:
    return tuple(keyword.casefold().replace("-", " ").split())
