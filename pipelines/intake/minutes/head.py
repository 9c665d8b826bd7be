"""Which meeting minutes are of: municipality, housing organisation and date from their head.

Each fact is looked for in the shapes seen in public minutes, the surest first. Nothing is guessed:
what is not found is named to the sender. No shape can yield a participant: names are read from
titles, labels and the headings of participant lists, never from the lists themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from pipelines.intake.findings import rejected
from pipelines.intake.minutes.dates import MONTHS, find_dates
from pipelines.intake.minutes.model import Head, Paragraph
from pipelines.intake.minutes.shapes import is_label, is_sentence
from pipelines.privacy.personal_data import holds_personal_data

_PART = r"[A-ZÆØÅ][\w'’]*(?:-[\w'’]+)*"
_MUNICIPALITY = rf"({_PART}(?: {_PART}){{0,2}}) (?i:regions)?(?i:kommune)"
_GENITIVES = {"københavns": "København", "bornholms": "Bornholm"}
"""The two whose official name puts the place in the genitive."""
_SUFFIX = re.compile(r"\s+(?:regions)?kommune$", re.IGNORECASE)
_MUNICIPALITY_LABEL = re.compile(r"kommune\s*:\s*(\S.*)", re.IGNORECASE)
_MUNICIPALITY_LINE = re.compile(rf"{_MUNICIPALITY}\s*(?:[,–|-].*)?")
_MUNICIPALITY_GROUP = re.compile(rf"(?:[Dd]eltagere )?(?:[Ff]ra|[Ff]or) {_MUNICIPALITY}")
_MUNICIPALITY_ANYWHERE = re.compile(rf"\b{_MUNICIPALITY}\b")

_TITLE = re.compile(
    r"styringsdialog(?:en|møde|mødet|s)?\b(?:\s*\(?\s*(?:for|i)?\s*(?:19|20)\d\d\)?)?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"mellem (?P<one>.+?) og (?P<other>.+)", re.IGNORECASE)
_LINK = re.compile(r"\s*(?:[,:;–|-]|(?:med|for|hos)\b)[\s,:;–|-]*(?:med\b\s*)?", re.IGNORECASE)
_NO_ORGANISATION = re.compile(
    r"\b(?:referat|referent|deltagere?|dagsorden|lokale|mødelokale|rådhuset|afholdt|formand|afbud"
    r"|styringsdialog\w*)\b|\bv/|\bkl\.|^(?:i|på|den|d\.|kl)\b",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"(?:boligorganisation(?:en)?|organisation|boligselskab|boligforening)\s*:\s*(\S.*)",
    re.IGNORECASE,
)
_GROUP = re.compile(r"(?:deltagere )?(?:fra|for) (?P<name>[^:]{3,80}?)\s*(?:deltog)?\s*:", re.I)
_LANDLORD = re.compile(r"bolig|andels|byggeforening|lejerbo|domea|selskab", re.IGNORECASE)
_TAIL = re.compile(
    r"[\s,;:–|-]*(?:(?:man|tirs|ons|tors|fre|lør|søn)dag\s+)?(?:(?:den|d\.)\s+)?"
    rf"(?:\d{{1,2}}\.?\s*(?:{'|'.join(MONTHS)})\b.*|\d{{1,2}}[./-]\s?\d{{1,2}}.*"
    r"|\d{4}-\d\d-\d\d.*|(?:19|20)\d\d)\s*$",
    re.IGNORECASE,
)
_MAX_NAME = 120
_MAX_LINE = 400

_MEETING_DATE = re.compile(
    r"mødedato\b|mødedag\b|mødet (?:er |blev )?(?:af)?holdt\b|møde den\b", re.I
)
_DATE = re.compile(r"dato\b|(?:møde)?tid(?:spunkt)?\b|tid og sted\b", re.IGNORECASE)
_OTHER_DATE = re.compile(
    r"udsendt|udskrevet|oprettet|næste|frist|godkendt|sidste møde|journal|sag(?:s|\b)|revideret",
    re.IGNORECASE,
)


def read_head(paragraphs: Sequence[Paragraph], file: str) -> Head:
    """Read the head of minutes.

    Raises:
        DeliveryRejected: F21, naming what was not found.
    """
    # a line with somebody's number or address in it is no place to take a name from
    told = [p for p in paragraphs if not holds_personal_data(p.text[:_MAX_LINE])]
    lines = [p.text[:_MAX_LINE] for p in told if p.kind in ("head", "attendance")]
    head_only = [p.text[:_MAX_LINE] for p in told if p.kind == "head"]
    municipality = next(_municipalities(head_only, lines), None)
    if municipality is not None:
        municipality = _plain(municipality)
    found = (name.strip(" ,;:–|-") for name in _organisations(head_only, lines))
    organisation = next(filter(_is_organisation, found), None)
    held = _meeting_date(head_only)
    if municipality is None or organisation is None or held is None:
        facts = (("kommune", municipality), ("boligorganisation", organisation), ("mødedato", held))
        missing = ", ".join(name for name, fact in facts if fact is None)
        raise rejected("F21_minutes_head_incomplete", file=file, parts=missing)
    return Head(municipality, organisation, held)


def _municipalities(head: Sequence[str], lines: Sequence[str]) -> Iterator[str]:
    yield from (
        name.strip(" ,;:–|-")
        for name in _groups(_MUNICIPALITY_LABEL.fullmatch(line) for line in head)
        if len(name) <= _MAX_NAME
    )
    yield from _groups(_MUNICIPALITY_LINE.fullmatch(line) for line in head)
    yield from _groups(_MUNICIPALITY_GROUP.match(line) for line in lines)
    yield from _groups(_MUNICIPALITY_ANYWHERE.search(line) for line in head)


def _plain(name: str) -> str:
    """The municipality's name alone, as the register has it."""
    place = _SUFFIX.sub("", name)
    return _GENITIVES.get(place.casefold(), place)


def _groups(matches: Iterable[re.Match[str] | None]) -> Iterator[str]:
    yield from (match.group(1) for match in matches if match)


def _organisations(head: Sequence[str], lines: Sequence[str]) -> Iterator[str]:
    yield from _groups(_LABELLED.fullmatch(line) for line in head)
    titles = [(line, m.end()) for line in head if (m := _TITLE.search(line)) and not is_label(line)]
    named = [name for line, end in titles for name in _in_title(line, end)]
    yield from sorted(named, key=lambda name: _LANDLORD.search(name) is None)
    if titles:
        yield from (line for line in head if _LANDLORD.search(line) and not is_label(line))
    for line in lines:
        group = _GROUP.match(line)
        if group and _LANDLORD.search(group["name"]):
            yield group["name"]


def _in_title(line: str, end: int) -> Iterator[str]:
    """The names a title gives behind its word "styringsdialog"."""
    between = _BETWEEN.search(line, end)
    if between:
        yield from (_TAIL.sub("", side) for side in between.groups())
        return
    link = _LINK.match(line, end)
    if link:
        yield _TAIL.sub("", line[link.end() :])


def _is_organisation(name: str) -> bool:
    return (
        1 < len(name) <= _MAX_NAME
        and "@" not in name
        and any(map(str.isalpha, name))
        and not is_sentence(name)
        and not _is_municipality(name)
        and _NO_ORGANISATION.search(name) is None
    )


def _is_municipality(name: str) -> bool:
    return name.casefold().rstrip(" ,.:").endswith("kommune")


def _meeting_date(head: Sequence[str]) -> date | None:
    """The labelled date; without one, the only date there is."""
    usable = [line for line in head if not _OTHER_DATE.match(line)]
    for label in (_MEETING_DATE, _DATE):
        for line in usable:
            match = label.match(line) if label is _DATE else label.search(line)
            found = find_dates(line[match.end() :]) if match else []
            if found:
                return found[0]
    every = {day for line in usable if not _OTHER_DATE.search(line) for day in find_dates(line)}
    return every.pop() if len(every) == 1 else None
