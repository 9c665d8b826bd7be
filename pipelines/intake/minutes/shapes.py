"""What single lines of Danish minutes look like: headings, labels of the head, attendance lists.

Each function looks at one line alone. What a line is at its place in the document is decided by
`structure`.
"""

from __future__ import annotations

import re

MAX_HEADING = 110
_MARKER = r"(?:ad\.?\s*|pkt\.?\s*|punkt\s*|dagsordenspunkt\s*)"
_NUMBERED = re.compile(
    rf"(?:{_MARKER}\d{{1,2}}(?:\.\d{{1,2}})*|\d{{1,2}}(?:\.\d{{1,2}})*[.):])[.):]?\s*[-–:]?\s*(?=\S)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,2}")
_MARKED = re.compile(rf"{_MARKER}\d", re.IGNORECASE)
_STARTS_WITH_DATE = re.compile(
    r"\d{1,2}\.\s*(?:januar|februar|marts|april|maj|juni|juli|august|september|oktober|november"
    r"|december|\d{1,2}\.)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:møde)?dato\b|mødedag\b|(?:møde)?tid(?:spunkt)?\b|tid og sted\b|(?:møde)?sted\b|lokale\b"
    r"|(?:møde)?deltager(?:e|ne)?\b|til ?stede\b|tilstede(?:værende)?\b|fremmødte\b|mødt\b"
    r"|afbud\b|fraværende\b|sag(?:s(?:nr|nummer|behandler|id))?\b|j(?:ournal)?\.?\s?nr|dok\w*nr\b"
    r"|referent\b|mødeleder\b|ordstyrer\b|dirigent\b|(?:bolig)?organisation\b|boligselskab\b"
    r"|boligforening\b|kommune\b|udsendt\b|kopi\b|cc\b|for \S.* deltog\b|fra \S.* deltog\b"
    r"|for \S.{2,60}:|fra \S.{2,60}:",
    re.IGNORECASE,
)
_ATTENDANCE = re.compile(
    r"(?:møde)?deltager(?:e|ne)?\b|deltagerliste\b|til ?stede\b|tilstede(?:værende)?\b|fremmødte\b"
    r"|mødt\b|afbud\b|fraværende\b|referent\b|mødeleder\b|ordstyrer\b|dirigent\b|kopi\b|cc\b"
    r"|for \S.* deltog\b|fra \S.* deltog\b|for \S.{2,60} kommune\s*:|fra \S.{2,60}:",
    re.IGNORECASE,
)
_AGENDA = re.compile(r"(?:forslag til )?dagsorden(?:en)?(?:\s*for mødet)?\s*:?", re.IGNORECASE)
_BULLET = re.compile(r"[-–•▪·*○]\s")
_UPPER = re.compile(r"[A-ZÆØÅÉ][^a-zæøåé]*[A-ZÆØÅÉ0-9)]")


def _numbered(line: str) -> re.Match[str] | None:
    """The number a line begins with, unless it is a date or goes on as a sentence ("3. sal")."""
    match = _NUMBERED.match(line)
    if match is None or _STARTS_WITH_DATE.match(line):
        return None
    is_sentence_like = line[match.end()].islower() and line[:2].casefold() != "ad"
    return None if is_sentence_like else match


def heading_number(line: str) -> int | None:
    """Return the number a line begins with, as headings do ("Ad 3. Tryghed", "3. TRYGHED")."""
    match = _numbered(line)
    number = _NUMBER.search(match.group()) if match else None
    return int(number.group()) if number else None


def is_marked(line: str) -> bool:
    """Whether a line says itself that it is a point of the agenda: "Ad 3", "Punkt 3"."""
    return _MARKED.match(line) is not None and _numbered(line) is not None


def heading_text_start(line: str) -> int:
    """Return where the words of a heading begin, behind its number."""
    match = _numbered(line)
    return match.end() if match else 0


def split_heading(line: str) -> tuple[str, str]:
    """Part a marked line that goes on in the same breath: "Ad 3. Tryghed: Der er talt om …".

    Returns:
        The heading and what follows it, the latter empty in the common case.
    """
    if not is_marked(line):
        return line, ""
    start = heading_text_start(line)
    stop = re.search(r"[:.?!]\s+(?=\S)|\s[–-]\s+(?=[A-ZÆØÅ])", line[start:])
    if stop is None:
        return line, ""
    at = start + stop.end()
    return line[:at].rstrip(), line[at:]


def is_heading_shape(line: str) -> bool:
    """Whether a line by itself reads as a heading: numbered or in capitals, short, no sentence."""
    if len(line) > MAX_HEADING or _BULLET.match(line):
        return False
    if is_marked(line):
        return True
    if line.endswith((".", "!", "?", ";", ",")):
        return False
    return heading_number(line) is not None or is_upper(line)


def is_upper(line: str) -> bool:
    """Whether a line is in capitals and says a word ("TRYGHED", but not "SSP" or "KAB")."""
    return sum(map(str.isalpha, line)) > 4 and _UPPER.fullmatch(line.rstrip(" :")) is not None


def is_label(line: str) -> bool:
    """Whether a line is one of the facts of the head: "Dato: …", "Deltagere fra …: …"."""
    if _LABEL.match(line) is None:
        return False
    return ":" in line[:90] or is_attendance(line)


def is_attendance(line: str) -> bool:
    """Whether a line begins a list of who was there, who wasn't, or who gets a copy."""
    if _ATTENDANCE.match(line) is None:
        return False
    return ":" in line[:90] or len(line.split()) <= 4 or " deltog" in line


def is_agenda(line: str) -> bool:
    """Whether a line announces the agenda."""
    return _AGENDA.fullmatch(line) is not None


def begins_block(line: str) -> bool:
    """Whether a line begins something new, so that it cannot continue the one above."""
    return (
        heading_number(line) is not None
        or is_label(line)
        or is_agenda(line)
        or is_upper(line)
        or _BULLET.match(line) is not None
    )


def is_sentence(line: str) -> bool:
    """Whether a line reads as running text."""
    return line.endswith((".", "!", "?")) and len(line.split()) >= 5
