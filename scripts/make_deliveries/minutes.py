"""Ten sets of minutes from the made-up meetings, in the two shapes seen in public ones.

Some as DOCX (python-docx), some as PDF with text (typst). The meetings are those of `dialogue`, so
each set of minutes belongs to rows of that year's list.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import typst
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from scripts.make_deliveries.dialogue import Meeting, meetings
from scripts.make_deliveries.dice import Dice
from scripts.make_deliveries.files import FIXED, MARK, PROVIDER, Delivery, repacked, single
from scripts.make_deliveries.minute_texts import (
    AGREED,
    ALL_INVENTED,
    ANY_OTHER,
    TEXTS,
    WELCOME,
)

# Year, municipality, place among its meetings, shape, file type.
CHOSEN = (
    (2014, "461", 0, "ad", "docx"),
    (2014, "851", 1, "numbered", "pdf"),
    (2014, "259", 0, "ad", "docx"),
    (2015, "461", 3, "numbered", "docx"),
    (2015, "165", 1, "ad", "pdf"),
    (2015, "657", 2, "ad", "docx"),
    (2016, "540", 0, "numbered", "docx"),
    (2016, "751", 2, "ad", "pdf"),
    (2017, "630", 1, "ad", "docx"),
    (2017, "621", 0, "numbered", "pdf"),
)
MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober",
    "november", "december",
)  # fmt: skip
UNNEEDED = ("stylesWithEffects", "customXml", "thumbnail")
NOTE = "Syntetisk referat af et opdigtet styringsdialogmøde; personer og udsagn er opdigtede."


@dataclass(frozen=True)
class Block:
    """A piece of the minutes: a heading of some level (0 the title) or a paragraph (-1)."""

    level: int
    text: str


def _date(meeting: Meeting) -> str:
    return f"{meeting.held.day}. {MONTHS[meeting.held.month - 1]} {meeting.held.year}"


def _head(meeting: Meeting, shape: str) -> list[Block]:
    dice = Dice(f"minutes/{meeting.year}/{meeting.code}")
    start = dice.pick((9, 10, 13, 14))
    municipality = f"{meeting.municipality_name} Kommune"
    organisation = meeting.organisation.name
    when = (
        [f"Dato: {_date(meeting)}", f"Tid: kl. {start}.00–{start + 2}.00"]
        if shape == "ad"
        else [f"Mødedato: {meeting.held.strftime('%d-%m-%Y')}, kl. {start}.00"]
    )
    lines = [
        f"{MARK} referat. {ALL_INVENTED}",
        municipality,
        *when,
        f"Sted: Rådhuset, mødelokale {dice.whole(1, 6)}",
        f"Deltagere fra {municipality}: Deltager A (formand), Deltager B",
        f"Deltagere fra {organisation}: Deltager C, Deltager D (referent)",
        "Afbud: Deltager E",
        f"Sagsnr.: {meeting.year % 100}/{dice.whole(10_000, 39_999)}",
    ]
    title = Block(0, f"Styringsdialog {meeting.year}, {organisation}")
    return [title, *(Block(-1, line) for line in lines)]


def _points(meeting: Meeting) -> list[tuple[str, list[str]]]:
    """The points of the agenda with what was said."""
    points = [("Velkomst", [WELCOME])]
    for item in meeting.items:
        heading, said = TEXTS.get(
            item.topic.code, (item.topic.label, (f"{item.topic.label} drøftet.",))
        )
        points.append((heading, [*said, *([AGREED] if item.has_agreement else [])]))
    return [*points, ("Eventuelt", [ANY_OTHER])]


def blocks(meeting: Meeting, shape: str) -> list[Block]:
    """The minutes as headings and paragraphs."""
    points = _points(meeting)
    found = _head(meeting, shape)
    if shape == "numbered":  # an agenda in one line, then the points in capitals
        agenda = " ".join(f"{place}. {text.upper()}" for place, (text, _) in enumerate(points, 1))
        found += [Block(-1, "Dagsorden:"), Block(-1, agenda)]
    for place, (text, said) in enumerate(points, 1):
        heading = f"Ad {place}. {text}" if shape == "ad" else f"{place}. {text.upper()}"
        found.append(Block(1, heading))
        found += [Block(-1, sentence) for sentence in said]
    return found


def _lighten(document: WordDocument) -> None:
    """Drop what python-docx's template brings along and nobody needs: nine tenths of the file."""
    styles = document.styles.element
    for style in styles.findall(qn("w:style")):
        if style.get(qn("w:type")) == "table" and style.get(qn("w:default")) != "1":
            styles.remove(style)
    for relations in (document.part.rels, document.part.package.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.rsplit("/", 1)[-1] in UNNEEDED:
                del relations[key]


def as_docx(content: list[Block]) -> bytes:
    """A Word file with true headings."""
    document = Document()
    _lighten(document)
    properties = document.core_properties
    properties.title = f"{content[0].text} ({MARK})"
    properties.author = properties.last_modified_by = PROVIDER
    properties.subject = "Syntetisk referat"
    properties.keywords = MARK.lower()
    properties.comments = NOTE
    properties.created = properties.modified = FIXED
    properties.language = "da"
    for block in content:
        if block.level >= 0:
            document.add_heading(block.text, level=block.level)
        else:
            document.add_paragraph(block.text)
    buffer = io.BytesIO()
    document.save(buffer)
    return repacked(buffer.getvalue())


def _quoted(text: str) -> str:
    """A typst string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def as_pdf(content: list[Block]) -> bytes:
    """A PDF with text, typeset large enough to run over two pages."""
    day = f"datetime(year: {FIXED.year}, month: {FIXED.month}, day: {FIXED.day})"
    lines = [
        f"#set document(title: {_quoted(content[0].text + f' ({MARK})')}, "
        f"author: {_quoted(PROVIDER)}, keywords: ({_quoted(MARK.lower())},), date: {day})",
        '#set page(paper: "a4", margin: 3cm)',
        '#set text(lang: "da", size: 12pt, hyphenate: false)',
        "#set par(spacing: 1.4em)",
    ]
    for block in content:
        if block.level >= 0:
            lines.append(f"#heading(level: {block.level + 1}, {_quoted(block.text)})")
        else:
            lines.append(f"#par({_quoted(block.text)})")
    source = "\n\n".join(lines).encode()
    pdf = typst.compile(source, format="pdf", ignore_system_fonts=True)
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no single file")
    return pdf


WRITERS: dict[str, Callable[[list[Block]], bytes]] = {"docx": as_docx, "pdf": as_pdf}


def chosen_meetings() -> list[tuple[Meeting, str, str]]:
    """The ten meetings with shape and file type."""
    found = []
    for year, code, place, shape, kind in CHOSEN:
        here = [meeting for meeting in meetings(year) if meeting.code == code]
        found.append((here[place], shape, kind))
    return found


def file_name(meeting: Meeting, kind: str) -> str:
    """Year, municipality and organisation in the name."""
    slug = meeting.organisation.name.lower().replace(" ", "-")
    for letter, plain in (("æ", "ae"), ("ø", "oe"), ("å", "aa")):
        slug = slug.replace(letter, plain)
    return f"referat_{meeting.year}_{meeting.code}_{slug}_{MARK}.{kind}"


def deliveries() -> list[Delivery]:
    """The ten sets of minutes."""
    return [
        single(
            "styringsdialog",
            str(meeting.year),
            file_name(meeting, kind),
            WRITERS[kind](blocks(meeting, shape)),
            NOTE,
        )
        for meeting, shape, kind in chosen_meetings()
    ]
