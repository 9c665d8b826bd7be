"""Meetings of the styringsdialog read from the delivered bytes: the lists, and the minutes.

Nothing of the product's readers or of its tagging is used. A word of the minutes is a keyword's if
it begins with it, which is enough for the ten sets of minutes that are shipped, and would not be
for minutes of any kind.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import pypdf
from bytes_of_deliveries import SEEDS, declared, plain, sheet_rows
from evidence_rows import Row

MONTHS = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)
TAGS = re.compile(r"<[^>]+>")
PARAGRAPH_END = re.compile(r"</w:p>")
DENIED = re.compile(r"\b(ingen|ikke)\b")


def listed_topics(folder: Path) -> list[Row]:
    """One row a meeting and topic of a list."""
    topics = {
        row["label_da"]: row["topic"] for row in declared(SEEDS / "styringsdialog_topics.csv")
    }
    [path] = list(folder.iterdir())
    table = [[plain(cell) for cell in row] for row in sheet_rows(path)]
    at = next(n for n, row in enumerate(table) if "Kommunekode" in row)
    given = [dict(zip(table[at], row, strict=False)) for row in table[at + 1 :]]
    return [
        {
            "meeting_year": int(row["År"]),
            "municipality_code": row["Kommunekode"],
            "housing_organisation": row["Boligorganisation"],
            "meeting_date": datetime.strptime(row["Mødedato"], "%d-%m-%Y").date(),
            "topic": topics[row["Emne"]],
        }
        for row in given
        if row.get("Emne")
    ]


def minute_topics(folder: Path, year: str) -> list[Row]:
    """One row a topic of a meeting's minutes."""
    [path] = list(folder.iterdir())
    text = _text_of(path)
    municipality = _found(r"^(\S.*?) Kommune$", text)
    codes = {
        row["municipality_name"]: row["municipality_code"]
        for row in declared(SEEDS / "municipalities.csv")
    }
    organisation = _found(r"^Styringsdialog \d{4}, (.+)$", text)
    return [
        {
            "period": year,
            "municipality_code": codes[municipality],
            "housing_organisation": organisation,
            "meeting_date": _day(_found(r"^(?:Møded|D)ato: ([^,\n]+)", text)),
            "topic": topic,
        }
        for topic in _topics_in(text)
    ]


def _text_of(path: Path) -> str:
    data = io.BytesIO(path.read_bytes())
    if path.suffix == ".pdf":
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(data).pages)
    xml = zipfile.ZipFile(data).read("word/document.xml").decode()
    return TAGS.sub("", PARAGRAPH_END.sub("\n", xml))


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.MULTILINE)
    assert match is not None, pattern
    return match[1].strip()


def _day(text: str) -> date:
    if "." not in text:
        return datetime.strptime(text, "%d-%m-%Y").date()
    day, month, year = text.split()
    return date(int(year), MONTHS.index(month) + 1, int(day.rstrip(".")))


def _topics_in(text: str) -> Iterator[str]:
    """What was talked about: neither what is said not to be a matter, nor who was there."""
    points = text[re.search(r"^(Ad )?1\. velkomst", text, re.IGNORECASE | re.MULTILINE).start() :]
    sentences = [
        re.findall(r"\w+", sentence.lower())
        for sentence in re.split(r"[.;:,\n]", points)
        if not DENIED.search(sentence.lower())
    ]
    for topic in declared(SEEDS / "styringsdialog_topics.csv"):
        keywords = topic["keywords"].lower().split("|")
        others = [word[1:].split() for word in keywords if word.startswith("!")]
        own = [word.split() for word in keywords if not word.startswith("!")]
        if any(_is_said(own, others, sentence) for sentence in sentences):
            yield topic["topic"]


def _is_said(
    own: Sequence[Sequence[str]], others: Sequence[Sequence[str]], words: Sequence[str]
) -> bool:
    return _has(own, words) and not _has(others, words)


def _has(keywords: Sequence[Sequence[str]], words: Sequence[str]) -> bool:
    return any(
        all(word.startswith(part) for word, part in zip(words[at:], keyword, strict=False))
        for keyword in keywords
        for at in range(len(words) - len(keyword) + 1)
    )
